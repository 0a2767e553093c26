using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>One domain: the event loop of the whole box, in the caller's thread and others that share its slabs.</summary>
internal sealed class SerialSimulation : ISimulation
{
    private readonly EventBatch? _log;
    private readonly Simulator _simulator;
    private bool _isInstantDone = true; // no event of the instant of the last one is still to come

    public SerialSimulation(Gas gas, SystemState state, EventTally? tally, int threads = 1, bool logsEvents = false, CancellationToken abort = default)
    {
        _log = logsEvents ? new EventBatch() : null;
        _simulator = new Simulator(gas, state, tally, new SearchSettings(Threads: threads) { Abort = abort }, _log);
    }

    public double Time => _simulator.Time;

    public EventTally Tally => _simulator.Tally;

    public long CollisionCount => _simulator.Tally.CollisionCount;

    public long CrossingCount => _simulator.Counters.CrossingCount;

    public RunWork Work => RunWork.None;

    public int ThreadCount => _simulator.ThreadCount;

    public EngineCounters? Engine => _simulator.Counters;

    public bool Advance(double until, long stepCountMax) => _isInstantDone = _simulator.Advance(until, stepCountMax);

    public byte[] TakeEvents() => _log is null ? [] : _isInstantDone ? _log.Take() : _log.TakeBeforeLastInstant();

    public SystemState Capture()
    {
        if (_log is not null && !_isInstantDone)
        {
            _simulator.FinishInstant();
            _isInstantDone = true;
        }

        return _simulator.Capture();
    }

    public void Dispose() => _simulator.Dispose();
}
