using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Engine;
using ActorMD.Files;
using ActorMD.Kinetic;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Runtime;

/// <summary>
/// Compares the particle system with its kinetic equation along a ladder of N in the scaling: the experiment to the main theorems
/// [Mix Thm 5.2, High Cor. 5.8].
/// </summary>
/// <remarks>
/// Both systems start from the same f_0 (the particles conditioned on their phase space) and are averaged over the same bins. The squared
/// difference of the means is taken without the bias of their noise (<see cref="Distance"/>). Replicas are added until the error of the
/// difference at the last time is below a tenth of it, or the rung's share of the budget is spent. A second comparison tells how much of the
/// difference two effects of the present N explain: its kinetic equation starts from the conditioned law (whose first marginal is not f_0,
/// because particles make room for each other) and has contact values and accessible shares in its coefficients.
/// </remarks>
public sealed class ConvergenceStudy
{
    private const double ErrorShare = 0.1;
    private const double BatchGrowth = 1.5;
    private const int ReferenceCellsPerBinMin = 2;
    private const long StepsPerCheck = 200_000;

    private readonly Study _study;
    private readonly int _workerCount;
    private readonly BinObservables _observables;
    private readonly Action<string> _report;
    private readonly RungStore? _store;
    private readonly CancellationToken _stop;

    /// <param name="study">What to compare.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="report">Gets a line whenever something has been computed.</param>
    /// <param name="stop">Ends the study; finished rungs stay in the store.</param>
    /// <param name="store">Finished rungs of an interrupted study; none are kept when left out.</param>
    public ConvergenceStudy(Study study, int workerCount, Action<string> report, CancellationToken stop, RungStore? store = null)
    {
        _store = store;
        _study = study;
        _workerCount = workerCount;
        _observables = new BinObservables(study);
        _report = report;
        _stop = stop;
    }

    /// <summary>Runs the whole study.</summary>
    /// <param name="force">Go on where an order has next to no accessible ellipsoid.</param>
    /// <exception cref="InputFaultException">A rung of the ladder is impossible, or far from the limit and not forced.</exception>
    public ConvergenceResult Run(bool force)
    {
        List<string> warnings = CheckLadder(force);
        Lazy<(Ensemble Limit, ImmutableArray<ObservableRow> Rows)> reference = new(() =>
        {
            Ensemble limit = Reference(CaseLadder.WithCount(_study.Case, _study.Case.ParticleCount), isCorrected: false);
            _report(Invariant($"kinetic equation: {_study.ReferenceRuns} runs of {_study.ReferenceParticles} particles"));
            return (limit, Rows(limit));
        });
        List<LadderRung> rungs = [];
        List<double[][]> samples = [];
        foreach (int count in _study.Ladder)
        {
            Case @case = CaseLadder.WithCount(_study.Case, count);
            if (_store?.Find(@case.ParticleCount) is not { } found)
            {
                (LadderRung climbed, double[][] bootstrap) = Climb(@case, reference.Value.Limit, reference.Value.Rows);
                _store?.Save(climbed, bootstrap);
                found = new StoredRung("", climbed, bootstrap);
            }

            LadderRung rung = found.Rung;
            rungs.Add(rung);
            samples.Add(found.Bootstrap);
            MeasuredDifference last = rung.Times[^1].All;
            _report(Invariant($"N = {count}: {rung.Replicas} replicas, difference {Text(last)}, ")
                + Invariant($"with the corrections of this N {Text(rung.Times[^1].Corrected)}; {rung.EndedBecause}"));
        }

        return new ConvergenceResult(
            ConvergenceResult.SchemaName, _study.Name, ProductVersion.Text, MeanFreeTimes(), Theorem(), [.. rungs],
            [.. Enumerable.Range(0, _study.Times.Length).Select(time => Fit(time, rungs, samples))], [.. warnings]);
    }

    private static string Text(MeasuredDifference difference) => difference.Value is { } value
        ? Invariant($"{value:G3} +- {difference.Error:G2}")
        : Invariant($"below its error ({Math.Sqrt(difference.SquaredError):G2})");

    private List<string> CheckLadder(bool force)
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

    private Ensemble Reference(Case @case, bool isCorrected)
    {
        Case timed = @case with { Seed = _study.Seed, Run = new RunPlan(0, _study.Times[^1], _study.Times[0], null) };
        int copies = Math.Max(1, _study.ReferenceParticles / @case.ParticleCount);
        int particleCount = isCorrected ? copies * @case.ParticleCount : _study.ReferenceParticles;
        BoltzmannWishes wishes = new(particleCount, null, null, _study.ReferenceRuns, _workerCount);
        BoltzmannPlan plan = BoltzmannPlanner.Make(timed, _study.CasePath, wishes);
        int[] cells = [.. plan.Cells];
        int perBin = Math.Max((int)Math.Ceiling((double)cells[_study.Axis] / _study.BinCount), ReferenceCellsPerBinMin);
        cells[_study.Axis] = perBin * _study.BinCount;
        plan = BoltzmannPlanner.Make(timed, _study.CasePath, wishes with { Cells = [.. cells] });
        if (isCorrected)
        {
            plan = plan with { Channels = [.. CaseLadder.Corrected(@case)], Size = new DsmcSize([.. @case.Counts.Select(n => n * copies)], 1.0 / copies) };
        }

        BoltzmannRuns runs = new(timed, plan, _stop, isCorrected ? run => ConditionedCopies(@case, run, copies) : null);
        double[][][] values = [.. Enumerable.Range(0, _study.ReferenceRuns).Select(_ => new double[_study.Times.Length][])];
        ParticleState[] particles = new ParticleState[plan.Size.Total];
        for (int time = 0; time < _study.Times.Length; time++)
        {
            if (!runs.AdvanceTo(_study.Times[time], _ => { }, _stop))
            {
                throw new OperationCanceledException(_stop);
            }

            for (int run = 0; run < values.Length; run++)
            {
                runs.Solvers[run].CopyTo(particles);
                values[run][time] = _observables.Of(particles, 0);
            }
        }

        Ensemble ensemble = new();
        foreach (double[][] run in values)
        {
            ensemble.Add(run);
        }

        return ensemble;
    }

    // Many independent states of the conditioned law, as one gas of simulated particles.
    private ParticleState[] ConditionedCopies(Case @case, int run, int copies)
    {
        ParticleState[] particles = new ParticleState[copies * @case.ParticleCount];
        for (int copy = 0; copy < copies; copy++)
        {
            ulong seed = new CounterRandom(
                _study.Seed, RandomStream.Replicas, (uint)copy, ((ulong)(run + 1) << 32) + (ulong)@case.ParticleCount).NextBits();
            SystemState state = InitialState.Build(@case.Gas, @case.Counts, @case.Initial, seed, null, _stop);
            state.Particles.CopyTo(particles, copy * @case.ParticleCount);
        }

        return particles;
    }

    // Densities and energies are scaled by their mean square, velocities by the density times the thermal speed; each counts alike.
    private ImmutableArray<ObservableRow> Rows(Ensemble limit)
    {
        (double[] means, _) = limit.Average(0, [.. Enumerable.Range(0, limit.Count)]);
        int bins = _study.BinCount, functions = _observables.FunctionCount, dimension = functions - 2;
        return [.. _observables.Names.Select((_, row) =>
        {
            int first = row / functions * functions, function = row % functions;
            double density = MeanSquare(first), energy = MeanSquare(first + functions - 1);
            double scale = function == 0 ? density : function == functions - 1 ? energy : Math.Sqrt(density * energy) / dimension;
            return new ObservableRow(row * bins, bins, 1 / (scale * bins));
        })];

        double MeanSquare(int row) => means.AsSpan(row * bins, bins).ToArray().Average(v => v * v);
    }

    private (LadderRung Rung, double[][] Bootstrap) Climb(Case @case, Ensemble limit, ImmutableArray<ObservableRow> rows)
    {
        Ensemble corrected = Reference(@case, isCorrected: true);
        Ensemble particles = new();
        long started = Stopwatch.GetTimestamp();
        double share = _study.Budget / _study.Ladder.Length;
        double acceptance = 0;
        string ended;
        int wanted = _study.ReplicaMin;
        while (true)
        {
            acceptance = Replicate(@case, particles, wanted, share - Stopwatch.GetElapsedTime(started).TotalSeconds);
            Distance distance = All(particles, limit, _study.Times.Length - 1, rows);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (distance.Value is { } value && distance.ValueError < ErrorShare * value)
            {
                ended = "its error is below a tenth of it";
                break;
            }

            if (seconds >= share || particles.Count >= _study.ReplicaMax)
            {
                ended = seconds >= share ? "the budget is spent" : "all replicas are used";
                break;
            }

            wanted = Math.Min((int)Math.Ceiling(wanted * BatchGrowth), _study.ReplicaMax);
        }

        double[][] bootstrap = new double[_study.Times.Length][];
        List<LadderDifference> times = [];
        for (int time = 0; time < _study.Times.Length; time++)
        {
            bootstrap[time] = new double[200];
            Distance all = All(particles, limit, time, rows, bootstrap[time]);
            times.Add(new LadderDifference(
                _study.Times[time], Of(all), Of(All(particles, corrected, time, rows)),
                _observables.Names.Select((name, row) => (name, row)).ToImmutableSortedDictionary(
                    o => o.name, o => Of(Distance.Of(particles, limit, time, [rows[o.row]], _study.Seed)), StringComparer.Ordinal),
                Correlations.Of(_study, _observables, particles, time, @case.Counts)));
        }

        double epsilon = @case.Gas.Zones.IsEmpty ? @case.Gas.DiameterMax : @case.Gas.Zones.MaxBy(z => z.Order)!.Distance;
        LadderRung rung = new(
            @case.ParticleCount, epsilon, particles.Count, ended, Stopwatch.GetElapsedTime(started).TotalSeconds, acceptance, [.. times]);
        return (rung, bootstrap);
    }

    private Distance All(Ensemble particles, Ensemble kinetic, int time, ImmutableArray<ObservableRow> rows, Span<double> samples = default) =>
        Distance.Of(particles, kinetic, time, [.. rows.Select(r => r with { Scale = r.Scale / rows.Length })], _study.Seed, samples);

    private static MeasuredDifference Of(Distance distance) =>
        new(distance.Value, distance.ValueError, distance.Squared, distance.Error);

    // Adds replicas until there are as many as wanted, in the order of their numbers; stops early when the time is over, but has the least number.
    private double Replicate(Case @case, Ensemble particles, int wanted, double seconds)
    {
        long started = Stopwatch.GetTimestamp();
        double acceptance = 0;
        while (particles.Count < wanted && (particles.Count < _study.ReplicaMin || Stopwatch.GetElapsedTime(started).TotalSeconds < seconds))
        {
            _stop.ThrowIfCancellationRequested();
            int first = particles.Count, batch = Math.Min(_workerCount, wanted - first);
            double[][][] values = new double[batch][][];
            double[] accepted = new double[batch];
            ParallelRuns.For(batch, _workerCount, n => (values[n], accepted[n]) = Replica(@case, first + n));
            foreach (double[][] replica in values)
            {
                particles.Add(replica);
            }

            acceptance = accepted.Average();
        }

        return acceptance;
    }

    private (double[][] Values, double Acceptance) Replica(Case @case, int replica)
    {
        ulong seed = new CounterRandom(_study.Seed, RandomStream.Replicas, (uint)replica, (ulong)@case.ParticleCount).NextBits();
        SystemState state = InitialState.Build(@case.Gas, @case.Counts, @case.Initial, seed, out InitialReport report, null, _stop);
        using Simulator simulator = new(@case.Gas, state);
        double[][] values = new double[_study.Times.Length][];
        for (int time = 0; time < values.Length; time++)
        {
            while (!simulator.Advance(_study.Times[time], StepsPerCheck))
            {
                _stop.ThrowIfCancellationRequested();
            }

            SystemState cut = simulator.Capture();
            values[time] = _observables.Of(cut.Particles, cut.Time);
        }

        return (values, report.Acceptance);
    }

    private static RateFit Fit(int time, List<LadderRung> rungs, List<double[][]> samples)
    {
        int[] used = [.. Enumerable.Range(0, rungs.Count).Where(r => rungs[r].Times[time].All.Value is not null)];
        double at = rungs[0].Times[time].Time;
        if (used.Length < 2)
        {
            return new RateFit(at, null, null, null, used.Length);
        }

        double exponent = PowerFit.Exponent([.. used.Select(r => Point(r, rungs[r].Times[time].All.Squared))]);
        double[] drawn = [.. Enumerable.Range(0, samples[0][time].Length)
            .Where(s => used.All(r => samples[r][time][s] > 0))
            .Select(s => PowerFit.Exponent([.. used.Select(r => Point(r, samples[r][time][s]))]))
            .Order()];
        return drawn.Length < 20
            ? new RateFit(at, exponent, null, null, used.Length)
            : new RateFit(at, exponent, drawn[(int)(0.025 * drawn.Length)], drawn[(int)(0.975 * (drawn.Length - 1))], used.Length);

        (double X, double Y, double Error) Point(int rung, double squared)
        {
            double value = Math.Sqrt(squared);
            return (rungs[rung].Epsilon, value, rungs[rung].Times[time].All.SquaredError / (2 * value));
        }
    }

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

        string hölder = profiles.Any(p => p is CuspProfile) ? "1/2" : "1";
        return _study.Case.Gas.Zones.IsEmpty
            ? $"eps^r for every r below {hölder}, in R^d for short times [Mix Thm 5.2]"
            : "eps^r for every r below 1/2, in R^d for short times [High Cor. 5.8]";
    }
}
