using ActorMD.Engine.Execution;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Physics;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Simulations;
using Serilog;

namespace ActorMD.Runs.Sessions;

/// <summary>What a run writes while it goes on, and when.</summary>
/// <remarks>
/// Everything that is due at a moment is written in a fixed order: start of the averages, row of thermo.csv, measurements, frame,
/// checkpoint. A checkpoint records how long the files were, so that a resumed run cuts them there and writes the same bytes again.
/// </remarks>
internal sealed class RunOutputs
{
    /// <summary>Particles from which on the checkpoint of time 0 is written while the run goes on: it takes seconds.</summary>
    public const int LargeCount = 4_000_000;

    private const int ForeseenMax = 256;

    private readonly Case _case;
    private readonly string _fingerprint;
    private readonly CheckpointStore _checkpoints;
    private readonly RunFiles _files;
    private readonly ISimulation _simulation;
    private readonly RunCosts _costs;
    private readonly ILogger _log;
    private readonly RegularTimes _sampleTimes;
    private readonly RegularTimes _frameTimes;
    private readonly RegularTimes _checkpointTimes;
    private long _nextCheckpoint;
    private Task _writing = Task.CompletedTask; // the checkpoint of time 0, where it is large
    private WaypointPlan _foreseen = WaypointPlan.None;
    private double _foreseenLimit; // up to where it would go if it were not cut

    /// <param name="case">Of the run.</param>
    /// <param name="checkpoints">Of the run.</param>
    /// <param name="files">Ready for what follows the time of the simulation.</param>
    /// <param name="progress">Up to that time.</param>
    /// <param name="simulation">What goes on.</param>
    /// <param name="costs">Of the run.</param>
    /// <param name="log">Of the run.</param>
    public RunOutputs(
        Case @case, CheckpointStore checkpoints, RunFiles files, RunProgress progress, ISimulation simulation, RunCosts costs, ILogger log)
    {
        (_case, _checkpoints, _files, _simulation, _costs, _log) = (@case, checkpoints, files, simulation, costs, log);
        Progress = progress;
        _fingerprint = CaseFingerprint.Of(@case);
        _sampleTimes = new RegularTimes(@case.Run.Sample, @case.Run.Until, @case.Run.Times);
        _frameTimes = new RegularTimes(
            @case.Output.Trajectory?.Every ?? double.PositiveInfinity, @case.Run.Until, @case.Output.Trajectory?.Times);
        _checkpointTimes = new RegularTimes(@case.Run.Checkpoint ?? double.PositiveInfinity, @case.Run.Until);
        CheckpointTime = simulation.Time;
    }

    /// <summary>Where outputs and averages stand.</summary>
    public RunProgress Progress { get; private set; }

    /// <summary>Simulation time of the newest checkpoint.</summary>
    public double CheckpointTime { get; private set; }

    /// <summary>Writes what is due at time 0, of the initial state.</summary>
    public void Begin(SystemState initial)
    {
        VelocityMoments moments = VelocityMoments.Of(_case.Gas, initial);
        Progress = Sampling.Begin(moments);
        WriteDue(0, observer: null, initial, moments);
    }

    /// <summary>Passes over the checkpoints that a resumed run has written already.</summary>
    public void SkipCheckpoints()
    {
        while (_checkpointTimes[_nextCheckpoint] <= _simulation.Time)
        {
            _nextCheckpoint++;
        }
    }

    /// <summary>The next time at which something is to be written.</summary>
    public double NextDue()
    {
        double due = Math.Min(_case.Run.Until, _sampleTimes[Progress.NextSample]);
        due = Math.Min(due, _checkpointTimes[_nextCheckpoint]);
        if (_files.Trajectory is not null)
        {
            due = Math.Min(due, _frameTimes[Progress.NextFrame]);
        }

        due = Math.Min(due, _files.Followers.NextDue);
        return Progress.Baseline is null ? Math.Min(due, _case.Run.Equilibrate) : due;
    }

    /// <summary>The samples up to the next time at which more than sums is wanted, from a time at which something is due.</summary>
    public WaypointPlan Foreseen(double due)
    {
        double limit = Math.Min(_case.Run.Until, Math.Min(_checkpointTimes[_nextCheckpoint], _files.Followers.NextDue));
        limit = _files.Trajectory is null ? limit : Math.Min(limit, _frameTimes[Progress.NextFrame]);
        limit = Progress.Baseline is null ? Math.Min(limit, _case.Run.Equilibrate) : limit;
        if (_files.Followers.NeedEvents || due >= limit)
        {
            return WaypointPlan.None;
        }

        if (limit == _foreseenLimit && due < _foreseen.Limit)
        {
            return _foreseen; // made once for many rows
        }

        List<double> times = [];
        for (long next = Progress.NextSample; _sampleTimes[next] < limit && times.Count < ForeseenMax; next++)
        {
            times.Add(_sampleTimes[next]);
        }

        (_foreseenLimit, _foreseen) = (limit, new WaypointPlan(times, times.Count < ForeseenMax ? limit : times[^1]));
        return _foreseen;
    }

    /// <summary>Writes what is due at a time that was reached.</summary>
    /// <remarks>
    /// The state is captured only when something needs it, and let go at once: it may be as large as the simulator's own.
    /// </remarks>
    /// <param name="due">The time.</param>
    /// <param name="observer">Hears of a checkpoint.</param>
    /// <param name="state">The state, if it has been captured.</param>
    /// <param name="moments">Its moments, if they are known.</param>
    public void WriteDue(double due, IRunObserver? observer, SystemState? state = null, VelocityMoments? moments = null)
    {
        if (Progress.Baseline is null && _case.Run.Equilibrate <= due)
        {
            Progress = Progress with { Baseline = new AveragesBaseline(due, _simulation.Tally.Clone()) };
        }

        if (_sampleTimes[Progress.NextSample] <= due)
        {
            WriteSample(due, moments ?? VelocityMomentsOf(state));
        }

        _files.Followers.MeasureAt(due, _simulation, state);
        if (_files.Trajectory is { } trajectory && _frameTimes[Progress.NextFrame] <= due)
        {
            state ??= _simulation.Capture();
            trajectory.Append(_case.Gas, state, Progress.NextFrame);
            trajectory.Flush();
            Progress = Progress with { NextFrame = Progress.NextFrame + 1 };
        }

        // The end has its own checkpoint: two of the same moment would leave none to fall back on.
        if (_checkpointTimes[_nextCheckpoint] <= due && due < _case.Run.Until)
        {
            state ??= _simulation.Capture();
            _nextCheckpoint++;
            if (due == 0 && state.Particles.Length >= LargeCount && _case.Output.Observables.IsEmpty && _case.Output.Events is null)
            {
                WriteBesideTheRun(state);
            }
            else
            {
                WriteCheckpoint(state, observer);
            }
        }
    }

    /// <summary>Once what is written beside the run is done, gives its memory back, and throws what has gone wrong.</summary>
    public void LookAfterWriting()
    {
        if (_writing.IsCompleted && _writing != Task.CompletedTask)
        {
            WaitUntilWritten();
            _writing = Task.CompletedTask;
            SpentMemory.Release(_case.ParticleCount);
        }
    }

    /// <summary>Waits for what is written beside the run, and throws what has gone wrong with it.</summary>
    public void WaitUntilWritten() => _writing.GetAwaiter().GetResult();

    /// <summary>Waits until nothing is written any more.</summary>
    public void End() => Task.WhenAny(_writing).Wait();

    /// <summary>Writes a checkpoint of the state that the simulation has reached.</summary>
    public void WriteCheckpoint(SystemState state, IRunObserver? observer)
    {
        WaitUntilWritten();
        _files.Followers.Follow(_simulation);
        Progress = _costs.AddTo(_files.FlushToDisk(Progress));
        _files.Followers.WriteTables();
        Write(new Checkpoint(_case.Gas, _fingerprint, state, _simulation.Tally, Progress)
        {
            WriteObservables = _files.Followers.SaveObservables,
        });
        CheckpointTime = state.AbsoluteTime;
        observer?.Checkpointed(CheckpointTime);
    }

    /// <summary>The moments of a state, or of the one that was reached (null), after a check that what must be conserved is.</summary>
    /// <exception cref="PhysicsViolationException">It is not.</exception>
    public VelocityMoments CheckedMoments(SystemState? state) => Checked(VelocityMomentsOf(state));

    private VelocityMoments VelocityMomentsOf(SystemState? state) =>
        state is null ? new(_case.Gas, _simulation.SumVelocities()) : VelocityMoments.Of(_case.Gas, state);

    private VelocityMoments Checked(VelocityMoments moments)
    {
        Progress = Sampling.CheckConserved(Progress, _case.Gas, moments, _simulation.Tally);
        return moments;
    }

    // The first events need not wait for the disk.
    private void WriteBesideTheRun(SystemState state)
    {
        Progress = _costs.AddTo(_files.FlushToDisk(Progress));
        Checkpoint checkpoint = new(_case.Gas, _fingerprint, state, _simulation.Tally.Clone(), Progress);
        _writing = Task.Run(() => Write(checkpoint));
    }

    private void Write(Checkpoint checkpoint)
    {
        _checkpoints.Write(checkpoint);
        _log.Information("Wrote a checkpoint at {time}", checkpoint.State.AbsoluteTime);
        RunMetrics.Checkpointed();
    }

    private void WriteSample(double due, VelocityMoments measured)
    {
        VelocityMoments moments = Checked(measured);
        AveragesBaseline current = new(due, _simulation.Tally.Clone());
        _files.Thermo.Append(Sampling.Row(_case.Gas, Progress.LastSample, current, moments));
        _files.Thermo.Flush();
        Progress = Progress with { NextSample = Progress.NextSample + 1, LastSample = current };
        _log.Information(
            "Sampled at {time}: temperature {Temperature}, {Collisions} collisions", due, moments.Temperature,
            _simulation.Tally.CollisionCount);
    }
}
