using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lattice;

namespace ActorMD.Engine.Sharing.Lattice;

/// <summary>What the events of a block or strip of a gas will read.</summary>
/// <param name="search">Of the thread.</param>
/// <param name="members">Blocks and strips.</param>
internal readonly unsafe struct LatticePrefetch(LatticeSearch search, Membership members) : IPrefetchTarget
{
    public static bool HasMiddle => true;

    public void PrefetchParticle(int slot)
    {
        search.PrefetchParticle(slot);
        Sse.Prefetch0(members.Blocks + slot);
    }

    public void PrefetchRecords(SliceEvent* entry)
    {
        search.PrefetchStarts(entry->Slot);
        PrefetchStrip(entry->Slot);
        PrefetchStrip(Math.Max(entry->Partner, 0));
    }

    public void PrefetchNeighbors(SliceEvent* entry) => search.PrefetchRecords(entry->Slot);

    private void PrefetchStrip(int slot)
    {
        if (members.Blocks[slot].Strip >= 0)
        {
            Sse.Prefetch0(members.Strips + slot);
        }
    }
}
