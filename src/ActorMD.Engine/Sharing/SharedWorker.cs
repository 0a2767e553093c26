using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing;

/// <summary>One thread's part in a slice that several threads share: a block, or a strip.</summary>
/// <remarks>It owns its queue, buffers, counts and journal. All that threads share is in <see cref="SharedSlice"/> and in the particles by slot.</remarks>
internal abstract unsafe class SharedWorker<TSizes> : SliceWorker<TSizes>, IDisposable
    where TSizes : struct, IContactDistances<TSizes>
{
    protected SharedWorker(in WorkerParts<TSizes> parts, ContactBuffer contacts)
        : base(
            parts.Laws,
            parts.Store,
            0,
            new EventTally(parts.Laws.Gas.Species.Length, parts.Laws.Gas.OrderMax),
            new EngineCounters(),
            parts.Queue,
            contacts,
            new ContactTimes<TSizes>(parts.Grid, parts.Sizes, parts.Store.Particles, parts.ContactUnit),
            parts.Prefetches)
    {
        (Number, Grid, Members, Tuples) = (parts.Number, parts.Grid, parts.Members, parts.Tuples);
        (EventLog, Stretches) = (parts.EventLog, parts.Stretches);
    }

    /// <summary>Number of the block, or of the strip.</summary>
    public int Number { get; }

    public virtual long ByteCount => Queue.ByteCount + (Tuples?.ByteCount ?? 0);

    /// <summary>What it has run, if a log is wanted.</summary>
    public SliceEventLog EventLog { get; }

    /// <summary>What its events have changed between waypoints, if there are some in the slice.</summary>
    public SliceStretches Stretches { get; }

    /// <summary>Events that it has rolled back in this slice.</summary>
    public long RolledBackEventCount => Counters.RolledBackEventCount;

    protected SliceGrid Grid { get; }

    protected Membership Members { get; }

    /// <summary>The events of order 3 and more; null if the gas has no zones.</summary>
    protected TupleTable? Tuples { get; }

    /// <summary>The slice that is run.</summary>
    protected SharedSlice Slice { get; private set; } = null!;

    // Time may stand still in a wedged gas: the loop of one thread says so, after a while.
    protected long EventCountMax => (1 << 20) + 64L * Count;

    /// <summary>A slice begins.</summary>
    public virtual void Begin(SharedSlice slice)
    {
        (Slice, Clock) = (slice, slice.Clock);
        Times.Begin(slice.Clock);
        Tuples?.Begin(slice.Clock);
        Stretches.Begin(slice.Waypoints);
        Contacts.Clear();
    }

    /// <summary>A slice is over: adds its counts to those of the whole, and forgets it.</summary>
    public virtual void End(EngineCounters counters)
    {
        counters.Add(Counters);
        Counters.Clear();
        ClearTally();
        EventLog.Clear();
    }

    public virtual void Dispose()
    {
        Queue.Dispose();
        Times.Dispose();
        Tuples?.Dispose();
    }

    /// <summary>The events of the noted pairs, and of the tuples that they make, enter the queue.</summary>
    protected virtual void EnterContacts()
    {
        Times.Enter(Contacts, new QueueTarget(Queue, Particles));
        Tuples?.EnterNew(Contacts, TupleSearchFrom);
    }

    /// <summary>Tuples earlier than this are not looked for.</summary>
    protected double TupleSearchFrom => Math.Max(Now, Clock.Middle - Clock.Half);

    /// <summary>A tuple's turn.</summary>
    /// <param name="next">Its entry in the queue.</param>
    /// <param name="members">Slots of its members, the owner first.</param>
    /// <param name="isOwnersLatest">Whether the owner has not searched since it entered the tuple.</param>
    /// <returns>Whether all members are as they were then; if not, the owner has to search again unless it has done so.</returns>
    protected bool IsTupleValid(in SliceEvent next, out ReadOnlySpan<int> members, out bool isOwnersLatest)
    {
        int index = SliceEvent.FirstTuple - next.Partner;
        members = Tuples!.MembersOf(index);
        isOwnersLatest = Tuples.IsOwnersLatest(index, next.Slot);
        return Tuples.IsValid(index, next.Stamps);
    }

    /// <summary>The event of a tuple.</summary>
    protected void CollideMembers(ReadOnlySpan<int> members, double time)
    {
        Span<int> slots = stackalloc int[members.Length];
        members.CopyTo(slots);
        TuplePredictor.SortById(slots, Ids);
        CollideTuple(slots, time);
    }

    /// <summary>Loads what coming events will read.</summary>
    protected abstract void Prefetch();

    /// <summary>Loads a particle and what a search with lists needs of it.</summary>
    protected void PrefetchParticle(int slot, NeighborListSearch<TSizes> search)
    {
        search.PrefetchParticle(slot);
        Sse.Prefetch0(Members.Blocks + slot);
    }

    /// <summary>Loads what strips know of a particle close to a boundary.</summary>
    protected void PrefetchStripMember(int slot)
    {
        if (Members.Blocks[slot].Strip >= 0)
        {
            Sse.Prefetch0(Members.Strips + slot);
        }
    }

    /// <summary>
    /// The next event up to the stop that is not stale, or is a tuple's; null if there is none. Readable until the queue is used again.
    /// </summary>
    /// <param name="left">Events that are allowed; counts down.</param>
    /// <exception cref="SharingConflictException">Too many events.</exception>
    protected SliceEvent* TakeNext(ref long left)
    {
        double stop = Slice.Stop;
        while (true)
        {
            if (!Contacts.IsEmpty)
            {
                Counters.CandidateCount += Contacts.Count + Contacts.Split.Count;
                EnterContacts();
                Contacts.Clear();
            }

            SliceEvent* next = Queue.Peek();
            if (next == null || next->Time > stop)
            {
                return null;
            }

            if (left-- == 0)
            {
                throw new SharingConflictException("events without end");
            }

            Queue.Pop();
            if (IsPrefetchDue)
            {
                Prefetch();
            }

            if (next->Partner is <= SliceEvent.FirstTuple and > SliceEvent.FirstRollback)
            {
                return next; // whoever takes it looks at its members
            }

            uint stamps = next->Partner >= 0 ? Particles[next->Slot].Stamp + Particles[next->Partner].Stamp : Particles[next->Slot].Stamp;
            if (stamps == next->Stamps)
            {
                return next;
            }
        }
    }
}

/// <summary>What a worker is made of.</summary>
internal readonly unsafe struct WorkerParts<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    public required int Number { get; init; }

    public required LawTables Laws { get; init; }

    public required ParticleStore Store { get; init; }

    public required SliceGrid Grid { get; init; }

    public required TSizes Sizes { get; init; }

    /// <summary>Length of the unit in which contacts are seen.</summary>
    public required double ContactUnit { get; init; }

    public required bool Prefetches { get; init; }

    public required Membership Members { get; init; }

    public required SliceQueue Queue { get; init; }

    /// <summary>The events of order 3 and more; null if the gas has no zones.</summary>
    public required TupleTable? Tuples { get; init; }

    /// <summary>What it runs, if a log is wanted.</summary>
    public required SliceEventLog EventLog { get; init; }

    /// <summary>Get what its events change, if there are waypoints.</summary>
    public required SliceStretches Stretches { get; init; }
}
