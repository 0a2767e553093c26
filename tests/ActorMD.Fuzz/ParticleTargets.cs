using System.Collections.Immutable;
using System.Text;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;

namespace ActorMD.Fuzz;

/// <summary>Readers of particle files. What is accepted is written again, in its own format and in all others, and read back.</summary>
internal static class ParticleTargets
{
    private static readonly string[] Formats = ["a.xyz", "a.dump", "a.data", "a.csv"];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("extxyz", true, Samples.ExtXyz, bytes => Try("a.xyz", bytes)),
        new("lammps", true, Samples.Dumps, bytes => Try("a.dump", bytes)),
        new("data", true, Samples.Data, bytes => Try("a.data", bytes)),
        new("csv", true, Samples.Csv, bytes => Try("a.csv", bytes)),
        new("gsd", false, Samples.Gsd, bytes => Try("a.gsd", bytes)),
        new("h5md", false, Samples.H5md, bytes => Try("a.h5md", bytes)),
    ];

    private static Reception Try(string name, byte[] bytes)
    {
        ParticleFileLoad load = Read(name, bytes, salvage: false);
        if (load.Frames.IsEmpty == load.Faults.IsEmpty)
        {
            throw new FuzzException("neither frames nor faults, or both");
        }

        ParticleFileLoad salvaged = Read(name, bytes, salvage: true);
        if (salvaged.Frames.Length < load.Frames.Length || salvaged.Frames.IsEmpty == salvaged.Faults.IsEmpty)
        {
            throw new FuzzException("salvage loses frames");
        }

        foreach (string format in load.Frames.IsEmpty ? [] : Formats)
        {
            WriteAndCompare(format, load.Frames, isOwn: format == name);
        }

        if (!load.Frames.IsEmpty)
        {
            TryState(load.Frames[^1]);
        }

        return load.Frames.IsEmpty ? Reception.Refused : Reception.Accepted;
    }

    private static ParticleFileLoad Read(string name, byte[] bytes, bool salvage)
    {
        if (ParticleFile.BinaryFormatOf(name) is { } format)
        {
            return BinaryFile.Read(name, new MemoryStream(bytes), format, lastOnly: false, salvage, out _, default);
        }

        using StreamReader text = new(new MemoryStream(bytes), Encoding.UTF8);
        return ParticleFile.Read(name, text, lastOnly: false, salvage, out _, default);
    }

    private static void WriteAndCompare(string name, ImmutableArray<ParticleFrame> frames, bool isOwn)
    {
        try
        {
            ParticleFile.CheckWritable(name, frames);
        }
        catch (InputFaultException)
        {
            return; // told that the format cannot hold it
        }

        using MemoryStream stream = new();
        ParticleFile.Write(name, frames, stream, default);
        ParticleFileLoad back = Read(name, stream.ToArray(), salvage: false);
        if (!back.Faults.IsEmpty)
        {
            throw new FuzzException($"{name} is written and refused: {back.Faults[0]}");
        }

        if (back.Frames.Length != frames.Length)
        {
            throw new FuzzException($"{name}: {frames.Length} frames are written and {back.Frames.Length} read");
        }

        for (int k = 0; k < frames.Length; k++)
        {
            if (Difference(frames[k], back.Frames[k], isOwn) is { } difference)
            {
                throw new FuzzException($"{name}: frame {k} is read back with other {difference}");
            }
        }
    }

    // Sizes without masses and the like are refused; the last digit of a mass may differ where it is given as a density.
    private static string? Difference(ParticleFrame a, ParticleFrame b, bool isOwn) =>
        a.Count != b.Count ? "numbers"
        : a.Dimension != b.Dimension ? "dimensions"
        : !Same(a, b, (frame, i) => (frame.SpeciesNames[frame.Species[i]], frame.TypeOf(frame.Species[i]))) ? "species or types"
        : !Same(a, b, (frame, i) => frame.Positions[i]) ? "positions"
        : !Same(a, b, (frame, i) => frame.Velocities?[i]) ? "velocities"
        : !Same(a, b, (frame, i) => frame.Radii?[i]) ? "radii"
        : !Enumerable.Range(0, a.Count).All(i => AreClose(a.Masses?[i], b.Masses?[i])) ? "masses"
        : a.Box != b.Box ? "boxes"
        : a.Time is double time && !time.Equals(b.Time) && time != b.Time ? "times"
        : isOwn && a.Step is not null && a.Step != b.Step ? "steps"
        : isOwn && !Same(a, b, (frame, i) => frame.Ids?[i] ?? -1) ? "ids"
        : null;

    private static bool Same<T>(ParticleFrame a, ParticleFrame b, Func<ParticleFrame, int, T> get)
    {
        for (int i = 0; i < a.Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(get(a, i), get(b, i)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreClose(double? a, double? b) => a is null ? b is null : Math.Abs(a.Value - b ?? double.NaN) <= 1e-15 * a.Value;

    private static void TryState(ParticleFrame frame)
    {
        Checkpoint checkpoint;
        try
        {
            (ActorMD.Physics.Gas gas, ActorMD.Physics.SystemState state) = FrameState.Of("a.state", frame);
            checkpoint = new Checkpoint(
                gas, "", state, new ActorMD.Physics.EventTally(gas.Species.Length, gas.OrderMax), new RunProgress());
        }
        catch (InputFaultException)
        {
            return;
        }

        using MemoryStream stream = new();
        CheckpointFormat.Write(stream, checkpoint);
        stream.Position = 0;
        try
        {
            CheckpointFormat.Read(stream, "a.state");
        }
        catch (InputFaultException error)
        {
            throw new FuzzException($"a state is written and refused: {error.Message}");
        }
    }
}
