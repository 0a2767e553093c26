namespace ActorMD.Physics;

/// <summary>The one rule by which an epoch ends.</summary>
public static class Epoch
{
    /// <summary>
    /// Moves a particle to the end of the epoch, wraps it into the box and starts its clock again at zero. This keeps times,
    /// flown boxes and rounding errors of long free flights small; it is done at the same simulation times in every run.
    /// </summary>
    /// <param name="box">Gives periodic axes and lengths.</param>
    /// <param name="particle">Is re-based.</param>
    /// <param name="epochLength">The offset that becomes zero.</param>
    public static void Rebase(Box box, ref ParticleState particle, double epochLength)
    {
        Vec3 position = particle.PositionAt(epochLength);
        int x = 0, y = 0, z = 0;
        particle.Position = new Vec3(
            box.IsPeriodic(0) ? Box.Wrap(position.X, box.Lengths.X, out x) : position.X,
            box.IsPeriodic(1) ? Box.Wrap(position.Y, box.Lengths.Y, out y) : position.Y,
            box.IsPeriodic(2) ? Box.Wrap(position.Z, box.Lengths.Z, out z) : position.Z);
        particle.Image += new Int3(x, y, z);
        particle.Time = 0;
    }
}
