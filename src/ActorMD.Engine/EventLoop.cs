using System.Runtime.CompilerServices;
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
internal abstract unsafe class EventLoop : ITieBreaker, IDisposable
{
    private const double GrazingCosineSquared = 1e-15; // the angle that rounding of a contact distance can make
    private const double ContactTolerance = 1e-7;
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

    /// <summary>The earliest wall bounce; +infinity without walls.</summary>
    protected double EarliestBounce(int slot, out int axis)
    {
        double earliest = double.PositiveInfinity;
        axis = 0;
        if (!_hasWalls)
        {
            return earliest;
        }

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

    // PairEvent.Collide on the records themselves: the same operations, without copies of vectors.
    private void Collide(int i, int j, double time)
    {
        Particle* a = Particles + i;
        Particle* b = Particles + j;
        BeginEvent(i, time, a->Time == time || b->Time == time);
        double sinceA = time - a->Time, sinceB = time - b->Time;
        double ax = a->X + a->VX * sinceA, ay = a->Y + a->VY * sinceA, az = a->Z + a->VZ * sinceA;
        double bx = b->X + b->VX * sinceB, by = b->Y + b->VY * sinceB, bz = b->Z + b->VZ * sinceB;
        double x = bx - ax, y = by - ay, z = bz - az;
        if (Math.Abs(x) > _halfX || Math.Abs(y) > _halfY || Math.Abs(z) > _halfZ)
        {
            Vec3 nearest = Gas.Box.NearestImage(new Vec3(x, y, z));
            (x, y, z) = (nearest.X, nearest.Y, nearest.Z);
        }

        double u = b->VX - a->VX, v = b->VY - a->VY, w = b->VZ - a->VZ;
        double approach = x * u + y * v + z * w, squared = x * x + y * y + z * z;
        PairLaw* law = _pairLaws.Pointer + (a->Species * _speciesCount + b->Species);
        if (!(Math.Abs(squared - law->ContactSquared) <= ContactTolerance * law->ContactSquared))
        {
            throw NotInContact(time, [i, j], squared, law->ContactSquared);
        }

        if (!(approach < 0) || approach * approach <= GrazingCosineSquared * squared * (u * u + v * v + w * w))
        {
            _tally.GrazingCount++;
        }

        if (approach < 0)
        {
            double scale = 2 * approach / (law->MassSum * squared + law->MassLost * squared);
            double scaleA = law->MassB * scale, scaleB = law->MassA * scale;
            a->VX += scaleA * x;
            a->VY += scaleA * y;
            a->VZ += scaleA * z;
            b->VX -= scaleB * x;
            b->VY -= scaleB * y;
            b->VZ -= scaleB * z;
            _tally.Virial.Add(law->Virial * approach);
        }

        _tally.PairCounts[law->CountIndex]++;
        _tally.OrderCounts[2]++;
        Int3 wrappedA = Place(i, ax, ay, az, time);
        Int3 wrappedB = Place(j, bx, by, bz, time);
        Moved(i, wrappedA);
        Moved(j, wrappedB);
        PredictAndInsert(i);
        PredictAndInsert(j);
    }

    private void CollideTuple(int slot, double time)
    {
        int order = _tupleArray!.Pointer[(long)slot * TupleStride];
        Span<int> slots = stackalloc int[order];
        MembersById(slot, slots);
        Span<Vec3> positions = stackalloc Vec3[order], relative = stackalloc Vec3[order], velocities = stackalloc Vec3[order];
        Span<double> masses = stackalloc double[order];
        bool multiple = false;
        for (int k = 0; k < order; k++)
        {
            Particle* p = Particles + slots[k];
            multiple |= p->Time == time;
            positions[k] = PositionAt(p, time);
            velocities[k] = VelocityOf(p);
            masses[k] = _masses[p->Species];
            relative[k] = Gas.Box.NearestImage(positions[k] - positions[0]);
        }

        BeginEvent(slots[0], time, multiple);
        (double d, double b, double c) = TupleEvent.QuadraticForm(relative, velocities);
        if (!(Math.Abs(d - _zoneSquared[order]) <= ContactTolerance * _zoneSquared[order]))
        {
            throw NotInContact(time, slots, d, _zoneSquared[order]);
        }

        if (!(b < 0) || b * b <= GrazingCosineSquared * d * c)
        {
            _tally.GrazingCount++;
        }

        if (b < 0)
        {
            _tally.Virial.Add(TupleEvent.Collide(relative, masses, velocities));
        }

        _tally.OrderCounts[order]++;
        Span<Int3> wrapped = stackalloc Int3[order];
        for (int k = 0; k < order; k++)
        {
            wrapped[k] = Update(slots[k], positions[k], velocities[k], time);
        }

        for (int k = 0; k < order; k++)
        {
            Moved(slots[k], wrapped[k]);
        }

        for (int k = 0; k < order; k++)
        {
            PredictAndInsert(slots[k]);
        }
    }

    private void Bounce(int slot, int axis, double time)
    {
        Particle* p = Particles + slot;
        BeginEvent(slot, time, p->Time == time);
        Vec3 position = PositionAt(p, time), velocity = VelocityOf(p);
        double normal = velocity[axis];
        double face = WallEvent.FaceAhead(normal, _radii[p->Species], Gas.Box.Lengths[axis]);
        _tally.WallImpulse.Add(2 * _masses[p->Species] * Math.Abs(normal));
        _tally.OrderCounts[1]++;
        Int3 wrapped = Update(slot, position.With(axis, face), velocity.With(axis, -normal), time);
        Moved(slot, wrapped);
        PredictAndInsert(slot);
    }

    // Bookkeeping common to all events. A participant whose last event was at this very instant makes it a multiple collision.
    private void BeginEvent(int slot, double time, bool simultaneous)
    {
        Now = Math.Max(Now, time);
        if (simultaneous && time > 0)
        {
            _tally.MultipleCount++;
        }

        if (time > _lastEventTime)
        {
            _lastEventTime = time;
            _sameTimeCount = 0;
        }
        else if (++_sameTimeCount > 1000 + 100L * Count)
        {
            throw new PhysicsViolationException(
                $"event storm: {_sameTimeCount} events at the instant {time:R} of the epoch, the last one of particle {Ids[slot]}; "
                + "particles are wedged so that no time passes: check the initial positions for touching chains");
        }
    }

    private PhysicsViolationException NotInContact(double time, ReadOnlySpan<int> slots, double squared, double expected)
    {
        string ids = string.Join(", ", slots.ToArray().Select(s => Ids[s]).Order());
        return new PhysicsViolationException(
            $"the event of particles {ids} at {time:R} of the epoch happens at distance {Math.Sqrt(squared):R}, "
            + $"not {Math.Sqrt(expected):R}: the state overlapped before");
    }

    private Int3 Update(int slot, Vec3 position, Vec3 velocity, double time)
    {
        Particle* p = Particles + slot;
        (p->VX, p->VY, p->VZ) = (velocity.X, velocity.Y, velocity.Z);
        return Place(slot, position.X, position.Y, position.Z, time);
    }

    // The new position as of this event. It is wrapped by the position itself, never by the history of cells.
    private Int3 Place(int slot, double x, double y, double z, double time)
    {
        Particle* p = Particles + slot;
        p->Time = time;
        p->Stamp++;
        if (x >= _low.X && x < _high.X && y >= _low.Y && y < _high.Y && z >= _low.Z && z < _high.Z && !_hasWalls)
        {
            (p->X, p->Y, p->Z) = (x, y, z);
            return Int3.Zero;
        }

        return PlaceAtEdge(slot, new Vec3(x, y, z));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Int3 PlaceAtEdge(int slot, Vec3 position)
    {
        Particle* p = Particles + slot;
        if (_hasWalls)
        {
            position = ClampToWalls(position, _radii[p->Species]);
        }

        Int3 wrapped = WrapIntoBox(ref position);
        int* image = _imageArray.Pointer + 3L * slot;
        image[0] += wrapped.X;
        image[1] += wrapped.Y;
        image[2] += wrapped.Z;
        (p->X, p->Y, p->Z) = (position.X, position.Y, position.Z);
        return wrapped;
    }

    private Int3 WrapIntoBox(ref Vec3 position)
    {
        int x = 0, y = 0, z = 0;
        Box box = Gas.Box;
        position = new Vec3(
            box.IsPeriodic(0) ? Box.Wrap(position.X, box.Lengths.X, out x) : position.X,
            box.IsPeriodic(1) ? Box.Wrap(position.Y, box.Lengths.Y, out y) : position.Y,
            box.IsPeriodic(2) ? Box.Wrap(position.Z, box.Lengths.Z, out z) : position.Z);
        return new Int3(x, y, z);
    }

    private Vec3 ClampToWalls(Vec3 position, double radius)
    {
        for (int axis = 0; axis < Gas.Dimension; axis++)
        {
            if (Gas.Box.IsReflecting(axis))
            {
                double x = position[axis], high = Gas.Box.Lengths[axis] - radius;
                if (x < radius || x > high)
                {
                    position = position.With(axis, x < radius ? radius : high);
                }
            }
        }

        return position;
    }

    private void PredictAndInsert(int slot)
    {
        Predict(slot);
        _calendar!.Insert(slot);
    }

    private static Vec3 PositionAt(Particle* p, double time)
    {
        double since = time - p->Time;
        return new Vec3(p->X + p->VX * since, p->Y + p->VY * since, p->Z + p->VZ * since);
    }

    private static Vec3 VelocityOf(Particle* p) => new(p->VX, p->VY, p->VZ);

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
