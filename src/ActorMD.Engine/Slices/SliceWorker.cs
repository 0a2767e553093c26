using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>
/// One thread that works at time slices: its queue of events, and the exact times of the pairs that its search has noted.
/// </summary>
internal abstract unsafe class SliceWorker<TSizes> : EventLaws
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int Farthest = 20, Far = 14, Middle = 9, Near = 4; // buckets of the queue

    private int _prefetched; // buckets of the queue up to this one have prefetched what they can

    /// <param name="laws">Of the gas.</param>
    /// <param name="store">The particles.</param>
    /// <param name="time">All events up to here are done.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    /// <param name="queue">Of this thread.</param>
    /// <param name="contacts">Of this thread's search.</param>
    /// <param name="times">Of this thread.</param>
    /// <param name="prefetches">Whether memory is loaded ahead of its use.</param>
    protected SliceWorker(
        LawTables laws,
        ParticleStore store,
        double time,
        EventTally tally,
        EngineCounters counters,
        SliceQueue queue,
        ContactBuffer contacts,
        ContactTimes<TSizes> times,
        bool prefetches)
        : base(laws, store, time, tally, counters)
    {
        (Queue, Contacts, Times, Prefetches) = (queue, contacts, times, prefetches);
        Clock = SliceClock.Ended(time);
    }

    /// <summary>The slice that is run.</summary>
    protected SliceClock Clock { get; set; }

    protected SliceQueue Queue { get; }

    /// <summary>Pairs whose exact times are still to be computed.</summary>
    protected ContactBuffer Contacts { get; }

    protected ContactTimes<TSizes> Times { get; }

    /// <summary>Whether memory is loaded ahead of its use.</summary>
    protected bool Prefetches { get; }

    /// <summary>A slice begins.</summary>
    protected void BeginQueue(in SliceClock clock)
    {
        Clock = clock;
        Times.Begin(clock);
        Queue.Begin(clock.Start, clock.End);
        _prefetched = -1;
    }

    /// <summary>The bounce of a particle off a wall in this slice.</summary>
    protected void EnterBounce(int slot)
    {
        if (HasWalls)
        {
            double bounce = EarliestBounce(slot, out int axis);
            if (bounce < Clock.End)
            {
                Queue.Enter(bounce, slot, SliceEvent.FirstWall - axis, Particles[slot].Stamp);
            }
        }
    }

    /// <summary>Whether the bucket that is being worked off has not prefetched for later ones.</summary>
    protected bool IsPrefetchDue => Prefetches && _prefetched != Queue.Bucket;

    /// <summary>Loads what the events of later buckets will read into the cache, in steps that build on each other.</summary>
    protected void PrefetchAhead<TTarget>(TTarget target)
        where TTarget : struct, IPrefetchTarget
    {
        SliceQueue queue = Queue;
        for (int bucket = _prefetched + 1; bucket <= queue.Bucket; bucket++)
        {
            queue.PrefetchBucket(bucket + Farthest);
            for (SliceEvent* far = queue.FirstOf(bucket + Far); far != null; far = queue.NextOf(far))
            {
                target.PrefetchParticle(far->Slot);
                target.PrefetchParticle(Math.Max(far->Partner, 0));
            }

            for (SliceEvent* near = queue.FirstOf(bucket + Near); near != null; near = queue.NextOf(near))
            {
                target.PrefetchNeighbors(near);
            }

            for (SliceEvent* middle = TTarget.HasMiddle ? queue.FirstOf(bucket + Middle) : null; middle != null;
                middle = queue.NextOf(middle))
            {
                target.PrefetchRecords(middle);
            }
        }

        _prefetched = queue.Bucket;
    }
}

/// <summary>Loads what coming events will read into the cache. Implemented by structs, so that the calls are inlined.</summary>
internal unsafe interface IPrefetchTarget
{
    /// <summary>Whether <see cref="PrefetchRecords"/> does anything.</summary>
    static abstract bool HasMiddle { get; }

    /// <summary>The first step: a particle.</summary>
    void PrefetchParticle(int slot);

    /// <summary>The second step: where its neighbours are.</summary>
    void PrefetchRecords(SliceEvent* entry);

    /// <summary>The last step: its neighbours.</summary>
    void PrefetchNeighbors(SliceEvent* entry);
}
