using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>Runs what the blocks on both sides of one boundary have deferred, and rolls back what is wrong because of it.</summary>
/// <remarks>
/// It begins with a search for every deferred particle, from the moment on from which it is deferred. A flight that begins here may meet
/// one that a block has ended only later: then that later event was wrong, and is rolled back with all that followed from it, and its
/// particles are searched again. So every new flight is held against the flights near it that ended after it began. Afterwards every
/// particle has been searched with the flights that really were: the trajectory is the one of a single thread.
/// </remarks>
internal abstract unsafe class StripWorker<TSizes> : SharedWorker<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly StripJournal _journal;
    private readonly double _zoneReach; // of the widest zone; 0 if there is none

    protected StripWorker(in WorkerParts<TSizes> parts, ContactBuffer contacts)
        : base(parts, contacts)
    {
        Journal = _journal = new StripJournal(parts.Store, parts.Members, parts.EventLog, parts.Stretches);
        _zoneReach = Gas.Zones.IsEmpty ? 0 : Gas.Zones.Max(zone => zone.Reach);
    }

    public override long ByteCount => base.ByteCount + _journal.ByteCount;

    /// <summary>Runs all events of the strip.</summary>
    public void Run()
    {
        BeginAt(Clock.Start);
        BeginQueue(Clock);
        BeginEvents();
        EnterDeferred();
        long left = EventCountMax;
        for (SliceEvent* next; (next = TakeNext(ref left)) != null;)
        {
            int slot = next->Slot, partner = next->Partner;
            if (partner >= 0)
            {
                Counters.StripEventCount++;
                Collide(slot, partner, next->Time);
            }
            else if (partner <= SliceEvent.FirstRollback)
            {
                Now = Math.Max(Now, next->Time);
                RollBackFrom(SliceEvent.FirstRollback - partner, Now); // the particle meets the other one's ended flight
                Reschedule(slot);
            }
            else if (partner <= SliceEvent.FirstTuple)
            {
                RunTuple(*next);
            }
            else if (partner == SliceEvent.DeferredSearch)
            {
                Now = Math.Max(Now, next->Time);
                Moved(slot, Int3.Zero);
                Reschedule(slot);
            }
            else
            {
                Counters.StripEventCount++;
                Bounce(slot, SliceEvent.FirstWall - partner, next->Time);
            }
        }
    }

    /// <summary>What has happened in the strip.</summary>
    public StripJournal StripJournal => _journal;

    /// <summary>Slots whose Verlet spheres the strip has moved, if there are spheres.</summary>
    public virtual ReadOnlySpan<int> MovedSpheres => [];

    /// <summary>Undoes all events of the strip.</summary>
    public void UndoAll() => _journal.UndoAll();

    public override void End(EngineCounters counters)
    {
        base.End(counters);
        _journal.Clear();
    }

    public override void Dispose()
    {
        base.Dispose();
        _journal.Dispose();
    }

    /// <summary>The blocks have run: gets ready to look at the flights that they have ended.</summary>
    protected abstract void BeginEvents();

    /// <summary>Holds a particle's new flight against those that blocks have ended later (<see cref="CheckEndedFlight"/>), and notes what it can meet.</summary>
    protected abstract void Search(int slot, float low);

    protected override void Reschedule(int slot)
    {
        Counters.PredictionCount++;
        Search(slot, Clock.TauOf(Now));
        EnterBounce(slot);
    }

    /// <summary>The events of the block to which a particle belongs.</summary>
    protected BlockJournal JournalOf(int slot) => Slice.Journals[Members.Blocks[slot].Block];

    /// <summary>A new flight must not have met one that a block has ended later.</summary>
    /// <param name="slot">The particle with the new flight.</param>
    /// <param name="own">The sphere around it.</param>
    /// <param name="journal">Of the block.</param>
    /// <param name="flight">The ended flight.</param>
    /// <exception cref="SharingConflictException">Both end at the same instant.</exception>
    protected void CheckEndedFlight(int slot, in SweptSphere own, BlockJournal journal, EndedFlight* flight)
    {
        if (flight->End < Now || flight->Slot == slot)
        {
            return;
        }

        if (flight->End == Now)
        {
            if (!EndedTogether(slot, flight->Event))
            {
                throw new SharingConflictException("simultaneous events in a block and a strip");
            }

            return;
        }

        Particle* other = journal.ParticleOf(flight);
        if (MayHaveMet(own, other))
        {
            double time = Times.Earliest(Particles + slot, other);
            if (_zoneReach > 0) // within the reach of a zone the two may be members of a tuple
            {
                time = Math.Min(time, Times.FirstWithin(Particles + slot, other, _zoneReach, Math.Max(Now, other->Time), flight->End));
            }

            if (time <= flight->End)
            {
                Queue.Enter(time, slot, SliceEvent.FirstRollback - flight->Slot, Particles[slot].Stamp);
            }
        }
    }

    private void RunTuple(SliceEvent next)
    {
        if (IsTupleValid(next, out ReadOnlySpan<int> members, out bool isOwnersLatest))
        {
            Counters.StripEventCount++;
            CollideMembers(members, next.Time);
        }
        else if (isOwnersLatest)
        {
            Counters.StaleCount++;
            Now = Math.Max(Now, next.Time);
            Reschedule(next.Slot);
        }
    }

    private void EnterDeferred()
    {
        foreach (Deferrals deferrals in Slice.Deferrals)
        {
            foreach (int slot in deferrals.Slots)
            {
                if (Members.Blocks[slot].Strip == Number)
                {
                    Counters.DeferredCount++;
                    double from = Math.Max(Clock.Start, Members.Strips[slot].DeferredFrom);
                    Queue.Enter(from, slot, SliceEvent.DeferredSearch, Particles[slot].Stamp);
                }
            }
        }
    }

    // A particle's events in its block from a time on, and what followed from them.
    private void RollBackFrom(int slot, double time)
    {
        BlockJournal journal = JournalOf(slot);
        StripMember* member = Members.Strips + slot;
        while (member->LastFlight != BlockJournal.None && journal.Flight(member->LastFlight)->End >= time)
        {
            RollBackEventAfter(journal, member->LastFlight);
        }
    }

    private void RollBackEventAfter(BlockJournal journal, int ended)
    {
        int number = journal.Flight(ended)->Event;
        if (number == BlockJournal.None)
        {
            throw new SharingConflictException("an event far from any boundary would have to be rolled back");
        }

        AppliedEvent happened = journal.Event(number);
        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            int slot = journal.Flight(flight)->Slot;
            while (Members.Blocks[slot].Strip == Number && Members.Strips[slot].LastFlight > flight)
            {
                RollBackEventAfter(journal, Members.Strips[slot].LastFlight);
            }

            if (Members.Blocks[slot].Strip != Number || Members.Strips[slot].LastFlight != flight)
            {
                throw new SharingConflictException("an event out of reach of the strip would have to be rolled back");
            }
        }

        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            RollBackFlight(journal, flight, happened.Time);
        }

        journal.Unlog(number);
        Counters.RolledBackEventCount++;
        CountRolledBack(journal, happened);
    }

    private void RollBackFlight(BlockJournal journal, int number, double time)
    {
        EndedFlight* flight = journal.Flight(number);
        int slot = flight->Slot, earlier = flight->Earlier;
        uint stamp = Particles[slot].Stamp + 1;
        Particle after = Particles[slot];
        journal.Undo(number);
        if (Stretches.IsWanted)
        {
            Stretches.Return(time, &after, Particles + slot);
        }

        Particles[slot].Stamp = stamp; // nothing that was predicted since is valid
        Members.Strips[slot].LastFlight = earlier;
        Members.Strips[slot].LastEnd = earlier == BlockJournal.None ? double.NegativeInfinity : journal.Flight(earlier)->End;
        Moved(slot, Int3.Zero);
        Queue.Enter(time, slot, SliceEvent.DeferredSearch, stamp);
    }

    private void CountRolledBack(BlockJournal journal, in AppliedEvent happened)
    {
        int first = SpeciesOf(happened.First), second = happened.Count > 1 ? SpeciesOf(happened.First + 1) : 0;
        Tally.Uncount(happened.Order, first, second, happened.Impulse, happened.IsMultiple, happened.IsGrazing);
        if (Stretches.IsWanted)
        {
            Stretches.Remove(happened, first, second);
        }

        int SpeciesOf(int participation) => Gas.Kinds[journal.ParticleOf(journal.Flight(participation))->Kind].Species;
    }

    // Whether the spheres around two flights overlap, in any image.
    private bool MayHaveMet(in SweptSphere own, Particle* other)
    {
        SweptSphere sphere;
        Grid.Sweep(other, Clock, &sphere);
        Vector128<float> offset = Grid.Axes.Nearest(Vector128.Create(own.X - sphere.X, own.Y - sphere.Y, own.Z - sphere.Z, 0));
        float reach = own.R + sphere.R;
        return reach > Grid.ReachOfOneImage || Vector128.Dot(offset, offset) <= reach * reach;
    }

    // Whether the particle's last flight in its block ended with the given event.
    private bool EndedTogether(int slot, int number)
    {
        int last = Members.Strips[slot].LastFlight;
        return last != BlockJournal.None && number != BlockJournal.None && JournalOf(slot).Flight(last)->Event == number;
    }
}
