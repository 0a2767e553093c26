using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>One event of a region.</summary>
/// <param name="Time">Offset from the start of the epoch.</param>
/// <param name="Order">1 a bounce off a wall, 2 a pair collision, 3 and up a zone event.</param>
/// <param name="First">Index of the first participant's <see cref="Transition"/>; the others follow in the order of ids.</param>
/// <param name="Impulse">Its term of <see cref="EventTally.Virial"/>, for order 1 of <see cref="EventTally.WallImpulse"/>.</param>
/// <param name="IsMultiple">It counts in <see cref="EventTally.MultipleCount"/>.</param>
/// <param name="IsGrazing">It counts in <see cref="EventTally.GrazingCount"/>.</param>
public readonly record struct RegionEvent(double Time, int Order, int First, double Impulse, bool IsMultiple, bool IsGrazing)
{
    /// <summary>Number of participants.</summary>
    public int Count => Order == 1 ? 1 : Order;
}

/// <summary>What one event did to one of its particles.</summary>
public struct Transition
{
    /// <summary>Index in the region.</summary>
    public int Particle;

    /// <summary>The particle's transition before this one, -1 if it was in its start state.</summary>
    public int Previous;

    /// <summary>The particle's transition after this one, -1 if there is none.</summary>
    public int Next;

    /// <summary>The state from this event on.</summary>
    public ParticleState After;
}

/// <summary>
/// All events of a region since it was loaded, in the order in which they happened, and with them every particle's path: its
/// start state and its state after each of its events.
/// </summary>
public sealed class RegionLedger
{
    private readonly List<ParticleState> _starts = [];
    private readonly List<int> _first = [];
    private readonly List<int> _last = [];
    private readonly List<Transition> _transitions = [];
    private readonly List<RegionEvent> _events = [];

    public int ParticleCount => _starts.Count;

    public ReadOnlySpan<RegionEvent> Events => CollectionsMarshal.AsSpan(_events);

    public ReadOnlySpan<Transition> Transitions => CollectionsMarshal.AsSpan(_transitions);

    /// <summary>The states that the region was loaded with.</summary>
    public ReadOnlySpan<ParticleState> Starts => CollectionsMarshal.AsSpan(_starts);

    /// <summary>Index of a particle's first transition, -1 if nothing happened to it.</summary>
    public int FirstTransition(int particle) => _first[particle];

    /// <summary>The state that a transition replaced.</summary>
    public ref readonly ParticleState Before(int transition)
    {
        ref readonly Transition t = ref Transitions[transition];
        return ref t.Previous < 0 ? ref Starts[t.Particle] : ref Transitions[t.Previous].After;
    }

    /// <summary>|v|^2 of the fastest particle after any event.</summary>
    public double SpeedSquaredMax { get; private set; }

    /// <summary>Forgets everything and starts from new states.</summary>
    internal void Restart(ParticleStore store)
    {
        _events.Clear();
        _transitions.Clear();
        SpeedSquaredMax = 0;
        Fill(_first, store.Count);
        Fill(_last, store.Count);
        CollectionsMarshal.SetCount(_starts, store.Count);
        Span<ParticleState> starts = CollectionsMarshal.AsSpan(_starts);
        for (int slot = 0; slot < starts.Length; slot++)
        {
            starts[slot] = store.StateOf(slot);
        }
    }

    /// <summary>Gives all particles the states that they have at the end of the ledger.</summary>
    internal void CopyTo(ParticleStore store)
    {
        for (int slot = 0; slot < _starts.Count; slot++)
        {
            store.Set(slot, _last[slot] < 0 ? Starts[slot] : Transitions[_last[slot]].After);
        }
    }

    /// <summary>Takes back the first event after a time, and all that were recorded after it.</summary>
    internal void Undo(double time, ParticleStore store)
    {
        int kept = 0;
        while (kept < _events.Count && _events[kept].Time <= time)
        {
            kept++;
        }

        if (kept == _events.Count)
        {
            return;
        }

        int first = _events[kept].First;
        for (int k = _transitions.Count - 1; k >= first; k--)
        {
            ref readonly Transition undone = ref Transitions[k];
            store.Set(undone.Particle, Before(k));
            _last[undone.Particle] = undone.Previous;
            if (undone.Previous < 0)
            {
                _first[undone.Particle] = -1;
            }
            else
            {
                CollectionsMarshal.AsSpan(_transitions)[undone.Previous].Next = -1;
            }
        }

        CollectionsMarshal.SetCount(_transitions, first);
        CollectionsMarshal.SetCount(_events, kept);
    }

    /// <summary>Opens the record of an event; as many <see cref="AddParticipant"/> as it has participants follow.</summary>
    internal void AddEvent(double time, int order, double impulse, bool isMultiple, bool isGrazing) =>
        _events.Add(new RegionEvent(time, order, _transitions.Count, impulse, isMultiple, isGrazing));

    /// <summary>Adds one participant of the event that was opened last, in the order of ids.</summary>
    internal void AddParticipant(int particle, in ParticleState after)
    {
        int index = _transitions.Count, previous = _last[particle];
        _transitions.Add(new Transition { Particle = particle, Previous = previous, Next = -1, After = after });
        SpeedSquaredMax = Math.Max(SpeedSquaredMax, after.Velocity.LengthSquared);
        _last[particle] = index;
        if (previous < 0)
        {
            _first[particle] = index;
        }
        else
        {
            CollectionsMarshal.AsSpan(_transitions)[previous].Next = index;
        }
    }

    private static void Fill(List<int> list, int count)
    {
        CollectionsMarshal.SetCount(list, count);
        CollectionsMarshal.AsSpan(list).Fill(-1);
    }
}
