using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Ensembles;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Simulations;

namespace ActorMD.Runs.Ensembles;

/// <summary>One replica, in memory: the same trajectory, samples and averages as a <see cref="RunSession"/> of its case.</summary>
internal sealed class ReplicaRun : IDisposable
{
    private readonly int _index;
    private readonly ReplicaLayout _layout;
    private readonly ISimulation _simulation;
    private readonly EventFollowers _followers;
    private readonly StepPacer _pacer = new();
    private readonly double[] _values;
    private readonly long _crossingCountBefore;
    private RunProgress _progress;

    /// <summary>Begins a replica.</summary>
    public ReplicaRun(ReplicaLayout layout, int index, SystemState initial, CancellationToken abort)
        : this(
            layout, index, initial, tally: null, Sampling.Begin(VelocityMoments.Of(layout.Case.Gas, initial)), layout.NewValues(),
            EventFollowers.InMemory(layout.Case, initial), abort)
    {
        WriteDue(0);
    }

    /// <summary>Goes on with one.</summary>
    public ReplicaRun(ReplicaLayout layout, ReplicaSnapshot snapshot, CancellationToken abort)
        : this(
            layout, snapshot.Index, snapshot.Checkpoint.State, snapshot.Checkpoint.Tally, snapshot.Checkpoint.Progress,
            (double[])snapshot.Values.Clone(), EventFollowers.InMemory(layout.Case, snapshot.Checkpoint), abort)
    {
    }

    private ReplicaRun(
        ReplicaLayout layout, int index, SystemState state, EventTally? tally, RunProgress progress, double[] values,
        EventFollowers followers, CancellationToken abort)
    {
        _layout = layout;
        _index = index;
        Case = ReplicaSeeds.CaseOf(layout.Case, index);
        _values = values;
        _followers = followers;
        _progress = progress;
        _crossingCountBefore = progress.CrossingCount;
        _simulation = new SerialSimulation(layout.Case.Gas, state, tally, logsEvents: followers.NeedEvents, abort: abort);
    }

    /// <summary>With the replica's seed.</summary>
    public Case Case { get; }

    public ISimulation Simulation => _simulation;

    /// <summary>Share that is done, 0 to 1.</summary>
    public double Fraction => Math.Clamp(_simulation.Time / Case.Run.Until, 0, 1);

    /// <summary>The result; null before the end.</summary>
    public ReplicaResult? Result { get; private set; }

    /// <summary>Goes on for about a tenth of a second.</summary>
    /// <exception cref="PhysicsViolationException">The physics was violated.</exception>
    public void Advance()
    {
        double due = Math.Min(Math.Min(Case.Run.Until, _layout.Samples[_progress.NextSample]), _followers.NextDue);
        due = _progress.Baseline is null ? Math.Min(due, Case.Run.Equilibrate) : due;
        _pacer.Begin();
        if (!_followers.Advance(_simulation, due, _pacer.StepCount))
        {
            _pacer.End();
            return;
        }

        WriteDue(due);
        if (due >= Case.Run.Until)
        {
            Finish();
        }
    }

    /// <summary>Where it stands.</summary>
    public ReplicaSnapshot Snapshot()
    {
        SystemState state = _simulation.Capture();
        _followers.Follow(_simulation);
        RunProgress progress = _progress with { CrossingCount = CrossingCount };
        return new ReplicaSnapshot(
            _index,
            new Checkpoint(Case.Gas, CaseFingerprint.Of(Case), state, _simulation.Tally.Clone(), progress)
            {
                Observables = _followers.SaveObservables(),
            },
            (double[])_values.Clone());
    }

    public void Dispose()
    {
        _simulation.Dispose();
        _followers.Dispose();
    }

    private long CrossingCount => _crossingCountBefore + _simulation.CrossingCount;

    private void WriteDue(double due)
    {
        if (_progress.Baseline is null && Case.Run.Equilibrate <= due)
        {
            _progress = _progress with { Baseline = new AveragesBaseline(due, _simulation.Tally.Clone()) };
        }

        if (_layout.Samples[_progress.NextSample] <= due)
        {
            VelocityMoments moments = new(Case.Gas, _simulation.SumVelocities());
            _progress = Sampling.CheckConserved(_progress, Case.Gas, moments, _simulation.Tally);
            AveragesBaseline current = new(due, _simulation.Tally.Clone());
            _layout.SetRow(_values, _progress.NextSample, Sampling.Row(Case.Gas, _progress.LastSample, current, moments));
            _progress = _progress with { NextSample = _progress.NextSample + 1, LastSample = current };
        }

        _followers.MeasureAt(due, _simulation, state: null);
    }

    private void Finish()
    {
        SystemState state = _simulation.Capture();
        VelocityMoments moments = VelocityMoments.Of(Case.Gas, state);
        _progress = Sampling.CheckConserved(_progress, Case.Gas, moments, _simulation.Tally);
        OverlapReport overlaps = OverlapCheck.Find(Case.Gas, state);
        OverlapLimit.ThrowIfViolated(overlaps);
        EventTally tally = _simulation.Tally;
        _layout.SetAverages(_values, RunAverages.Of(Case, _progress.Baseline, tally, _layout.RowsOf(_values)));
        _values[_layout.InitialEnergy] = _progress.InitialEnergy;
        _values[_layout.FinalEnergy] = moments.Energy;
        Drift drift = Drift.Since(_progress, Case.Gas.Box, moments);
        Result = new ReplicaResult(
            _index, Case.Seed, StateDigest.Of(state), _values,
            [
                drift.Energy is null ? double.NaN : _progress.EnergyDriftMax,
                drift.Momentum is null ? double.NaN : _progress.MomentumDriftMax,
                drift.AngularMomentum is null ? double.NaN : _progress.AngularMomentumDriftMax,
                OverlapLimit.Largest(overlaps),
            ],
            [.. tally.OrderCounts[1..], tally.MultipleCount, tally.GrazingCount, CrossingCount])
        {
            Tables = [.. _followers.Tables().Select(found => ReplicaTable.Of(found.Name, found.Table))],
        };
    }
}
