using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using static System.FormattableString;

namespace ActorMD.Fuzz;

/// <summary>Many inputs, each determined by the name of its reader and a seed.</summary>
public static class Campaign
{
    /// <summary>A reader may allocate so much for any input, and so much for every byte of it.</summary>
    private const long AllocationFloor = 32L << 20;

    private const long AllocationPerByte = 20_000;

    /// <summary>All readers of bytes from outside.</summary>
    public static ImmutableArray<FuzzTarget> Targets { get; } =
        [.. ParticleTargets.All, .. CheckpointTargets.All, .. YamlTargets.All, .. WireTargets.All, .. ProcessTargets.All];

    /// <summary>The input of a seed.</summary>
    public static byte[] Input(FuzzTarget target, long seed) =>
        Mutation.Apply(target, new Random(unchecked((int)(seed * 2654435761L) ^ NameHash(target.Name))));

    /// <summary>Gives the input of a seed to a reader.</summary>
    /// <returns>What is wrong, with the command that replays it; null if the reader does what it must.</returns>
    public static string? Fault(FuzzTarget target, long seed, FuzzCount count)
    {
        byte[] input = Input(target, seed);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? problem = null;
        try
        {
            count.Add(target.Try(input));
        }
        catch (FuzzException error)
        {
            problem = error.Message;
        }
        catch (Exception error)
        {
            problem = $"{error.GetType().Name}: {error.Message}\n{error.StackTrace}";
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (problem is null && allocated > AllocationFloor + AllocationPerByte * input.Length)
        {
            problem = Invariant($"{allocated} bytes were allocated for an input of {input.Length}");
        }

        return problem is null
            ? null
            : Invariant($"{target.Name}, seed {seed}: {problem}\n  replay: scripts/fuzz --target {target.Name} --first {seed} --count 1");
    }

    /// <summary>Whether the samples themselves are accepted: without it a campaign would test nothing.</summary>
    public static bool AcceptsSamples(FuzzTarget target) => target.Samples.All(sample => target.Try(sample) == Reception.Accepted);

    /// <summary>The seeds of one reader, one after the other.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="seedCount">How many.</param>
    /// <param name="hangAfter">An input that takes longer is a fault.</param>
    public static FuzzCount Run(FuzzTarget target, long first, long seedCount, TimeSpan hangAfter)
    {
        FuzzCount count = new();
        long current = first, started = Stopwatch.GetTimestamp();
        using Timer watch = new(_ =>
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)) > hangAfter)
            {
                Environment.FailFast(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target.Name}, seed {Volatile.Read(ref current)}: no end after {hangAfter}\n  replay: scripts/fuzz --target "
                        + $"{target.Name} --first {Volatile.Read(ref current)} --count 1"));
            }
        });
        watch.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        for (long seed = first; seed < first + seedCount; seed++)
        {
            Volatile.Write(ref current, seed);
            Volatile.Write(ref started, Stopwatch.GetTimestamp());
            if (Fault(target, seed, count) is { } fault)
            {
                count.Faults.Add(fault);
            }
        }

        return count;
    }

    private static int NameHash(string name) => name.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
}

/// <summary>What a campaign has been through.</summary>
public sealed class FuzzCount
{
    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    /// <summary>What was wrong, with the commands that replay it.</summary>
    public List<string> Faults { get; } = [];

    internal void Add(Reception reception)
    {
        if (reception == Reception.Accepted)
        {
            Accepted++;
        }
        else
        {
            Refused++;
        }
    }
}
