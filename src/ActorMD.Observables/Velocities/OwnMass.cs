using ActorMD.Physics;

namespace ActorMD.Observables.Velocities;

/// <summary>
/// Velocities of particles with masses of their own, made comparable: times the root of mass over mean mass of the species. In equilibrium
/// all of a species then have the Maxwellian of the mean mass.
/// </summary>
internal static class OwnMass
{
    /// <summary>The velocity; as it is where all particles of the species have one mass.</summary>
    public static Vec3 Scaled(Gas gas, in ParticleState particle)
    {
        if (!gas.HasOwnSizes)
        {
            return particle.Velocity;
        }

        (int species, double mass, _) = gas.Kinds[particle.Kind];
        return Math.Sqrt(mass / gas.Species[species].Mass) * particle.Velocity;
    }
}
