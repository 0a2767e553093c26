using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Messages;

namespace ActorMD.Runs.Simulations;

/// <summary>One domain: the event loop of the whole box, in the caller's thread and others that share its time slices.</summary>
internal sealed class SerialSimulation : ISimulation
{
    private readonly EventBatch? _log;
    private readonly ThreadTeam _team;
    private readonly int _particleCount;
    private readonly Simulator _simulator;
    private readonly Queue<Waypoint> _passed = [];
    private WaypointPlan _plan = WaypointPlan.None;
    private Waypoint? _at; // where the session is, while the simulator is ahead; null: together with it
    private ParticleState[]? _looked;
    private bool _isInstantDone = true; // no event of the instant of the last one is still to come

    public SerialSimulation(Gas gas, SystemState state, EventTally? tally, int threads = 1, bool logsEvents = false, CancellationToken abort = default)
    {
        _team = new ThreadTeam(Math.Max(1, threads));
        _log = logsEvents ? new EventBatch { IsPacked = true } : null;
        Unpacker = logsEvents ? new EventUnpacker(gas, state) : null;
        _particleCount = state.Particles.Length;
        _simulator = new Simulator(gas, state, tally, new SearchSettings { Team = _team, Abort = abort }, _log);
    }

    public double Time => _at?.Time ?? _simulator.Time;

    public double ComputedTime => _simulator.Time;

    public EventTally Tally => _at?.Tally ?? _simulator.Tally;

    public long CollisionCount => _simulator.Tally.CollisionCount;

    public long CrossingCount => _simulator.Counters.CrossingCount;

    public bool CountsSteps => ThreadCount == 1;

    public RunWork Work => RunWork.None;

    public int ThreadCount => _simulator.ThreadCount;

    /// <inheritdoc/>
    public string? SharingObstacle
    {
        get
        {
            Gas gas = _simulator.Gas;
            return _team.Count < 2 || _simulator.ThreadCount >= _team.Count ? null
                : gas.Box.Has(Boundary.Open) ? "a gas with open sides is computed by one thread"
                : _particleCount < ExecutionPlan.SharedParticleCountMin ? $"fewer than {ExecutionPlan.SharedParticleCountMin} particles are not worth sharing"
                : _simulator.HasLargeSpecies ? "particles that are much larger than the others are searched by one thread"
                : _simulator.Counters.SharedSliceCount > 0 && _simulator.ThreadCount == 1
                    ? $"the threads got in each other's way in {_simulator.Counters.RolledBackSliceCount} of "
                        + $"{_simulator.Counters.SharedSliceCount} time slices"
                : _simulator.ThreadCount > 1 ? $"the box has room for {_simulator.ThreadCount} blocks"
                : "the box has no room for two blocks of cells";
        }
    }

    public EngineCounters? Engine => _simulator.Counters;

    public void Foresee(WaypointPlan plan) => _plan = plan;

    public bool Advance(double until, long stepCountMax)
    {
        if (TryReach(until))
        {
            return true;
        }

        _at = null;
        _isInstantDone = _simulator.Advance(until, stepCountMax, _plan);
        while (_simulator.TryTakeWaypoint(out Waypoint? passed))
        {
            _passed.Enqueue(passed);
        }

        return TryReach(until) || _isInstantDone;
    }

    public EventUnpacker? Unpacker { get; }

    public ReadOnlyMemory<byte> TakeEvents() => _log is null ? default : _log.Lend(_isInstantDone);

    public SystemState Capture() => CaptureInto(spent: null);

    public SystemState CaptureInto(ParticleState[]? spent)
    {
        FinishInstant();
        return _simulator.Capture(spent);
    }

    public SystemState CaptureLast()
    {
        FinishInstant();
        _simulator.FreeSearch();
        return _simulator.Capture();
    }

    public VelocitySums SumVelocities() => _at?.Sums ?? _simulator.SumVelocities();

    public SystemState Look()
    {
        SystemState state = CaptureInto(_looked);
        _looked = state.Particles;
        return state;
    }

    public void Dispose()
    {
        _simulator.Dispose();
        _team.Dispose();
    }

    private void FinishInstant()
    {
        _at = null;
        if (_log is not null && !_isInstantDone)
        {
            _simulator.FinishInstant();
            _isInstantDone = true;
        }
    }

    private bool TryReach(double until)
    {
        bool isPassed = _passed.TryPeek(out Waypoint? next) && next.Time == until;
        _at = isPassed ? _passed.Dequeue() : _at;
        return isPassed;
    }
}
