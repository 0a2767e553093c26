using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Linear;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Runs;
using ActorMD.Studies.Boltzmann;
using ActorMD.Studies.Convergence;
using static System.FormattableString;

namespace ActorMD.Studies.Fluctuations;

/// <summary>
/// The covariance of the density field of a gas at equilibrium, at two moments, against the linearised kinetic equation, along a ladder of
/// N in the scaling.
/// </summary>
/// <remarks>
/// The fields are rho_a = N_a^(-1/2) sum exp(-iqx) over the particles of a species; what is compared is the real part of the mean of
/// rho_a(t) rho_b(0)*, for every pair of species, number of waves
/// and time, over all axes, several moments 0 of each replica and the replicas. In the limit it is <see cref="LinearWaves"/>. For one
/// species and pairs that is proved globally in time
/// (Bodineau, Gallagher, Saint-Raymond, Simonella, arXiv 2012.03813); for mixtures and higher orders nothing is.
/// </remarks>
public sealed class FluctuationComparison
{
    private const int Degree = 14;
    private const long StepsPerCheck = 200_000;
    private const double SecondsPerSave = 10;
    private const int BootstrapCount = 200;

    private readonly FluctuationStudy _study;
    private readonly int _workerCount;
    private readonly Action<string> _report;
    private readonly StudyStore? _store;
    private readonly Func<CollisionChannel, CollisionChannel>? _alter;
    private readonly CancellationToken _stop;
    private readonly (int A, int B)[] _pairs;

    /// <param name="study">What to compare.</param>
    /// <param name="workerCount">Threads; no number depends on them.</param>
    /// <param name="report">Gets a line now and then.</param>
    /// <param name="stop">Ends the study; what is computed stays in the store.</param>
    /// <param name="store">What an interrupted study has computed; nothing is kept when left out.</param>
    /// <param name="alter">Changes every kind of collision of the linear equation: for checks that a wrong coefficient is noticed.</param>
    public FluctuationComparison(
        FluctuationStudy study, int workerCount, Action<string> report, CancellationToken stop, StudyStore? store = null,
        Func<CollisionChannel, CollisionChannel>? alter = null)
    {
        _study = study;
        _workerCount = workerCount;
        _report = report;
        _stop = stop;
        _store = store;
        _alter = alter;
        int species = study.Case.Gas.Species.Length;
        _pairs = [.. Enumerable.Range(0, species).SelectMany(a => Enumerable.Range(a, species - a).Select(b => (a, b)))];
    }

    /// <summary>Draws of each kind of collision for the linear equation.</summary>
    internal int SampleCount { get; init; } = 400_000;

    private double Temperature => _study.Case.Initial.Velocities.Species.OfType<Maxwellian>().First().Temperature;

    private double Spacing => _study.Times[^1] / 2;

    /// <summary>What the study will cost.</summary>
    public StudyCost Cost()
    {
        double last = (_study.Origins - 1) * Spacing + _study.Times[^1];
        ImmutableArray<RungCost> rungs = [.. _study.Ladder.Select(count =>
            StudyCost.OfRung(CaseLadder.WithCount(_study.Case, count), _study.Replicas, _study.Replicas, last, _study.Times[0], _stop))];
        return StudyCost.Of(rungs, 0, 0, _workerCount);
    }

    /// <summary>Runs the whole study.</summary>
    public FluctuationResult Run()
    {
        LinearCollisions collisions = new(
            _study.Case.Gas, CaseLadder.WithCount(_study.Case, _study.Case.ParticleCount).Counts, Temperature, Degree, SampleCount,
                _study.Seed, _alter);
        double[][] blocks = collisions.Blocks(_workerCount);
        double[] linear = Values(new LinearWaves(collisions, blocks)), narrower = Values(new LinearWaves(collisions, blocks, Degree - 2));
        double[] first = Values(new LinearWaves(collisions, blocks[..(blocks.Length / 2)])), second =
            Values(new LinearWaves(collisions, blocks[(blocks.Length / 2)..]));
        double truncation = linear.Zip(narrower, (a, b) => Math.Abs(a - b)).Max();
        _report(Invariant($"linear equation: polynomials up to degree {Degree}; two less change the covariances by {truncation:G2} at most"));
        List<FluctuationRung> rungs = [];
        List<(double Epsilon, double[] Means, double[] Variances, double[][] Replicas)> measured = [];
        foreach (int count in _study.Ladder)
        {
            Case @case = CaseLadder.WithCount(_study.Case, count);
            StoredEnsemble stored = Replicas(@case);
            (double[] means, double[] variances) = stored.Ensemble.Average(0);
            double epsilon = @case.Gas.Zones.IsEmpty ? @case.Gas.DiameterMax : @case.Gas.Zones.Max(z => z.Distance);
            measured.Add((epsilon, means, variances,
                [.. Enumerable.Range(0, stored.Ensemble.Count).Select(r => stored.Ensemble.Replica(r, 0))]));
            Distance distance = Distance.Of(stored.Ensemble, Exact(linear), 0, [new ObservableRow(0, means.Length, 1.0 / means.Length)],
                _study.Seed);
            rungs.Add(new FluctuationRung(@case.ParticleCount, epsilon, stored.Ensemble.Count, stored.Seconds, distance.ToMeasured(),
                Entries(means, variances)));
            _report(Invariant($"N = {@case.ParticleCount}: {stored.Ensemble.Count} replicas, difference {distance.ToMeasured().InWords}"));
        }

        return new FluctuationResult(
            FluctuationResult.SchemaName, _study.Name, ProductVersion.Text, MeanFreeTimes.Of(_study.Case), truncation, [.. rungs],
                Rate(measured, linear),
            _study.Case.Gas.Species.Length == 1 && _study.Case.Gas.Zones.IsEmpty
                ? "proved for the whole of R^d and all times (Bodineau, Gallagher, Saint-Raymond, Simonella, arXiv 2012.03813)"
                : "beyond what is proved: for mixtures and higher orders nothing is");

        ImmutableArray<Covariance> Entries(double[] means, double[] variances) =>
        [
            .. Places().Select((place, i) => new Covariance(
                SummaryKeys.Pair(_study.Case.Gas, place.Pair.A, place.Pair.B), place.Wave, place.Time, means[i], Math.Sqrt(variances[i]),
                    linear[i],
                0.5 * Math.Abs(first[i] - second[i]))),
        ];
    }

    // The order of all values.
    private IEnumerable<(int Wave, double Time, (int A, int B) Pair)> Places() =>
        from wave in _study.Waves from time in _study.Times.Prepend(0) from pair in _pairs select (wave, time, pair);

    // Mean over the axes, which have different wave numbers in a box that is no cube.
    private double[] Values(LinearWaves waves)
    {
        int d = _study.Case.Gas.Dimension;
        double[] lengths = [.. Enumerable.Range(0, d).Select(axis => _study.Case.Gas.Box.Lengths[axis])];
        List<double> values = [];
        foreach (int wave in _study.Waves)
        {
            var byLength = lengths.Distinct().ToDictionary(length => length, length =>
                waves.Response(2 * Math.PI * wave / length, [0, .. _study.Times]));
            for (int time = 0; time <= _study.Times.Length; time++)
            {
                values.AddRange(_pairs
                    .Select(p => lengths.Average(length => 0.5 * (byLength[length][time][p.A][p.B] + byLength[length][time][p.B][p.A]))));
            }
        }

        return [.. values];
    }

    private static Ensemble Exact(double[] values)
    {
        Ensemble exact = new();
        exact.Add([values]);
        exact.Add([values]);
        return exact;
    }

    private StoredEnsemble Replicas(Case @case)
    {
        string name = Invariant($"replicas-{@case.ParticleCount}");
        StoredEnsemble stored = _store?.Find(name) ?? new StoredEnsemble();
        try
        {
            double saved = stored.Seconds;
            while (stored.Ensemble.Count < _study.Replicas)
            {
                _stop.ThrowIfCancellationRequested();
                long started = Stopwatch.GetTimestamp();
                int begin = stored.Ensemble.Count, batch = Math.Min(_workerCount, _study.Replicas - begin);
                double[][] values = new double[batch][];
                ParallelRuns.For(batch, _workerCount, n => values[n] = Replica(@case, begin + n));
                foreach (double[] replica in values)
                {
                    stored.Ensemble.Add([replica]);
                    stored.Narrow.Add([]);
                }

                stored.Seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
                if (stored.Seconds > saved + SecondsPerSave)
                {
                    _store?.Save(name, stored);
                    saved = stored.Seconds;
                    _report(Invariant($"  N = {@case.ParticleCount}: {stored.Ensemble.Count} of {_study.Replicas} replicas in {stored.Seconds:F0} s"));
                }
            }

            stored.Ended = "all replicas are done";
        }
        finally
        {
            _store?.Save(name, stored);
        }

        return stored;
    }

    // One run; its moments 0 lie half the longest time apart.
    private double[] Replica(Case @case, int replica)
    {
        ulong seed = new CounterRandom(_study.Seed, RandomStream.Replicas, (uint)replica, (ulong)@case.ParticleCount).NextBits();
        SystemState state = InitialState.Build(@case.Gas, @case.Counts, @case.Initial, seed, out _, null, _stop);
        double[] times = [.. _study.Times.Prepend(0)];
        double[] moments = [.. Enumerable.Range(0, _study.Origins).SelectMany(o => times.Select(t => o * Spacing + t)).Distinct().Order()];
        Dictionary<double, (double Cosine, double Sine)[]> fields = [];
        using Simulator simulator = new(@case.Gas, state, settings: new SearchSettings { Abort = _stop });
        foreach (double moment in moments)
        {
            while (!simulator.Advance(moment, StepsPerCheck))
            {
                _stop.ThrowIfCancellationRequested();
            }

            SystemState cut = simulator.Capture();
            fields[moment] = Fields(@case, cut);
        }

        int d = @case.Gas.Dimension, species = @case.Gas.Species.Length;
        double[] values = new double[_study.Waves.Length * times.Length * _pairs.Length];
        int at = 0;
        for (int wave = 0; wave < _study.Waves.Length; wave++)
        {
            foreach (double time in times)
            {
                foreach ((int a, int b) in _pairs)
                {
                    for (int origin = 0; origin < _study.Origins; origin++)
                    {
                        (double Cosine, double Sine)[] then = fields[origin * Spacing], now = fields[origin * Spacing + time];
                        for (int axis = 0; axis < d; axis++)
                        {
                            int first = (wave * d + axis) * species;
                            values[at] += 0.5 * (Product(now[first + a], then[first + b])
                                + Product(now[first + b], then[first + a])) / (d * _study.Origins);
                        }
                    }

                    at++;
                }
            }
        }

        return values;

        static double Product((double Cosine, double Sine) one, (double Cosine, double Sine) other) => one.Cosine * other.Cosine
            + one.Sine * other.Sine;
    }

    // rho_a for every number of waves, axis and species.
    private (double Cosine, double Sine)[] Fields(Case @case, SystemState state)
    {
        int d = @case.Gas.Dimension, species = @case.Gas.Species.Length;
        (double Cosine, double Sine)[] fields = new (double, double)[_study.Waves.Length * d * species];
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            Vec3 place = particle.PositionAt(state.Time);
            for (int wave = 0; wave < _study.Waves.Length; wave++)
            {
                for (int axis = 0; axis < d; axis++)
                {
                    (double sine, double cosine) =
                        Math.SinCos(2 * Math.PI * _study.Waves[wave] * place[axis] / @case.Gas.Box.Lengths[axis]);
                    ref (double Cosine, double Sine) field = ref fields[(wave * d + axis) * species + particle.Kind];
                    field.Cosine += cosine;
                    field.Sine -= sine;
                }
            }
        }

        for (int i = 0; i < fields.Length; i++)
        {
            double scale = 1 / Math.Sqrt(Math.Max(@case.Counts[i % species], 1));
            fields[i] = (fields[i].Cosine * scale, fields[i].Sine * scale);
        }

        return fields;
    }

    // The power of eps of the signed differences.
    private RateFit Rate(List<(double Epsilon, double[] Means, double[] Variances, double[][] Replicas)> rungs, double[] linear)
    {
        SignedFit fit = new([.. rungs.Select(r => r.Epsilon)], [.. rungs.Select(r => r.Variances)], null);
        CounterRandom random = new(_study.Seed, RandomStream.Replicas, uint.MaxValue - 4);
        double[][][] samples = new double[BootstrapCount][][];
        for (int sample = 0; sample < samples.Length; sample++)
        {
            samples[sample] = new double[rungs.Count][];
            for (int r = 0; r < rungs.Count; r++)
            {
                double[] mean = new double[linear.Length];
                for (int n = 0; n < rungs[r].Replicas.Length; n++)
                {
                    double[] drawn = rungs[r].Replicas[random.NextInteger(rungs[r].Replicas.Length)];
                    for (int i = 0; i < mean.Length; i++)
                    {
                        mean[i] += drawn[i] / rungs[r].Replicas.Length;
                    }
                }

                samples[sample][r] = [.. mean.Zip(linear, (m, l) => m - l)];
            }
        }

        SignedRates rates = fit.Solve([.. rungs.Select(r => r.Means.Zip(linear, (m, l) => m - l).ToArray())], samples);
        return RateFits.Fit("covariance", _study.Times[^1], rates, rungs.Count, 1.0 / (_study.Case.Gas.OrderMax - 1));
    }
}
