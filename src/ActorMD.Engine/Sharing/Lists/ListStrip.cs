using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Lists;

/// <summary>A strip of a fluid: the flights that blocks have ended are found by the lists of neighbours.</summary>
internal sealed unsafe class ListStrip<TSizes> : StripWorker<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly NeighborListSearch<TSizes> _search;

    /// <param name="parts">What it is made of.</param>
    /// <param name="whole">The search of all threads.</param>
    public ListStrip(in WorkerParts<TSizes> parts, NeighborListSearch<TSizes> whole)
        : this(parts, new StripListShare<TSizes>(parts.Number, whole, parts.Store, parts.Members))
    {
    }

    private ListStrip(in WorkerParts<TSizes> parts, StripListShare<TSizes> share)
        : base(parts, share.Search.Contacts) => (Share, _search) = (share, share.Search);

    /// <summary>Its part in the lists.</summary>
    public StripListShare<TSizes> Share { get; }

    public override ReadOnlySpan<int> MovedSpheres => Share.MovedSlots;

    public override long ByteCount => base.ByteCount + _search.OwnByteCount;

    public override void Dispose()
    {
        base.Dispose();
        _search.DisposeOwn();
    }

    protected override void BeginEvents()
    {
    }

    protected override void Moved(int slot, Int3 wrapped)
    {
        float low = Clock.TauOf(Now);
        if (!_search.SetFlight(slot, low))
        {
            Share.MoveSphere(slot, low, keepsOld: false);
        }
    }

    protected override void Search(int slot, float low)
    {
        CheckNeighbors(slot);
        _search.Search(slot, low);
    }

    protected override void Prefetch() => PrefetchAhead(new ListPrefetch(this));

    // What the neighbours have done in their blocks after the present moment.
    private void CheckNeighbors(int slot)
    {
        SweptSphere own;
        Grid.Sweep(Particles + slot, Clock, &own);
        NeighborLists lists = _search.Lists;
        for (int* line = lists.First(slot); line != null; line = lists.Next(line))
        {
            for (int k = 0; k < NeighborLists.LineEntries; k++)
            {
                int other = line[k] >> NeighborLists.EntryShift;
                if (other == slot)
                {
                    continue;
                }

                if (Members.Blocks[other].Strip != Number)
                {
                    throw new SharingConflictException("a strip reaches too deep into a block");
                }

                StripMember* member = Members.Strips + other;
                if (member->LastFlight != BlockJournal.None && member->LastEnd >= Now)
                {
                    CheckFlightsOf(slot, own, other, member->LastFlight);
                }
            }
        }
    }

    private void CheckFlightsOf(int slot, in SweptSphere own, int other, int last)
    {
        BlockJournal journal = JournalOf(other);
        EndedFlight* flight;
        for (int number = last; number != BlockJournal.None && (flight = journal.Flight(number))->End >= Now; number = flight->Earlier)
        {
            CheckEndedFlight(slot, own, journal, flight);
        }
    }

    private readonly struct ListPrefetch(ListStrip<TSizes> strip) : IPrefetchTarget
    {
        public static bool HasMiddle => true;

        public void PrefetchParticle(int slot) => strip.PrefetchParticle(slot, strip._search);

        // Strips look at what the neighbours have done in their blocks.
        public void PrefetchRecords(SliceEvent* entry)
        {
            PrefetchMembers(entry->Slot);
            PrefetchMembers(Math.Max(entry->Partner, 0));
        }

        public void PrefetchNeighbors(SliceEvent* entry)
        {
            if (entry->Partner >= 0 && strip.Particles[entry->Slot].Stamp + strip.Particles[entry->Partner].Stamp == entry->Stamps)
            {
                PrefetchList(entry->Slot);
                PrefetchList(entry->Partner);
            }
            else if (entry->Partner == SliceEvent.DeferredSearch)
            {
                PrefetchList(entry->Slot);
            }
        }

        private void PrefetchMembers(int slot)
        {
            if (strip.Members.Blocks[slot].Strip < 0)
            {
                return;
            }

            Sse.Prefetch0(strip.Members.Strips + slot);
            int* line = strip._search.Lists.First(slot);
            for (int k = 0; k < NeighborLists.LineEntries; k++)
            {
                int other = line[k] >> NeighborLists.EntryShift;
                Sse.Prefetch0(strip.Members.Blocks + other);
                Sse.Prefetch0(strip.Members.Strips + other);
            }
        }

        private void PrefetchList(int slot)
        {
            strip._search.PrefetchNeighbors(slot);
            int* line = strip._search.Lists.First(slot);
            for (int k = 0; k < NeighborLists.LineEntries; k++)
            {
                int other = line[k] >> NeighborLists.EntryShift;
                StripMember* member = strip.Members.Strips + other;
                if (strip.Members.Blocks[other].Strip == strip.Number && member->LastFlight != BlockJournal.None && member->LastEnd >= strip.Now)
                {
                    BlockJournal journal = strip.JournalOf(other);
                    EndedFlight* flight = journal.Flight(member->LastFlight);
                    Sse.Prefetch0(flight);
                    Sse.Prefetch0(journal.ParticleOf(flight));
                }
            }
        }
    }
}
