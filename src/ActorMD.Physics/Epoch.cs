namespace ActorMD.Physics;

/// <summary>The rules of epochs: times are offsets from the start of one, so that their precision does not fade in long runs.</summary>
public static class Epoch
{
    /// <summary>Simulation time since the beginning of the run.</summary>
    /// <param name="epoch">Number of finished epochs.</param>
    /// <param name="length">Of an epoch; +infinity where the first one lasts for ever.</param>
    /// <param name="offset">From the start of the epoch.</param>
    public static double TimeOf(long epoch, double length, double offset) => epoch == 0 ? offset : epoch * length + offset;

    /// <summary>The offset of a simulation time from the start of an epoch.</summary>
    /// <param name="epoch">Number of finished epochs.</param>
    /// <param name="length">Of an epoch; +infinity where the first one lasts for ever.</param>
    /// <param name="time">Since the beginning of the run.</param>
    public static double OffsetOf(long epoch, double length, double time) => epoch == 0 ? time : time - epoch * length;

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
