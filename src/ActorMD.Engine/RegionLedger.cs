using System.Runtime.InteropServices;
using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>One event of a region.</summary>
/// <param name="Time">Offset from the start of the epoch.</param>
/// <param name="Order">1 a bounce off a wall, 2 a pair collision, 3 and up a zone event.</param>
/// <param name="First">The first participant's number in the ledger; the others follow in the order of ids.</param>
/// <param name="Impulse">Its term of <see cref="EventTally.Virial"/>, for order 1 of <see cref="EventTally.WallImpulse"/>.</param>
/// <param name="IsMultiple">It counts in <see cref="EventTally.MultipleCount"/>.</param>
/// <param name="IsGrazing">It counts in <see cref="EventTally.GrazingCount"/>.</param>
public readonly record struct RegionEvent(double Time, int Order, int First, double Impulse, bool IsMultiple, bool IsGrazing)
{
    /// <summary>Number of participants.</summary>
    public int Count => Order == 1 ? 1 : Order;
}

/// <summary>
/// All events of a region since its window began, in the order in which they happened, and with them every particle's path.
/// </summary>
/// <remarks>
/// An event costs little while the region runs: the records of its participants as they were before it are copied to the end of
/// a log. Whoever wants to take events back reads it backwards. Paths are linked when somebody asks for the first.
/// </remarks>
public sealed unsafe class RegionLedger : IDisposable
{
    private const int None = -1;

    private readonly NativeArray<Entry> _entries = new(256);
    private readonly List<RegionEvent> _events = [];
    private readonly List<int> _next = []; // the particle's next participation, by participation
    private readonly List<int> _first = []; // by particle
    private ParticleStore _store;
    private int _entryCount;
    private bool _isLinked;

    internal RegionLedger(ParticleStore store) => _store = store;

    public ReadOnlySpan<RegionEvent> Events => CollectionsMarshal.AsSpan(_events);

    /// <summary>Who took part: the index of the particle in the region.</summary>
    public int Participant(int participation) => _entries.Pointer[participation].Index;

    /// <summary>Species of who took part.</summary>
    public int SpeciesOf(int participation) => _entries.Pointer[participation].Before.Species;

    /// <summary>The state that an event replaced.</summary>
    public ParticleState Before(int participation)
    {
        Entry* entry = _entries.Pointer + participation;
        Particle* p = &entry->Before;
        return new ParticleState
        {
            Position = new Vec3(p->X, p->Y, p->Z),
            Velocity = new Vec3(p->VX, p->VY, p->VZ),
            Time = p->Time,
            Image = ImageBefore(participation),
            Species = p->Species,
        };
    }

    /// <summary>The state from an event on.</summary>
    public ParticleState After(int participation)
    {
        int next = Next(participation);
        return next == None ? _store.StateOf(Participant(participation)) : Before(next);
    }

    /// <summary>Time of the event.</summary>
    public double TimeOf(int participation)
    {
        int next = Next(participation);
        return next == None ? _store.Particles[Participant(participation)].Time : _entries.Pointer[next].Before.Time;
    }

    /// <summary>A particle's state at the beginning of the window.</summary>
    public ParticleState StartOf(int particle)
    {
        int first = FirstOf(particle);
        return first == None ? _store.StateOf(particle) : Before(first);
    }

    /// <summary>A particle's first participation, -1 if nothing happened to it.</summary>
    public int FirstOf(int particle)
    {
        Link();
        return _first[particle];
    }

    /// <summary>The same particle's next participation, -1 if there is none.</summary>
    public int Next(int participation)
    {
        Link();
        return _next[participation];
    }

    /// <summary>|v|^2 of the fastest particle after any event.</summary>
    public double SpeedSquaredMax { get; private set; }

    /// <summary>Adds one of the events to an event log.</summary>
    /// <param name="log">Gets it.</param>
    /// <param name="gas">The whole system's.</param>
    /// <param name="epoch">Number of finished epochs.</param>
    /// <param name="happened">The event.</param>
    /// <param name="ids">Of its participants, in the whole system.</param>
    public void AddTo(EventBatch log, Gas gas, long epoch, in RegionEvent happened, ReadOnlySpan<int> ids)
    {
        ParticleState[] before = new ParticleState[ids.Length], after = new ParticleState[ids.Length];
        for (int k = 0; k < ids.Length; k++)
        {
            before[k] = Before(happened.First + k);
            after[k] = After(happened.First + k);
        }

        log.Add(gas, epoch, happened.Time, happened.Order, ids, before, after);
    }

    public void Dispose() => _entries.Dispose();

    /// <summary>Forgets everything: a window of these particles begins.</summary>
    internal void Restart(ParticleStore store)
    {
        _store = store;
        _events.Clear();
        (_entryCount, _isLinked, SpeedSquaredMax) = (0, false, 0);
    }

    /// <summary>Keeps the record of a particle that is about to have an event; participants come in the order of ids.</summary>
    internal void Keep(int index, Particle* particle)
    {
        if (_entryCount == _entries.Length)
        {
            _entries.Grow(2 * _entries.Length);
        }

        Entry* entry = _entries.Pointer + _entryCount++;
        entry->Before = *particle;
        (entry->Index, entry->BoxesX, entry->BoxesY, entry->BoxesZ) = (index, 0, 0, 0);
    }

    /// <summary>A participant of the event that is being recorded has left the box and come in on the other side.</summary>
    internal void KeepBoxes(int index, Int3 boxes)
    {
        Entry* entry = _entries.Pointer + _entryCount - 1;
        while (entry->Index != index)
        {
            entry--;
        }

        (entry->BoxesX, entry->BoxesY, entry->BoxesZ) = (boxes.X, boxes.Y, boxes.Z);
    }

    /// <summary>The event of the participants that were kept last is done.</summary>
    internal void AddEvent(double time, int order, double impulse, bool isMultiple, bool isGrazing, double speedSquared)
    {
        SpeedSquaredMax = Math.Max(SpeedSquaredMax, speedSquared);
        _events.Add(new RegionEvent(time, order, _entryCount - (order == 1 ? 1 : order), impulse, isMultiple, isGrazing));
    }

    /// <summary>Takes back the first event after a time, and all that were recorded after it.</summary>
    internal void Undo(double time)
    {
        int kept = 0;
        while (kept < _events.Count && _events[kept].Time <= time)
        {
            kept++;
        }

        CollectionsMarshal.SetCount(_events, kept);
        UndoUnfinished();
    }

    /// <summary>Takes back what was kept of an event that did not come to its end.</summary>
    internal void UndoUnfinished()
    {
        int kept = _events.Count == 0 ? 0 : _events[^1].First + _events[^1].Count;
        while (_entryCount > kept)
        {
            Entry* entry = _entries.Pointer + --_entryCount;
            _store.Particles[entry->Index] = entry->Before;
            int* image = _store.Images + 3L * entry->Index;
            (image[0], image[1], image[2]) = (image[0] - entry->BoxesX, image[1] - entry->BoxesY, image[2] - entry->BoxesZ);
        }

        _isLinked = false;
    }

    // What it is now, without what has been added since.
    private Int3 ImageBefore(int participation)
    {
        int* image = _store.Images + 3L * Participant(participation);
        (int x, int y, int z) = (image[0], image[1], image[2]);
        for (int k = participation; k != None; k = Next(k))
        {
            Entry* entry = _entries.Pointer + k;
            (x, y, z) = (x - entry->BoxesX, y - entry->BoxesY, z - entry->BoxesZ);
        }

        return new Int3(x, y, z);
    }

    private void Link()
    {
        if (_isLinked)
        {
            return;
        }

        _isLinked = true;
        CollectionsMarshal.SetCount(_next, _entryCount);
        CollectionsMarshal.SetCount(_first, _store.Count);
        Span<int> next = CollectionsMarshal.AsSpan(_next), first = CollectionsMarshal.AsSpan(_first);
        first.Fill(None);
        for (int k = _entryCount - 1; k >= 0; k--)
        {
            ref int head = ref first[_entries.Pointer[k].Index];
            (next[k], head) = (head, k);
        }
    }

    /// <summary>One particle's record before one event, and the whole boxes that the event added to its image.</summary>
    private struct Entry
    {
        public Particle Before;
        public int Index;
        public int BoxesX, BoxesY, BoxesZ;
    }
}
