using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Engine;
using ActorMD.Observables.Plans;
using ActorMD.Physics;
using ActorMD.Runs.Simulations;

namespace ActorMD.Cli.Benchmarks;

/// <summary>What observables cost: the same stretch of a trajectory without and with them, in turn.</summary>
/// <param name="Name">Of the observables.</param>
/// <param name="SamplesPerMeanFreeTime">How often they sample.</param>
/// <param name="PlainSeconds">User time of one thread without them, of every repeat.</param>
/// <param name="ObservedSeconds">The same with them.</param>
/// <param name="Cost">Median of the ratios, less 1.</param>
/// <param name="CostApart">The same of the elapsed time where a thread of its own measures, as in a run that leaves a core free.</param>
public sealed record ObservableBenchResult(
    string Name, double SamplesPerMeanFreeTime, IReadOnlyList<double> PlainSeconds, IReadOnlyList<double> ObservedSeconds, double Cost,
    double CostApart);

/// <summary>Measures the cost of observables.</summary>
public static class ObservableBench
{
    private const double Fine = 100; // samples per mean free time of what follows the events

    /// <summary>Measures every observable alone, then the usual set and all together.</summary>
    /// <param name="benchCase">What is simulated.</param>
    /// <param name="collisions">Length of the stretch in collisions per particle.</param>
    /// <param name="repeats">How often each is run.</param>
    /// <param name="found">Gets every result as soon as it is there.</param>
    /// <param name="stop">Ends the measurement between two runs.</param>
    public static void Run(BenchCase benchCase, double collisions, int repeats, Action<ObservableBenchResult> found, CancellationToken stop)
    {
        using Simulator simulator = new(benchCase.Gas, BenchRunner.StartOf(benchCase, stop));
        AdvanceBy(simulator, benchCase.WarmUp * benchCase.ParticleCount, stop);
        double start = simulator.Time;
        SystemState state = simulator.Capture();
        AdvanceBy(simulator, collisions * benchCase.ParticleCount, stop);
        double end = simulator.Time, freeTime = (end - start) / (2 * collisions);
        foreach ((string name, double samples, ImmutableArray<ObservablePlan> plans) in Sets(freeTime))
        {
            Seconds(benchCase.Gas, state, plans, end, isApart: false); // code that has hardly run is not compiled in earnest
            double[] plain = new double[repeats], observed = new double[repeats], apart = new double[repeats];
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                stop.ThrowIfCancellationRequested();
                (plain[repeat], double elapsed) = Seconds(benchCase.Gas, state, [], end, isApart: false);
                (observed[repeat], _) = Seconds(benchCase.Gas, state, plans, end, isApart: false);
                apart[repeat] = Seconds(benchCase.Gas, state, plans, end, isApart: true).Elapsed / elapsed;
            }

            found(new ObservableBenchResult(
                name, samples, plain, observed, Median(plain.Zip(observed, (without, with) => with / without)) - 1, Median(apart) - 1));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return 0.5 * (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]);
    }

    private static IEnumerable<(string Name, double Samples, ImmutableArray<ObservablePlan> Plans)> Sets(double freeTime)
    {
        double fine = freeTime / Fine;
        LagPlan lags = new(5 * freeTime, false, 2.5 * freeTime), moments = new(5 * freeTime, true, 0.1 * freeTime);
        ObservablePlan rdf = new("rdf", ObservableKind.Rdf, freeTime) { Bins = 200, Max = 3 };
        ObservablePlan msd = new("msd", ObservableKind.Msd, fine) { Lags = lags };
        ObservablePlan vacf = new("vacf", ObservableKind.Vacf, fine) { Lags = lags };
        ObservablePlan helfand = new("helfand", ObservableKind.Helfand, fine) { Lags = moments };
        ObservablePlan collisions = new("collisions", ObservableKind.Collisions, freeTime) { Bins = 100 };
        ObservablePlan velocities = new("velocities", ObservableKind.Velocities, freeTime) { Bins = 100 };
        ObservablePlan structure = new("structure_factor", ObservableKind.StructureFactor, 10 * freeTime) { Bins = 4 };
        ObservablePlan profile = new("profile", ObservableKind.Profile, freeTime) { Bins = 50 };
        ObservablePlan h = new("h_function", ObservableKind.HFunction, freeTime) { Bins = 12 };
        foreach (ObservablePlan plan in (ObservablePlan[])[msd, vacf, helfand, collisions, rdf, velocities, structure, profile, h])
        {
            yield return (plan.Name, freeTime / plan.Every, [plan]);
        }

        yield return ("the usual set (msd, vacf, helfand; rdf once per mean free time)", Fine, [rdf, msd, vacf, helfand]);
        yield return ("the same, rdf every ten mean free times", Fine, [rdf with { Every = 10 * freeTime }, msd, vacf, helfand]);
        yield return ("rdf 10 times per mean free time", 10, [rdf with { Every = 0.1 * freeTime }]);
        yield return ("all", Fine, [rdf, msd, vacf, helfand, collisions, velocities, structure, profile, h]);
    }

    // User time of all threads, and elapsed time.
    private static (double User, double Elapsed) Seconds(
        Gas gas, SystemState state, ImmutableArray<ObservablePlan> plans, double end, bool isApart)
    {
        GC.Collect();
        using ObservedSimulation simulation = new(gas, state, plans);
        if (isApart)
        {
            simulation.MeasureApart();
        }

        TimeSpan before = Environment.CpuUsage.UserTime;
        long started = Stopwatch.GetTimestamp();
        simulation.AdvanceTo(end);
        _ = simulation.Observables; // when all is measured
        return ((Environment.CpuUsage.UserTime - before).TotalSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static void AdvanceBy(Simulator simulator, double collisions, CancellationToken stop)
    {
        const long StepsPerCheck = 100_000;
        double target = simulator.Tally.CollisionCount + collisions;
        while (simulator.Tally.CollisionCount < target)
        {
            stop.ThrowIfCancellationRequested();
            simulator.Advance(double.MaxValue, StepsPerCheck);
        }
    }
}
