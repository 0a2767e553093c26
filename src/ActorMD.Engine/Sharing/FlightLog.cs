using ActorMD.Engine.Particles;
using ActorMD.Engine.Regions;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>The flights that a thread's events in a slab have ended: to look back at them, and to take events back.</summary>
/// <param name="store">The particles.</param>
/// <param name="block">Number of the thread's block.</param>
internal sealed unsafe class FlightLog(ParticleStore store, int block) : IDisposable
{
    /// <summary>No flight, no event.</summary>
    public const int None = -1;

    private readonly NativeArray<EndedFlight> _flights = new(256);
    private readonly NativeArray<EndedBox> _lowerBoxes = new(256);
    private readonly NativeArray<EndedBox> _upperBoxes = new(256);
    private readonly NativeArray<RegionEvent> _events = new(64);
    private readonly NativeArray<Particle> _farParticles = new(256);
    private readonly NativeArray<FarFlight> _farFlights = new(256);
    private readonly List<(int Slot, Int3 Boxes)> _farBoxes = [];
    private int _flightCount;
    private int _lowerCount;
    private int _upperCount;
    private int _eventCount;
    private int _farCount;

    /// <summary>Number of the block whose events these are.</summary>
    public int Block => block;

    public long ByteCount => _flights.ByteCount + _lowerBoxes.ByteCount + _upperBoxes.ByteCount + _events.ByteCount + _farParticles.ByteCount + _farFlights.ByteCount;

    /// <summary>A flight by its number.</summary>
    public EndedFlight* Flight(int number) => _flights.Pointer + number;

    /// <summary>Where the flights close to the cut below the block have been.</summary>
    public ReadOnlySpan<EndedBox> LowerBoxes => new(_lowerBoxes.Pointer, _lowerCount);

    /// <summary>Where the flights close to the cut above the block have been.</summary>
    public ReadOnlySpan<EndedBox> UpperBoxes => new(_upperBoxes.Pointer, _upperCount);

    /// <summary>An event by its number.</summary>
    public ref readonly RegionEvent Event(int number) => ref _events.Pointer[number];

    public void Clear()
    {
        (_flightCount, _lowerCount, _upperCount, _eventCount, _farCount) = (0, 0, 0, 0, 0);
        _farBoxes.Clear();
    }

    /// <summary>Keeps the record of a particle whose event will only be taken back together with all others.</summary>
    public void AddFar(int slot)
    {
        if (_farCount == _farParticles.Length)
        {
            _farParticles.Grow(2 * _farParticles.Length);
            _farFlights.Grow(2 * _farFlights.Length);
        }

        _farParticles.Pointer[_farCount] = store.Particles[slot];
        _farFlights.Pointer[_farCount++] = new FarFlight { Slot = slot, FlightCount = _flightCount };
    }

    /// <summary>A participant, whose record was kept by <see cref="AddFar"/>, has left the box and come in on the other side.</summary>
    public void AddFarBoxes(int slot, Int3 boxes) => _farBoxes.Add((slot, boxes));

    /// <summary>Keeps the record of a particle that is about to have an event.</summary>
    /// <param name="slot">Of the particle.</param>
    /// <param name="end">Time of the event.</param>
    /// <param name="earlier">Number of its flight before, or <see cref="None"/>.</param>
    /// <returns>Number of the flight.</returns>
    public int Add(int slot, double end, int earlier)
    {
        if (_flightCount == _flights.Length)
        {
            _flights.Grow(2 * _flights.Length);
        }

        EndedFlight* flight = _flights.Pointer + _flightCount;
        flight->Particle = store.Particles[slot];
        (flight->End, flight->Slot, flight->Earlier, flight->Event, flight->Boxes) = (end, slot, earlier, None, Int3.Zero);
        return _flightCount++;
    }

    /// <summary>A participant of the event that is going on has left the box and come in on the other side.</summary>
    public void AddBoxes(int slot, Int3 boxes)
    {
        EndedFlight* flight = _flights.Pointer + _flightCount - 1;
        while (flight->Slot != slot)
        {
            flight--;
        }

        flight->Boxes = boxes;
    }

    /// <summary>Keeps the event of the particles that were added last, so that it can be taken back by itself.</summary>
    public void Keep(in RegionEvent happened)
    {
        if (_eventCount == _events.Length)
        {
            _events.Grow(2 * _events.Length);
        }

        int first = _flightCount - happened.Count;
        _events.Pointer[_eventCount] = happened with { First = first };
        for (int number = first; number < _flightCount; number++)
        {
            _flights.Pointer[number].Event = _eventCount;
        }

        _eventCount++;
    }

    /// <summary>Keeps where a flight close to a cut has been.</summary>
    /// <param name="number">Of the flight.</param>
    /// <param name="record">Of it, or of a part of it.</param>
    /// <param name="cell">Of the record.</param>
    /// <param name="isUpper">Whether the cut is the one above the block.</param>
    public void AddBox(int number, LatticeFlight* record, int cell, bool isUpper)
    {
        NativeArray<EndedBox> boxes = isUpper ? _upperBoxes : _lowerBoxes;
        ref int count = ref isUpper ? ref _upperCount : ref _lowerCount;
        boxes.Grow(count == boxes.Length ? 2 * boxes.Length : 0);
        boxes.Pointer[count++] = new EndedBox { Record = *record, End = _flights.Pointer[number].End, Number = number, Cell = cell };
    }

    /// <summary>The particle flies again as it did: the flight has not ended.</summary>
    public void Restore(int number)
    {
        EndedFlight* flight = _flights.Pointer + number;
        store.Particles[flight->Slot] = flight->Particle;
        TakeBack(flight->Slot, flight->Boxes);
        (flight->Boxes, flight->End) = (Int3.Zero, double.NegativeInfinity);
    }

    /// <summary>Takes all events back, the last first.</summary>
    public void RestoreAll()
    {
        while (_farCount > 0)
        {
            FarFlight far = _farFlights.Pointer[--_farCount];
            RestoreFrom(far.FlightCount);
            store.Particles[far.Slot] = _farParticles.Pointer[_farCount];
        }

        RestoreFrom(0);
        foreach ((int slot, Int3 boxes) in _farBoxes)
        {
            TakeBack(slot, boxes);
        }
    }

    public void Dispose()
    {
        _flights.Dispose();
        _lowerBoxes.Dispose();
        _upperBoxes.Dispose();
        _events.Dispose();
        _farParticles.Dispose();
        _farFlights.Dispose();
    }

    private void RestoreFrom(int first)
    {
        while (_flightCount > first)
        {
            Restore(--_flightCount);
        }
    }

    private void TakeBack(int slot, Int3 boxes)
    {
        int* image = store.Images + 3L * slot;
        (image[0], image[1], image[2]) = (image[0] - boxes.X, image[1] - boxes.Y, image[2] - boxes.Z);
    }

    private struct FarFlight
    {
        public int Slot;

        /// <summary>Flights that had been added before.</summary>
        public int FlightCount;
    }
}

/// <summary>A particle's record before an event.</summary>
internal struct EndedFlight
{
    public Particle Particle;

    /// <summary>Time of the event; -infinity when it has been taken back.</summary>
    public double End;

    /// <summary>Whole boxes that the event at its end has added to the particle's image.</summary>
    public Int3 Boxes;

    public int Slot;

    /// <summary>Number of the flight before in the same log, or <see cref="FlightLog.None"/>.</summary>
    public int Earlier;

    /// <summary>Number of the event at its end, or <see cref="FlightLog.None"/> if it cannot be taken back by itself.</summary>
    public int Event;
}

/// <summary>A flight that has ended, or a part of one.</summary>
internal struct EndedBox
{
    public LatticeFlight Record;

    /// <summary>Time of the event, even if it has been taken back.</summary>
    public double End;

    /// <summary>Number of the flight.</summary>
    public int Number;

    /// <summary>Of the record.</summary>
    public int Cell;
}
