using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Calendar;

/// <summary>
/// The event loop with a calendar of the particles' next events, and a search structure that is renewed particle by particle.
/// </summary>
/// <remarks>
/// Every particle stores one event, its earliest. An event of two particles may be stored by only one of them: by the one
/// that was predicted last. When a partner has changed meanwhile (its stamp differs), the owner predicts again; that is soon
/// enough, since any event that it did not store lies later. How candidates are found (cells or neighbour lists) is left to
/// the derived classes.
/// </remarks>
internal abstract unsafe class CalendarEventLoop : EventLaws, IEventLoop, ITieBreaker
{
    private const int PrefetchDistance = 2;

    private readonly NativeArray<NextEvent> _nextArray;
    private readonly NativeArray<int>? _tupleArray;
    private readonly bool _prefetches;
    private EventCalendar? _calendar;

    protected CalendarEventLoop(Gas gas, ParticleStore store, double time, EventTally tally, EngineCounters counters)
        : base(new LawTables(gas), store, time, tally, counters)
    {
        _prefetches = Sse.IsSupported && Count >= PrefetchCountMin;
        _nextArray = new NativeArray<NextEvent>(Count);
        _tupleArray = gas.Zones.IsEmpty ? null : new NativeArray<int>((long)Count * TupleStride);
        Next = _nextArray.Pointer;
    }

    protected NextEvent* Next { get; }

    /// <summary>From this number of particles on, prefetching pays; below, the records are in the cache anyway.</summary>
    protected virtual int PrefetchCountMin => 8192;

    public int ThreadCount => 1;

    public virtual bool HasLargeSpecies => false;

    public long ByteCount => _nextArray.ByteCount + (_tupleArray?.ByteCount ?? 0) + _calendar!.ByteCount + CandidateByteCount;

    /// <summary>Bytes of native memory of cells or lists.</summary>
    protected abstract long CandidateByteCount { get; }

    private int TupleStride => Gas.OrderMax;

    public bool Run(double until, ref long steps)
    {
        EventCalendar calendar = _calendar!;
        while (true)
        {
            int slot = calendar.Next(until);
            if (slot < 0)
            {
                Now = Math.Max(Now, until);
                return true;
            }

            if (steps == 0)
            {
                return false;
            }

            steps--;
            calendar.Pop();
            NextEvent* next = Next + slot;
            if (_prefetches)
            {
                PrefetchAhead(calendar);
            }

            if (next->RenewalTime < next->EventTime)
            {
                Now = Math.Max(Now, next->Time);
                Counters.CrossingCount++;
                Renew(slot);
                calendar.Insert(slot);
            }
            else if (next->Partner >= 0)
            {
                if (Particles[next->Partner].Stamp == next->PartnerStamp)
                {
                    Collide(slot, next->Partner, next->EventTime);
                }
                else
                {
                    PredictAgain(slot);
                }
            }
            else if (next->Partner == NextEvent.TuplePartner)
            {
                if (StampSum(slot) == next->PartnerStamp)
                {
                    CollideStoredTuple(slot, next->EventTime);
                }
                else
                {
                    PredictAgain(slot);
                }
            }
            else
            {
                Bounce(slot, NextEvent.WallPartner - next->Partner, next->EventTime);
            }
        }
    }

    /// <inheritdoc/>
    public bool Precedes(int a, int b)
    {
        Span<int> idsA = stackalloc int[16], idsB = stackalloc int[16];
        int orderA = Participants(a, ref idsA), orderB = Participants(b, ref idsB);
        if (orderA != orderB)
        {
            return orderA < orderB;
        }

        int comparison = idsA.SequenceCompareTo(idsB);
        return comparison < 0;
    }

    public virtual void Dispose()
    {
        Laws.Dispose();
        _calendar?.Dispose();
        _nextArray.Dispose();
        _tupleArray?.Dispose();
    }

    /// <summary>Finds the particle's earliest event and the key in the calendar.</summary>
    protected abstract void Predict(int slot);

    /// <summary>The particle leaves its cell or shell: brings the search structure and the prediction up to date.</summary>
    protected abstract void Renew(int slot);

    /// <summary>Loads what the slot's prediction will read into the cache.</summary>
    protected abstract void PrefetchCandidates(int slot);

    protected override void Reschedule(int slot)
    {
        Predict(slot);
        _calendar!.Insert(slot);
    }

    /// <summary>First predictions of all particles, and the calendar. Called once by the derived constructors.</summary>
    protected void Start()
    {
        for (int slot = 0; slot < Count; slot++)
        {
            Predict(slot);
        }

        _calendar = new EventCalendar(Next, Count, Now, ExpectedRate(), this);
        for (int slot = 0; slot < Count; slot++)
        {
            _calendar.Insert(slot);
        }
    }

    /// <summary>Stores the earliest contact, or the wall bounce before it, as the slot's event.</summary>
    /// <returns>The time of the event, +infinity if there is none.</returns>
    protected double SetContactOrBounce(int slot, double contact, int partner)
    {
        NextEvent* next = Next + slot;
        next->Partner = partner;
        next->PartnerStamp = partner >= 0 ? Particles[partner].Stamp : 0;
        if (HasWalls)
        {
            double bounce = EarliestBounce(slot, out int axis);
            if (bounce <= contact && bounce < double.PositiveInfinity)
            {
                next->Partner = NextEvent.WallPartner - axis;
                return bounce;
            }
        }

        return contact;
    }

    /// <summary>Stores a tuple as the slot's event.</summary>
    protected void SetTuple(int slot, ReadOnlySpan<int> others)
    {
        int* record = _tupleArray!.Pointer + (long)slot * TupleStride;
        record[0] = others.Length + 1;
        for (int k = 0; k < others.Length; k++)
        {
            record[1 + k] = others[k];
        }

        Next[slot].Partner = NextEvent.TuplePartner;
        Next[slot].PartnerStamp = StampSum(slot);
    }

    // Keys per unit of time that the calendar will see soon, from the quartiles of the first waits as if these were
    // exponential. On a lattice most particles may sit on a face, but for rounding: such waits tell nothing.
    private double ExpectedRate()
    {
        const int SampleSize = 4096;
        const double OnFace = 1e-8; // of the longest wait
        int stride = Math.Max(1, Count / SampleSize);
        double[] waits = new double[(Count + stride - 1) / stride];
        double longest = 0;
        for (int k = 0; k < waits.Length; k++)
        {
            waits[k] = Math.Max(Next[k * stride].Time - Now, 0);
            longest = double.IsFinite(waits[k]) ? Math.Max(longest, waits[k]) : longest;
        }

        waits = [.. waits.Where(wait => wait > OnFace * longest).Order()];
        if (waits.Length == 0)
        {
            return 0;
        }

        double lower = waits[waits.Length / 4], median = waits[waits.Length / 2], upper = waits[3 * waits.Length / 4];
        double perParticle = Math.Min(Math.Min(0.288 / lower, 0.693 / median), 1.386 / upper);
        return double.IsFinite(perParticle) ? perParticle * Count : 0;
    }

    private void PredictAgain(int slot)
    {
        Counters.StaleCount++;
        Reschedule(slot);
    }

    private void CollideStoredTuple(int slot, double time)
    {
        Span<int> slots = stackalloc int[_tupleArray!.Pointer[(long)slot * TupleStride]];
        MembersById(slot, slots);
        CollideTuple(slots, time);
    }

    private uint StampSum(int slot)
    {
        int* record = _tupleArray!.Pointer + (long)slot * TupleStride;
        uint sum = 0;
        for (int k = 1; k < record[0]; k++)
        {
            sum += Particles[record[k]].Stamp;
        }

        return sum;
    }

    private int Participants(int slot, ref Span<int> ids)
    {
        int partner = Next[slot].Partner;
        if (Next[slot].RenewalTime < Next[slot].EventTime || partner == NextEvent.NoPartner)
        {
            ids[0] = Ids[slot];
            ids = ids[..1];
            return 0;
        }

        if (partner >= 0)
        {
            ids[0] = Math.Min(Ids[slot], Ids[partner]);
            ids[1] = Math.Max(Ids[slot], Ids[partner]);
            ids = ids[..2];
            return 2;
        }

        if (partner == NextEvent.TuplePartner)
        {
            int order = _tupleArray!.Pointer[(long)slot * TupleStride];
            ids = ids[..order];
            MembersById(slot, ids);
            for (int k = 0; k < order; k++)
            {
                ids[k] = Ids[ids[k]];
            }

            return order;
        }

        ids[0] = Ids[slot];
        ids[1] = NextEvent.WallPartner - partner;
        ids = ids[..2];
        return 1;
    }

    // Slots of the slot's stored tuple, itself included, in the order of ids.
    private void MembersById(int slot, Span<int> slots)
    {
        int* record = _tupleArray!.Pointer + (long)slot * TupleStride;
        slots[0] = slot;
        for (int k = 1; k < record[0]; k++)
        {
            slots[k] = record[k];
        }

        TuplePredictor.SortById(slots[..record[0]], Ids);
    }

    private void PrefetchAhead(EventCalendar calendar)
    {
        int sorted = calendar.SortedCount;
        if (sorted > 0)
        {
            int slot = calendar.SortedSlot(0);
            int partner = Next[slot].Partner;
            PrefetchCandidates(partner >= 0 ? partner : slot);
        }

        if (sorted > 1)
        {
            int slot = calendar.SortedSlot(1);
            PrefetchCandidates(slot);
            int partner = Next[slot].Partner;
            if (partner >= 0)
            {
                PrefetchRecords(partner);
            }
        }

        if (sorted > PrefetchDistance)
        {
            PrefetchRecords(calendar.SortedSlot(PrefetchDistance));
        }
    }

    private void PrefetchRecords(int slot)
    {
        Sse.Prefetch0(Particles + slot);
        Sse.Prefetch0(Next + slot);
    }
}
