using System.Collections.Immutable;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Physics;

namespace ActorMD.Files.States;

/// <summary>What became of reading a particle file.</summary>
/// <param name="Frames">All frames in order; empty when there is a fault.</param>
/// <param name="Faults">Everything that is wrong, up to a limit.</param>
public sealed record ParticleFileLoad(ImmutableArray<ParticleFrame> Frames, ImmutableArray<InputFault> Faults)
{
    /// <summary>Why the rest of a file was left, when whole frames were asked for; null when nothing was left.</summary>
    public InputFault? Left { get; init; }
}

/// <summary>Particle files: extended XYZ, LAMMPS dumps and data files, CSV, GSD, H5MD, and ActorMD's own state, by suffix.</summary>
public static class ParticleFile
{
    /// <summary>Suffixes that can be read and written, for error messages.</summary>
    public const string Suffixes =
        ".extxyz, .xyz, .lammps, .dump, .lammpstrj, .data, .lmp, .csv (all also with .gz or .zst), .gsd, .h5md, .h5 or .state";

    private const string StateSuffix = ".state";

    /// <summary>Whether a file of this suffix can be read and written.</summary>
    public static bool KnowsSuffix(string path) =>
        FormatOf(path) is not null || IsState(path) || IsData(path) || BinaryFormatOf(path) is not null;

    /// <summary>Whether files of this suffix have rounded numbers, so that no run can go on from them.</summary>
    public static bool IsRounded(string path) => BinaryFormatOf(path) is GsdFormat;

    /// <summary>The suffix of a trajectory in this format.</summary>
    public static string SuffixOf(TrajectoryFormat format) => format switch
    {
        TrajectoryFormat.ExtXyz => ".extxyz",
        TrajectoryFormat.Lammps => ".lammps",
        _ => ".csv",
    };

    /// <summary>Reads all frames. Never throws for what is wrong with the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="salvage">Whether the whole frames before the first fault are wanted.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ParticleFileLoad Read(string path, bool salvage = false, CancellationToken stop = default) =>
        Read(path, lastOnly: false, salvage, out _, stop);

    /// <summary>Reads all frames and keeps only the last one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frameCount">How many frames the file has.</param>
    public static ParticleFileLoad ReadLast(string path, out int frameCount) =>
        Read(path, lastOnly: true, salvage: false, out frameCount, default);

    /// <summary>Hands on the whole frames of a file one by one and keeps none: for files that are larger than the memory.</summary>
    /// <param name="path">Of a format that has frames; what is wrong with it ends the reading before the first wrong frame.</param>
    /// <param name="visit">Gets every frame.</param>
    public static void Visit(string path, Action<ParticleFrame> visit)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader text = new(file);
        FrameReading reading = new(path, text);
        foreach (ParticleFrame frame in Frames(reading, path))
        {
            if (reading.Faults.Count > 0)
            {
                return;
            }

            visit(frame.WithSpecies(reading.Species));
        }
    }

    private static ParticleFileLoad Read(string path, bool lastOnly, bool salvage, out int frameCount, CancellationToken stop)
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

            if (BinaryFormatOf(path) is { } format)
            {
                using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                return BinaryFile.Read(path, file, format, lastOnly, salvage, out frameCount, stop);
            }

            using StreamReader text = new(Compression.Unpack(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)));
            return Read(path, text, lastOnly, salvage, out frameCount, stop);
        }
        catch (InputFaultException error)
        {
            return new ParticleFileLoad([], error.Faults);
        }
        catch (Exception error) when (Compression.IsDamage(error))
        {
            return new ParticleFileLoad(
                [], [new InputFault(path, null, null, "the compressed file is damaged or cut off", "restore it from a copy")]);
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

    /// <summary>Writes several frames; a state and a LAMMPS data file hold only one. A failure leaves nothing behind.</summary>
    /// <exception cref="InputFaultException">Unknown suffix, or the frames lack what the format needs.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Write(string path, IReadOnlyList<ParticleFrame> frames, CancellationToken stop = default)
    {
        if (IsState(path))
        {
            RequireOne(path, frames, "a state");
            if (frames[0].Source is { } source && IsRounded(source))
            {
                throw Fault(
                    source, "a GSD file has numbers of 32 bits, and a state made of them would not be the one that was written",
                    "make the state of another format");
            }

            (Gas gas, SystemState state) = FrameState.Of(path, frames[0]);
            Write(path, gas, state);
            return;
        }

        if (!KnowsSuffix(path))
        {
            throw new InputFaultException(UnknownSuffix(path));
        }

        CheckWritable(path, frames);
        WholeFile.Write(path, stream => Compression.Pack(path, stream, packed => Write(path, frames, packed, stop)));
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

    /// <summary>Reads a text, in the format of the path's suffix.</summary>
    internal static ParticleFileLoad Read(
        string path, TextReader text, bool lastOnly, bool salvage, out int frameCount, CancellationToken stop)
    {
        FrameReading reading = new(path, text, stop);
        List<ParticleFrame> frames = [];
        frameCount = 0;
        foreach (ParticleFrame frame in Frames(reading, path))
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

        if (salvage && frames.Count == 0)
        {
            reading.Faults[0] = reading.Faults[0] with { Remedy = "no whole frame stands before this: nothing can be kept" };
        }

        bool isKept = reading.Faults.Count == 0 || frames.Count > 0 && salvage;
        return new ParticleFileLoad(
            isKept ? [.. frames.Select(frame => frame.WithSpecies(reading.Species))] : [], isKept ? [] : [.. reading.Faults])
        {
            Left = isKept && reading.Faults.Count > 0 ? reading.Faults[0] : null,
        };
    }

    /// <summary>Writes frames that <see cref="CheckWritable"/> has found fit.</summary>
    internal static void Write(string path, IReadOnlyList<ParticleFrame> frames, Stream stream, CancellationToken stop)
    {
        if (IsData(path))
        {
            TextAppender text = TextAppender.Over(stream);
            LammpsDataFormat.Write(text, frames[0]);
            text.Flush(toDisk: false);
            return;
        }

        if (BinaryFormatOf(path) is { } format)
        {
            format.Write(stream, frames, stop);
            return;
        }

        TrajectoryWriter writer = TrajectoryWriter.Create(stream, FormatOf(path)!.Value, FrameLayout.Of(frames));
        for (int i = 0; i < frames.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            writer.Append(frames[i], i);
        }

        writer.Flush();
    }

    /// <summary>Whether the format of the path's suffix can hold the frames.</summary>
    /// <exception cref="InputFaultException">It cannot.</exception>
    internal static void CheckWritable(string path, IReadOnlyList<ParticleFrame> frames)
    {
        if (IsData(path))
        {
            RequireOne(path, frames, "a LAMMPS data file");
            if (LammpsDataFormat.Obstacle(frames[0]) is { } obstacle)
            {
                throw Fault(path, obstacle, "choose another format");
            }

            return;
        }

        if (BinaryFormatOf(path) is { } binary)
        {
            if (binary.Obstacle(frames) is { } problem)
            {
                throw Fault(path, problem, "choose another format");
            }

            return;
        }

        TrajectoryFormat format = FormatOf(path)!.Value;
        if (format == TrajectoryFormat.Lammps && frames.Any(frame => frame.Box is null))
        {
            throw Fault(
                path, "a LAMMPS dump needs a box, and the particles come without one",
                "choose another format, or particles from a file with a box");
        }

        if (format == TrajectoryFormat.Csv && !FrameLayout.AreAlike(frames))
        {
            throw Fault(path, "the frames have different columns, and a table has one header", "choose another format");
        }

        foreach (ParticleFrame frame in frames.Where(_ => format != TrajectoryFormat.Csv))
        {
            RequirePlainNames(path, frame);
        }
    }

    private static IEnumerable<ParticleFrame> Frames(FrameReading reading, string path)
    {
        if (IsData(path))
        {
            return new LammpsDataReading(reading).Read() is { } only ? [only] : [];
        }

        return FormatOf(path) switch
        {
            TrajectoryFormat.Csv => CsvFormat.ReadAll(reading),
            TrajectoryFormat.Lammps => Repeat(() => LammpsFormat.Read(reading)),
            _ => Repeat(() => ExtXyzFormat.Read(reading)),
        };
    }

    private static IEnumerable<ParticleFrame> Repeat(Func<ParticleFrame?> read)
    {
        while (read() is { } frame)
        {
            yield return frame;
        }
    }

    private static void RequireOne(string path, IReadOnlyList<ParticleFrame> frames, string what)
    {
        if (frames.Count != 1)
        {
            throw Fault(
                path, FormattableString.Invariant($"{what} holds one frame, and there are {frames.Count}"),
                "choose another format, or convert a file of one frame");
        }
    }

    // A blank in a name would be read as the end of a column.
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

    private static TrajectoryFormat? FormatOf(string path) => Path.GetExtension(Compression.WithoutSuffix(path)).ToLowerInvariant() switch
    {
        ".extxyz" or ".xyz" => TrajectoryFormat.ExtXyz,
        ".lammps" or ".dump" or ".lammpstrj" => TrajectoryFormat.Lammps,
        ".csv" => TrajectoryFormat.Csv,
        _ => null,
    };

    internal static IBinaryFormat? BinaryFormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        GsdFormat.Suffix => GsdFormat.Instance,
        ".h5md" or ".h5" => H5mdFormat.Instance,
        _ => null,
    };

    private static bool IsState(string path) => Path.GetExtension(path).Equals(StateSuffix, StringComparison.OrdinalIgnoreCase);

    private static bool IsData(string path) => Path.GetExtension(Compression.WithoutSuffix(path)).ToLowerInvariant() is ".data" or ".lmp";

    private static InputFault UnknownSuffix(string path) =>
        new(path, null, null, $"the suffix '{Path.GetExtension(path)}' is not that of a particle file", $"use {Suffixes}");

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
