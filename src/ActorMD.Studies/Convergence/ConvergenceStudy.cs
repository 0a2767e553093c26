using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Engine;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Estimates;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Runs;
using ActorMD.Runs.Observables;
using ActorMD.Studies.Boltzmann;
using static System.FormattableString;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// Compares the particle system with its kinetic equation along a ladder of N in the scaling: the experiment to the main theorems
/// [Mix Thm 5.2, High Cor. 5.8].
/// </summary>
/// <remarks>
/// Both systems start from the same f_0 (the particles conditioned on their phase space) and are averaged over the same bins; where nothing
/// depends on space, over the whole box. The squared difference of the means is taken without the bias of their noise (<see cref="Distance"/>).
/// Replicas are added until the error of the difference at the last time is below a tenth of it, or the rung's share of the budget is spent.
/// Further comparisons tell how much of the difference the effects of the present N explain (<see cref="CaseLadder.Effects"/>).
/// </remarks>
public sealed class ConvergenceStudy
{
    private const double ErrorShare = 0.1;
    private const double BatchGrowth = 1.5;
    private const int HistogramGroups = 16;
    private const double SecondsPerSave = 10;
    private const long StepsPerCheck = 200_000;

    private readonly Study _study;
    private readonly int _workerCount;
    private readonly BinObservables _observables;
    private readonly VelocityHistogram _histogram;
    private readonly KineticReference _reference;
    private readonly Action<string> _report;
    private readonly StudyStore? _store;
    private readonly CancellationToken _stop;

    /// <param name="study">What to compare.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="report">Gets a line whenever something has been computed.</param>
    /// <param name="stop">Ends the study; what is computed stays in the store.</param>
    /// <param name="store">What an interrupted study has computed; nothing is kept when left out.</param>
    /// <param name="alter">Changes every kind of collision of the kinetic equation: for checks that a wrong coefficient is noticed.</param>
    public ConvergenceStudy(
        Study study, int workerCount, Action<string> report, CancellationToken stop, StudyStore? store = null,
        Func<CollisionChannel, CollisionChannel>? alter = null)
    {
        _store = store;
        _study = study;
        _workerCount = workerCount;
        _observables = new BinObservables(study);
        _histogram = new VelocityHistogram(study, _observables);
        _reference = new KineticReference(study, workerCount, _observables, _histogram, alter ?? (channel => channel), stop);
        _report = report;
        _stop = stop;
    }

    /// <summary>What the study will cost.</summary>
    /// <remarks>Solutions with corrections of a rung cost what the limit does, for each effect and in fewer runs.</remarks>
    public StudyCost Cost()
    {
        List<RungCost> rungs = [];
        (double bytes, double limit) = _reference.LimitCost(refined: false);
        double kinetic = limit + (_study.IsHomogeneous ? 0 : _reference.LimitCost(refined: true).Seconds);
        foreach (int count in _study.Ladder)
        {
            Case @case = CaseLadder.WithCount(_study.Case, count);
            Case timed = @case with { Run = new RunPlan(0, _study.Times[^1], _study.Times[0], null) };
            rungs.Add(new RungCost(count, _study.ReplicaMin, CostEstimate.Of(@case.Gas, @case.Counts, _study.Times[^1], 0, scales: null)));
            if (rungs[^1].Replica.Obstacle(double.PositiveInfinity) is null)
            {
                rungs[^1] = rungs[^1] with { Replica = Expected.Of(timed, _stop).Cost(timed) };
                int effects = CaseLadder.Effects(@case, _study.IsHomogeneous).Count;
                kinetic += limit * effects * _reference.CorrectedRuns / _study.ReferenceRuns;
            }
        }

        return StudyCost.Of([.. rungs], bytes, kinetic, _study.Budget, _workerCount);
    }

    /// <summary>Runs the whole study.</summary>
    /// <param name="force">Go on where an order has next to no accessible ellipsoid.</param>
    /// <exception cref="InputFaultException">A rung of the ladder is impossible, or far from the limit and not forced.</exception>
    public ConvergenceResult Run(bool force)
    {
        List<string> warnings = CheckLadder(force);
        StoredEnsemble stored = Stored("limit", () => _reference.Limit(refined: false));
        Compared limit = new(stored.Ensemble, _study, _observables);
        ImmutableArray<HValue> kineticH = H(stored.Histograms);
        ImmutableArray<MeasuredDifference> refinement = Refinement(limit);
        _report(Invariant($"kinetic equation: {_study.ReferenceRuns} runs of {_study.ReferenceParticles} particles")
            + (refinement.IsEmpty ? "" : $"; half the step and the cells' width change it by {Text(refinement[^1])}"));
        List<Climbed> climbed = [];
        foreach (int count in _study.Ladder)
        {
            Climbed rung = Climb(CaseLadder.WithCount(_study.Case, count), limit);
            climbed.Add(rung);
            LadderDifference last = rung.Rung.Times[^1];
            _report(Invariant($"N = {count}: {rung.Rung.Replicas} replicas, difference {Text(last.All)}, ")
                + Invariant($"after the corrections of this N {Text(last.Corrected)}; {rung.Rung.EndedBecause}"));
        }

        ImmutableArray<RateFit> fits =
        [
            .. Enumerable.Range(0, _study.Times.Length).SelectMany(time => (RateFit[])
                [Fit("difference", time, climbed, c => c.Plain, d => d.All), Fit("corrected", time, climbed, c => c.Corrected, d => d.Corrected)]),
        ];
        double power = Math.Min(1, 2.0 / (_study.Case.Gas.OrderMax - 1));
        StudyVerdict verdict = LimitCheck.Of(
            [.. climbed.Select(c => (Math.Pow(c.Rung.Epsilon, power), c.Particles.Differences, c.Kinetic.Differences))], Share(limit.Rows),
            _study.Times.Length - 1, climbed[^1].Rung.Times[^1].All, fits[^2], _study.Seed);
        return new ConvergenceResult(
            ConvergenceResult.SchemaName, _study.Name, ProductVersion.Text, MeanFreeTimes(), Theorem(), verdict, [.. climbed.Select(c => c.Rung)],
            fits, ChaosFits([.. climbed.Select(c => c.Rung)]), kineticH, refinement, [.. warnings]);
    }

    // A homogeneous equation is solved without discretisation.
    private ImmutableArray<MeasuredDifference> Refinement(Compared limit)
    {
        if (_study.IsHomogeneous)
        {
            return [];
        }

        Compared refined = new(Stored("refined", () => _reference.Limit(refined: true)).Ensemble, _study, _observables);
        return [.. _study.Times.Select((_, time) => All(refined, limit, limit.Rows, time).ToMeasured())];
    }

    private static string Text(MeasuredDifference difference) => difference.Value is { } value
        ? Invariant($"{value:G3} +- {difference.Error:G2}")
        : Invariant($"below its error ({Math.Sqrt(difference.SquaredError):G2})");

    /// <summary>Whether the study can be done at all.</summary>
    /// <param name="force">Go on where an order has next to no accessible ellipsoid.</param>
    /// <returns>What is forced.</returns>
    /// <exception cref="InputFaultException">A rung of the ladder is impossible, or far from the limit and not forced.</exception>
    public List<string> CheckLadder(bool force)
    {
        List<string> warnings = [];
        List<InputFault> faults = [];
        foreach (int count in _study.Ladder)
        {
            if (CaseLadder.Obstacle(CaseLadder.WithCount(_study.Case, count)) is { } obstacle)
            {
                if (force)
                {
                    warnings.Add(obstacle);
                }
                else
                {
                    faults.Add(new InputFault(
                        _study.CasePath, null, "ladder", obstacle, "use larger N or other limit constants, or --force to do it nevertheless"));
                }
            }
        }

        if (_study.Case.Gas.Box.Has(Boundary.Open))
        {
            faults.Add(new InputFault(_study.CasePath, null, "box.boundary", "the kinetic solver needs periodic or reflecting sides", "give one of them"));
        }

        if (_study.Case.Initial.Positions.Method != PositionMethod.Conditioned)
        {
            faults.Add(new InputFault(
                _study.CasePath, null, "initial.positions.method", "the theorems start from the conditioned law", "give method: conditioned"));
        }

        return faults.Count > 0 ? throw new InputFaultException([.. faults]) : warnings;
    }

    private StoredEnsemble Stored(string name, Func<StoredEnsemble> compute)
    {
        if (_store?.Find(name) is { } found)
        {
            return found;
        }

        StoredEnsemble computed = compute();
        _store?.Save(name, computed);
        return computed;
    }

    private ImmutableArray<HValue> H(List<int[][]> groups) =>
    [
        .. _study.Times.Prepend(0).Select((time, index) =>
        {
            MeasuredValue h = _histogram.H([.. groups.Select(g => g[index])]);
            return new HValue(time, h.Value, h.Error);
        }),
    ];

    private Climbed Climb(Case @case, Compared limit)
    {
        IReadOnlyList<(string Name, ImmutableArray<CollisionChannel> Channels)> effects = CaseLadder.Effects(@case, _study.IsHomogeneous);
        string[] names = [.. effects.Select(e => Invariant($"{e.Name.Replace(' ', '-')}-{@case.ParticleCount}"))];
        Lazy<StoredEnsemble[]> computed = new(() => _reference.Corrected(@case, [.. effects.Select(e => e.Channels)]));
        Compared[] corrected = [.. names.Select((name, n) => new Compared(Stored(name, () => computed.Value[n]).Ensemble, _study, _observables))];
        StoredEnsemble stored = Replicas(@case, limit);
        Compared particles = new(stored.Ensemble, _study, _observables);
        double[][] plain = Samples(), left = Samples();
        List<LadderDifference> times = [];
        Correlations correlations = new(_study, _observables);
        for (int time = 0; time < _study.Times.Length; time++)
        {
            int at = time;
            Distance all = All(particles, limit, limit.Rows, time, plain[time]);
            List<FiniteSizeEffect> sizes = [];
            Compared before = limit;
            foreach ((Compared with, int n) in corrected.Select((c, n) => (c, n)))
            {
                bool isPaired = n > 0; // the same random numbers
                Ensemble change = isPaired ? with.Differences.Minus(before.Differences) : with.Differences;
                Distance size = Distance.Of(change, isPaired ? change.Zeros() : limit.Differences, time, Share(limit.Rows), _study.Seed);
                Distance remains = All(particles, with, limit.Rows, time, left[time]);
                sizes.Add(new FiniteSizeEffect(effects[n].Name, size.ToMeasured(), remains.ToMeasured()));
                before = with;
            }

            times.Add(new LadderDifference(
                _study.Times[time], all.ToMeasured(), [.. sizes],
                _observables.Names.Select((name, row) => (name, row)).ToImmutableSortedDictionary(
                    o => o.name,
                    o => Distance.Of(particles.Differences, limit.Differences, at, [limit.Rows[o.row]], _study.Seed).ToMeasured(), StringComparer.Ordinal),
                correlations.Of(stored.Ensemble, time, @case.Counts, limit.BinRows)));
        }

        double epsilon = @case.Gas.Zones.IsEmpty ? @case.Gas.DiameterMax : @case.Gas.Zones.MaxBy(z => z.Order)!.Distance;
        LadderRung rung = new(
            @case.ParticleCount, epsilon, stored.Ensemble.Count, stored.Ended, stored.Seconds, stored.Acceptance,
            CaseLadder.Crowding(@case), [.. times], H(stored.Histograms));
        return new Climbed(rung, particles, corrected.Length > 0 ? corrected[^1] : limit, plain, left);

        double[][] Samples() => [.. _study.Times.Select(_ => new double[200])];
    }

    private StoredEnsemble Replicas(Case @case, Compared limit)
    {
        string name = Invariant($"replicas-{@case.ParticleCount}");
        StoredEnsemble stored = _store?.Find(name) ?? new StoredEnsemble();
        double budget = _study.Budget / _study.Ladder.Length;
        int wanted = _study.ReplicaMin;
        try
        {
            while (stored.Ended.Length == 0)
            {
                Replicate(@case, stored, name, wanted, budget);
                Distance distance = All(new Compared(stored.Ensemble, _study, _observables), limit, limit.Rows, _study.Times.Length - 1);
                if (distance.Value is { } value && distance.ValueError < ErrorShare * value)
                {
                    stored.Ended = "its error is below a tenth of it";
                }
                else if (stored.Seconds >= budget || stored.Ensemble.Count >= _study.ReplicaMax)
                {
                    stored.Ended = stored.Seconds >= budget ? "the budget is spent" : "all replicas are used";
                }
                else
                {
                    _report(Invariant($"  N = {@case.ParticleCount}: {stored.Ensemble.Count} replicas in {stored.Seconds:F0} of {budget:F0} s, difference {Text(distance.ToMeasured())}"));
                }

                while (wanted <= stored.Ensemble.Count)
                {
                    wanted = (int)Math.Ceiling(wanted * BatchGrowth);
                }

                wanted = Math.Min(wanted, _study.ReplicaMax);
            }
        }
        finally
        {
            _store?.Save(name, stored);
        }

        return stored;
    }

    private Distance All(Compared particles, Compared kinetic, ImmutableArray<ObservableRow> rows, int time, Span<double> samples = default) =>
        Distance.Of(particles.Differences, kinetic.Differences, time, Share(rows), _study.Seed, samples);

    private static ObservableRow[] Share(ImmutableArray<ObservableRow> rows) => [.. rows.Select(r => r with { Scale = r.Scale / rows.Length })];

    // Adds replicas until there are as many as wanted, in the order of their numbers; stops early when the time is over, but has the least number.
    private void Replicate(Case @case, StoredEnsemble stored, string name, int wanted, double budget)
    {
        double saved = stored.Seconds;
        while (stored.Ensemble.Count < wanted && (stored.Ensemble.Count < _study.ReplicaMin || stored.Seconds < budget))
        {
            _stop.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            int first = stored.Ensemble.Count, batch = Math.Min(_workerCount, wanted - first);
            double[][][] values = new double[batch][][];
            double[] accepted = new double[batch];
            int[][][] histograms = new int[batch][][];
            ParallelRuns.For(batch, _workerCount, n => (values[n], accepted[n], histograms[n]) = Replica(@case, first + n));
            for (int n = 0; n < batch; n++)
            {
                stored.Ensemble.Add(values[n]);
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

    private (double[][] Values, double Acceptance, int[][] Histograms) Replica(Case @case, int replica)
    {
        ulong seed = new CounterRandom(_study.Seed, RandomStream.Replicas, (uint)replica, (ulong)@case.ParticleCount).NextBits();
        SystemState state = InitialState.Build(@case.Gas, @case.Counts, @case.Initial, seed, out InitialReport report, null, _stop);
        int[][] histograms = [.. Enumerable.Range(0, _study.Times.Length + 1).Select(_ => new int[_histogram.CellCount])];
        _histogram.Add(state.Particles, state.Time, histograms[0]);
        using Simulator simulator = new(@case.Gas, state, settings: new SearchSettings { Abort = _stop });
        double[][] values = new double[_study.Times.Length][];
        for (int time = 0; time < values.Length; time++)
        {
            while (!simulator.Advance(_study.Times[time], StepsPerCheck))
            {
                _stop.ThrowIfCancellationRequested();
            }

            SystemState cut = simulator.Capture();
            values[time] = _observables.Of(cut.Particles, cut.Time);
            _histogram.Add(cut.Particles, cut.Time, histograms[time + 1]);
        }

        return (values, report.Acceptance, histograms);
    }

    private static RateFit Fit(
        string name, int time, List<Climbed> rungs, Func<Climbed, double[][]> samples, Func<LadderDifference, MeasuredDifference> part)
    {
        int[] used = [.. Enumerable.Range(0, rungs.Count).Where(r => Difference(r).Value is not null)];
        double at = rungs[0].Rung.Times[time].Time;
        if (used.Length < 2)
        {
            return new RateFit(name, at, null, null, null, used.Length);
        }

        double exponent = PowerFit.Exponent([.. used.Select(r => Point(r, Difference(r).Squared))]);
        double[] drawn = [.. Enumerable.Range(0, samples(rungs[0])[time].Length)
            .Where(s => used.All(r => samples(rungs[r])[time][s] > 0))
            .Select(s => PowerFit.Exponent([.. used.Select(r => Point(r, samples(rungs[r])[time][s]))]))
            .Order()];
        return drawn.Length < 20
            ? new RateFit(name, at, exponent, null, null, used.Length)
            : new RateFit(name, at, exponent, drawn[(int)(0.025 * drawn.Length)], drawn[(int)(0.975 * (drawn.Length - 1))], used.Length);

        MeasuredDifference Difference(int rung) => part(rungs[rung].Rung.Times[time]);

        (double X, double Y, double Error) Point(int rung, double squared)
        {
            double value = Math.Sqrt(squared);
            return (rungs[rung].Rung.Epsilon, value, Difference(rung).SquaredError / (2 * value));
        }
    }

    private static ImmutableArray<RateFit> ChaosFits(ImmutableArray<LadderRung> rungs) =>
    [
        .. rungs[0].Times.SelectMany((first, time) => first.Chaos.Select(pair =>
        {
            (double X, double Y, double Error)[] points =
            [
                .. rungs.Select(r => (r.Epsilon, r.Times[time].Chaos.FirstOrDefault(c => c.Pair == pair.Pair)?.All))
                    .Where(p => p.All?.Value is not null)
                    .Select(p => (p.Epsilon, p.All!.Value!.Value, p.All.Error!.Value)),
            ];
            if (points.Length < 2)
            {
                return new RateFit(pair.Pair, first.Time, null, null, null, points.Length);
            }

            double exponent = PowerFit.Exponent(points), half = 1.96 * PowerFit.ExponentError(points);
            return new RateFit(pair.Pair, first.Time, exponent, exponent - half, exponent + half, points.Length);
        })),
    ];

    private double? MeanFreeTimes()
    {
        ImmutableArray<double> temperatures = [.. _study.Case.Initial.Velocities.Species.Select(v => v.TemperatureIn(_study.Case.Gas.Box))];
        return temperatures.Any(t => t > 0)
            ? _study.Times[^1] / GasScales.Of(_study.Case.Gas, _study.Case.Counts, temperatures, 1000).Species.Min(s => s.MeanFreeTime)
            : null;
    }

    private string Theorem()
    {
        InitialData initial = _study.Case.Initial;
        Profile[] profiles =
        [
            .. initial.Positions.Densities.OfType<Profile>(),
            .. initial.Velocities.Species.OfType<VelocitySum>().SelectMany(s => s.Parts).SelectMany(p => p.Mean.Add(p.Temperature)),
        ];
        if (profiles.Any(p => p is StepProfile))
        {
            return "none: the data have a jump, and the theorems ask for Hölder continuous ones";
        }

        if (initial.Velocities.Species.OfType<VelocitySum>().SelectMany(s => s.Parts).Any(p => p.Shape is PowerShape))
        {
            return "none: a power tail lies in no space with a Gaussian weight";
        }

        Box box = _study.Case.Gas.Box;
        if (profiles.OfType<TableProfile>().Any(t => box.IsPeriodic(t.Along) && t.Values[0] != t.Values[^1]))
        {
            return "none: a table whose ends differ has a jump where a periodic box closes, and the theorems ask for Hölder continuous data";
        }

        int highest = _study.Case.Gas.OrderMax - 1;
        if (highest >= 3)
        {
            return FormattableString.Invariant($"eps^r for every r below 1/2 is printed [High Cor. 5.8]; for M = {highest} effects of N eps^d = O(eps^(1/{highest})) speak against it (our reading), the natural rate is 1/{highest}");
        }

        string hölder = profiles.Any(p => p is CuspProfile) ? "1/2" : "1";
        return _study.Case.Gas.Zones.IsEmpty
            ? $"eps^r for every r below {hölder}, in R^d for short times [Mix Thm 5.2]"
            : "eps^r for every r below 1/2, in R^d for short times [High Cor. 5.8]; the natural rate is 1/M = 1/2";
    }

    /// <summary>An ensemble as it is compared: bin by bin, or without bins where nothing depends on space.</summary>
    private sealed class Compared
    {
        public Compared(Ensemble ensemble, Study study, BinObservables observables)
        {
            Differences = study.IsHomogeneous ? ensemble.WithoutBins(study.BinCount) : ensemble;
            Rows = observables.Rows(Differences.Average(0).Means, study.IsHomogeneous ? 1 : study.BinCount);
            // Chaos looks at bins in any case. Of a homogeneous solution every bin has the mean.
            BinRows = study.IsHomogeneous
                ? [.. Rows.Select((r, n) => new ObservableRow(n * study.BinCount, study.BinCount, r.Scale / study.BinCount))]
                : Rows;
        }

        public Ensemble Differences { get; }

        public ImmutableArray<ObservableRow> Rows { get; }

        public ImmutableArray<ObservableRow> BinRows { get; }
    }

    /// <summary>A rung with what the fits need: the particle system, the kinetic equation with all corrections, and bootstrap samples of both squared differences, time after time.</summary>
    private sealed record Climbed(LadderRung Rung, Compared Particles, Compared Kinetic, double[][] Plain, double[][] Corrected);
}
