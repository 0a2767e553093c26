using System.Runtime.CompilerServices;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.LargeSpecies;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices.Loops;

/// <summary>The event loop in time slices: all pairs that can meet within a short time are found at once, at its beginning.</summary>
/// <remarks>
/// Problem: between two collisions a particle of a dilute gas crosses many cells, and each crossing costs an entry in the calendar and
/// cache misses. Idea: time is divided into slices in which a typical particle flies a fraction of a cell. At the start of a slice a search
/// (<see cref="ISliceSearch"/>) finds all pairs that can meet in it, in the order of memory. These get their exact event time, and if it
/// lies in the slice an entry in the queue. After a collision the search finds what the two new flights meet until the end of the slice.
/// So no particle stores a next event, nothing is ever predicted for a partner that has changed, and between two collisions all memory
/// is read in order. Searches only reject: every event time is the exact one of the two states, wherever the slices begin and end.
/// </remarks>
internal sealed unsafe class SliceEventLoop<TSearch, TSizes> : SliceWorker<TSizes>, ISliceEventLoop
    where TSearch : struct, ISliceSearch
    where TSizes : struct, IContactDistances<TSizes>
{
    // Slots are renumbered in the order of the cells now and then, so that neighbours in space stay neighbours in memory.
    private const int RenumberInterval = 8, RenumberCountMin = 10_000;

    private readonly TSearch _search;
    private readonly SliceGrid _grid;
    private readonly SliceLength _length;
    private readonly SliceSharing _sharing;
    private readonly LargeSearch<TSizes>? _large; // if TSizes.HasLarge
    private readonly TupleTable? _tuples; // if _hasZones
    private readonly bool _hasZones;
    private int _sliceCount;
    private int _renumberedAt; // _sliceCount then

    internal SliceEventLoop(SliceLoopParts<TSearch, TSizes> parts, double time, EventTally tally, EngineCounters counters)
        : base(parts.Laws, parts.Store, time, tally, counters, parts.Queue, parts.Search.Contacts, parts.Times, parts.Prefetches)
    {
        (_search, _grid, _length) = (parts.Search, parts.Grid, parts.Length);
        (_sharing, _large, _tuples) = (parts.Sharing, parts.Large, parts.Tuples);
        _hasZones = !Gas.Zones.IsEmpty;
        BeginAt(time);
        Clock = SliceClock.Ended(time);
    }

    public EventLogWriter? EventLog { private get; set; }

    public WaypointTrack Track { get; } = new();

    public int ThreadCount => _sharing.ThreadCount;

    public bool HasLargeSpecies => TSizes.HasLarge;

    public int StripDepth => _sharing.StripDepth;

    public long ByteCount => _search.ByteCount + Queue.ByteCount + (_large?.ByteCount ?? 0) + (_tuples?.ByteCount ?? 0) + _sharing.ByteCount;

    public bool Run(double until, ref long steps)
    {
        while (true)
        {
            if (!Contacts.IsEmpty)
            {
                EnterNewContacts();
            }

            SliceEvent* next = Queue.Peek();
            if (next == null)
            {
                if (Clock.End > until)
                {
                    break;
                }

                if (steps <= 0 || (RunNextSlice(until, ref steps) && steps == 0))
                {
                    return false;
                }

                continue;
            }

            if (next->Time > until)
            {
                break;
            }

            if (steps <= 0)
            {
                return false;
            }

            steps--;
            Queue.Pop();
            if (IsPrefetchDue)
            {
                PrefetchAhead(new SearchPrefetch(_search));
            }

            Apply(next);
            if (steps == 0)
            {
                return false; // the caller wants to look before an epoch ends
            }
        }

        Now = Math.Max(Now, until);
        return true;
    }

    public void Dispose()
    {
        _sharing.Dispose();
        _large?.Dispose();
        _tuples?.Dispose();
        _search.Dispose();
        Queue.Dispose();
        Times.Dispose();
        Laws.Dispose();
    }

    protected override void Moved(int slot, Int3 wrapped)
    {
        if (TSizes.HasLarge && _grid.IsLarge(Particles + slot))
        {
            _large!.Move(slot, Clock.TauOf(Now));
        }
        else
        {
            _search.Move(slot, Clock.TauOf(Now));
        }
    }

    protected override void Reschedule(int slot)
    {
        Counters.PredictionCount++;
        if (TSizes.HasLarge && _grid.IsLarge(Particles + slot))
        {
            _large!.SearchAround(slot, Clock.TauOf(Now));
        }
        else
        {
            _search.Search(slot, Clock.TauOf(Now));
            if (TSizes.HasLarge)
            {
                _large!.SearchFrom(slot, Clock.TauOf(Now));
            }
        }

        EnterBounce(slot);
    }

    // An event's turn: it is stale if a participant has had another one since it was predicted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Apply(SliceEvent* next)
    {
        int slot = next->Slot, partner = next->Partner;
        if (partner >= 0)
        {
            if (Particles[slot].Stamp + Particles[partner].Stamp == next->Stamps)
            {
                Collide(slot, partner, next->Time);
            }
        }
        else if (partner <= SliceEvent.FirstTuple)
        {
            ApplyTuple(*next);
        }
        else if (Particles[slot].Stamp == next->Stamps)
        {
            Bounce(slot, SliceEvent.FirstWall - partner, next->Time);
        }
    }

    // Either all members are as they were, or the tuple's owner searches again unless it has done so already.
    private void ApplyTuple(SliceEvent next)
    {
        TupleTable tuples = _tuples!;
        int index = SliceEvent.FirstTuple - next.Partner;
        if (tuples.IsValid(index, next.Stamps))
        {
            ReadOnlySpan<int> members = tuples.MembersOf(index);
            Span<int> slots = stackalloc int[members.Length];
            members.CopyTo(slots);
            TuplePredictor.SortById(slots, Ids);
            CollideTuple(slots, next.Time);
        }
        else if (tuples.IsOwnersLatest(index, next.Slot))
        {
            Counters.StaleCount++;
            Now = Math.Max(Now, next.Time);
            Reschedule(next.Slot);
        }
    }

    // Runs the next slice in several threads, or begins it. Returns whether it has been run.
    private bool RunNextSlice(double until, ref long steps)
    {
        // To go past a waypoint costs something at every event: not where a slice that ends there is long enough.
        double limit = _sharing.IsWorthwhile(Clock.End, until, _sliceCount) ? until : Math.Max(until, Track.Limit);
        if ((!Journal.IsKeeping || EventLog is not null) && _sharing.IsWorthwhile(Clock.End, limit, _sliceCount))
        {
            _sliceCount++;
            if (_sharing.PlacesAnew)
            {
                RenumberIfDue();
            }

            long before = Tally.EventCount;
            if (_sharing.TryRun(Clock.End, limit, EventLog, Track, out SliceClock shared, out double now))
            {
                (Clock, Now) = (shared, Math.Max(Now, now));
                steps = Math.Max(0, steps - (Tally.EventCount - before) - 1 - Count / 4);
                return true;
            }
        }

        steps = Math.Max(0, steps - 1 - Count / 4);
        BeginSlice(Clock.End);
        return false;
    }

    private void BeginSlice(double start)
    {
        Track.SumsAtEnd = null;
        if (!(_length.Fastest > 0))
        {
            BeginQueue(SliceClock.Endless(start));
            return;
        }

        _sliceCount++;
        _sharing.NoteOwnSlice();
        SliceClock clock = new(start, _length.Half(start, double.PositiveInfinity));
        Place(clock);
        BeginQueue(clock);
        if (_hasZones)
        {
            _tuples!.Begin(clock);
        }

        bool hasMore = true;
        for (int next = 0; hasMore;)
        {
            hasMore = _search.FindPairs(ref next);
            EnterFirstContacts();
        }

        if (TSizes.HasLarge)
        {
            _large!.EnterAll(clock);
        }

        if (_hasZones)
        {
            _tuples!.EnterAll(Count, TupleSearchFrom);
        }

        for (int slot = 0; HasWalls && slot < Count; slot++)
        {
            EnterBounce(slot);
        }
    }

    // Slots are given anew now and then: neighbours in space are neighbours in memory.
    private void RenumberIfDue()
    {
        if (_sliceCount >= _renumberedAt + RenumberInterval && Count >= RenumberCountMin)
        {
            _renumberedAt = _sliceCount;
            _search.Renumber(_sharing.Parts);
            _sharing.NoteRenumbering();
        }
    }

    // Places all particles in the grid.
    private void Place(SliceClock clock)
    {
        if (_search.MayKeepPlacement)
        {
            _length.Learn(_search.KeepPlacement(clock), clock, Count);
            return;
        }

        RenumberIfDue();
        _length.Learn(_search.Place(clock), clock, Count);
        Counters.CrossingCount += Count;
        _search.EndPlacement();
    }

    // Tuples earlier than this are not looked for.
    private double TupleSearchFrom => Math.Max(Now, Clock.Middle - Clock.Half);

    // The pairs that were noted at the start of a slice, of which tuples are made when all are known.
    private void EnterFirstContacts()
    {
        EnterContacts();
        if (_hasZones)
        {
            _tuples!.KeepAll(Contacts);
        }

        Contacts.Clear();
    }

    // The pairs that were noted after an event.
    private void EnterNewContacts()
    {
        EnterContacts();
        if (_hasZones)
        {
            _tuples!.EnterNew(Contacts, TupleSearchFrom);
        }

        Contacts.Clear();
    }

    private void EnterContacts()
    {
        Counters.CandidateCount += Contacts.Count + Contacts.Split.Count;
        Times.Enter(Contacts, new QueueTarget(Queue, Particles));
    }

    private readonly struct SearchPrefetch(TSearch search) : IPrefetchTarget
    {
        public static bool HasMiddle => TSearch.PrefetchesInSteps;

        public void PrefetchParticle(int slot) => search.PrefetchParticle(slot);

        public void PrefetchRecords(SliceEvent* entry) => search.PrefetchRecords(entry);

        public void PrefetchNeighbors(SliceEvent* entry) => search.PrefetchNeighbors(entry);
    }
}
