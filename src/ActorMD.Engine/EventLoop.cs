using System.Runtime.Intrinsics.X86;
using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>
/// The event loop of one region and one epoch: takes the next event from the calendar, applies its law, predicts the next
/// events of the particles that took part.
/// </summary>
/// <remarks>
/// Every particle stores one event, its earliest. An event of two particles may be stored by only one of them: by the one
/// that was predicted last. When a partner has changed meanwhile (its stamp differs), the owner predicts again; that is soon
/// enough, since any event that it did not store lies later. How candidates are found (cells or neighbour lists) is left to
/// the derived classes and does not change the trajectory.
/// </remarks>
internal abstract unsafe partial class EventLoop : ITieBreaker, IDisposable
{
    private const int PrefetchDistance = 2;

    private readonly NativeArray<Particle> _particleArray;
    private readonly NativeArray<NextEvent> _nextArray;
    private readonly NativeArray<int> _idArray;
    private readonly NativeArray<int> _imageArray;
    private readonly NativeArray<int>? _tupleArray;
    private readonly NativeArray<double> _contactTable;
    private readonly EventTally _tally;
    private readonly double[] _masses;
    private readonly double[] _radii;
    private readonly double[] _zoneSquared;
    private readonly NativeArray<PairLaw> _pairLaws;
    private readonly int _speciesCount;
    private readonly double _halfX;
    private readonly double _halfY;
    private readonly double _halfZ;
    private readonly bool _prefetches;
    private readonly bool _hasWalls;
    private readonly Vec3 _low;
    private readonly Vec3 _high;
    private EventCalendar? _calendar;
    private double _lastEventTime = double.NegativeInfinity;
    private long _sameTimeCount;

    /// <param name="gas">What is simulated.</param>
    /// <param name="state">All particles; the order of slots follows <paramref name="order"/>.</param>
    /// <param name="order">Id of the particle in each slot.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    protected EventLoop(Gas gas, SystemState state, int[] order, EventTally tally, EngineCounters counters)
    {
        Gas = gas;
        Counters = counters;
        _tally = tally;
        Count = order.Length;
        Now = state.Time;
        _masses = [.. gas.Species.Select(s => s.Mass)];
        _radii = [.. gas.Species.Select(s => 0.5 * s.Diameter)];
        _zoneSquared = new double[gas.OrderMax + 1];
        foreach (Zone zone in gas.Zones)
        {
            _zoneSquared[zone.Order] = zone.Distance * zone.Distance;
        }

        _prefetches = Sse.IsSupported && Count >= PrefetchCountMin;
        _hasWalls = gas.Box.Has(Boundary.Reflecting);
        _low = new Vec3(LowOf(0), LowOf(1), LowOf(2));
        _high = new Vec3(HighOf(0), HighOf(1), HighOf(2));
        (_halfX, _halfY, _halfZ) = (0.5 * _high.X, 0.5 * _high.Y, 0.5 * _high.Z); // infinite on axes that are not periodic
        _contactTable = ContactTable.Create(gas);
        _speciesCount = gas.Species.Length;
        _pairLaws = PairLaw.Table(gas);
        _particleArray = new NativeArray<Particle>(Count);
        _nextArray = new NativeArray<NextEvent>(Count);
        _idArray = new NativeArray<int>(Count);
        _imageArray = new NativeArray<int>(3L * Count);
        _tupleArray = gas.Zones.IsEmpty ? null : new NativeArray<int>((long)Count * TupleStride);
        Particles = _particleArray.Pointer;
        Next = _nextArray.Pointer;
        Ids = _idArray.Pointer;
        Load(state, order);
    }

    /// <summary>Time of the last event, or where the loop was told to stop; offset from the start of the epoch.</summary>
    public double Now { get; private set; }

    protected Gas Gas { get; }

    protected EngineCounters Counters { get; }

    /// <summary>Number of particles.</summary>
    protected int Count { get; }

    protected Particle* Particles { get; }

    protected NextEvent* Next { get; }

    /// <summary>Particle ids by slot.</summary>
    protected int* Ids { get; }

    /// <summary>eps_ab^2 by pair of species.</summary>
    protected double* ContactsSquared => _contactTable.Pointer;

    private int TupleStride => Gas.OrderMax;

    /// <summary>Bytes of native memory held.</summary>
    public long ByteCount => _particleArray.ByteCount + _nextArray.ByteCount + _idArray.ByteCount + _imageArray.ByteCount
        + (_tupleArray?.ByteCount ?? 0) + _calendar!.ByteCount + SearchByteCount;

    /// <summary>Runs all events up to a time (offset in this epoch), or a number of steps.</summary>
    /// <returns>Whether the time was reached.</returns>
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
                    CollideTuple(slot, next->EventTime);
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

    public int ParticleCount => Count;

    /// <summary>Id of the particle with the most events since the caches were built.</summary>
    public int BusiestParticle()
    {
        int busiest = 0;
        for (int slot = 1; slot < Count; slot++)
        {
            if (Particles[slot].Stamp > Particles[busiest].Stamp)
            {
                busiest = slot;
            }
        }

        return Ids[busiest];
    }

    /// <summary>Copies all particles to their place in id order.</summary>
    public void Store(Span<ParticleState> states)
    {
        for (int slot = 0; slot < Count; slot++)
        {
            states[Ids[slot]] = StateOf(slot);
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
        _calendar?.Dispose();
        _particleArray.Dispose();
        _nextArray.Dispose();
        _idArray.Dispose();
        _imageArray.Dispose();
        _tupleArray?.Dispose();
        _contactTable.Dispose();
        _pairLaws.Dispose();
    }

    /// <summary>Bytes of native memory of the search structure.</summary>
    protected abstract long SearchByteCount { get; }

    /// <summary>From this number of particles on, prefetching pays; below, the records are in the cache anyway.</summary>
    protected virtual int PrefetchCountMin => 8192;

    /// <summary>Finds the particle's earliest event and the key in the calendar.</summary>
    protected abstract void Predict(int slot);

    /// <summary>The particle leaves its cell or shell: brings the search structure and the prediction up to date.</summary>
    protected abstract void Renew(int slot);

    /// <summary>The particle had an event: its position is new and was wrapped by some boxes.</summary>
    protected abstract void Moved(int slot, Int3 wrapped);

    /// <summary>Loads what the slot's prediction will read into the cache.</summary>
    protected abstract void PrefetchCandidates(int slot);

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
        if (_hasWalls)
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

    private double EarliestBounce(int slot, out int axis)
    {
        double earliest = double.PositiveInfinity;
        axis = 0;
        Particle* p = Particles + slot;
        for (int k = 0; k < Gas.Dimension; k++)
        {
            if (Gas.Box.IsReflecting(k))
            {
                double time = WallEvent.Time((&p->X)[k], (&p->VX)[k], p->Time, _radii[p->Species], Gas.Box.Lengths[k]);
                if (time < earliest)
                {
                    earliest = time;
                    axis = k;
                }
            }
        }

        return earliest;
    }

    private double LowOf(int axis) => Gas.Box.IsPeriodic(axis) ? 0 : double.NegativeInfinity;

    private double HighOf(int axis) => Gas.Box.IsPeriodic(axis) ? Gas.Box.Lengths[axis] : double.PositiveInfinity;

    private void Load(SystemState state, int[] order)
    {
        for (int slot = 0; slot < Count; slot++)
        {
            ref readonly ParticleState s = ref state.Particles[order[slot]];
            Particle* p = Particles + slot;
            (p->X, p->Y, p->Z) = (s.Position.X, s.Position.Y, s.Position.Z);
            (p->VX, p->VY, p->VZ) = (s.Velocity.X, s.Velocity.Y, s.Velocity.Z);
            p->Time = s.Time;
            p->Species = s.Species;
            Ids[slot] = order[slot];
            int* image = _imageArray.Pointer + 3L * slot;
            (image[0], image[1], image[2]) = (s.Image.X, s.Image.Y, s.Image.Z);
        }
    }

    private ParticleState StateOf(int slot)
    {
        Particle* p = Particles + slot;
        int* image = _imageArray.Pointer + 3L * slot;
        return new ParticleState
        {
            Position = new Vec3(p->X, p->Y, p->Z),
            Velocity = new Vec3(p->VX, p->VY, p->VZ),
            Time = p->Time,
            Image = new Int3(image[0], image[1], image[2]),
            Species = p->Species,
        };
    }

    // Keys per unit of time that the calendar will see soon, from the quartiles of the first waits as if these were
    // exponential. The lowest estimate counts: on a lattice many particles sit exactly on a face and wait for nothing.
    private double ExpectedRate()
    {
        const int SampleSize = 4096;
        int stride = Math.Max(1, Count / SampleSize);
        double[] waits = new double[(Count + stride - 1) / stride];
        for (int k = 0; k < waits.Length; k++)
        {
            waits[k] = Math.Max(Next[k * stride].Time - Now, 0);
        }

        Array.Sort(waits);
        double lower = waits[waits.Length / 4], median = waits[waits.Length / 2], upper = waits[3 * waits.Length / 4];
        double perParticle = Math.Min(Math.Min(0.288 / lower, 0.693 / median), 1.386 / upper);
        return double.IsFinite(perParticle) ? perParticle * Count : 0;
    }

    private void PredictAgain(int slot)
    {
        Counters.StaleCount++;
        Predict(slot);
        _calendar!.Insert(slot);
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

    private void PredictAndInsert(int slot)
    {
        Predict(slot);
        _calendar!.Insert(slot);
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
