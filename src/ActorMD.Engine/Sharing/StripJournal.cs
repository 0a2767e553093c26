using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>The events of one strip in a slice: they can be undone all together.</summary>
/// <param name="store">The particles.</param>
/// <param name="members">What strips know of them.</param>
/// <param name="log">Gets the events, if it is wanted.</param>
/// <param name="stretches">Get what events change, if there are waypoints.</param>
internal sealed unsafe class StripJournal(ParticleStore store, Membership members, SliceEventLog log, SliceStretches stretches)
    : IEventJournal, IDisposable
{
    private readonly StateLog _states = new();

    public bool IsKeeping => true;

    /// <summary>The particles of all events.</summary>
    public ReadOnlySpan<int> Slots => _states.Slots;

    /// <summary>|v|^2 of the fastest particle after any event of the slice.</summary>
    public double FastestSquared { get; private set; }

    public long ByteCount => _states.ByteCount;

    public void Begin(int slot, double now)
    {
        _states.Add(slot, store.Particles + slot);
        members.Strips[slot].LastFlight = BlockJournal.None; // with an event of the strip nothing earlier can be wrong any more
    }

    public void BeginPair(int first, int second, double now)
    {
        Begin(first, now);
        Begin(second, now);
    }

    public void AddBoxes(int slot, Int3 boxes) => _states.AddBoxes(slot, boxes);

    public void Complete(in RegionEvent happened, double speedSquared)
    {
        FastestSquared = Math.Max(FastestSquared, speedSquared);
        if (log.IsWanted)
        {
            log.Add(happened.Time, happened.Order, happened.Count, _states);
        }

        if (stretches.IsWanted)
        {
            stretches.Add(happened, _states);
        }
    }

    /// <summary>Undoes all events.</summary>
    public void UndoAll() => _states.UndoTo(0, store);

    /// <summary>A slice is over: forgets its events.</summary>
    public void Clear()
    {
        _states.Clear();
        FastestSquared = 0;
    }

    public void Dispose() => _states.Dispose();
}
