using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Output;
using ActorMD.Runs.Simulations;
using Serilog.Core;

namespace ActorMD.Runs.Sessions;

/// <summary>One run, however it is computed: drives the simulation from output to output.</summary>
public sealed class RunSession : IDisposable
{
    // A stop waits so long for the present slice, which a search among crowded zones can make very long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Case _case;
    private readonly RunFolder _folder;
    private readonly RunLock _lock;
    private readonly ExecutionPlan _execution;
    private readonly ISimulation _simulation;
    private readonly RunFiles _files;
    private readonly RunOutputs _outputs;
    private readonly Logger _log;
    private readonly RunCosts _costs;
    private readonly RunSummarizer _summarizer;
    private readonly StepPacer _pacer = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly RunPulse _pulse;

    private RunSession(
        RunLock @lock, Case @case, RunFolder folder, SystemState state, EventTally? tally, RunProgress progress, RunFiles files,
        ExecutionPlan? execution, CancellationToken stop)
    {
        _stopping = stop.Register(() => _abort.CancelAfter(Patience));
        (_lock, _case, _folder, _files, _execution) = (@lock, @case, folder, files, execution ?? ExecutionPlan.Serial);
        _log = RunLog.Open(folder.LogPath, @case.Name, _execution.Node);
        _simulation = _execution.Begin(
            @case.Gas, state, tally,
            new RunContext(@case.Name, folder.Directory, _log, _execution.Requests, files.Followers.NeedEvents, Abort: _abort.Token));
        _costs = new RunCosts(progress, _simulation);
        _outputs = new RunOutputs(
            @case, new CheckpointStore(folder.CheckpointDirectory), files, progress, _simulation, _costs, _log);
        _summarizer = new RunSummarizer(@case, _execution, _simulation, _costs);
        _pulse = new RunPulse(_log, _simulation, @case.Run.Until);
    }

    /// <summary>Simulation time.</summary>
    public double Time => _simulation.Time;

    /// <summary>Loop steps between two looks at the stop signal; null for about a tenth of a second's worth.</summary>
    internal long? SliceStepCount { get; set; }

    /// <summary>What was wrong with newer checkpoints that a resume had to pass over.</summary>
    public ImmutableArray<string> Complaints { get; private init; } = [];

    /// <summary>Checks, before any work is done, that a new run may be written into a directory.</summary>
    /// <exception cref="InputFaultException">A run is there and force is not given, or another process is running it.</exception>
    public static RunFolder ThrowIfTaken(string directory, bool force)
    {
        RunFolder.ThrowIfTaken(directory, force);
        RunFolder folder = new(directory);
        ThrowIfRunning(folder);
        return folder;
    }

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
                SystemState initial = early ?? build();
                SpentMemory.Release(initial.Particles.Length);
                return Start(@lock, @case, initial, folder, execution, stop);
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
        RunSession session = new(
            @lock, @case, folder, initial, tally: null, new RunProgress(), RunFiles.Begin(@case, folder, initial), execution, stop);
        session._log.Information(
            "Started with {Particles} particles, seed {Seed}, version {Version}", @case.ParticleCount, @case.Seed, ProductVersion.Text);
        session._outputs.Begin(initial);
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

        RunSession session = new(
            @lock, @case, folder, checkpoint.State, checkpoint.Tally, checkpoint.Progress, RunFiles.Resume(@case, folder, checkpoint),
            execution, stop)
        {
            Complaints = complaints,
        };
        session._outputs.SkipCheckpoints();
        foreach (string complaint in complaints)
        {
            session._log.Warning("Passed over a checkpoint: {Complaint}", complaint);
        }

        session._log.Information("Resumed from the checkpoint of time {time}", session.Time);
        return session;
    }

    /// <summary>How the work is shared, as far as it is known now.</summary>
    public SharingSummary Sharing() => _summarizer.Sharing();

    /// <summary>Runs to the end, or until a stop is asked for; then a checkpoint is written and the run can be resumed.</summary>
    /// <exception cref="PhysicsViolationException">The physics was violated; a diagnosis is left in the run folder.</exception>
    public RunOutcome Run(IRunObserver observer, CancellationToken stop)
    {
        using CancellationTokenRegistration stopping = stop.Register(() => _abort.CancelAfter(Patience));
        SpentMemory.Release(_case.ParticleCount); // of what began the run: the engine has the particles now
        try
        {
            while (!IsStopAsked(stop))
            {
                if (_execution.Requests.TakeCheckpoint())
                {
                    WriteCheckpoint(observer);
                }

                double due = _outputs.NextDue();
                if (!AdvanceTo(due, observer, stop))
                {
                    continue;
                }

                if (due >= _case.Run.Until)
                {
                    SpentMemory.Release(_case.ParticleCount);
                    SystemState final = _simulation.CaptureLast();
                    _outputs.WriteDue(due, observer, final);
                    return Finish(final, observer);
                }

                _outputs.WriteDue(due, observer);
            }

            return Interrupt(observer);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // The state is in the middle of an event: the run goes on from the checkpoint before.
            _outputs.WaitUntilWritten();
            _log.Information("Interrupted at {time}, in a search; the newest checkpoint is of {Checkpoint}", Time, _outputs.CheckpointTime);
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
            return new RunOutcome(_outputs.CheckpointTime, null);
        }
        catch (PhysicsViolationException violation)
        {
            _log.Error(violation, "Physics violated at {time}", Time);
            Diagnosis.Of(_case, _simulation, violation).Write(_folder);
            _outputs.End();
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
            throw;
        }
    }

    public void Dispose()
    {
        _outputs.End();
        _simulation.Dispose();
        CloseFiles();
        _stopping.Dispose();
        _abort.Dispose();
        _lock.Dispose();
    }

    private void CloseFiles()
    {
        _files.Dispose();
        _log.Dispose();
    }

    private bool IsStopAsked(CancellationToken stop) => stop.IsCancellationRequested || _execution.Requests.Stop.IsCancellationRequested;

    // In slices of about a tenth of a second; false when a stop or a checkpoint was asked for before the time was reached.
    private bool AdvanceTo(double due, IRunObserver observer, CancellationToken stop)
    {
        bool reached = false;
        _simulation.Foresee(_outputs.Foreseen(due));
        while (!reached)
        {
            if (IsStopAsked(stop) || _execution.Requests.IsCheckpointAsked)
            {
                return false;
            }

            _pacer.Begin();
            _costs.Meter.BeginLoop();
            reached = _files.Followers.Advance(_simulation, due, SliceStepCount ?? _pacer.StepCount);
            _costs.Meter.EndLoop();
            if (!reached)
            {
                _pacer.End();
            }

            _outputs.LookAfterWriting();
            observer.Advanced(_pulse.Beat());
        }

        return true;
    }

    // Where the simulation is now; what is due before is written first.
    private void WriteCheckpoint(IRunObserver observer)
    {
        _simulation.Settle();
        for (double due; (due = _outputs.NextDue()) <= _simulation.ComputedTime && due < _case.Run.Until;)
        {
            while (!_files.Followers.Advance(_simulation, due, _pacer.StepCount))
            {
            }

            _outputs.WriteDue(due, observer);
        }

        _outputs.WriteCheckpoint(_simulation.Capture(), observer);
    }

    private RunOutcome Interrupt(IRunObserver observer)
    {
        WriteCheckpoint(observer);
        _log.Information("Interrupted at {time}", Time);
        CloseFiles();
        _folder.Seal(ProductVersion.Text);
        return new RunOutcome(Time, null);
    }

    private RunOutcome Finish(SystemState state, IRunObserver observer)
    {
        VelocityMoments moments = _outputs.CheckedMoments(state);
        _outputs.WriteCheckpoint(state, observer);
        OverlapReport overlaps = OverlapCheck.Find(_case.Gas, state);
        OverlapLimit.ThrowIfViolated(overlaps);
        RunSummary summary = _summarizer.Of(
            state, moments, overlaps, _outputs.Progress, ThermoReader.Read(_folder.ThermoPath, _case.Gas));
        _log.Information(
            "Finished at {time}: {Collisions} collisions, digest {Digest}", Time, _simulation.Tally.CollisionCount, summary.Digest);
        CloseFiles();
        WideTables.Write(_folder, summary);
        _folder.Finish(ProductVersion.Text, summary);
        return new RunOutcome(Time, summary);
    }
}
