using ActorMD.Engine.Contacts;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary><see cref="LatticeSearch"/> as the search of an event loop.</summary>
/// <param name="search">The search.</param>
internal readonly unsafe struct ByLattice<TSizes>(LatticeSearch search) : ISliceSearch
    where TSizes : struct, IContactDistances<TSizes>
{
    public static bool PrefetchesInSteps => true;

    public ContactBuffer Contacts => search.Contacts;

    public double ContactUnit => search.Lattice.Grid.Axes.Unit;

    public long ByteCount => search.ByteCount;

    public bool MayKeepPlacement => false;

    public PlacementCounts KeepPlacement(in SliceClock clock) => throw new InvalidOperationException("every slice places all flights anew");

    public PlacementCounts Place(in SliceClock clock) => search.Sort<TSizes>(clock);

    public void EndPlacement()
    {
    }

    public bool FindPairs(ref int next) => search.FindPairs(ref next, 0, search.Lattice.Grid.Axes.RowCount);

    public void Move(int slot, float low)
    {
        search.Locate(slot, low, out FlightPath path);
        search.Move(slot, path);
    }

    public void Search(int slot, float low) => search.FlightSearch.Search(slot, low);

    public void Renumber(WorkParts parts) => search.Renumber<TSizes>(parts);

    public void PrefetchParticle(int slot) => search.PrefetchParticle(slot);

    public void PrefetchRecords(SliceEvent* entry) => search.PrefetchStarts(entry->Slot);

    public void PrefetchNeighbors(SliceEvent* entry) => search.PrefetchRecords(entry->Slot);

    public void Dispose() => search.Dispose();
}
