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
    private int _linkedRoom; // of each worker's records; 0 until it is known

    /// <param name="parts">What it is made of.</param>
    /// <param name="search">Of the whole.</param>
    public LatticeSharing(SharedSlicesParts<TSizes> parts, LatticeSearch search)
        : base(parts, lengthShare: 1)
    {
        _search = search;
        _blocks = [.. Enumerable.Range(0, parts.Partition.Count).Select(k => new LatticeBlock<TSizes>(parts.WorkerOf(k), search.Share()))];
        LatticeBlockJournal[] journals = [.. _blocks.Select(b => b.EndedFlights)];
        _strips = [.. Enumerable.Range(0, parts.Partition.Count).Select(k => new LatticeStrip<TSizes>(parts.WorkerOf(k), search.Share(), journals))];
    }

    public override bool PlacesAnew => true;

    protected override IReadOnlyList<BlockWorker<TSizes>> Blocks => _blocks;

    protected override IReadOnlyList<StripWorker<TSizes>> Strips => _strips;

    public override void NoteOwnSlice()
    {
    }

    public override bool IsWorthwhile(double start, double until, int sliceCount)
    {
        if (!base.IsWorthwhile(start, until, sliceCount))
        {
            return false;
        }

        _linkedRoom = _linkedRoom > 0 ? _linkedRoom : 1024 + (ParticleCount / 2 + 2 * _search.Records.LinkedCountMax) / Parts.Count;
        return true;
    }

    protected override PlacementCounts Place(SharedSlice slice)
    {
        int threads = Parts.Count, linkedMax = 2 * threads * _linkedRoom;
        PlacementCounts counts = CountRecords(
            k => _blocks[k].CountRecords(slice.Clock, FirstSlot(k), FirstSlot(k + 1), CountsOf(k)), _search.Lattice.Starts);
        _search.Records.BeginShares(counts.Records, linkedMax);
        for (int k = 0; k < threads; k++)
        {
            _blocks[k].ShareRecords(_search.Records, k * _linkedRoom, _linkedRoom, linkedMax);
            _strips[k].ShareRecords(_search.Records, (threads + k) * _linkedRoom, _linkedRoom, linkedMax);
            _blocks[k].Begin(slice);
            _strips[k].Begin(slice);
        }

        Parts.Run(k => _blocks[k].Enter(FirstSlot(k), FirstSlot(k + 1), CountsOf(k)));
        return counts;
    }

    protected override void EndPlacement()
    {
        foreach (LatticeBlock<TSizes> block in _blocks)
        {
            block.EndPlacement();
        }
    }

    protected override void MakeMoreRoom() => _linkedRoom += _linkedRoom / 4;

    protected override void Close()
    {
    }
}
