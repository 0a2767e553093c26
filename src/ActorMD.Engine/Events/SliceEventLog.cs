using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Events;

/// <summary>The events that one worker has run in a slice, for the event log. Those that are rolled back are taken out.</summary>
/// <param name="store">The particles.</param>
internal sealed unsafe class SliceEventLog(ParticleStore store)
{
    private readonly List<LoggedEvent> _events = [];
    private readonly List<ParticleState> _before = []; // participants of all events, in the order of ids
    private readonly List<ParticleState> _after = [];
    private readonly List<int> _ids = [];

    /// <summary>Whether a log is wanted.</summary>
    public bool IsWanted { get; set; }

    /// <summary>Number of events, those that were taken out included.</summary>
    public int Count => _events.Count;

    /// <summary>An event is done; its participants' records of before are the last of a log.</summary>
    /// <param name="time">Offset in the epoch.</param>
    /// <param name="order">Of the event.</param>
    /// <param name="count">Number of participants.</param>
    /// <param name="states">The records of before.</param>
    public void Add(double time, int order, int count, StateLog states)
    {
        int first = _ids.Count;
        _events.Add(new LoggedEvent(time, order, first, count));
        for (int k = 0; k < count; k++)
        {
            int entry = states.Count - count + k, slot = states.SlotOf(entry), id = store.Ids[slot], at = first + k;
            while (at > first && _ids[at - 1] > id)
            {
                at--;
            }

            _ids.Insert(at, id);
            _before.Insert(at, StateOf(states.Before(entry)));
            _after.Insert(at, StateOf(store.Particles + slot));
        }
    }

    /// <summary>An event was rolled back.</summary>
    public void Remove(int number) => _events[number] = _events[number] with { Count = 0 };

    /// <summary>The slice is done: adds its events to a batch.</summary>
    public void AddTo(EventBatch batch, Gas gas, long epoch)
    {
        Span<int> ids = stackalloc int[GasValidation.OrderLimit];
        ParticleState[] before = new ParticleState[GasValidation.OrderLimit], after = new ParticleState[GasValidation.OrderLimit];
        foreach (LoggedEvent happened in _events)
        {
            for (int k = 0; k < happened.Count; k++)
            {
                (ids[k], before[k], after[k]) = (_ids[happened.First + k], _before[happened.First + k], _after[happened.First + k]);
            }

            if (happened.Count > 0)
            {
                int count = happened.Count;
                batch.Add(gas, epoch, happened.Time, happened.Order, ids[..count], before.AsSpan(0, count), after.AsSpan(0, count));
            }
        }
    }

    /// <summary>A slice is over.</summary>
    public void Clear()
    {
        _events.Clear();
        _before.Clear();
        _after.Clear();
        _ids.Clear();
    }

    // What a batch reads of a state.
    private static ParticleState StateOf(Particle* p) => new()
    {
        Position = new Vec3(p->X, p->Y, p->Z),
        Velocity = new Vec3(p->VX, p->VY, p->VZ),
        Time = p->Time,
        Kind = p->Kind,
    };

    private readonly record struct LoggedEvent(double Time, int Order, int First, int Count);
}
