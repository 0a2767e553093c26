using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary><see cref="NeighborListSearch{TSizes}"/> as the search of an event loop.</summary>
/// <param name="search">The search.</param>
/// <param name="store">The particles.</param>
internal readonly unsafe struct ByLists<TSizes>(NeighborListSearch<TSizes> search, ParticleStore store) : ISliceSearch
    where TSizes : struct, IContactDistances<TSizes>
{
    public static bool PrefetchesInSteps => false;

    public ContactBuffer Contacts => search.Contacts;

    public double ContactUnit => search.Spheres.Fixed.LookUnit * search.Spheres.Grid.Axes.Unit;

    public long ByteCount => search.ByteCount;

    public bool MayKeepPlacement => search.Lifetime.IsGood(store.Count);

    public PlacementCounts KeepPlacement(in SliceClock clock)
    {
        PlacementCounts counts = search.Keep(clock);
        search.Lifetime.Kept();
        return counts;
    }

    public PlacementCounts Place(in SliceClock clock) => search.Sort(clock);

    public void EndPlacement() => search.MakeLists();

    public bool FindPairs(ref int next) => search.FindPairs(ref next, store.Count);

    public void Move(int slot, float low) => search.Move(slot, low);

    public void Search(int slot, float low) => search.Search(slot, low);

    public void Renumber(WorkParts parts) => search.Renumber(parts);

    public void PrefetchParticle(int slot) => search.PrefetchParticle(slot);

    public void PrefetchRecords(SliceEvent* entry)
    {
    }

    public void PrefetchNeighbors(SliceEvent* entry)
    {
        Particle* particles = store.Particles;
        if (entry->Partner >= 0 && particles[entry->Slot].Stamp + particles[entry->Partner].Stamp == entry->Stamps)
        {
            search.PrefetchNeighbors(entry->Slot);
            search.PrefetchNeighbors(entry->Partner);
        }
    }

    public void Dispose() => search.Dispose();
}
