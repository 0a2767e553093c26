using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Cli.Benchmarks;

/// <summary>A gas in which the speed of the DSMC solver is measured.</summary>
/// <param name="Name">Regime and number of particles.</param>
/// <param name="Count">Simulated particles.</param>
/// <param name="CollisionsPerStep">Of one particle with its like.</param>
/// <param name="IsMixture">Half of the particles have four times the mass, one and a half times the diameter.</param>
/// <param name="HasTriples">Collisions of order 3 are as frequent as pairs.</param>
public sealed record DsmcBenchCase(string Name, int Count, double CollisionsPerStep, bool IsMixture, bool HasTriples)
{
    /// <summary>
    /// The regime of SPARTA's bench in.collide (10 particles in a cell, 0.145 collisions and 0.27 cells of flight in a step), the same with
    /// a collision of every particle in every step, a mixture, and order 3.
    /// </summary>
    public static IEnumerable<DsmcBenchCase> All
    {
        get
        {
            foreach (int count in (int[])[10_000, 100_000])
            {
                yield return new DsmcBenchCase(Invariant($"collide-{count}"), count, 0.145, false, false);
                yield return new DsmcBenchCase(Invariant($"every-step-{count}"), count, 1, false, false);
                yield return new DsmcBenchCase(Invariant($"mixture-{count}"), count, 0.145, true, false);
                yield return new DsmcBenchCase(Invariant($"ternary-{count}"), count, 0.145, false, true);
            }
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>What was measured; one thread, user time, so that a busy machine disturbs little.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="MovesPerSecond">Particles times steps in whole steps: flight, sorting, collisions.</param>
/// <param name="AttemptsPerSecond">Candidates in the collisions alone.</param>
/// <param name="CollisionsPerSecond">Collisions in the collisions alone.</param>
/// <param name="AcceptedShare">Collisions over candidates.</param>
/// <param name="AttemptsPerParticleStep">Candidates for one particle and step.</param>
public sealed record DsmcBenchResult(
    string Name,
    double MovesPerSecond,
    double AttemptsPerSecond,
    double CollisionsPerSecond,
    double AcceptedShare,
    double AttemptsPerParticleStep);

/// <summary>Measures the DSMC solver.</summary>
public static class DsmcBench
{
    private const int ParticlesPerCell = 10;
    private const double Step = 0.167; // 0.27 cells at the mean speed
    private const int WarmUpSteps = 100;
    private const int SliceCount = 7;

    /// <summary>Runs one case; the slice with the median speed counts.</summary>
    public static DsmcBenchResult Run(DsmcBenchCase benchCase, double seconds, CancellationToken stop)
    {
        int side = (int)Math.Round(Math.Cbrt((double)benchCase.Count / ParticlesPerCell));
        double density = benchCase.Count / ((double)side * side * side);
        double rate = benchCase.CollisionsPerStep / Step;
        double diameter = Math.Sqrt(rate / (4 * density * Math.Sqrt(Math.PI)));
        ImmutableArray<Species> species = benchCase.IsMixture
            ? [new Species("A", 1, diameter), new Species("B", 4, 1.5 * diameter)]
            : [new Species("A", 1, diameter)];
        double zone = Math.Pow(rate / CollisionFrequency.Tuple(3, 3, density, 1, 1), 1.0 / 5);
        Gas gas = new(Box.Cube(side), species, benchCase.HasTriples ? [new Zone(3, zone)] : []);
        DsmcSize size = DsmcSize.For([.. species.Select(_ => benchCase.Count / species.Length)], benchCase.Count);
        InitialData start = new(
            new PositionPlan(PositionMethod.Conditioned), new VelocityPlan([.. species.Select(_ => new Maxwellian(1, Vec3.Zero))]));
        DsmcSolver solver = new(gas, new DsmcGrid(gas.Box, side, side, side), 1, DsmcStart.Draw(gas, size, start, 1, 0), seed: 1)
        {
            Clock = TimeProvider.System,
        };
        solver.Advance(Step, WarmUpSteps, stop);
        DsmcBenchResult[] slices =
            [.. Enumerable.Range(0, SliceCount).Select(_ => Slice(benchCase.Name, solver, seconds / SliceCount, stop))];
        return slices.OrderBy(s => s.MovesPerSecond).ElementAt(SliceCount / 2);
    }

    private static DsmcBenchResult Slice(string name, DsmcSolver solver, double seconds, CancellationToken stop)
    {
        const int StepsPerCheck = 10;
        DsmcTally before = solver.Tally;
        TimeSpan collisionBefore = solver.CollisionTime;
        long started = Stopwatch.GetTimestamp();
        TimeSpan cpuBefore = Environment.CpuUsage.UserTime;
        double used;
        do
        {
            stop.ThrowIfCancellationRequested();
            solver.Advance(Step, StepsPerCheck, stop);
            used = (Environment.CpuUsage.UserTime - cpuBefore).TotalSeconds;
        }
        while (used < seconds);
        DsmcTally done = solver.Tally - before;
        // The part of the collisions in wall time; what other processes take, they take from all parts alike.
        double colliding = used * ((solver.CollisionTime - collisionBefore) / Stopwatch.GetElapsedTime(started));
        double attempts = done.Attempts.Sum(), collisions = done.Collisions.Sum();
        return new DsmcBenchResult(
            name, done.Moves / used, attempts / colliding, collisions / colliding, collisions / attempts, attempts / done.Moves);
    }
}
