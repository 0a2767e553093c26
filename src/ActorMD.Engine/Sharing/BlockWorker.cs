using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>Runs the events of one block in the order of time, as if there were no other block.</summary>
/// <remarks>
/// Where something beyond a boundary would take part it defers: the participants' events are left to a strip from that time on, and so are
/// those of all particles that would meet them.
/// </remarks>
internal abstract unsafe class BlockWorker<TSizes> : SharedWorker<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly List<SliceEvent> _outbox = []; // events of pairs that are not, or not both, of the block
    private readonly List<Contact> _contactsOut = []; // pairs that may join in a tuple and are not, or not both, of the block

    protected BlockWorker(in WorkerParts<TSizes> parts, ContactBuffer contacts, BlockJournal blockJournal, Deferrals deferrals)
        : base(parts, contacts)
    {
        Deferrals = deferrals;
        BlockJournal = blockJournal;
        Journal = blockJournal;
    }

    public Deferrals Deferrals { get; }

    public BlockJournal BlockJournal { get; }

    public override long ByteCount => base.ByteCount + BlockJournal.ByteCount;

    /// <summary>Whether none of the participants of the present event is close to a boundary.</summary>
    protected bool IsFar => BlockJournal.IsFar;

    public override void Begin(SharedSlice slice)
    {
        base.Begin(slice);
        _outbox.Clear();
        _contactsOut.Clear();
    }

    /// <summary>The particles are placed: finds the events of the slice among those that this thread looks at.</summary>
    public void FindFirstEvents()
    {
        BeginAt(Clock.Start);
        BeginQueue(Clock);
        bool hasMore = true;
        for (int next = 0; hasMore;)
        {
            hasMore = FindPairs(ref next);
            Counters.CandidateCount += Contacts.Count + Contacts.Split.Count;
            EnterFirstContacts();
            Contacts.Clear();
        }

        for (int slot = 0; HasWalls && slot < Count; slot++)
        {
            if (Members.Blocks[slot].Block == Number)
            {
                EnterBounce(slot);
            }
        }
    }

    /// <summary>The events that other threads have found for this block, and those that belong to no block.</summary>
    public void Deliver(BlockWorker<TSizes>[] blocks)
    {
        foreach (ref readonly SliceEvent entry in CollectionsMarshal.AsSpan(_outbox))
        {
            BlockWorker<TSizes> block = blocks[Members.Blocks[entry.Slot].Block];
            if (Members.Blocks[entry.Partner].Block == block.Number)
            {
                block.Queue.Enter(entry.Time, entry.Slot, entry.Partner, entry.Stamps);
            }
            else
            {
                block.Deferrals.Defer(entry.Slot, entry.Time);
                block.Deferrals.Defer(entry.Partner, entry.Time);
            }
        }

        foreach (ref readonly Contact contact in CollectionsMarshal.AsSpan(_contactsOut))
        {
            BlockWorker<TSizes> block = blocks[Members.Blocks[contact.Slot].Block];
            if (Members.Blocks[contact.Other].Block == block.Number)
            {
                block.Tuples!.Keep(contact);
            }
            else
            {
                block.Deferrals.Defer(contact.Slot, Clock.Start); // no block knows all tuples of either
                block.Deferrals.Defer(contact.Other, Clock.Start);
            }
        }
    }

    /// <summary>
    /// The events that this worker has found for the block of this node; a participant of one with a particle of another node is deferred.
    /// </summary>
    public void DeliverTo(BlockWorker<TSizes> own)
    {
        foreach (ref readonly SliceEvent entry in CollectionsMarshal.AsSpan(_outbox))
        {
            bool isFirst = Members.Blocks[entry.Slot].Block == own.Number, isSecond = Members.Blocks[entry.Partner].Block == own.Number;
            if (isFirst && isSecond)
            {
                own.Queue.Enter(entry.Time, entry.Slot, entry.Partner, entry.Stamps);
            }
            else if (isFirst || isSecond)
            {
                own.Deferrals.Defer(isFirst ? entry.Slot : entry.Partner, entry.Time);
            }
        }

        foreach (ref readonly Contact contact in CollectionsMarshal.AsSpan(_contactsOut))
        {
            bool isFirst = Members.Blocks[contact.Slot].Block == own.Number, isSecond = Members.Blocks[contact.Other].Block == own.Number;
            if (isFirst && isSecond)
            {
                own.Tuples!.Keep(contact);
            }
            else if (isFirst || isSecond)
            {
                own.Deferrals.Defer(isFirst ? contact.Slot : contact.Other, Clock.Start); // no node knows all its tuples
            }
        }
    }

    /// <summary>A flight has ended in the block, which another node runs: the particle is given its new state here, too.</summary>
    /// <param name="slot">Of the particle.</param>
    /// <param name="end">When the flight ended.</param>
    /// <param name="velocity">The particle's velocity from then on.</param>
    /// <param name="place">Where the flight ended, and what was added to the particle's image; null if it ended where it led to.</param>
    /// <param name="isFar">Whether all participants of the event were far from all boundaries.</param>
    /// <param name="isDeferred">Whether the particle was deferred at once.</param>
    public void Follow(int slot, double end, Vec3 velocity, (Vec3 Position, Int3 Boxes)? place, bool isFar, bool isDeferred)
    {
        Now = end;
        BlockJournal.IsFar = isFar;
        BlockJournal.Begin(slot, end);
        Particle* p = Particles + slot;
        Vec3 position = place?.Position ?? p->PositionAt(end);
        if (place is { Boxes: var boxes } && boxes != Int3.Zero)
        {
            BlockJournal.AddBoxes(slot, boxes);
            int* image = Images + 3L * slot;
            (image[0], image[1], image[2]) = (image[0] + boxes.X, image[1] + boxes.Y, image[2] + boxes.Z);
        }

        (p->X, p->Y, p->Z, p->Time) = (position.X, position.Y, position.Z, end);
        (p->VX, p->VY, p->VZ) = (velocity.X, velocity.Y, velocity.Z);
        p->Stamp++;
        Follow(slot, isDeferred);
    }

    /// <summary>Loads into the cache what is needed to follow a particle.</summary>
    public void PrefetchFollow(int slot)
    {
        PrefetchParticle(slot);
        Sse.Prefetch0(Members.Strips + slot);
    }

    /// <summary>Runs all events of the block.</summary>
    public void Run()
    {
        Tuples?.EnterAll(Count, TupleSearchFrom);
        long left = EventCountMax;
        for (SliceEvent* next; (next = TakeNext(ref left)) != null;)
        {
            int slot = next->Slot, partner = next->Partner;
            if (partner >= 0)
            {
                bool isFar = BlockJournal.IsFar = Members.Blocks[slot].Strip < 0 && Members.Blocks[partner].Strip < 0;
                if (!isFar && (Deferrals.IsDeferred(slot, next->Time) || Deferrals.IsDeferred(partner, next->Time)))
                {
                    Deferrals.Defer(slot, next->Time);
                    Deferrals.Defer(partner, next->Time);
                }
                else
                {
                    Collide(slot, partner, next->Time);
                }
            }
            else if (partner <= SliceEvent.FirstTuple)
            {
                RunTuple(*next);
            }
            else if (!Deferrals.IsDeferred(slot, next->Time))
            {
                BlockJournal.IsFar = Members.Blocks[slot].Strip < 0;
                Bounce(slot, SliceEvent.FirstWall - partner, next->Time);
            }
        }
    }

    public override void End(EngineCounters counters)
    {
        base.End(counters);
        BlockJournal.Clear();
    }

    public override void Dispose()
    {
        base.Dispose();
        BlockJournal.Dispose();
    }

    /// <summary>Notes pairs at the beginning of the slice, until there are some.</summary>
    protected abstract bool FindPairs(ref int next);

    /// <summary>A particle has got the new flight that another node has given it.</summary>
    /// <param name="slot">Of the particle.</param>
    /// <param name="isDeferred">Whether it was deferred at once: its records stay as they were.</param>
    protected abstract void Follow(int slot, bool isDeferred);

    /// <summary>Loads a particle and its flight into the cache.</summary>
    protected abstract void PrefetchParticle(int slot);

    /// <summary>Notes what a particle of the block can meet from a moment on.</summary>
    protected abstract void Search(int slot, float low);

    protected override void Reschedule(int slot)
    {
        if (!IsFar && Deferrals.IsDeferred(slot, Now))
        {
            return;
        }

        Counters.PredictionCount++;
        Search(slot, Clock.TauOf(Now));
        EnterBounce(slot);
    }

    /// <summary>Whether a search of the particle's flight from a moment on stays inside of the block.</summary>
    protected abstract bool SearchStaysInside(int slot, float low);

    private void EnterFirstContacts()
    {
        Times.Enter(Contacts, new FirstTarget(this));
        for (Contact* contact = Contacts.FirstJoining, end = contact + Contacts.JoiningCount; contact < end; contact++)
        {
            if (Members.AreOf(Number, contact->Slot, contact->Other))
            {
                Tuples!.Keep(*contact);
            }
            else
            {
                _contactsOut.Add(*contact);
            }
        }
    }

    private void RunTuple(SliceEvent next)
    {
        if (!IsTupleValid(next, out ReadOnlySpan<int> members, out bool isOwnersLatest))
        {
            if (isOwnersLatest && !Deferrals.IsDeferred(next.Slot, next.Time))
            {
                SearchAgain(next.Slot, next.Time);
            }

            return;
        }

        BlockJournal.IsFar = true;
        bool isDeferred = false;
        foreach (int slot in members)
        {
            BlockJournal.IsFar &= Members.Blocks[slot].Strip < 0;
            isDeferred |= Deferrals.IsDeferred(slot, next.Time);
        }

        if (!isDeferred)
        {
            CollideMembers(members, next.Time);
            return;
        }

        foreach (int slot in members)
        {
            Deferrals.Defer(slot, next.Time);
        }
    }

    // A tuple that its owner has entered is not valid any more: the owner's flight is the same as before.
    private void SearchAgain(int slot, double time)
    {
        Counters.StaleCount++;
        Now = Math.Max(Now, time);
        BlockJournal.IsFar = Members.Blocks[slot].Strip < 0;
        if (SearchStaysInside(slot, Clock.TauOf(Now)))
        {
            Reschedule(slot);
        }
        else
        {
            Deferrals.Defer(slot, Now);
        }
    }

    // At the beginning of the slice pairs may belong to any block: those that are not of this one are delivered later.
    private readonly struct FirstTarget(BlockWorker<TSizes> block) : IContactTarget
    {
        public void Enter(double time, int slot, int other)
        {
            uint stamps = block.Particles[slot].Stamp + block.Particles[other].Stamp;
            if (block.Members.AreOf(block.Number, slot, other))
            {
                block.Queue.Enter(time, slot, other, stamps);
            }
            else
            {
                block._outbox.Add(new SliceEvent { Time = time, Slot = slot, Partner = other, Stamps = stamps });
            }
        }
    }
}
