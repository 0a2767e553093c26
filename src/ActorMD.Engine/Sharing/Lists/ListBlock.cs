using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Lists;

/// <summary>A block of a fluid, whose particles have lists of neighbours.</summary>
/// <remarks>
/// It defers a particle only if what is left of its flight leads close to the Verlet sphere of a neighbour across the boundary: a
/// particle that leaves such a sphere is the strip's, and the strip looks for the flights that ended later.
/// </remarks>
internal sealed unsafe class ListBlock<TSizes> : BlockWorker<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly NeighborListSearch<TSizes> _search;
    private int _firstSlot, _endSlot; // whose pairs this thread finds at the beginning of a slice
    private bool _findsOnlyOwn; // of them only those that a particle of this block may be a part of

    /// <param name="parts">What it is made of.</param>
    /// <param name="whole">The search of all threads.</param>
    public ListBlock(in WorkerParts<TSizes> parts, NeighborListSearch<TSizes> whole)
        : this(parts, new Deferrals(parts.Members), whole)
    {
    }

    private ListBlock(in WorkerParts<TSizes> parts, Deferrals deferrals, NeighborListSearch<TSizes> whole)
        : this(parts, deferrals, new BlockListShare<TSizes>(parts.Number, whole, parts.Store, parts.Members, deferrals))
    {
    }

    private ListBlock(in WorkerParts<TSizes> parts, Deferrals deferrals, BlockListShare<TSizes> share)
        : base(parts, share.Search.Contacts, new BlockJournal(parts.Store, parts.Members, parts.EventLog, parts.Stretches), deferrals) =>
        (Share, _search) = (share, share.Search);

    /// <summary>Its part in the lists.</summary>
    public BlockListShare<TSizes> Share { get; }

    public override long ByteCount => base.ByteCount + _search.OwnByteCount;

    /// <summary>Whose pairs this thread finds at the beginning of the slice.</summary>
    public void TakeSlots(int first, int end) => (_firstSlot, _endSlot, _findsOnlyOwn) = (first, end, false);

    /// <summary>This thread finds all pairs at the beginning of the slice in which particles of this block take part.</summary>
    public void TakeOwn(int end) => (_firstSlot, _endSlot, _findsOnlyOwn) = (0, end, true);

    public override void Dispose()
    {
        base.Dispose();
        _search.DisposeOwn();
    }

    protected override bool FindPairs(ref int next)
    {
        int slot = _firstSlot + next, end = _endSlot;
        if (_findsOnlyOwn)
        {
            slot = FirstConcerned(slot, true);
            end = FirstConcerned(slot, false);
        }

        _search.FindPairs(ref slot, end);
        next = slot - _firstSlot;
        return slot < _endSlot;
    }

    protected override void Moved(int slot, Int3 wrapped)
    {
        float low = Clock.TauOf(Now);
        bool staysInSphere = _search.SetFlight(slot, low);
        if (IsFar)
        {
            if (!staysInSphere)
            {
                Share.MoveSphere(slot, low, keepsOld: false);
            }
        }
        else if (Members.Blocks[slot].IsBorder && (!staysInSphere || MayMeetAcross(slot, low)))
        {
            Deferrals.Defer(slot, Now);
        }
        else if (!staysInSphere)
        {
            Share.MoveSphere(slot, low, keepsOld: Members.Blocks[slot].Strip >= 0);
        }
    }

    protected override void Follow(int slot, bool isDeferred)
    {
        float low = Clock.TauOf(Now);
        if (!_search.SetFlight(slot, low) && !isDeferred)
        {
            Share.MoveSphere(slot, low, keepsOld: !IsFar && Members.Blocks[slot].Strip >= 0);
        }
    }

    protected override void PrefetchParticle(int slot) => PrefetchParticle(slot, _search);

    protected override void Search(int slot, float low) => _search.Search(slot, low);

    protected override bool SearchStaysInside(int slot, float low) => true; // its list is its own

    protected override void EnterContacts() => Times.Enter(Contacts, new OwnTarget(this));

    protected override void Prefetch() => PrefetchAhead(new ListPrefetch(this));

    // The first particle from a slot on that may, or may not, have a pair with one of this block. Not many are looked at: pairs soon end a
    // stretch.
    private int FirstConcerned(int slot, bool isConcerned)
    {
        const int LookedAt = 256;
        int end = isConcerned ? _endSlot : Math.Min(slot + LookedAt, _endSlot);
        while (slot < end && (Members.Blocks[slot].Block == Number || Members.Blocks[slot].IsBorder) != isConcerned)
        {
            slot++;
        }

        return slot;
    }

    // Whether what is left of a particle's flight leads close to the Verlet sphere of a neighbour in another block.
    private bool MayMeetAcross(int slot, float low)
    {
        VerletSpheres<TSizes> spheres = _search.Spheres;
        NeighborLists lists = _search.Lists;
        Vector128<int> place = default;
        Vector128<float> way = default;
        float reachSquared = -1;
        for (int* line = lists.First(slot); line != null; line = lists.Next(line))
        {
            for (int k = 0; k < NeighborLists.LineEntries; k++)
            {
                int other = line[k] >> NeighborLists.EntryShift;
                if (Members.Blocks[other].Block == Number)
                {
                    continue;
                }

                if (reachSquared < 0)
                {
                    SweptSphere flight;
                    Grid.Sweep(Particles + slot, Clock, &flight);
                    place = Vector128.Load(&spheres.Flights[slot].X);
                    way = Vector128.Create(flight.U, flight.V, flight.W, 0) * (0.5f * (1 + low));
                    float reach = spheres.RestOf(flight, Particles + slot, low).R + Grid.Cap;
                    reachSquared = reach * reach;
                }

                VerletSphere* sphere = spheres.Spheres + other;
                Vector128<float> offset = Vector128.ConvertToSingle(place - Vector128.Load(&sphere->X)) * spheres.Fixed.Lengths + way;
                if (spheres.HasNoSphere(other) || Vector128.Dot(offset, offset) <= reachSquared)
                {
                    return true;
                }
            }
        }

        return false;
    }

    // A neighbour across a boundary is not met: the particle would have been deferred.
    private readonly struct OwnTarget(ListBlock<TSizes> block) : IContactTarget
    {
        public void Enter(double time, int slot, int other)
        {
            if (block.IsFar || block.Members.AreOf(block.Number, slot, other))
            {
                block.Queue.Enter(time, slot, other, block.Particles[slot].Stamp + block.Particles[other].Stamp);
            }
        }
    }

    private readonly struct ListPrefetch(ListBlock<TSizes> block) : IPrefetchTarget
    {
        public static bool HasMiddle => true;

        public void PrefetchParticle(int slot) => block.PrefetchParticle(slot, block._search);

        public void PrefetchRecords(SliceEvent* entry)
        {
            block.PrefetchStripMember(entry->Slot);
            block.PrefetchStripMember(Math.Max(entry->Partner, 0));
        }

        public void PrefetchNeighbors(SliceEvent* entry)
        {
            if (entry->Partner >= 0 && block.Particles[entry->Slot].Stamp + block.Particles[entry->Partner].Stamp == entry->Stamps)
            {
                block._search.PrefetchNeighbors(entry->Slot);
                block._search.PrefetchNeighbors(entry->Partner);
            }
        }
    }
}
