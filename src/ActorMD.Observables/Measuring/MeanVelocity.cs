using ActorMD.Physics;

namespace ActorMD.Observables.Measuring;

/// <summary>Velocity of the centre of mass.</summary>
internal static class MeanVelocity
{
    public static Vec3 Of(Gas gas, SystemState state)
    {
        Vec3 momentum = Vec3.Zero;
        double mass = 0;
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            momentum += gas.Kinds[particle.Kind].Mass * particle.Velocity;
            mass += gas.Kinds[particle.Kind].Mass;
        }

        return momentum * (1 / mass);
    }
}
