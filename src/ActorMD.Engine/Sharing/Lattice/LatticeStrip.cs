using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Lattice;

/// <summary>A strip of a gas: the flights that blocks have ended in it are sorted by cell.</summary>
internal sealed unsafe class LatticeStrip<TSizes> : StripWorker<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly LatticeSearch _search;
    private readonly LatticeBlockJournal[] _journals;
    private readonly EndedFlightIndex _ended;
    private readonly NearBuffer _near = new();
    private PlaneTerritory _territory;
    private int _firstPlane; // of the strip, which may go on at the beginning of the grid
    private int _planeCount;

    /// <param name="parts">What it is made of.</param>
    /// <param name="search">Of this thread.</param>
    /// <param name="journals">The events of every block.</param>
    public LatticeStrip(in WorkerParts<TSizes> parts, LatticeSearch search, LatticeBlockJournal[] journals)
        : base(parts, search.Contacts)
    {
        (_search, _journals) = (search, journals);
        _ended = new EndedFlightIndex(parts.Grid.Axes.CellCount);
    }

    public override long ByteCount => base.ByteCount + _search.OwnByteCount + _ended.ByteCount + _near.ByteCount;

    public override void Begin(SharedSlice slice)
    {
        base.Begin(slice);
        _territory = slice.Partition.TerritoryOfStrip(Number);
        (_firstPlane, _planeCount) = (slice.Partition.FirstOfStrip(Number), 2 * slice.Partition.Depth);
        _search.Begin(slice.Clock);
        _search.FlightSearch.Begin(slice.Clock);
        _search.FlightSearch.Confine(_territory);
    }

    /// <summary>Room for what this thread will add to the records of all.</summary>
    public void ShareRecords(FlightRecords whole, int firstLinked, int linkedCount, int linkedMax) =>
        _search.Records.BeginShare(whole, firstLinked, linkedCount, linkedMax, seesOthers: true);

    public override void End(EngineCounters counters)
    {
        base.End(counters);
        _search.Records.Unlink();
    }

    public override void Dispose()
    {
        base.Dispose();
        _search.DisposeOwn();
        _ended.Dispose();
        _near.Dispose();
    }

    // What the blocks on both sides have ended in the strip.
    protected override void BeginEvents()
    {
        int cells = Grid.CellsPerPlane;
        _ended.Sort(_firstPlane * cells, _planeCount * cells, _journals[Number], _journals[(Number + 1) % _journals.Length]);
        _near.Reserve(_ended.Count, FlightTest.Lanes, 0);
    }

    protected override void Moved(int slot, Int3 wrapped)
    {
        _search.Locate(slot, Clock.TauOf(Now), out FlightPath path);
        _search.Lattice.CellsAround(path.Centre, path.Extent, out Vector128<int> low, out Vector128<int> high);
        (int from, int to) = Grid.Axes.IsPlanar ? (low[1], high[1]) : (low[0], high[0]);
        int count = Grid.Axes.PlaneCount, first = (from - _firstPlane) % count;
        if ((first < 0 ? first + count : first) + to - from >= _planeCount)
        {
            throw new SharingConflictException("a flight reaches out of a strip");
        }

        _search.Move(slot, path);
    }

    protected override void Search(int slot, float low)
    {
        _search.Locate(slot, low, out FlightPath path);
        FlightParts.Visit(_search.Lattice, slot, path.Position, path.Flight, low, new EndedFlightVisitor(this));
        _search.FlightSearch.Search(slot, low);
    }

    protected override void Prefetch() => PrefetchAhead(new LatticePrefetch(_search, Members));

    // The flights in some cells that a block has ended after the present moment.
    private void CheckEndedFlights(in FlightPart part, Vector128<short> centre, Vector128<int> low, Vector128<int> high)
    {
        _territory.Check(Grid.Axes, low, high);
        CellRange cells = new(Grid.Axes, low, high);
        NearGroup* end = FlightBoxes.Collect(
            _ended.Numbers, _ended.Stride, _ended.StartOf(cells.First), cells, centre, part.Limit, _near.First);
        if (end == _near.First)
        {
            return;
        }

        SweptSphere own;
        Grid.Sweep(Particles + part.Slot, Clock, &own);
        for (NearGroup* group = _near.First; group < end; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                IndexedFlight* flight = _ended.Flights + group->Record + BitOperations.TrailingZeroCount(lanes);
                if (flight->End >= Now)
                {
                    BlockJournal journal = _journals[flight->Block];
                    CheckEndedFlight(part.Slot, own, journal, journal.Flight(flight->Number));
                }
            }
        }
    }

    private readonly struct EndedFlightVisitor(LatticeStrip<TSizes> strip) : IFlightPartVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit(in FlightPart part, Vector128<short> centre, Vector128<int> low, Vector128<int> high) =>
            strip.CheckEndedFlights(part, centre, low, high);
    }
}
