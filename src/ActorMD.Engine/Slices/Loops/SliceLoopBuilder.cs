using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Sharing.Lattice;
using ActorMD.Engine.Sharing.Lists;
using ActorMD.Engine.Slices.LargeSpecies;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices.Loops;

/// <summary>Builds an event loop in time slices: chooses the search, and whether threads share its slices.</summary>
internal sealed unsafe class SliceLoopBuilder<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    // From these numbers of particles on, prefetching pays; below, everything is in the cache anyway.
    private const int PrefetchCountMin = 20_000, PrefetchCountMinWithLists = 50_000;

    // Fewer particles are not worth sharing; but if a depth is asked for, threads are wanted even if they do not pay.
    private const int SharedCountMin = 20_000;

    // In layers of cells. Strips become deeper after slices that had to be rolled back.
    private const int FluidStripDepth = 4, GasStripDepth = 3, StripDepthMax = 6;

    // Room for half as many events as there are particles: a slice of a fluid has a third, and where there are more the queue grows.
    private const int EventShare = 2;

    private readonly Gas _gas;
    private readonly ParticleStore _store;
    private readonly SlicePlan _plan;
    private readonly EventTally _tally;
    private readonly EngineCounters _counters;
    private readonly SearchSettings _settings;
    private readonly LawTables _laws;
    private readonly SliceGrid _grid;
    private readonly SliceLength _length;
    private readonly TSizes _sizes;
    private readonly bool _prefetches;
    private int? _ownBlock; // the one that runs here; null if all do

    /// <param name="gas">What is simulated: no open sides.</param>
    /// <param name="store">The particles.</param>
    /// <param name="plan">Cells and slices.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    /// <param name="settings">Threads that share slices.</param>
    public SliceLoopBuilder(Gas gas, ParticleStore store, SlicePlan plan, EventTally tally, EngineCounters counters, SearchSettings settings)
    {
        (_gas, _store, _plan, _tally, _counters, _settings) = (gas, store, plan, tally, counters, settings);
        _laws = new LawTables(gas);
        _grid = new SliceGrid(gas, plan);
        _length = new SliceLength(_grid, plan);
        _sizes = TSizes.Create(_laws.Contacts, gas.Kinds.Length);
        _prefetches = Sse.IsSupported && store.Capacity >= (plan.KeepsNeighbors ? PrefetchCountMinWithLists : PrefetchCountMin);
    }

    /// <summary>Slices that are shared with others who are not here: of the blocks one runs here, and the strip above it.</summary>
    /// <param name="count">Number of blocks.</param>
    /// <param name="own">The one that runs here.</param>
    /// <exception cref="InvalidOperationException">There is no room for so many.</exception>
    public OwnBlockParts<TSizes> BuildBlock(int count, int own)
    {
        _ownBlock = own;
        BlockPartition partition = BlockPartition.For(_grid.Axes.PlaneCount, _grid.Axes.Across.IsPeriodic, count, StripDepth)
            ?? throw new InvalidOperationException("too few layers of cells for these blocks");
        SharedSlices<TSizes> sharing;
        SearchOfAll search;
        if (_plan.KeepsNeighbors)
        {
            NeighborListSearch<TSizes> lists = new(_grid, _plan, _store, _prefetches);
            ByLists<TSizes> spheres = new(lists, _store);
            sharing = new ListSharing<TSizes>(SharedParts(partition, spheres.ContactUnit), lists);
            search = Of(spheres, lists.Spheres.ForgetSphere);
        }
        else
        {
            LatticeSearch lattice = new(_gas, _grid, _plan, _store, _prefetches);
            ByLattice<TSizes> flights = new(lattice);
            sharing = new LatticeSharing<TSizes>(SharedParts(partition, flights.ContactUnit), lattice);
            search = Of(flights, _ => { });
        }

        return new OwnBlockParts<TSizes>(partition, sharing, search, _length, _laws);
    }

    /// <param name="time">All events up to here are done.</param>
    public ISliceEventLoop Build(double time)
    {
        if (_plan.KeepsNeighbors)
        {
            NeighborListSearch<TSizes> lists = new(_grid, _plan, _store, _prefetches);
            return Build(time, new ByLists<TSizes>(lists, _store), () => new SmallSphereSearch(lists.Records, lists.Spheres.Starts), parts => new ListSharing<TSizes>(parts, lists));
        }

        LatticeSearch lattice = new(_gas, _grid, _plan, _store, _prefetches);
        return Build(
            time,
            new ByLattice<TSizes>(lattice),
            () => new SmallFlightSearch(_grid.Axes, lattice.Records, lattice.Lattice.Starts),
            parts => new LatticeSharing<TSizes>(parts, lattice));
    }

    private SliceEventLoop<TSearch, TSizes> Build<TSearch>(
        double time, TSearch search, Func<SmallSearch> smallSearch, Func<SharedSlicesParts<TSizes>, SliceSharing> sharing)
        where TSearch : struct, ISliceSearch
    {
        (SliceQueue queue, TupleTable? tuples) = NewQueue(search.ContactUnit);
        LargeSearch<TSizes>? large = TSizes.HasLarge ? new LargeSearch<TSizes>(_gas, _plan.Split, _store, _sizes, _grid, smallSearch(), queue, _counters) : null;
        SliceLoopParts<TSearch, TSizes> parts = new()
        {
            Laws = _laws,
            Store = _store,
            Grid = _grid,
            Length = _length,
            Queue = queue,
            Search = search,
            Times = new ContactTimes<TSizes>(_grid, _sizes, _store.Particles, search.ContactUnit),
            Prefetches = _prefetches,
            Sharing = PartitionIfWorthwhile() is { } partition ? sharing(SharedParts(partition, search.ContactUnit)) : NoSharing.Instance,
            Large = large,
            Tuples = tuples,
        };
        return new SliceEventLoop<TSearch, TSizes>(parts, time, _tally, _counters);
    }

    // A queue of events, and the tuples that it may hold.
    private (SliceQueue Queue, TupleTable? Tuples) NewQueue(double contactUnit)
    {
        TupleTable? tuples = null;
        SliceQueue queue = new(_store.Ids, index => tuples!.MembersOf(index), _store.Capacity / EventShare / _settings.Team.Count);
        tuples = _gas.Zones.IsEmpty ? null : new TupleTable(_gas, _grid, _store, queue, contactUnit, _counters.Abort);
        return (queue, tuples);
    }

    // As deep as there is room for; of nodes all the same.
    private int StripDepth => _settings.StripDepth ?? (_plan.KeepsNeighbors ? StripDepthMax : GasStripDepth);

    private static SearchOfAll Of<TSearch>(TSearch search, Action<int> forgetSphere)
        where TSearch : struct, ISliceSearch =>
        new(search, () => search.Renumber(WorkParts.One), forgetSphere);

    // Blocks for the threads of the team, if the grid has room for them.
    private BlockPartition? PartitionIfWorthwhile()
    {
        int threads = _settings.Team.Count;
        bool isShared = threads > 1 && !TSizes.HasLarge && (_store.Count >= SharedCountMin || _settings.StripDepth is not null);
        int planes = _grid.Axes.PlaneCount;
        int chosen = _plan.KeepsNeighbors ? Math.Clamp(planes / (2 * threads), FluidStripDepth, StripDepthMax) : GasStripDepth;
        int depth = _settings.StripDepth ?? chosen;
        return isShared ? BlockPartition.For(planes, _grid.Axes.Across.IsPeriodic, threads, depth) : null;
    }

    private SharedSlicesParts<TSizes> SharedParts(BlockPartition partition, double contactUnit)
    {
        Membership members = new(_store.Capacity);
        return new SharedSlicesParts<TSizes>
        {
            Gas = _gas,
            Team = _settings.Team,
            Store = _store,
            Grid = _grid,
            Length = _length,
            Tally = _tally,
            Counters = _counters,
            Partition = partition,
            StripDepthMax = _settings.StripDepth ?? StripDepthMax,
            Members = members,
            OwnBlock = _ownBlock,
            WorkerOf = number =>
            {
                (SliceQueue queue, TupleTable? tuples) = NewQueue(contactUnit);
                return new WorkerParts<TSizes>
                {
                    Number = number,
                    Laws = _laws,
                    Store = _store,
                    Grid = _grid,
                    Sizes = _sizes,
                    ContactUnit = contactUnit,
                    Prefetches = _prefetches,
                    Members = members,
                    Queue = queue,
                    Tuples = tuples,
                    EventLog = new SliceEventLog(_store),
                    Stretches = new SliceStretches(_gas, _store),
                };
            },
        };
    }
}
