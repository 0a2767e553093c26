using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Files;

/// <summary>What became of reading a particle file.</summary>
/// <param name="Frames">All frames in order; empty when there is a fault.</param>
/// <param name="Faults">Everything that is wrong, up to a limit.</param>
public sealed record ParticleFileLoad(ImmutableArray<ParticleFrame> Frames, ImmutableArray<InputFault> Faults);

/// <summary>Particle files: extended XYZ, LAMMPS dump, CSV, and ActorMD's own state, by suffix.</summary>
public static class ParticleFile
{
    /// <summary>Suffixes that can be read and written, for error messages.</summary>
    public const string Suffixes = ".extxyz, .xyz, .lammps, .csv or .state";

    private const string StateSuffix = ".state";

    /// <summary>Whether a file of this suffix can be read and written.</summary>
    public static bool KnowsSuffix(string path) => FormatOf(path) is not null || IsState(path);

    /// <summary>The suffix of a trajectory in this format.</summary>
    public static string SuffixOf(TrajectoryFormat format) => format switch
    {
        TrajectoryFormat.ExtXyz => ".extxyz",
        TrajectoryFormat.Lammps => ".lammps",
        _ => ".csv",
    };

    /// <summary>Reads all frames. Never throws for what is wrong with the file.</summary>
    public static ParticleFileLoad Read(string path) => Read(path, lastOnly: false, out _);

    /// <summary>Reads all frames and keeps only the last one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frameCount">How many frames the file has.</param>
    public static ParticleFileLoad ReadLast(string path, out int frameCount) => Read(path, lastOnly: true, out frameCount);

    private static ParticleFileLoad Read(string path, bool lastOnly, out int frameCount)
    {
        frameCount = 0;
        try
        {
            if (!KnowsSuffix(path))
            {
                return new ParticleFileLoad([], [UnknownSuffix(path)]);
            }

            if (!File.Exists(path))
            {
                return new ParticleFileLoad(
                    [], [new InputFault(path, null, null, "the particle file does not exist", "give the path of a particle file")]);
            }

            if (IsState(path))
            {
                Checkpoint checkpoint = CheckpointFormat.Read(path);
                frameCount = 1;
                return new ParticleFileLoad([ParticleFrame.Of(checkpoint.Gas, checkpoint.State)], []);
            }

            using StreamReader text = new(path);
            return Read(path, text, FormatOf(path)!.Value, lastOnly, out frameCount);
        }
        catch (InputFaultException error)
        {
            return new ParticleFileLoad([], error.Faults);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new ParticleFileLoad(
                [], [new InputFault(path, null, null, $"the file cannot be read: {error.Message.TrimEnd('.')}", "check its permissions")]);
        }
    }

    /// <summary>Writes one frame, in one step: a reader sees the old file or the new one.</summary>
    /// <exception cref="InputFaultException">Unknown suffix, or the frame lacks what the format needs.</exception>
    public static void Write(string path, ParticleFrame frame) => Write(path, [frame]);

    /// <summary>Writes several frames; a state holds only one.</summary>
    /// <exception cref="InputFaultException">Unknown suffix, or the frames lack what the format needs.</exception>
    public static void Write(string path, IReadOnlyList<ParticleFrame> frames)
    {
        if (IsState(path))
        {
            if (frames.Count != 1)
            {
                throw Fault(
                    path, FormattableString.Invariant($"a state holds one frame, and there are {frames.Count}"),
                    "choose another format, or convert a file of one frame");
            }

            (Gas gas, SystemState state) = FrameState.Of(path, frames[0]);
            Write(path, gas, state);
            return;
        }

        TrajectoryFormat format = FormatOf(path) ?? throw new InputFaultException(UnknownSuffix(path));
        if (format == TrajectoryFormat.Lammps && frames.Any(frame => frame.Box is null))
        {
            throw Fault(
                path, "a LAMMPS dump needs a box, and the particles come without one",
                "choose another format, or particles from a file with a box");
        }

        foreach (ParticleFrame frame in frames)
        {
            RequirePlainNames(path, frame);
        }

        string temporary = path + ".tmp";
        using (TrajectoryWriter writer = TrajectoryWriter.Create(temporary, format))
        {
            for (int i = 0; i < frames.Count; i++)
            {
                writer.Append(frames[i], i);
            }
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Writes a state of a run; <c>.state</c> keeps it bit for bit.</summary>
    /// <exception cref="InputFaultException">Unknown suffix.</exception>
    public static void Write(string path, Gas gas, SystemState state)
    {
        if (IsState(path))
        {
            EventTally none = new(gas.Species.Length, gas.OrderMax);
            CheckpointFormat.Write(path, new Checkpoint(gas, "", state, none, new RunProgress()));
        }
        else
        {
            Write(path, ParticleFrame.Of(gas, state));
        }
    }

    private static ParticleFileLoad Read(string path, TextReader text, TrajectoryFormat format, bool lastOnly, out int frameCount)
    {
        FrameReading reading = new(path, text);
        List<ParticleFrame> frames = [];
        frameCount = 0;
        foreach (ParticleFrame frame in format == TrajectoryFormat.Csv ? CsvFormat.ReadAll(reading) : Frames(reading, format))
        {
            if (lastOnly)
            {
                frames.Clear();
            }

            frames.Add(frame);
            frameCount++;
        }

        if (frames.Count == 0 && reading.Faults.Count == 0)
        {
            reading.FaultAt(1, null, "the file holds no particles", "give a file with at least one frame");
        }

        return reading.Faults.Count == 0 ? new ParticleFileLoad([.. frames], []) : new ParticleFileLoad([], [.. reading.Faults]);
    }

    private static IEnumerable<ParticleFrame> Frames(FrameReading reading, TrajectoryFormat format)
    {
        while ((format == TrajectoryFormat.ExtXyz ? ExtXyzFormat.Read(reading) : LammpsFormat.Read(reading)) is { } frame)
        {
            yield return frame;
        }
    }

    // A blank or a comma in a name would be read as the end of a column.
    private static void RequirePlainNames(string path, ParticleFrame frame)
    {
        foreach (string name in frame.SpeciesNames)
        {
            if (name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ',' or '"'))
            {
                throw Fault(
                    path, $"the species name '{name}' cannot be written into columns", "use names without blanks, commas and quotes");
            }
        }
    }

    private static TrajectoryFormat? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".extxyz" or ".xyz" => TrajectoryFormat.ExtXyz,
        ".lammps" => TrajectoryFormat.Lammps,
        ".csv" => TrajectoryFormat.Csv,
        _ => null,
    };

    private static bool IsState(string path) => Path.GetExtension(path).Equals(StateSuffix, StringComparison.OrdinalIgnoreCase);

    private static InputFault UnknownSuffix(string path) =>
        new(path, null, null, $"the suffix '{Path.GetExtension(path)}' is not that of a particle file", $"use {Suffixes}");

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
