using ActorMD.Physics;

namespace ActorMD.Observables.Structure;

/// <summary>Where a particle is at a time, in the box.</summary>
internal static class PeriodicPosition
{
    public static Vec3 At(Box box, in ParticleState particle, double time)
    {
        Vec3 p = particle.PositionAt(time);
        return new Vec3(
            box.IsPeriodic(0) ? Box.Wrap(p.X, box.Lengths.X, out _) : p.X,
            box.IsPeriodic(1) ? Box.Wrap(p.Y, box.Lengths.Y, out _) : p.Y,
            box.IsPeriodic(2) ? Box.Wrap(p.Z, box.Lengths.Z, out _) : p.Z);
    }
}
