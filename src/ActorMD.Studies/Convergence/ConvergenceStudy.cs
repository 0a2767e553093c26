using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Runs;
using static System.FormattableString;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// Compares the particle system with its kinetic equation along a ladder of N in the scaling: the experiment to the main theorems
/// [Mix Thm 5.2, High Cor. 5.8].
/// </summary>
/// <remarks>
/// Both systems start from the same f_0 (the particles conditioned on their phase space) and are averaged over the same bins; where nothing
/// depends on space, over the whole box. The squared difference of the means is taken without the bias of their noise (<see
/// cref="Distance"/>).
/// Replicas are added until the error of the difference at the last time is below a tenth of it, or all that the study allows are used.
/// Further comparisons tell how much of the difference the effects of the present N explain (<see cref="CaseLadder.Effects"/>).
/// </remarks>
public sealed class ConvergenceStudy
{
    private readonly Study _study;
    private readonly int _workerCount;
    private readonly BinObservables _observables;
    private readonly VelocityHistogram _histogram;
    private readonly NarrowBins _narrow;
    private readonly KineticReference _reference;
    private readonly RungReplicas _replicas;
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
        _narrow = new NarrowBins(study, _observables);
        _replicas = new RungReplicas(study, workerCount, _observables, _narrow, _histogram, store, report, stop);
        _reference = new KineticReference(study, workerCount, _observables, _narrow, _histogram, alter ?? (channel => channel), stop);
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
            rungs.Add(StudyCost.OfRung(@case, _study.ReplicaMin, _study.ReplicasOf(count), _study.Times[^1], _study.Times[0], _stop));
            if (rungs[^1].Replica.Seconds is not null)
            {
                int effects = CaseLadder.Effects(@case, _study.IsHomogeneous).Count;
                kinetic += limit * effects * _reference.CorrectedRuns / _study.ReferenceRuns;
            }
        }

        return StudyCost.Of([.. rungs], bytes, kinetic, _workerCount);
    }

    /// <summary>Runs the whole study.</summary>
    /// <param name="force">Go on where an order has next to no accessible ellipsoid.</param>
    /// <exception cref="InputFaultException">A rung of the ladder is impossible, or far from the limit and not forced.</exception>
    public ConvergenceResult Run(bool force)
    {
        List<string> warnings = CheckLadder(force);
        StoredEnsemble stored = Stored("limit", () => _reference.Limit(refined: false));
        Compared limit = new(stored, _study, _observables);
        ImmutableArray<HValue> kineticH = H(stored.Histograms);
        ImmutableArray<MeasuredDifference> refinement = Refinement(limit);
        _report(Invariant($"kinetic equation: {_study.ReferenceRuns} runs of {_study.ReferenceParticles} particles")
            + (refinement.IsEmpty ? "" : $"; half the step and the cells' width change it by {refinement[^1].InWords}"));
        List<Climbed> climbed = [];
        foreach (int count in _study.Ladder)
        {
            Climbed rung = Climb(CaseLadder.WithCount(_study.Case, count), limit);
            climbed.Add(rung);
            LadderDifference last = rung.Rung.Times[^1];
            _report(Invariant($"N = {count}: {rung.Rung.Replicas} replicas, difference {last.All.InWords}, ")
                + Invariant($"after the corrections of this N {last.Corrected.InWords}; {rung.Rung.EndedBecause}"));
        }

        ProvedStatement proved = TheoremHypotheses.Of(_study.Case);
        ImmutableArray<RateFit> fits = RateFits.Of(climbed, limit, _study, proved.NaturalRate);
        double power = Math.Min(1, 2.0 / (_study.Case.Gas.OrderMax - 1));
        StudyVerdict verdict = LimitCheck.Of(
            [.. climbed.Select(c => (Math.Pow(c.Rung.Epsilon, power), c.Particles.Differences, c.Kinetic.Differences))],
                Distance.Share(limit.Rows),
            _study.Times.Length - 1, climbed[^1].Rung.Times[^1].All, fits[^2],
            refinement.IsEmpty ? null : refinement[^1], _study.Seed);
        double? meanFreeTime = MeanFreeTimes.Of(_study.Case);
        AddWarnings(warnings, proved, meanFreeTime);
        return new ConvergenceResult(
            ConvergenceResult.SchemaName, _study.Name, ProductVersion.Text, _study.Times[^1] / meanFreeTime, proved.Text, verdict,
            [.. climbed.Select(c => c.Rung)], fits, RateFits.OfChaos([.. climbed.Select(c => c.Rung)], _study.Seed, proved.NaturalRate),
                kineticH, refinement,
            [.. warnings])
        {
            MeanFreeTime = meanFreeTime,
            Proved = proved,
        };
    }

    // Where the study says nothing about what is proved.
    private void AddWarnings(List<string> warnings, ProvedStatement proved, double? meanFreeTime)
    {
        const double Early = 0.05;
        if (meanFreeTime is { } time && proved.ExistenceTime is { } existence && _study.Times[0] > Early * time)
        {
            warnings.Add(Invariant(
                $"the first time is {_study.Times[0] / time:G2} mean free times; the proofs hold up to {existence / time:G2} (with our constants): a time below {Early * time:G2} would be as short as they ask for"));
        }
    }

    // A homogeneous equation is solved without discretisation.
    private ImmutableArray<MeasuredDifference> Refinement(Compared limit)
    {
        if (_study.IsHomogeneous)
        {
            return [];
        }

        Compared refined = new(Stored("refined", () => _reference.Limit(refined: true)), _study, _observables);
        return [.. _study.Times.Select((_, time) => Distance.All(refined, limit, limit.Rows, time, _study.Seed).ToMeasured())];
    }

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
        Compared[] corrected = [.. names.Select((name, n) => new Compared(Stored(name, () => computed.Value[n]), _study, _observables))];
        StoredEnsemble stored = _replicas.Of(@case, limit);
        Compared particles = new(stored, _study, _observables);
        List<LadderDifference> times = [];
        Correlations correlations = new(_study, _observables);
        Cumulants cumulants = new(_study, _observables);
        for (int time = 0; time < _study.Times.Length; time++)
        {
            int at = time;
            Distance all = Distance.All(particles, limit, limit.Rows, time, _study.Seed);
            List<FiniteSizeEffect> sizes = [];
            Compared before = limit;
            foreach ((Compared with, int n) in corrected.Select((c, n) => (c, n)))
            {
                bool isPaired = n > 0; // the same random numbers
                Ensemble change = isPaired ? with.Differences.Minus(before.Differences) : with.Differences;
                Distance size = Distance.Of(change, isPaired ? change.Zeros() : limit.Differences, time, Distance.Share(limit.Rows),
                    _study.Seed);
                Distance remains = Distance.All(particles, with, limit.Rows, time, _study.Seed);
                sizes.Add(new FiniteSizeEffect(effects[n].Name, size.ToMeasured(), remains.ToMeasured()));
                before = with;
            }

            times.Add(new LadderDifference(
                _study.Times[time], all.ToMeasured(), [.. sizes],
                _observables.Names.Select((name, row) => (name, row)).ToImmutableSortedDictionary(
                    o => o.name,
                    o => Distance.Of(particles.Differences, limit.Differences, at, [limit.Rows[o.row]], _study.Seed).ToMeasured(), StringComparer.Ordinal),
                correlations.Of(stored.Ensemble, time, @case.Counts, limit.BinRows))
            {
                Largest = _narrow.Compare(particles.Narrow, limit.Narrow, time),
                LargestCorrected = corrected.Length > 0 ? _narrow.Compare(particles.Narrow, corrected[^1].Narrow, time) : null,
                Cumulants = cumulants.Of(stored.Ensemble, time, @case.Counts, limit.BinRows),
            });
        }

        double epsilon = @case.Gas.Zones.IsEmpty ? @case.Gas.DiameterMax : @case.Gas.Zones.MaxBy(z => z.Order)!.Distance;
        LadderRung rung = new(
            @case.ParticleCount, epsilon, stored.Ensemble.Count, stored.Ended, stored.Seconds, stored.Acceptance,
            CaseLadder.Crowding(@case), [.. times], H(stored.Histograms))
        {
            LogNormalisation = Normalisation(@case),
        };
        return new Climbed(rung, particles, corrected.Length > 0 ? corrected[^1] : limit);
    }

    private MeasuredValue Normalisation(Case @case)
    {
        (double value, double error) = PhaseSpaceShare.Log(@case.Gas, @case.Counts, @case.Initial.Positions, _study.Seed, _stop);
        return new MeasuredValue(value, error);
    }
}
