using System.Diagnostics;
using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Cli.Benchmarks;

/// <summary>What one benchmark case gave.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="CollisionsPerCpuSecond">Median over the repeats; events of all orders, one thread, user time.</param>
/// <param name="Slowest">Lowest of the repeats.</param>
/// <param name="Fastest">Highest of the repeats.</param>
/// <param name="Repeats">The same of every repeat, as they followed each other.</param>
/// <param name="CrossingsPerCollision">Cell crossings, or placements into cells at the beginning of time slices.</param>
/// <param name="PredictionsPerCollision">Full predictions.</param>
/// <param name="CandidatesPerCollision">Pairs whose time was computed.</param>
/// <param name="BytesPerParticle">Native memory of the engine.</param>
/// <param name="Z">Compressibility factor over the measurement: shows which state was measured.</param>
/// <param name="StartSeconds">Wall time to make the initial state and all caches, until the first event.</param>
/// <param name="PeakProcessBytes">Largest working set that the process has had so far, in this case or an earlier one.</param>
public sealed record BenchResult(
    string Name,
    int Particles,
    double CollisionsPerCpuSecond,
    double Slowest,
    double Fastest,
    IReadOnlyList<double> Repeats,
    double CrossingsPerCollision,
    double PredictionsPerCollision,
    double CandidatesPerCollision,
    double BytesPerParticle,
    double Z,
    double StartSeconds,
    long PeakProcessBytes);

/// <summary>Measures event rates. Times are user time of this process, so that a busy machine disturbs little.</summary>
public static class BenchRunner
{
    private const ulong Seed = 1;
    private const long StepsPerCheck = 20_000;

    /// <summary>Runs one case.</summary>
    /// <param name="benchCase">What is measured.</param>
    /// <param name="seconds">
    /// CPU time of the measurement, warm-up not included; the repeats share it. Whole time slices are measured, so large systems take
    /// longer.
    /// </param>
    /// <param name="repeatCount">Into how many equal parts the measurement is divided.</param>
    /// <param name="method">How events are searched.</param>
    /// <param name="stop">Ends the measurement between two checks.</param>
    public static BenchResult Run(BenchCase benchCase, double seconds, int repeatCount, SearchMethod method, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        using Simulator simulator = new(benchCase.Gas, StartOf(benchCase, stop), settings: new SearchSettings(method));
        double startSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        while (Collisions(simulator) < benchCase.WarmUp * benchCase.ParticleCount)
        {
            stop.ThrowIfCancellationRequested();
            simulator.Advance(double.MaxValue, StepsPerCheck);
        }

        AdvanceToPlacement(simulator, stop);
        long collisionsBefore = Collisions(simulator);
        double virialBefore = simulator.Tally.Virial.Value, timeBefore = simulator.Time;
        EngineCounters before = simulator.Counters.Clone();
        double[] rates = new double[repeatCount];
        for (int repeat = 0; repeat < repeatCount; repeat++)
        {
            rates[repeat] = Rate(simulator, seconds / repeatCount, stop);
        }

        double[] sorted = [.. rates.Order()];
        double collisions = Collisions(simulator) - collisionsBefore;
        EngineCounters after = simulator.Counters;
        double elapsed = simulator.Time - timeBefore;
        double kinetic = benchCase.Gas.Dimension * benchCase.ParticleCount * elapsed; // T = 1
        return new BenchResult(
            benchCase.Name,
            benchCase.ParticleCount,
            0.5 * (sorted[repeatCount / 2] + sorted[(repeatCount - 1) / 2]),
            sorted[0],
            sorted[^1],
            rates,
            (after.CrossingCount - before.CrossingCount) / collisions,
            (after.PredictionCount - before.PredictionCount) / collisions,
            (after.CandidateCount - before.CandidateCount) / collisions,
            simulator.NativeBytes / (double)benchCase.ParticleCount,
            1 + (simulator.Tally.Virial.Value - virialBefore) / kinetic,
            startSeconds,
            Process.GetCurrentProcess().PeakWorkingSet64);
    }

    /// <summary>The state with which a case begins.</summary>
    internal static SystemState StartOf(BenchCase benchCase, CancellationToken stop)
    {
        VelocityPlan velocities = new([.. benchCase.Gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))], Vec3.Zero);
        InitialData data = new(new PositionPlan(benchCase.Positions), velocities);
        return InitialState.Build(benchCase.Gas, benchCase.Counts, data, Seed, null, stop);
    }

    private static double Rate(Simulator simulator, double seconds, CancellationToken stop)
    {
        long before = Collisions(simulator);
        TimeSpan start = Environment.CpuUsage.UserTime;
        double used;
        do
        {
            AdvanceToPlacement(simulator, stop);
            used = (Environment.CpuUsage.UserTime - start).TotalSeconds;
        }
        while (used < seconds);
        return (Collisions(simulator) - before) / used;
    }

    // A time slice costs most at its beginning, when all particles are placed into cells: a stretch that is to tell the rate goes
    // from one beginning to another. In a large system Advance returns right there.
    private static void AdvanceToPlacement(Simulator simulator, CancellationToken stop)
    {
        long placements = simulator.Counters.CrossingCount;
        do
        {
            stop.ThrowIfCancellationRequested();
            simulator.Advance(double.MaxValue, StepsPerCheck);
        }
        while (simulator.Counters.CrossingCount == placements);
    }

    private static long Collisions(Simulator simulator) => simulator.Tally.OrderCounts.AsSpan(2).ToArray().Sum();
}
