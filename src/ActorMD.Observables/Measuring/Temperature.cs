using ActorMD.Physics;

namespace ActorMD.Observables.Measuring;

/// <summary>T = sum of M |v - u|^2 / (d N), u the velocity of the centre of mass.</summary>
internal static class Temperature
{
    public static double Of(Gas gas, SystemState state)
    {
        Vec3 drift = MeanVelocity.Of(gas, state);
        double sum = 0;
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            sum += gas.Kinds[particle.Kind].Mass * (particle.Velocity - drift).LengthSquared;
        }

        return sum / (gas.Dimension * (double)state.Particles.Length);
    }
}
