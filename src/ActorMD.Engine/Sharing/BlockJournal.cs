using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Sharing;

/// <summary>The events of one block in a slice: a strip can look back at those close to a boundary, and roll them back one by one.</summary>
/// <remarks>
/// Of events far from all boundaries nothing is kept but what undoes them all together. Reversed as in Jefferson's Time Warp
/// (ACM TOPLAS 7, 404, 1985), but only in a thin layer, and only within a slice.
/// </remarks>
/// <param name="store">The particles.</param>
/// <param name="members">Which of them are close to a boundary.</param>
/// <param name="log">Gets the events, if it is wanted.</param>
/// <param name="stretches">Get what events change, if there are waypoints.</param>
internal unsafe class BlockJournal(ParticleStore store, Membership members, SliceEventLog log, SliceStretches stretches)
    : SharedJournal(store, new StateLog(store.Capacity / 4 + 256), log, stretches) // as many as a slice may have; more are possible
{
    /// <summary>No flight, no event.</summary>
    public const int None = -1;

    private readonly NativeArray<EndedFlight> _flights = new(256);
    private readonly NativeArray<AppliedEvent> _events = new(64);
    private readonly List<int> _logged = []; // numbers in the event log, by event
    private int _flightCount;
    private int _eventCount;

    /// <summary>Whether none of the participants of the present event is close to a boundary.</summary>
    public bool IsFar { get; set; }

    public override long ByteCount => base.ByteCount + _flights.ByteCount + _events.ByteCount;

    /// <summary>Number of flights that can be looked back at.</summary>
    public int FlightCount => _flightCount;

    /// <summary>Number of events that can be looked back at.</summary>
    public int EventCount => _eventCount;

    /// <summary>A flight by its number.</summary>
    public EndedFlight* Flight(int number) => _flights.Pointer + number;

    /// <summary>The particle's record during a flight.</summary>
    public Particle* ParticleOf(EndedFlight* flight) => States.Before(flight->State);

    /// <summary>An event by its number.</summary>
    public ref readonly AppliedEvent Event(int number) => ref _events.Pointer[number];

    public override void Begin(int slot, double now)
    {
        if (IsFar)
        {
            States.Add(slot, Particles + slot);
        }
        else
        {
            BeginNear(slot, now);
        }
    }

    public override void Complete(in AppliedEvent happened, double speedSquared)
    {
        base.Complete(happened, speedSquared);
        if (IsFar)
        {
            return;
        }

        if (Log.IsWanted)
        {
            _logged.Add(Log.Count - 1);
        }

        _events.Grow(_eventCount == _events.Length ? 2 * _events.Length : 0);
        int first = _flightCount - happened.Count;
        _events.Pointer[_eventCount] = happened with { First = first };
        for (int number = first; number < _flightCount; number++)
        {
            _flights.Pointer[number].Event = _eventCount;
        }

        _eventCount++;
    }

    /// <summary>The particle flies again as it did: the flight has not ended.</summary>
    public void Undo(int number)
    {
        EndedFlight* flight = _flights.Pointer + number;
        States.UndoAlone(flight->State, Store);
        flight->End = double.NegativeInfinity;
    }

    /// <summary>Whether an event has been rolled back.</summary>
    public bool IsRolledBack(int number) => double.IsNegativeInfinity(_flights.Pointer[_events.Pointer[number].First].End);

    /// <summary>An event has been rolled back: it is not in the event log.</summary>
    public void Unlog(int number)
    {
        if (Log.IsWanted)
        {
            Log.Remove(_logged[number]);
        }
    }

    public override void Clear()
    {
        base.Clear();
        (_flightCount, _eventCount) = (0, 0);
        _logged.Clear();
    }

    public override void Dispose()
    {
        base.Dispose();
        _flights.Dispose();
        _events.Dispose();
    }

    /// <summary>A flight of a particle close to a boundary is about to end.</summary>
    /// <param name="slot">Of the particle.</param>
    /// <param name="number">Of the flight.</param>
    /// <param name="end">Time of the event.</param>
    protected virtual void OnEnding(int slot, int number, double end)
    {
    }

    private void BeginNear(int slot, double now)
    {
        bool isClose = members.Blocks[slot].Strip >= 0;
        StripMember* member = members.Strips + slot;
        if (!isClose)
        {
            *member = StripMember.OfNewSlice;
        }

        _flights.Grow(_flightCount == _flights.Length ? 2 * _flights.Length : 0);
        _flights.Pointer[_flightCount] = new EndedFlight
        {
            End = now,
            Slot = slot,
            Earlier = member->LastFlight,
            Event = None,
            State = States.Add(slot, Particles + slot),
        };
        (member->LastFlight, member->LastEnd) = (_flightCount++, now);
        if (isClose)
        {
            OnEnding(slot, member->LastFlight, now);
        }
    }
}

/// <summary>A flight that an event in a block has ended.</summary>
internal struct EndedFlight
{
    /// <summary>Time of the event; -infinity when it has been rolled back.</summary>
    public double End;

    public int Slot;

    /// <summary>Number of the particle's flight before, or <see cref="BlockJournal.None"/>.</summary>
    public int Earlier;

    /// <summary>Number of the event at its end, or <see cref="BlockJournal.None"/> if it cannot be rolled back by itself.</summary>
    public int Event;

    /// <summary>Entry of the particle's record in the log of states.</summary>
    public int State;
}
