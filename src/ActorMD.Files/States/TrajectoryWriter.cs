using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Physics;

namespace ActorMD.Files.States;

/// <summary>Appends frames to a trajectory in one of the text formats.</summary>
public sealed class TrajectoryWriter : IDisposable
{
    private readonly TextAppender _file;
    private readonly TrajectoryFormat _format;
    private FrameLayout? _layout;

    private TrajectoryWriter(TextAppender file, TrajectoryFormat format, FrameLayout? layout = null)
    {
        _file = file;
        _format = format;
        _layout = layout;
    }

    /// <summary>Bytes written so far, for the checkpoint.</summary>
    public long Length => _file.Length;

    /// <summary>Starts an empty trajectory.</summary>
    public static TrajectoryWriter Create(string path, TrajectoryFormat format) => new(TextAppender.Create(path), format);

    /// <summary>Starts a trajectory of frames that are all known.</summary>
    internal static TrajectoryWriter Create(Stream stream, TrajectoryFormat format, FrameLayout layout) =>
        new(TextAppender.Over(stream), format, layout);

    /// <summary>Goes on after the first <paramref name="length"/> bytes; later frames are removed.</summary>
    /// <exception cref="InputFaultException">The file is missing or shorter.</exception>
    public static TrajectoryWriter Resume(string path, TrajectoryFormat format, long length) =>
        new(TextAppender.Resume(path, length), format);

    /// <summary>Appends one frame; all frames of a file have the same columns.</summary>
    /// <param name="frame">The particles; a LAMMPS dump needs their box.</param>
    /// <param name="index">Number of the frame, from 0: the time step of a LAMMPS dump.</param>
    public void Append(ParticleFrame frame, long index)
    {
        _layout ??= FrameLayout.Of([frame]);
        switch (_format)
        {
            case TrajectoryFormat.ExtXyz:
                ExtXyzFormat.Write(_file, frame, _layout);
                break;
            case TrajectoryFormat.Lammps:
                LammpsFormat.Write(_file, frame, index);
                break;
            default:
                if (_file.Length == 0)
                {
                    CsvFormat.WriteHeader(_file, frame, _layout);
                }

                CsvFormat.Write(_file, frame, _layout, index);
                break;
        }
    }

    /// <summary>Appends the state of a run at its time.</summary>
    public void Append(Gas gas, SystemState state, long index) => Append(ParticleFrame.Of(gas, state), index);

    /// <summary>Makes the frames visible to readers; with <paramref name="toDisk"/> they survive a power failure.</summary>
    public void Flush(bool toDisk = false) => _file.Flush(toDisk);

    public void Dispose() => _file.Dispose();
}
