using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>The events of one worker in a slice: they can be undone all together, the last first.</summary>
/// <param name="store">The particles.</param>
/// <param name="states">Keeps the records that events replace.</param>
/// <param name="log">Gets the events, if it is wanted.</param>
/// <param name="stretches">Get what events change, if there are waypoints.</param>
internal abstract unsafe class SharedJournal(ParticleStore store, StateLog states, SliceEventLog log, SliceStretches stretches)
    : IEventJournal, IDisposable
{
    public bool IsKeeping => true;

    public virtual long ByteCount => States.ByteCount;

    /// <summary>The records that events have replaced, in the order in which it happened.</summary>
    public StateLog States { get; } = states;

    /// <summary>|v|^2 of the fastest particle after any event of the slice.</summary>
    public double FastestSquared { get; private set; }

    /// <summary>The particles.</summary>
    protected ParticleStore Store { get; } = store;

    /// <summary>Their records.</summary>
    protected Particle* Particles { get; } = store.Particles;

    /// <summary>Gets the events, if it is wanted.</summary>
    protected SliceEventLog Log { get; } = log;

    public abstract void Begin(int slot, double now);

    public void BeginPair(int first, int second, double now)
    {
        Begin(first, now);
        Begin(second, now);
    }

    public void AddBoxes(int slot, Int3 boxes) => States.AddBoxes(slot, boxes);

    public virtual void Complete(in AppliedEvent happened, double speedSquared)
    {
        FastestSquared = Math.Max(FastestSquared, speedSquared);
        if (Log.IsWanted)
        {
            Log.Add(happened.Time, happened.Order, happened.Count, States);
        }

        if (stretches.IsWanted)
        {
            stretches.Add(happened, States);
        }
    }

    /// <summary>Undoes all events.</summary>
    public void UndoAll() => States.UndoTo(0, Store);

    /// <summary>A slice is over: forgets its events.</summary>
    public virtual void Clear()
    {
        States.Clear();
        FastestSquared = 0;
    }

    public virtual void Dispose() => States.Dispose();
}
