using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Runs.Observables;
using ActorMD.Studies.Boltzmann;

namespace ActorMD.Studies.Convergence;

/// <summary>The kinetic equation of a study, as the limit has it or with effects of a finite N, solved by independent runs.</summary>
internal sealed class KineticReference
{
    private const int ReferenceCellsPerBinMin = 2;

    private readonly Study _study;
    private readonly int _workerCount;
    private readonly BinObservables _observables;
    private readonly NarrowBins _narrow;
    private readonly VelocityHistogram _histogram;
    private readonly Func<CollisionChannel, CollisionChannel> _alter;
    private readonly CancellationToken _stop;

    /// <param name="study">Case, times, runs.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="observables">What is averaged.</param>
    /// <param name="narrow">For the largest difference.</param>
    /// <param name="histogram">For H.</param>
    /// <param name="alter">Changes every kind of collision: the same for a right equation, something else for a wrong one.</param>
    /// <param name="stop">Ends the work.</param>
    public KineticReference(
        Study study, int workerCount, BinObservables observables, NarrowBins narrow, VelocityHistogram histogram,
        Func<CollisionChannel, CollisionChannel> alter, CancellationToken stop)
    {
        _study = study;
        _workerCount = workerCount;
        _observables = observables;
        _narrow = narrow;
        _histogram = histogram;
        _alter = alter;
        _stop = stop;
    }

    /// <summary>The equation of the limit, from f_0 itself.</summary>
    /// <param name="refined">With half the cells' width and half the time step, and other random numbers: tells the discretisation's
    /// error.</param>
    public StoredEnsemble Limit(bool refined)
    {
        Case @case = Timed(CaseLadder.WithCount(_study.Case, _study.Case.ParticleCount));
        BoltzmannPlan plan = Plan(@case, _study.ReferenceParticles);
        int firstRun = 0;
        if (refined)
        {
            plan = BoltzmannSession.Refined(plan)[^1];
            firstRun = _study.ReferenceRuns;
        }

        ImmutableArray<CollisionChannel> channels = [.. plan.Channels.Select(_alter)];
        StoredEnsemble[] runs = new StoredEnsemble[_study.ReferenceRuns];
        ParallelRuns.For(runs.Length, _workerCount, run => runs[run] = Solve(
            @case, plan, channels, DsmcStart.Draw(@case.Gas, plan.Size, @case.Initial, @case.Seed, firstRun + run), firstRun + run, withHistogram: true));
        return Together(runs);
    }

    /// <summary>
    /// The equation with the effects of a finite N, one after the other; each goes on from the last, with the same random numbers.
    /// </summary>
    /// <param name="at">The case with that N.</param>
    /// <param name="effects">As <see cref="CaseLadder.Effects"/> gives them: the collisions of each.</param>
    /// <returns>One ensemble per effect. The first starts from the conditioned law, as all do.</returns>
    public StoredEnsemble[] Corrected(Case at, IReadOnlyList<ImmutableArray<CollisionChannel>> effects)
    {
        Case @case = Timed(at);
        int copies = Math.Max(1, _study.ReferenceParticles / @case.ParticleCount);
        BoltzmannPlan plan = Plan(@case, copies * @case.ParticleCount) with
        {
            Size = new DsmcSize([.. @case.Counts.Select(n => n * copies)], 1.0 / copies),
        };
        StoredEnsemble[][] runs = new StoredEnsemble[CorrectedRuns][];
        ParallelRuns.For(runs.Length, _workerCount, run =>
        {
            ParticleState[] start = ConditionedCopies(@case, run, copies);
            runs[run] = [.. effects.Select(channels => Solve(@case, plan, [.. channels.Select(_alter)], start, run, withHistogram: false))];
        });
        return [.. effects.Select((_, effect) => Together([.. runs.Select(r => r[effect])]))];
    }

    /// <summary>What all runs of <see cref="Limit"/> cost: memory of those at once, and wall time of one thread, about.</summary>
    public (double Bytes, double Seconds) LimitCost(bool refined)
    {
        Case @case = Timed(CaseLadder.WithCount(_study.Case, _study.Case.ParticleCount));
        BoltzmannPlan plan = Plan(@case, _study.ReferenceParticles);
        plan = refined ? BoltzmannSession.Refined(plan)[^1] : plan;
        return (plan.MemoryBytes * Math.Min(_workerCount, plan.RunCount) / plan.RunCount, plan.Seconds(@case, Expected.Of(@case, _stop)));
    }

    /// <summary>
    /// Their conditioned starts cost more than their solutions, and the particle system's noise is larger: half as many do.
    /// </summary>
    public int CorrectedRuns => Math.Max(Math.Min(4, _study.ReferenceRuns), _study.ReferenceRuns / 2);

    private static StoredEnsemble Together(StoredEnsemble[] runs)
    {
        StoredEnsemble all = new() { Ended = "all runs are done" };
        foreach (StoredEnsemble run in runs)
        {
            all.Ensemble.Add(run.Ensemble.Replica(0));
            all.Narrow.Add(run.Narrow.Replica(0));
            all.Histograms.AddRange(run.Histograms);
        }

        return all;
    }

    private Case Timed(Case @case) =>
        @case with { Seed = _study.Seed, Run = new RunPlan(0, _study.Times[^1], _study.Times[0], null) };

    private BoltzmannPlan Plan(Case @case, int particleCount)
    {
        BoltzmannWishes wishes = new(particleCount, null, null, _study.ReferenceRuns, _workerCount);
        BoltzmannPlan plan = BoltzmannPlanner.Make(@case, _study.CasePath, wishes);
        if (_study.IsHomogeneous)
        {
            return plan;
        }

        int[] cells = [.. plan.Cells];
        int wanted = Math.Max(cells[_study.Axis], _study.ReferenceCells);
        int perBin = Math.Max((int)Math.Ceiling((double)wanted / _study.BinCount), ReferenceCellsPerBinMin);
        cells[_study.Axis] = perBin * _study.BinCount;
        return BoltzmannPlanner.Make(@case, _study.CasePath, wishes with { Cells = [.. cells] });
    }

    private StoredEnsemble Solve(
        Case @case, BoltzmannPlan plan, ImmutableArray<CollisionChannel> channels, ParticleState[] start, int run, bool withHistogram)
    {
        StoredEnsemble result = new();
        DsmcSolver solver = new(@case.Gas, plan.Grid, plan.Size.Weight, start, @case.Seed, run, 1, channels);
        double[][] values = new double[_study.Times.Length][], narrow = new double[_study.Times.Length][];
        List<int[]> histograms = [];
        ParticleState[] particles = new ParticleState[start.Length];
        Count(start);
        double before = 0;
        for (int time = 0; time < values.Length; time++)
        {
            double span = _study.Times[time] - before;
            before = _study.Times[time];
            long steps = Math.Max(1, (long)Math.Ceiling(span / plan.TimeStep * (1 - 1e-9)));
            solver.Advance(span / steps, steps, _stop);
            _stop.ThrowIfCancellationRequested();
            solver.CopyTo(particles);
            values[time] = _observables.Of(particles, 0);
            narrow[time] = _narrow.Of(particles, 0);
            Count(particles);
        }

        result.Ensemble.Add(values);
        result.Narrow.Add(narrow);
        if (withHistogram)
        {
            result.Histograms.Add([.. histograms]);
        }

        return result;

        void Count(ParticleState[] state)
        {
            if (withHistogram)
            {
                int[] counts = new int[_histogram.CellCount];
                _histogram.Add(state, 0, counts);
                histograms.Add(counts);
            }
        }
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
}
