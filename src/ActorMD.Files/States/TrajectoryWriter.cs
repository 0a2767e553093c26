using ActorMD.Physics;

namespace ActorMD.Files;

/// <summary>Appends frames to a trajectory in one of the text formats.</summary>
public sealed class TrajectoryWriter : IDisposable
{
    private readonly TextAppender _file;

    private TrajectoryWriter(TextAppender file) => _file = file;

    /// <summary>Bytes written so far, for the checkpoint.</summary>
    public long Length => _file.Length;

    /// <summary>Starts an empty trajectory.</summary>
    public static TrajectoryWriter Create(string path, TrajectoryFormat format) => throw new NotSupportedException();

    /// <summary>Goes on after the first <paramref name="length"/> bytes; later frames are removed.</summary>
    /// <exception cref="InputFaultException">The file is missing or shorter.</exception>
    public static TrajectoryWriter Resume(string path, TrajectoryFormat format, long length) => throw new NotSupportedException();

    /// <summary>Appends one frame.</summary>
    /// <param name="frame">The particles.</param>
    /// <param name="index">Number of the frame, from 0: the time step of a LAMMPS dump.</param>
    public void Append(ParticleFrame frame, long index) => throw new NotSupportedException();

    /// <summary>Appends the state of a run at its time.</summary>
    public void Append(Gas gas, SystemState state, long index) => Append(ParticleFrame.Of(gas, state), index);

    /// <summary>Makes the frames visible to readers; with <paramref name="toDisk"/> they survive a power failure.</summary>
    public void Flush(bool toDisk = false) => _file.Flush(toDisk);

    public void Dispose() => _file.Dispose();
}
