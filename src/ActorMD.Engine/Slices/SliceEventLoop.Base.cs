using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>What event loops in time slabs can do whatever their particles are.</summary>
internal abstract class SliceEventLoop : EventLoop
{
    protected SliceEventLoop(Gas gas, ParticleStore store, double time, EventTally tally, EngineCounters counters)
        : base(gas, store, time, tally, counters)
    {
    }

    /// <summary>Slabs end here and not long after: no more is asked for.</summary>
    public double Horizon { get; set; } = double.PositiveInfinity;

    /// <summary>The particles have been changed from outside: begins anew at a time, which may lie in the past.</summary>
    public abstract void Restart(double time);

    /// <summary>Gives neighbours in space slots side by side, now and then; before particles are changed from outside.</summary>
    public abstract void RenumberIfDue();
}
