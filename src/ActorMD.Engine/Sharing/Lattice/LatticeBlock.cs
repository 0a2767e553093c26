using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Lattice;

/// <summary>A block of a gas, whose flights are sorted by cell.</summary>
internal sealed unsafe class LatticeBlock<TSizes> : BlockWorker<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly LatticeSearch _search;
    private readonly LatticeBlockJournal _journal;
    private readonly List<FlightRecord> _parts = [];
    private int _firstPlane, _endPlane; // of the block
    private int _firstFoundPlane, _endFoundPlane; // whose pairs this thread finds at the beginning of a slice
    private int _firstFarPlane, _endFarPlane; // those of them that are close to no boundary

    /// <param name="parts">What it is made of.</param>
    /// <param name="search">Of this thread.</param>
    public LatticeBlock(in WorkerParts<TSizes> parts, LatticeSearch search)
        : this(parts, search, new LatticeBlockJournal(parts.Store, parts.Members, parts.EventLog, parts.Stretches, search, parts.Number))
    {
    }

    private LatticeBlock(in WorkerParts<TSizes> parts, LatticeSearch search, LatticeBlockJournal journal)
        : base(parts, search.Contacts, journal, new Deferrals(parts.Members)) => (_search, _journal) = (search, journal);

    public LatticeBlockJournal EndedFlights => _journal;

    public override long ByteCount => base.ByteCount + _search.OwnByteCount;

    public override void Begin(SharedSlice slice)
    {
        base.Begin(slice);
        Deferrals.Slots.Clear();
        _journal.Begin(slice);
        _search.FlightSearch.Begin(slice.Clock);
        _search.FlightSearch.Confine(PlaneTerritory.Whole); // at the beginning of a slice no thread changes what all read
        BlockPartition partition = slice.Partition;
        (_firstPlane, _endPlane) = (partition.First(Number), partition.First(Number + 1));
        (_firstFarPlane, _endFarPlane) = partition.FarPlanes(Number);
        FindIn(_firstPlane, _endPlane);
    }

    /// <summary>The planes whose pairs this thread finds at the beginning of the slice.</summary>
    public void FindIn(int first, int end) => (_firstFoundPlane, _endFoundPlane) = (first, end);

    /// <summary>A slice begins: counts the records of some slots, which need not be the block's.</summary>
    public PlacementCounts CountRecords(in SliceClock clock, int first, int end, int* counts)
    {
        _search.Begin(clock);
        return _search.Sorter.Count<TSizes>(first, end, counts);
    }

    /// <summary>Room for what this thread will add to the records of all.</summary>
    public void ShareRecords(FlightRecords whole, int firstLinked, int linkedCount, int linkedMax) =>
        _search.Records.BeginShare(whole, firstLinked, linkedCount, linkedMax, seesOthers: false);

    /// <summary>Enters the records of some slots, and finds out to which block and strip each belongs.</summary>
    public void Enter(int first, int end, int* next)
    {
        const int Together = 1024; // slots whose flights are still in the cache
        for (int from = first; from < end; from += Together)
        {
            int to = Math.Min(from + Together, end);
            _search.Sorter.Enter<TSizes>(from, to, next);
            Assign(from, to);
        }
    }

    /// <summary>All first events are found.</summary>
    public void EndPlacement() => _search.FlightSearch.Confine(Slice.Partition.TerritoryOfBlock(Number));

    public override void End(EngineCounters counters)
    {
        base.End(counters);
        _search.Records.Unlink();
    }

    public override void Dispose()
    {
        base.Dispose();
        _search.DisposeOwn();
    }

    protected override bool FindPairs(ref int next)
    {
        int rows = Grid.Axes.RowCount / Grid.Axes.PlaneCount;
        return _search.FindPairs(ref next, _firstFoundPlane * rows, (_endFoundPlane - _firstFoundPlane) * rows);
    }

    // What may involve particles beyond a boundary is deferred.
    protected override void Moved(int slot, Int3 wrapped)
    {
        (int from, int to) = PlanesAround(slot, Clock.TauOf(Now), out FlightPath path);
        if (from < _firstFarPlane || to >= _endFarPlane)
        {
            if (from < _firstPlane || to >= _endPlane)
            {
                Deferrals.Defer(slot, Now);
                return;
            }

            EnterStrip(slot, Slice.Partition.StripOf[to >= _endFarPlane ? to : from]);
        }

        _search.Move(slot, path);
    }

    protected override void Follow(int slot, bool isDeferred)
    {
        if (!isDeferred)
        {
            Moved(slot, Int3.Zero); // as in the block's own node, which has not deferred it either
        }
    }

    protected override void PrefetchParticle(int slot) => new LatticePrefetch(_search, Members).PrefetchParticle(slot);

    protected override void Search(int slot, float low) => _search.FlightSearch.Search(slot, low);

    protected override bool SearchStaysInside(int slot, float low)
    {
        (int from, int to) = PlanesAround(slot, low, out FlightPath _);
        return from >= _firstPlane && to < _endPlane;
    }

    protected override void Prefetch() => PrefetchAhead(new LatticePrefetch(_search, Members));

    // The planes that a search of a flight from a moment on reads.
    private (int From, int To) PlanesAround(int slot, float low, out FlightPath path)
    {
        _search.Locate(slot, low, out path);
        _search.Lattice.CellsAround(path.Centre, path.Extent, out Vector128<int> first, out Vector128<int> last);
        return Grid.Axes.IsPlanar ? (first[1], last[1]) : (first[0], last[0]);
    }

    // A flight leads close to a boundary.
    private void EnterStrip(int slot, int strip)
    {
        if (Members.Blocks[slot].Strip < 0 && IsFar)
        {
            Members.Strips[slot] = StripMember.OfNewSlice;
        }

        Members.Blocks[slot].Strip = (sbyte)strip;
    }

    private void Assign(int first, int end)
    {
        ReadOnlySpan<BlockMember> ofPlanes = Slice.Partition.Members;
        double planesPerCell = 1.0 / Grid.CellsPerPlane;
        LatticeFlight* flights = _search.Lattice.Flights;
        for (int slot = first; slot < end; slot++)
        {
            int cell = flights[slot].Cell;
            if (cell != LatticeFlight.Split)
            {
                Members.Set(slot, ofPlanes[(int)((cell + 0.5) * planesPerCell)]);
            }
            else
            {
                AssignSplit(slot, ofPlanes);
            }
        }
    }

    // A flight that leads over a boundary has no events in either block.
    private void AssignSplit(int slot, ReadOnlySpan<BlockMember> ofPlanes)
    {
        BlockMember member = BlockMember.OfNoBlock;
        bool isOverBoundary = false;
        _search.PartsOf(slot, -1, _parts);
        foreach (FlightRecord part in _parts)
        {
            isOverBoundary |= member.Joins(ofPlanes[Grid.PlaneOf(part.Cell)]);
        }

        Members.Set(slot, member);
        if (isOverBoundary)
        {
            Deferrals.Defer(slot, Clock.Start);
        }
    }
}
