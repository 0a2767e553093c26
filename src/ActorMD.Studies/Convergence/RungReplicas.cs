using System.Diagnostics;
using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Studies.Boltzmann;
using static System.FormattableString;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// The replicas of the particle system of one rung of the ladder: they are added until the error of the difference at the last time is
/// below a tenth of it, or all that the study allows are used. How many there are does not depend on time, threads or interruptions.
/// </summary>
internal sealed class RungReplicas
{
    private const double ErrorShare = 0.1;
    private const double BatchGrowth = 1.5;
    private const int HistogramGroups = 16;
    private const double SecondsPerSave = 10;
    private const long StepsPerCheck = 200_000;

    private readonly Study _study;
    private readonly int _workerCount;
    private readonly BinObservables _observables;
    private readonly NarrowBins _narrow;
    private readonly VelocityHistogram _histogram;
    private readonly StudyStore? _store;
    private readonly Action<string> _report;
    private readonly CancellationToken _stop;

    /// <param name="study">Case, times, numbers of replicas.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="observables">What is averaged.</param>
    /// <param name="narrow">For the largest difference.</param>
    /// <param name="histogram">For H.</param>
    /// <param name="store">What an interrupted study has computed; may be null.</param>
    /// <param name="report">Gets a line now and then.</param>
    /// <param name="stop">Ends the work.</param>
    public RungReplicas(
        Study study, int workerCount, BinObservables observables, NarrowBins narrow, VelocityHistogram histogram, StudyStore? store,
        Action<string> report, CancellationToken stop)
    {
        _study = study;
        _workerCount = workerCount;
        _observables = observables;
        _narrow = narrow;
        _histogram = histogram;
        _store = store;
        _report = report;
        _stop = stop;
    }

    /// <summary>All replicas that are needed.</summary>
    /// <param name="case">With the N of the rung.</param>
    /// <param name="limit">The kinetic solution.</param>
    public StoredEnsemble Of(Case @case, Compared limit)
    {
        string name = Invariant($"replicas-{@case.ParticleCount}");
        StoredEnsemble stored = _store?.Find(name) ?? new StoredEnsemble();
        int wanted = _study.ReplicaMin, most = _study.ReplicasOf(@case.ParticleCount);
        while (wanted < stored.Ensemble.Count)
        {
            wanted = Next(wanted, most);
        }

        try
        {
            while (stored.Ended.Length == 0)
            {
                Replicate(@case, stored, name, wanted);
                Distance distance = Distance
                    .All(new Compared(stored, _study, _observables), limit, limit.Rows, _study.Times.Length - 1, _study.Seed);
                if (distance.Value is { } value && distance.ValueError < ErrorShare * value)
                {
                    stored.Ended = "its error is below a tenth of it";
                }
                else if (wanted == most)
                {
                    stored.Ended = "all replicas are used";
                }
                else
                {
                    _report(Invariant($"  N = {@case.ParticleCount}: {stored.Ensemble.Count} of {most} replicas in {stored.Seconds:F0} s, difference {distance.ToMeasured().InWords}"));
                    wanted = Next(wanted, most);
                }
            }
        }
        finally
        {
            _store?.Save(name, stored);
        }

        return stored;
    }

    private static int Next(int wanted, int most) => Math.Min(most, (int)Math.Ceiling(wanted * BatchGrowth));

    // Adds replicas until there are as many as wanted, in the order of their numbers.
    private void Replicate(Case @case, StoredEnsemble stored, string name, int wanted)
    {
        double saved = stored.Seconds;
        while (stored.Ensemble.Count < wanted)
        {
            _stop.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            int first = stored.Ensemble.Count, batch = Math.Min(_workerCount, wanted - first);
            double[][][] values = new double[batch][][], narrow = new double[batch][][];
            double[] accepted = new double[batch];
            int[][][] histograms = new int[batch][][];
            ParallelRuns.For(batch, _workerCount, n => (values[n], narrow[n], accepted[n], histograms[n]) = Replica(@case, first + n));
            for (int n = 0; n < batch; n++)
            {
                stored.Ensemble.Add(values[n]);
                stored.Narrow.Add(narrow[n]);
                AddHistogram(stored.Histograms, first + n, histograms[n]);
            }

            stored.Acceptance = accepted.Average();
            stored.Seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (stored.Seconds > saved + SecondsPerSave)
            {
                _store?.Save(name, stored);
                saved = stored.Seconds;
            }
        }
    }

    private static void AddHistogram(List<int[][]> groups, int replica, int[][] counts)
    {
        if (replica < HistogramGroups)
        {
            groups.Add(counts);
            return;
        }

        int[][] group = groups[replica % HistogramGroups];
        for (int time = 0; time < counts.Length; time++)
        {
            for (int c = 0; c < counts[time].Length; c++)
            {
                group[time][c] += counts[time][c];
            }
        }
    }

    private (double[][] Values, double[][] Narrow, double Acceptance, int[][] Histograms) Replica(Case @case, int replica)
    {
        ulong seed = new CounterRandom(_study.Seed, RandomStream.Replicas, (uint)replica, (ulong)@case.ParticleCount).NextBits();
        SystemState state = InitialState.Build(@case.Gas, @case.Counts, @case.Initial, seed, out InitialReport report, null, _stop);
        int[][] histograms = [.. Enumerable.Range(0, _study.Times.Length + 1).Select(_ => new int[_histogram.CellCount])];
        _histogram.Add(state.Particles, state.Time, histograms[0]);
        using Simulator simulator = new(@case.Gas, state, settings: new SearchSettings { Abort = _stop });
        double[][] values = new double[_study.Times.Length][], narrow = new double[_study.Times.Length][];
        for (int time = 0; time < values.Length; time++)
        {
            while (!simulator.Advance(_study.Times[time], StepsPerCheck))
            {
                _stop.ThrowIfCancellationRequested();
            }

            SystemState cut = simulator.Capture();
            values[time] = _observables.Of(cut.Particles, cut.Time);
            narrow[time] = _narrow.Of(cut.Particles, cut.Time);
            _histogram.Add(cut.Particles, cut.Time, histograms[time + 1]);
        }

        return (values, narrow, report.Acceptance, histograms);
    }
}
