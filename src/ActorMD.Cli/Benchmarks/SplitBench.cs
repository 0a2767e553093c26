using System.Diagnostics;
using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;
using ActorMD.Runs.Simulations;
using Serilog.Core;

namespace ActorMD.Cli.Benchmarks;

/// <summary>The same stretch of a trajectory in one thread and in several, which share one domain or have several.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="Domains">How the box was cut.</param>
/// <param name="Workers">Threads.</param>
/// <param name="SerialSeconds">Wall time in one domain, of every repeat.</param>
/// <param name="SplitSeconds">Wall time in the domains, of every repeat.</param>
/// <param name="SpeedUp">Median of their ratios.</param>
/// <param name="CpuRatio">CPU time of all domains against that of one, median.</param>
/// <param name="Slices">Time slices that the domains have run in a repeat.</param>
/// <param name="UndoneFraction">Events that were undone, against those that were needed.</param>
/// <param name="SharedSlices">Time slices of a repeat that threads have shared.</param>
/// <param name="RolledBackSlices">Slices among them that were rolled back.</param>
/// <param name="StripEventFraction">Events that boundary strips between threads have run, against all.</param>
/// <param name="DeferredFraction">Particles that blocks have left to strips, against all events.</param>
/// <param name="SentBytes">What domains or nodes have sent to each other in a repeat.</param>
/// <param name="VoidSlices">Slices of domains that were run again.</param>
/// <param name="HasSameDigest">Whether all repeats ended in the same bits.</param>
public sealed record SplitBenchResult(
    string Name,
    int Particles,
    string Domains,
    int Workers,
    IReadOnlyList<double> SerialSeconds,
    IReadOnlyList<double> SplitSeconds,
    double SpeedUp,
    double CpuRatio,
    long Slices,
    double UndoneFraction,
    long SharedSlices,
    long RolledBackSlices,
    double StripEventFraction,
    double DeferredFraction,
    long SentBytes,
    long VoidSlices,
    bool HasSameDigest);

/// <summary>Measures what threads, and a split of the box into domains, gain on this machine.</summary>
public static class SplitBench
{
    // The first part of a stretch lets the slices find their length; it is not measured.
    private const double SettlingShare = 0.25;
    private const long StepsPerCheck = 100_000;

    /// <summary>Alternates between one thread and several.</summary>
    /// <param name="benchCase">What is simulated.</param>
    /// <param name="plan">The threads and domains.</param>
    /// <param name="collisions">Length of the stretch in collisions per particle.</param>
    /// <param name="repeatCount">How often each is run.</param>
    /// <param name="stop">Ends the measurement between two of its parts.</param>
    public static SplitBenchResult Run(
        BenchCase benchCase, ExecutionPlan plan, double collisions, int repeatCount, CancellationToken stop)
    {
        (SystemState start, double end, long events) = Prepare(benchCase, collisions, stop);
        double begin = start.AbsoluteTime + SettlingShare * (end - start.AbsoluteTime);
        Stretch[] serial = new Stretch[repeatCount], split = new Stretch[repeatCount];
        for (int repeat = 0; repeat < repeatCount; repeat++)
        {
            serial[repeat] = Measure(benchCase.Gas, start, ExecutionPlan.Serial, begin, end, stop);
            split[repeat] = Measure(benchCase.Gas, start, plan, begin, end, stop);
        }

        RunWork work = split[^1].Work;
        return new SplitBenchResult(
            benchCase.Name,
            benchCase.ParticleCount,
            plan.Domains.ToText(benchCase.Gas.Dimension),
            plan.Workers,
            [.. serial.Select(s => s.WallSeconds)],
            [.. split.Select(s => s.WallSeconds)],
            Median(serial.Zip(split, (one, many) => one.WallSeconds / many.WallSeconds)),
            Median(serial.Zip(split, (one, many) => many.CpuSeconds / one.CpuSeconds)),
            work.SliceCount,
            plan.Domains.Count > 1 ? work.UndoneEventCount / (double)events : split[^1].RolledBackEvents / (double)events,
            split[^1].SharedSlices,
            split[^1].RolledBackSlices,
            split[^1].StripEvents / (double)events,
            split[^1].Deferred / (double)events,
            work.SentByteCount,
            work.VoidSliceCount,
            serial.Concat(split).All(s => s.Digest == serial[0].Digest));
    }

    /// <summary>The case after its warm-up.</summary>
    public static Simulator WarmedUp(BenchCase benchCase, CancellationToken stop)
    {
        Simulator simulator = new(benchCase.Gas, BenchRunner.StartOf(benchCase, stop));
        AdvanceBy(simulator, benchCase.WarmUp * benchCase.ParticleCount, stop);
        return simulator;
    }

    // The state after the warm-up, where the stretch ends, and how many events it has.
    private static (SystemState Start, double End, long EventCount) Prepare(BenchCase benchCase, double collisions, CancellationToken stop)
    {
        using Simulator simulator = WarmedUp(benchCase, stop);
        SystemState start = simulator.Capture();
        long before = simulator.Tally.EventCount;
        AdvanceBy(simulator, collisions * benchCase.ParticleCount, stop);
        return (start, simulator.Time, simulator.Tally.EventCount - before);
    }

    private static void AdvanceBy(Simulator simulator, double collisionCount, CancellationToken stop)
    {
        long before = simulator.Tally.CollisionCount;
        while (simulator.Tally.CollisionCount - before < collisionCount)
        {
            stop.ThrowIfCancellationRequested();
            simulator.Advance(double.MaxValue, StepsPerCheck);
        }
    }

    private static Stretch Measure(
        Gas gas, SystemState start, ExecutionPlan plan, double begin, double end, CancellationToken stop)
    {
        GC.Collect(); // what the repeat before has left behind
        SystemState copy = new([.. start.Particles], start.EpochLength, start.Epoch, start.Time);
        using ISimulation simulation = plan.Begin(
            gas, copy, null, new RunContext("bench", string.Empty, Logger.None, plan.Requests));
        Advance(simulation, begin, stop);
        long started = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        Advance(simulation, end, stop);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        EngineCounters? engine = simulation.Engine;
        return new Stretch(
            seconds,
            cpuSeconds,
            simulation.Work,
            engine?.SharedSliceCount ?? 0,
            engine?.RolledBackSliceCount ?? 0,
            engine?.RolledBackEventCount ?? 0,
            engine?.StripEventCount ?? 0,
            engine?.DeferredCount ?? 0,
            StateDigest.Of(simulation.Capture()));
    }

    private static void Advance(ISimulation simulation, double until, CancellationToken stop)
    {
        while (!simulation.Advance(until, StepsPerCheck))
        {
            stop.ThrowIfCancellationRequested();
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return 0.5 * (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]);
    }

    private readonly record struct Stretch(
        double WallSeconds,
        double CpuSeconds,
        RunWork Work,
        long SharedSlices,
        long RolledBackSlices,
        long RolledBackEvents,
        long StripEvents,
        long Deferred,
        string Digest);
}
