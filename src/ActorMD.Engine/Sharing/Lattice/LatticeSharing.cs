using ActorMD.Engine.Contacts;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lattice;

namespace ActorMD.Engine.Sharing.Lattice;

/// <summary>Several threads share the slices of a gas: records are counted and entered by ranges of slots, pairs found by layers of cells.</summary>
internal sealed unsafe class LatticeSharing<TSizes> : SharedSlices<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly LatticeSearch _search;
    private readonly LatticeBlock<TSizes>[] _blocks;
    private readonly LatticeStrip<TSizes>[] _strips;
    private BlockPartition _partition; // of the slice
    private int _linkedRoom; // of each worker's records; 0 until it is known

    /// <param name="parts">What it is made of.</param>
    /// <param name="search">Of the whole.</param>
    public LatticeSharing(SharedSlicesParts<TSizes> parts, LatticeSearch search)
        : base(parts, lengthShare: 1)
    {
        (_search, _partition) = (search, parts.Partition);
        _blocks = [.. Enumerable.Range(0, parts.Partition.Count).Select(k => new LatticeBlock<TSizes>(parts.WorkerOf(k), search.Share()))];
        LatticeBlockJournal[] journals = [.. _blocks.Select(b => b.EndedFlights)];
        _strips = [.. Enumerable.Range(0, parts.Partition.Count).Select(k => new LatticeStrip<TSizes>(parts.WorkerOf(k), search.Share(), journals))];
    }

    public override bool PlacesAnew => true;

    internal override IReadOnlyList<BlockWorker<TSizes>> Blocks => _blocks;

    internal override IReadOnlyList<StripWorker<TSizes>> Strips => _strips;

    public override void NoteOwnSlice()
    {
    }

    public override bool IsWorthwhile(double start, double until, int sliceCount)
    {
        if (!base.IsWorthwhile(start, until, sliceCount))
        {
            return false;
        }

        _linkedRoom = _linkedRoom > 0 ? _linkedRoom : 1024 + (ParticleCount / 2 + 2 * _search.Records.LinkedCountMax) / OwnBlockCount;
        return true;
    }

    internal override PlacementCounts Place(SharedSlice slice)
    {
        _partition = slice.Partition;
        int threads = Parts.Count;
        ShareRooms linked = Rooms(_linkedRoom);
        PlacementCounts counts = CountRecords(
            k => _blocks[k].CountRecords(slice.Clock, FirstSlot(k), FirstSlot(k + 1), CountsOf(k)), _search.Lattice.Starts);
        _search.Records.BeginShares(counts.Records, linked.Total);
        for (int k = 0; k < threads; k++)
        {
            _blocks[k].ShareRecords(_search.Records, linked.FirstOf(k), linked.Of(k), linked.Total);
            _strips[k].ShareRecords(_search.Records, linked.FirstOf(threads + k), linked.Of(threads + k), linked.Total);
            _blocks[k].Begin(slice);
            _strips[k].Begin(slice);
        }

        Parts.Run(k => _blocks[k].Enter(FirstSlot(k), FirstSlot(k + 1), CountsOf(k)));
        return counts;
    }

    internal override void EndPlacement()
    {
        foreach (LatticeBlock<TSizes> block in _blocks)
        {
            block.EndPlacement();
        }
    }

    internal override void FindOnlyFor(int block)
    {
        int below = (block + _blocks.Length - 1) % _blocks.Length; // its last plane has pairs with the first one of the block
        foreach (LatticeBlock<TSizes> worker in _blocks)
        {
            (int first, int end) = (_partition.First(worker.Number), _partition.First(worker.Number + 1));
            worker.FindIn(worker.Number == block ? first : worker.Number == below ? end - 1 : end, end);
        }
    }

    internal override void StartAfresh(bool needsRoom) => _linkedRoom += needsRoom ? _linkedRoom / 4 : 0;

    protected override void Close()
    {
    }
}
