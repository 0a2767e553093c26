using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Output;
using ActorMD.Runs.Simulations;
using Serilog.Core;

namespace ActorMD.Runs.Sessions;

/// <summary>One run, however it is computed: drives the simulation from output to output and keeps the run folder.</summary>
/// <remarks>
/// Everything that is due at a moment is written in a fixed order: start of the averages, row of thermo.csv, frame, checkpoint.
/// A checkpoint records how long the files were, so that a resumed run cuts them there and writes the same bytes again.
/// </remarks>
public sealed partial class RunSession : IDisposable
{
    // A stop waits so long for the present slice, which a search among crowded zones can make very long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Case _case;
    private readonly string _fingerprint;
    private readonly RunFolder _folder;
    private readonly CheckpointStore _checkpoints;
    private readonly RunLock _lock;
    private readonly ExecutionPlan _execution;
    private readonly ISimulation _simulator;
    private readonly ThermoWriter _thermo;
    private readonly TrajectoryWriter? _trajectory;
    private readonly EventFollowers _followers;
    private readonly Logger _log;
    private readonly ResourceMeter _resources;
    private readonly long _collisionCountBefore;
    private readonly long _eventCountBefore;
    private readonly long _crossingCountBefore;
    private readonly RegularTimes _sampleTimes;
    private readonly RegularTimes _frameTimes;
    private readonly RegularTimes _checkpointTimes;
    private readonly StepPacer _pacer = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly RunPulse _pulse;

    private RunProgress _progress;
    private long _nextCheckpoint;
    private double _checkpointTime;

    private RunSession(
        RunLock @lock, Case @case, RunFolder folder, SystemState state, EventTally? tally, RunProgress progress, ThermoWriter thermo,
        TrajectoryWriter? trajectory, EventFollowers followers, ExecutionPlan execution, CancellationToken stop)
    {
        _stopping = stop.Register(() => _abort.CancelAfter(Patience));
        _lock = @lock;
        _case = @case;
        _fingerprint = CaseFingerprint.Of(@case);
        _folder = folder;
        _checkpoints = new CheckpointStore(folder.CheckpointDirectory);
        _thermo = thermo;
        _trajectory = trajectory;
        _followers = followers;
        _progress = progress;
        _sampleTimes = new RegularTimes(@case.Run.Sample, @case.Run.Until, @case.Run.Times);
        _frameTimes = new RegularTimes(
            @case.Output.Trajectory?.Every ?? double.PositiveInfinity, @case.Run.Until, @case.Output.Trajectory?.Times);
        _checkpointTimes = new RegularTimes(@case.Run.Checkpoint ?? double.PositiveInfinity, @case.Run.Until);
        _log = RunLog.Open(folder.LogPath, @case.Name, execution.Node);
        _resources = new ResourceMeter(progress.WallSeconds, progress.CpuSeconds);
        _execution = execution;
        _simulator = execution.Begin(
            @case.Gas, state, tally,
            new RunContext(@case.Name, folder.Directory, _log, execution.Requests, followers.NeedEvents, Abort: _abort.Token));
        _checkpointTime = _simulator.Time;
        _collisionCountBefore = _simulator.Tally.CollisionCount;
        _eventCountBefore = _simulator.Tally.EventCount;
        _crossingCountBefore = progress.CrossingCount;
        _pulse = new RunPulse(_log, _simulator, @case.Run.Until);
    }

    /// <summary>Simulation time.</summary>
    public double Time => _simulator.Time;

    /// <summary>Loop steps between two looks at the stop signal; null for about a tenth of a second's worth.</summary>
    internal long? SliceStepCount { get; set; }

    /// <summary>What was wrong with newer checkpoints that a resume had to pass over.</summary>
    public ImmutableArray<string> Complaints { get; private init; } = [];

    private double CpuSeconds => _resources.CpuSeconds + _simulator.RemoteCpuSeconds;

    private long CrossingCount => _crossingCountBefore + _simulator.CrossingCount;

    /// <summary>Checks, before a folder's run is overwritten, that no process is running it.</summary>
    /// <exception cref="InputFaultException">Another process is.</exception>
    public static void ThrowIfRunning(RunFolder folder)
    {
        if (Directory.Exists(folder.Directory))
        {
            RunLock.Acquire(folder).Dispose();
        }
    }

    /// <summary>Whether a process, perhaps this one, is running the run of a folder.</summary>
    public static bool IsRunning(RunFolder folder)
    {
        try
        {
            ThrowIfRunning(folder);
            return false;
        }
        catch (InputFaultException)
        {
            return true;
        }
    }

    /// <summary>Begins a run in a directory; an earlier run there is removed only under the lock, and only with force.</summary>
    /// <param name="load">A case without faults.</param>
    /// <param name="directory">Of the run.</param>
    /// <param name="force">Overwrite a run that is there.</param>
    /// <param name="build">Makes the initial state. The case is in the folder before, so that a kill in that time can be made up for.</param>
    /// <param name="execution">How to compute; null: one domain.</param>
    /// <param name="stop">Ends a beginning that takes long.</param>
    /// <exception cref="InputFaultException">A run is there and force is not given, another process runs it, or nothing can be written.</exception>
    /// <exception cref="InitialStateException">No initial state was found; nothing is left in the folder, and an earlier run stays.</exception>
    public static RunSession Begin(
        CaseLoad load, string directory, bool force, Func<SystemState> build, ExecutionPlan? execution = null, CancellationToken stop = default)
    {
        Case @case = load.Case ?? throw new ArgumentException("the case has faults", nameof(load));
        RunFolder.ThrowIfTaken(directory, force);
        string? made = RunFolder.OutermostMissing(directory);
        return RunLock.Hold(RunFolder.Make(directory), @lock =>
        {
            // A run that may still be wanted is overwritten only by a run that can begin.
            SystemState? early = new RunFolder(directory).HoldsResults ? build() : null;
            RunFolder folder = RunFolder.Begin(directory, force, @case);
            try
            {
                return Start(@lock, @case, early ?? build(), folder, execution, stop);
            }
            catch (InitialStateException)
            {
                folder.Remove(made);
                throw;
            }
        });
    }

    /// <summary>Starts a run in a folder that is ready for it, with everything due at time 0 written.</summary>
    public static RunSession Start(Case @case, SystemState initial, RunFolder folder, ExecutionPlan? execution = null) =>
        RunLock.Hold(folder, @lock => Start(@lock, @case, initial, folder, execution, CancellationToken.None));

    private static RunSession Start(
        RunLock @lock, Case @case, SystemState initial, RunFolder folder, ExecutionPlan? execution, CancellationToken stop)
    {
        folder.WriteCase(@case);
        TrajectoryWriter? trajectory = @case.Output.Trajectory is { } plan
            ? TrajectoryWriter.Create(folder.TrajectoryPath(plan.Format), plan.Format)
            : null;
        RunSession session = new(
            @lock, @case, folder, initial, tally: null, new RunProgress(), ThermoWriter.Create(folder.ThermoPath, @case.Gas), trajectory,
            EventFollowers.Begin(@case, folder, initial), execution ?? ExecutionPlan.Serial, stop);
        session._log.Information(
            "Started with {Particles} particles, seed {Seed}, version {Version}", @case.ParticleCount, @case.Seed, ProductVersion.Text);
        session.WriteInitial(initial);
        return session;
    }

    /// <summary>Goes on from the newest sound checkpoint.</summary>
    /// <param name="folder">Of a run that was interrupted or killed.</param>
    /// <param name="case">The run's case, perhaps with a later end.</param>
    /// <param name="execution">How to go on; it need not be as before. Null: one domain.</param>
    /// <param name="stop">Ends a beginning that takes long.</param>
    /// <exception cref="InputFaultException">
    /// No sound checkpoint, one of another case, a file that has lost its rows, or another process that runs it.
    /// </exception>
    public static RunSession Resume(
        RunFolder folder, Case @case, ExecutionPlan? execution = null, CancellationToken stop = default) =>
        RunLock.Hold(folder, @lock => Resume(@lock, folder, @case, execution, stop));

    private static RunSession Resume(RunLock @lock, RunFolder folder, Case @case, ExecutionPlan? execution, CancellationToken stop)
    {
        Checkpoint checkpoint = new CheckpointStore(folder.CheckpointDirectory).ReadNewestSound(out ImmutableArray<string> complaints);
        if (checkpoint.Fingerprint != CaseFingerprint.Of(@case))
        {
            throw new InputFaultException(new InputFault(
                folder.CheckpointDirectory, null, null, "the checkpoint belongs to another case than the folder's case.yaml",
                "restore the case.yaml of the run, or start it again with --force"));
        }

        ThrowIfIntervalsChanged(folder, @case, checkpoint);
        EventFollowers followers = EventFollowers.Resume(@case, folder, checkpoint);
        folder.Unseal();
        folder.WriteCase(@case);
        TrajectoryWriter? trajectory = @case.Output.Trajectory is { } plan
            ? TrajectoryWriter.Resume(folder.TrajectoryPath(plan.Format), plan.Format, checkpoint.Progress.TrajectoryLength)
            : null;
        ThermoWriter thermo = ThermoWriter.Resume(folder.ThermoPath, @case.Gas, checkpoint.Progress.ThermoLength);
        RunSession session = new(
            @lock, @case, folder, checkpoint.State, checkpoint.Tally, checkpoint.Progress, thermo, trajectory, followers,
            execution ?? ExecutionPlan.Serial, stop)
        {
            Complaints = complaints,
        };
        while (session._checkpointTimes[session._nextCheckpoint] <= session.Time)
        {
            session._nextCheckpoint++;
        }

        foreach (string complaint in complaints)
        {
            session._log.Warning("Passed over a checkpoint: {Complaint}", complaint);
        }

        session._log.Information("Resumed from the checkpoint of time {time}", session.Time);
        return session;
    }

    /// <summary>Runs to the end, or until a stop is asked for; then a checkpoint is written and the run can be resumed.</summary>
    /// <exception cref="PhysicsViolationException">The physics was violated; a diagnosis is left in the run folder.</exception>
    public RunOutcome Run(IRunObserver observer, CancellationToken stop)
    {
        using CancellationTokenRegistration stopping = stop.Register(() => _abort.CancelAfter(Patience));
        try
        {
            while (true)
            {
                double due = NextDue();
                if (!AdvanceTo(due, observer, stop))
                {
                    return Interrupt(observer);
                }

                if (due >= _case.Run.Until)
                {
                    SystemState final = _simulator.Capture();
                    WriteDue(due, observer, final);
                    return Finish(final, observer);
                }

                WriteDue(due, observer);

                if (IsStopAsked(stop))
                {
                    return Interrupt(observer);
                }
            }
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // The state is in the middle of an event: the run goes on from the checkpoint before.
            _log.Information("Interrupted at {time}, in a search; the newest checkpoint is of {Checkpoint}", Time, _checkpointTime);
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
            return new RunOutcome(_checkpointTime, null);
        }
        catch (PhysicsViolationException violation)
        {
            _log.Error(violation, "Physics violated at {time}", Time);
            Diagnosis.Of(_case, _simulator, violation).Write(_folder);
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
            throw;
        }
    }

    public void Dispose()
    {
        _simulator.Dispose();
        CloseFiles();
        _stopping.Dispose();
        _abort.Dispose();
        _lock.Dispose();
    }

    private void CloseFiles()
    {
        _thermo.Dispose();
        _trajectory?.Dispose();
        _followers.Dispose();
        _log.Dispose();
    }

    // Rows and frames are counted, so the files would mix two intervals.
    private static void ThrowIfIntervalsChanged(RunFolder folder, Case @case, Checkpoint checkpoint)
    {
        RunProgress progress = checkpoint.Progress;
        double time = checkpoint.State.AbsoluteTime;
        bool isSame = new RegularTimes(@case.Run.Sample, double.MaxValue, @case.Run.Times).IsNext(progress.NextSample, time)
            && (@case.Output.Trajectory is not { } plan
                || new RegularTimes(plan.Every, double.MaxValue, plan.Times).IsNext(progress.NextFrame, time));
        if (!isSame)
        {
            throw new InputFaultException(new InputFault(
                folder.CasePath, null, "run.sample", "the intervals were changed after the run had begun",
                "restore run.sample and output.trajectory, or start the run again with --force"));
        }
    }

    private double NextDue()
    {
        double due = Math.Min(_case.Run.Until, _sampleTimes[_progress.NextSample]);
        due = Math.Min(due, _checkpointTimes[_nextCheckpoint]);
        if (_trajectory is not null)
        {
            due = Math.Min(due, _frameTimes[_progress.NextFrame]);
        }

        due = Math.Min(due, _followers.NextDue);
        return _progress.Baseline is null ? Math.Min(due, _case.Run.Equilibrate) : due;
    }

    private bool IsStopAsked(CancellationToken stop) => stop.IsCancellationRequested || _execution.Requests.Stop.IsCancellationRequested;

    // In slices of about a tenth of a second; false when a stop was asked for before the time was reached.
    private bool AdvanceTo(double due, IRunObserver observer, CancellationToken stop)
    {
        bool reached = false;
        while (!reached)
        {
            if (IsStopAsked(stop))
            {
                return false;
            }

            if (_execution.Requests.TakeCheckpoint())
            {
                WriteCheckpoint(_simulator.Capture(), observer);
            }

            _pacer.Begin();
            _resources.BeginLoop();
            reached = _followers.Advance(_simulator, due, SliceStepCount ?? _pacer.StepCount);
            _resources.EndLoop();
            if (!reached)
            {
                _pacer.End();
            }

            observer.Advanced(_pulse.Beat());
        }

        return true;
    }

    private void WriteInitial(SystemState initial)
    {
        _progress = Sampling.Begin(VelocityMoments.Of(_case.Gas, initial));
        WriteDue(0, observer: null, initial);
    }

    // Captures the state only when something needs it, and lets it go at once: it may be as large as the simulator's own.
    private void WriteDue(double due, IRunObserver? observer, SystemState? state = null)
    {
        if (_progress.Baseline is null && _case.Run.Equilibrate <= due)
        {
            _progress = _progress with { Baseline = new AveragesBaseline(due, _simulator.Tally.Clone()) };
        }

        if (_sampleTimes[_progress.NextSample] <= due)
        {
            WriteSample(due, state);
        }

        _followers.MeasureAt(due, _simulator, state);
        if (_trajectory is not null && _frameTimes[_progress.NextFrame] <= due)
        {
            state ??= _simulator.Capture();
            _trajectory.Append(_case.Gas, state, _progress.NextFrame);
            _trajectory.Flush();
            _progress = _progress with { NextFrame = _progress.NextFrame + 1 };
        }

        // The end has its own checkpoint: two of the same moment would leave none to fall back on.
        if (_checkpointTimes[_nextCheckpoint] <= due && due < _case.Run.Until)
        {
            state ??= _simulator.Capture();
            _nextCheckpoint++;
            WriteCheckpoint(state, observer);
        }
    }

    private void WriteSample(double due, SystemState? state)
    {
        VelocityMoments moments = state is null ? new(_case.Gas, _simulator.SumVelocities()) : VelocityMoments.Of(_case.Gas, state);
        _progress = Sampling.CheckConserved(_progress, _case.Gas, moments, _simulator.Tally);
        AveragesBaseline current = new(due, _simulator.Tally.Clone());
        _thermo.Append(Sampling.Row(_case.Gas, _progress.LastSample, current, moments));
        _thermo.Flush();
        _progress = _progress with { NextSample = _progress.NextSample + 1, LastSample = current };
        _log.Information(
            "Sampled at {time}: temperature {Temperature}, {Collisions} collisions", due, moments.Temperature,
            _simulator.Tally.CollisionCount);
    }

    private void WriteCheckpoint(SystemState state, IRunObserver? observer)
    {
        _thermo.Flush(toDisk: true);
        _trajectory?.Flush(toDisk: true);
        _followers.Follow(_simulator);
        _followers.FlushToDisk();
        _progress = _progress with
        {
            ThermoLength = _thermo.Length,
            TrajectoryLength = _trajectory?.Length ?? 0,
            EventsLength = _followers.LogLength,
            WallSeconds = _resources.WallSeconds,
            CpuSeconds = CpuSeconds,
            CrossingCount = CrossingCount,
        };
        byte[] measured = _followers.SaveObservables();
        _checkpoints.Write(new Checkpoint(_case.Gas, _fingerprint, state, _simulator.Tally, _progress) { Observables = measured });
        _checkpointTime = state.AbsoluteTime;
        _pulse.Checkpointed(state.AbsoluteTime);
        observer?.Checkpointed(state.AbsoluteTime);
    }

    private RunOutcome Interrupt(IRunObserver observer)
    {
        WriteCheckpoint(_simulator.Capture(), observer);
        _log.Information("Interrupted at {time}", Time);
        CloseFiles();
        _folder.Seal(ProductVersion.Text);
        return new RunOutcome(Time, null);
    }

    private RunOutcome Finish(SystemState state, IRunObserver observer)
    {
        VelocityMoments moments = VelocityMoments.Of(_case.Gas, state);
        _progress = Sampling.CheckConserved(_progress, _case.Gas, moments, _simulator.Tally);
        WriteCheckpoint(state, observer);
        OverlapReport overlaps = OverlapCheck.Find(_case.Gas, state);
        OverlapLimit.ThrowIfViolated(overlaps);
        RunSummary summary = Summarize(state, moments, overlaps);
        _log.Information(
            "Finished at {time}: {Collisions} collisions, digest {Digest}", Time, _simulator.Tally.CollisionCount, summary.Digest);
        CloseFiles();
        WideTables.Write(_folder, summary);
        _folder.Finish(ProductVersion.Text, summary);
        return new RunOutcome(Time, summary);
    }
}
