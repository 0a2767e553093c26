using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>One domain: the event loop of the whole box in the caller's thread.</summary>
internal sealed class SerialSimulation(Gas gas, SystemState state, EventTally? tally) : ISimulation
{
    private readonly Simulator _simulator = new(gas, state, tally);

    public double Time => _simulator.Time;

    public EventTally Tally => _simulator.Tally;

    public long CollisionCount => _simulator.Tally.CollisionCount;

    public long CrossingCount => _simulator.Counters.CrossingCount;

    public RunWork Work => RunWork.None;

    public bool Advance(double until, long stepCountMax) => _simulator.Advance(until, stepCountMax);

    public SystemState Capture() => _simulator.Capture();

    public void Dispose() => _simulator.Dispose();
}
