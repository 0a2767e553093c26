using ActorMD.Engine.Contacts;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Sharing.Lists;

/// <summary>Several threads share the slices of a fluid: flights are set by ranges of slots, spheres move and lists are made by layers of cells.</summary>
internal sealed unsafe class ListSharing<TSizes> : SharedSlices<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private const double ShareOfLength = 0.7; // what is left to strips grows with the square of a slice's length
    private const double CostOfListsAlone = 0.2, CostOfListsShared = 0.1; // see ListLifetime.CostOfLists

    // Some five times the spheres that lists outlive, and the lines that these need. Where it is not enough, a slice is void once.
    private const int LinkedShare = 8, LineShare = 32;

    private readonly NeighborListSearch<TSizes> _search;
    private readonly ListBlock<TSizes>[] _blocks;
    private readonly ListStrip<TSizes>[] _strips;
    private readonly ListShare<TSizes>[] _shares; // of blocks, then of strips
    private int _linkedRoom; // of each worker's records; 0 until it is known
    private int _lineRoom; // of each worker's lists
    private bool _areMembersKnown; // blocks and strips are those of today's spheres, but where spheres have moved in the last slice

    /// <param name="parts">What it is made of.</param>
    /// <param name="search">Of the whole.</param>
    public ListSharing(SharedSlicesParts<TSizes> parts, NeighborListSearch<TSizes> search)
        : base(parts, ShareOfLength)
    {
        _search = search;
        _blocks = [.. Enumerable.Range(0, parts.Partition.Count).Select(k => new ListBlock<TSizes>(parts.WorkerOf(k), search))];
        _strips = [.. Enumerable.Range(0, parts.Partition.Count).Select(k => new ListStrip<TSizes>(parts.WorkerOf(k), search))];
        _shares = [.. _blocks.Select(b => (ListShare<TSizes>)b.Share), .. _strips.Select(s => s.Share)];
        search.Lifetime.CostOfLists = CostOfListsShared;
    }

    public override bool PlacesAnew => !(_search.Lifetime.IsGood(ParticleCount) && _search.Lifetime.HasShares);

    internal override IReadOnlyList<BlockWorker<TSizes>> Blocks => _blocks;

    internal override IReadOnlyList<StripWorker<TSizes>> Strips => _strips;

    public override void NoteOwnSlice() => _areMembersKnown = false;

    public override bool IsWorthwhile(double start, double until, int sliceCount)
    {
        if (!base.IsWorthwhile(start, until, sliceCount))
        {
            return false;
        }

        if (_linkedRoom == 0)
        {
            int more = _search.Lists.MoreCount > 0 ? (int)(1.2 * _search.Lists.MoreCount) : ParticleCount / 3; // not known before the first lists
            _linkedRoom = 1024 + ParticleCount / LinkedShare / OwnBlockCount;
            _lineRoom = 1024 + (ParticleCount / LineShare + more) / OwnBlockCount;
        }

        return true;
    }

    internal override PlacementCounts Place(SharedSlice slice)
    {
        PlacementCounts counts = PlacesAnew ? MakeLists(slice) : KeepLists(slice);
        TakeOver(); // what one thread has added alone may have moved them in memory
        for (int k = 0; k < _blocks.Length; k++)
        {
            _blocks[k].Begin(slice);
            _strips[k].Begin(slice);
            _blocks[k].TakeSlots(FirstSlot(k), FirstSlot(k + 1));
        }

        return counts;
    }

    protected override void EndSlice()
    {
        foreach (ListShare<TSizes> share in _shares)
        {
            _search.Lifetime.MoveCount += share.Search.Lifetime.MoveCount;
            share.Search.Lifetime.MoveCount = 0;
        }
    }

    internal override void PlaceAnew() => _search.Lifetime.End();

    internal override void FindOnlyFor(int block)
    {
        foreach (ListBlock<TSizes> worker in _blocks)
        {
            worker.TakeOwn(worker.Number == block ? ParticleCount : 0);
        }
    }

    internal override void StartAfresh(bool needsRoom)
    {
        _linkedRoom += needsRoom ? _linkedRoom : 0;
        _lineRoom += needsRoom ? _lineRoom : 0;
        _search.Lifetime.End(); // lists are made anew
    }

    protected override void Close() => _search.Lifetime.CostOfLists = CostOfListsAlone;

    private void TakeOver()
    {
        foreach (ListShare<TSizes> share in _shares)
        {
            share.TakeOver(_search.Records);
        }
    }

    private void BeginShares(SharedSlice slice)
    {
        foreach (ListShare<TSizes> share in _shares)
        {
            share.Begin(slice, _search.Records);
        }

        foreach (ListBlock<TSizes> block in _blocks)
        {
            block.Deferrals.Slots.Clear();
        }
    }

    // The lists of the last slice serve again: spheres that flights would leave move, of blocks first, then those close to boundaries.
    private PlacementCounts KeepLists(SharedSlice slice)
    {
        TakeOver();
        _search.Lifetime.BeginSlice();
        _search.Begin(slice.Clock, _search.Records.SortedCount, _search.Records.Count - _search.Records.SortedCount);
        Parts.Run(k =>
        {
            _blocks[k].Share.EndLastSlice(slice.Partition);
            _strips[k].Share.EndLastSlice(slice.Partition);
        });
        BeginShares(slice);
        bool areMembersKnown = _areMembersKnown;
        Parts.Run(k => _blocks[k].Share.SetFlights(FirstSlot(k), FirstSlot(k + 1), areMembersKnown));
        _areMembersKnown = true;
        Parts.Run(k =>
        {
            foreach (ListBlock<TSizes> block in _blocks)
            {
                _blocks[k].Share.MoveOwnSpheres(block.Share.Movers);
            }
        });
        Parts.Run(k =>
        {
            foreach (ListBlock<TSizes> block in _blocks)
            {
                _strips[k].Share.MoveOwnSpheres(block.Share.MovesLeft);
            }
        });
        PlacementCounts counts = MoveLeftSpheres();
        EndSlice();
        _search.Lifetime.Kept();
        return counts;
    }

    // The spheres that no worker could move alone.
    private PlacementCounts MoveLeftSpheres()
    {
        int split = 0;
        float widest = Grid.Cap;
        foreach (int slot in _strips.SelectMany(strip => strip.Share.MovesLeft))
        {
            float radius = _search.MoveSphere(slot, -1);
            if (_search.Spheres.HasNoSphere(slot))
            {
                widest = Math.Max(widest, radius);
                split++;
            }

            _blocks[0].Share.TakeOver(_search.Records);
            _blocks[0].Share.Assign(slot);
        }

        return new PlacementCounts(widest, _search.Records.Count, split);
    }

    // New lists: pairs inside of blocks first, then those of a block's last layer with the next block.
    private PlacementCounts MakeLists(SharedSlice slice)
    {
        ShareRooms linked = Rooms(_linkedRoom), lines = Rooms(_lineRoom);
        PlacementCounts counts = CountRecords(
            k => _blocks[k].Share.Search.Sorter.Count(slice.Clock, FirstSlot(k), FirstSlot(k + 1), CountsOf(k)), _search.Spheres.Starts);
        _search.Lifetime.Begin();
        _search.Lifetime.HasShares = true;
        _search.Records.BeginShares(counts.Records, linked.Total);
        _search.Begin(slice.Clock, counts.Records, linked.Total);
        for (int k = 0; k < _shares.Length; k++)
        {
            _shares[k].Search.Records.BeginShare(_search.Records, linked.FirstOf(k), linked.Of(k));
        }

        BeginShares(slice);
        Parts.Run(k =>
        {
            _blocks[k].Share.Search.Sorter.Enter(FirstSlot(k), FirstSlot(k + 1), CountsOf(k));
            _blocks[k].Share.AssignSorted(FirstSlot(k), FirstSlot(k + 1));
        });
        _search.Lists.BeginShares(lines.Total); // in the memory of the sorted spheres
        for (int k = 0; k < _shares.Length; k++)
        {
            _shares[k].Search.Lists.BeginShare(lines.FirstOf(k), lines.Of(k));
        }

        Parts.Run(k => _blocks[k].Share.Search.ClearLists(FirstSlot(k), FirstSlot(k + 1)));
        _areMembersKnown = true;
        BlockPartition partition = slice.Partition;
        Parts.Run(k => FindPairs(k, partition, partition.First(k), partition.First(k + 1) - 1));
        Parts.Run(k => FindPairs(k, partition, partition.First(k + 1) - 1, partition.First(k + 1)));
        foreach (ListBlock<TSizes> block in _blocks)
        {
            foreach ((int slot, int other) in block.Share.LatePairs)
            {
                _search.Lists.AddNew(slot, other);
            }
        }

        return counts;
    }

    // A node makes the lists of its block and strip only, and those of its block's neighbours below.
    private void FindPairs(int block, BlockPartition partition, int first, int end)
    {
        for (int plane = first; plane < end; plane++)
        {
            int above = plane + 1 < partition.BlockOf.Length ? plane + 1 : 0;
            if (OwnBlock is not { } own || block == own || partition.StripOf[plane] == own || partition.BlockOf[above] == own)
            {
                _blocks[block].Share.Search.PairFinder.Find(plane, plane + 1);
            }
        }
    }
}
