using System.Runtime.CompilerServices;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Events;

/// <summary>
/// Applies the laws of events to the particles' records: new states, counts, and the journal. When it happens is decided by the derived
/// classes, which find the events.
/// </summary>
internal abstract unsafe class EventLaws
{
    private const double ContactTolerance = 1e-7;
    private const double GrazingCosineSquared = 1e-15; // the angle that rounding of a contact distance can make

    private readonly LawTables _laws;
    private IEventJournal _journal = NoJournal.Instance;
    private bool _isKeeping; // the journal is
    private LogJournal? _packing; // the journal, if it is told of a pair collision at once
    private double _lastEventTime = double.NegativeInfinity;
    private long _sameTimeCount;
    private long _multipleCountKept; // of the tally when the last event was kept
    private long _grazingCountKept;

    /// <param name="laws">Of the gas.</param>
    /// <param name="store">The particles.</param>
    /// <param name="time">All events up to here are done.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    protected EventLaws(LawTables laws, ParticleStore store, double time, EventTally tally, EngineCounters counters)
    {
        (_laws, Store, Tally, Counters, Now) = (laws, store, tally, counters, time);
        Gas = laws.Gas;
        HasWalls = laws.HasWalls;
        Particles = store.Particles;
        Ids = store.Ids;
        Images = store.Images;
    }

    /// <summary>Time of the last event, or where the loop was told to stop; offset from the start of the epoch.</summary>
    public double Now { get; protected set; }

    /// <summary>The particles.</summary>
    public ParticleStore Store { get; }

    /// <summary>Events so far, and their impulses.</summary>
    public EventTally Tally { get; }

    /// <summary>Work that the trajectory does not depend on.</summary>
    public EngineCounters Counters { get; }

    /// <summary>Gets every event.</summary>
    public IEventJournal Journal
    {
        get => _journal;
        set
        {
            (_journal, _isKeeping) = (value, value.IsKeeping);
            _packing = value is LogJournal { IsPacking: true } packing ? packing : null;
        }
    }

    protected Gas Gas { get; }

    protected LawTables Laws => _laws;

    /// <summary>Number of particles.</summary>
    protected int Count => Store.Count;

    protected Particle* Particles { get; }

    /// <summary>Particle ids by slot.</summary>
    protected int* Ids { get; }

    /// <summary>Whole boxes flown until the last event, three numbers by slot.</summary>
    protected int* Images { get; }

    protected bool HasWalls { get; }

    /// <summary>All events up to a time are done, of states that have been changed from outside.</summary>
    protected void BeginAt(double time)
    {
        Now = time;
        _lastEventTime = double.NegativeInfinity;
        _sameTimeCount = 0;
    }

    /// <summary>Forgets what has been counted.</summary>
    protected void ClearTally()
    {
        Tally.Clear();
        (_multipleCountKept, _grazingCountKept) = (0, 0);
    }

    /// <summary>The particle had an event: its position is new and was wrapped by some boxes.</summary>
    protected abstract void Moved(int slot, Int3 wrapped);

    /// <summary>All participants of an event have moved: finds what this one will do next.</summary>
    protected abstract void Reschedule(int slot);

    /// <summary>When the particle meets its next wall; +infinity if it never does.</summary>
    protected double EarliestBounce(int slot, out int axis)
    {
        double earliest = double.PositiveInfinity;
        axis = 0;
        Particle* p = Particles + slot;
        for (int k = 0; k < Gas.Dimension; k++)
        {
            if (Gas.Box.IsReflecting(k))
            {
                double time = WallEvent.Time((&p->X)[k], (&p->VX)[k], p->Time, _laws.Radii[p->Kind], Gas.Box.Lengths[k]);
                if (time < earliest)
                {
                    earliest = time;
                    axis = k;
                }
            }
        }

        return earliest;
    }

    /// <summary>Two particles collide; afterwards they are moved and scheduled anew.</summary>
    /// <remarks>PairEvent.Collide on the records themselves: the same operations, without copies of vectors.</remarks>
    [SkipLocalsInit] // room for a law that most gases have in a table
    protected void Collide(int i, int j, double time)
    {
        LawTables laws = _laws;
        Particle* a = Particles + i;
        Particle* b = Particles + j;
        BeginEvent(i, time, a->Time == time || b->Time == time);
        double sinceA = time - a->Time, sinceB = time - b->Time;
        double ax = a->X + a->VX * sinceA, ay = a->Y + a->VY * sinceA, az = a->Z + a->VZ * sinceA;
        double bx = b->X + b->VX * sinceB, by = b->Y + b->VY * sinceB, bz = b->Z + b->VZ * sinceB;
        double x = bx - ax, y = by - ay, z = bz - az;
        if (Math.Abs(x) > laws.HalfX || Math.Abs(y) > laws.HalfY || Math.Abs(z) > laws.HalfZ)
        {
            Vec3 nearest = Gas.Box.NearestImage(new Vec3(x, y, z));
            (x, y, z) = (nearest.X, nearest.Y, nearest.Z);
        }

        double u = b->VX - a->VX, v = b->VY - a->VY, w = b->VZ - a->VZ;
        double approach = x * u + y * v + z * w, squared = x * x + y * y + z * z;
        PairLaw own;
        PairLaw* law = laws.HasPairs ? laws.Pairs + (a->Kind * laws.KindCount + b->Kind) : OwnLaw(a, b, &own);
        if (!(Math.Abs(squared - law->ContactSquared) <= ContactTolerance * law->ContactSquared))
        {
            throw NotInContact(time, [i, j], squared, law->ContactSquared);
        }

        if (!(approach < 0) || approach * approach <= GrazingCosineSquared * squared * (u * u + v * v + w * w))
        {
            Tally.GrazingCount++;
        }

        if (_isKeeping && _packing is null)
        {
            _journal.BeginPair(i, j, Now);
        }

        double scale = 0;
        if (approach < 0)
        {
            scale = 2 * approach / PairEvent.Inertia(law->MassSum, law->MassLost, squared);
            double scaleA = law->MassB * scale, scaleB = law->MassA * scale;
            a->VX += scaleA * x;
            a->VY += scaleA * y;
            a->VZ += scaleA * z;
            b->VX -= scaleB * x;
            b->VY -= scaleB * y;
            b->VZ -= scaleB * z;
            Tally.Virial.Add(law->Virial * approach);
        }

        Tally.PairCounts[law->CountIndex]++;
        Tally.OrderCounts[2]++;
        Int3 wrappedA = SetPosition(i, ax, ay, az, time);
        Int3 wrappedB = SetPosition(j, bx, by, bz, time);
        _packing?.AddPair(i, j, time, x, y, z, scale);
        Moved(i, wrappedA);
        Moved(j, wrappedB);
        Reschedule(i);
        Reschedule(j);
        if (_isKeeping && _packing is null)
        {
            Complete(time, 2, law->Virial * Math.Min(approach, 0), Math.Max(SpeedSquared(a), SpeedSquared(b)));
        }
    }

    /// <summary>Event of order k &gt;= 3; the members stand in the order of their ids.</summary>
    protected void CollideTuple(Span<int> slots, double time)
    {
        int order = slots.Length;
        Span<Vec3> positions = stackalloc Vec3[order], relative = stackalloc Vec3[order], velocities = stackalloc Vec3[order];
        Span<double> masses = stackalloc double[order];
        bool multiple = false;
        for (int k = 0; k < order; k++)
        {
            Particle* p = Particles + slots[k];
            multiple |= p->Time == time;
            positions[k] = p->PositionAt(time);
            velocities[k] = VelocityOf(p);
            masses[k] = _laws.Masses[p->Kind];
            relative[k] = Gas.Box.NearestImage(positions[k] - positions[0]);
        }

        BeginEvent(slots[0], time, multiple);
        (double d, double b, double c) = TupleEvent.QuadraticForm(relative, velocities);
        if (!(Math.Abs(d - _laws.ZoneSquared(order)) <= ContactTolerance * _laws.ZoneSquared(order)))
        {
            throw NotInContact(time, slots, d, _laws.ZoneSquared(order));
        }

        if (!(b < 0) || b * b <= GrazingCosineSquared * d * c)
        {
            Tally.GrazingCount++;
        }

        double virial = 0;
        if (b < 0)
        {
            virial = TupleEvent.Collide(relative, masses, velocities);
            Tally.Virial.Add(virial);
        }

        if (_isKeeping)
        {
            foreach (int slot in slots)
            {
                _journal.Begin(slot, Now);
            }
        }

        Tally.OrderCounts[order]++;
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
            Reschedule(slots[k]);
        }

        if (_isKeeping)
        {
            double fastest = 0;
            foreach (Vec3 velocity in velocities)
            {
                fastest = Math.Max(fastest, velocity.LengthSquared);
            }

            Complete(time, order, virial, fastest);
        }
    }

    /// <summary>A particle bounces off a wall.</summary>
    protected void Bounce(int slot, int axis, double time)
    {
        Particle* p = Particles + slot;
        BeginEvent(slot, time, p->Time == time);
        Vec3 position = p->PositionAt(time), velocity = VelocityOf(p);
        double normal = velocity[axis];
        double face = WallEvent.FaceAhead(normal, _laws.Radii[p->Kind], Gas.Box.Lengths[axis]);
        Tally.WallImpulse.Add(2 * _laws.Masses[p->Kind] * Math.Abs(normal));
        Tally.OrderCounts[1]++;
        if (_isKeeping)
        {
            _journal.Begin(slot, Now);
        }

        Int3 wrapped = Update(slot, position.With(axis, face), velocity.With(axis, -normal), time);
        Moved(slot, wrapped);
        Reschedule(slot);
        if (_isKeeping)
        {
            Complete(time, 1, 2 * _laws.Masses[p->Kind] * Math.Abs(normal), velocity.LengthSquared);
        }
    }

    // Bookkeeping common to all events. A participant whose last event was at this very instant makes it a multiple collision.
    private void BeginEvent(int slot, double time, bool simultaneous)
    {
        Now = Math.Max(Now, time);
        if (simultaneous && time > 0)
        {
            Tally.MultipleCount++;
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
                + "particles are wedged so that no time passes: check the initial positions for touching chains",
                Ids[slot]);
        }
    }

    private PhysicsViolationException NotInContact(double time, ReadOnlySpan<int> slots, double squared, double expected)
    {
        int[] ids = [.. slots.ToArray().Select(s => Ids[s]).Order()];
        return new PhysicsViolationException(
            $"the event of particles {string.Join(", ", ids)} at {time:R} of the epoch happens at distance {Math.Sqrt(squared):R}, "
            + $"not {Math.Sqrt(expected):R}: the state overlapped before",
            ids);
    }

    private Int3 Update(int slot, Vec3 position, Vec3 velocity, double time)
    {
        Particle* p = Particles + slot;
        (p->VX, p->VY, p->VZ) = (velocity.X, velocity.Y, velocity.Z);
        return SetPosition(slot, position.X, position.Y, position.Z, time);
    }

    // The new position as of this event. It is wrapped by the position itself, never by the history of cells.
    private Int3 SetPosition(int slot, double x, double y, double z, double time)
    {
        Particle* p = Particles + slot;
        p->Time = time;
        p->Stamp++;
        LawTables laws = _laws;
        if (x >= laws.Low.X && x < laws.High.X && y >= laws.Low.Y && y < laws.High.Y && z >= laws.Low.Z && z < laws.High.Z && !HasWalls)
        {
            (p->X, p->Y, p->Z) = (x, y, z);
            return Int3.Zero;
        }

        return SetPositionAtEdge(slot, new Vec3(x, y, z));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Int3 SetPositionAtEdge(int slot, Vec3 position)
    {
        Particle* p = Particles + slot;
        if (HasWalls)
        {
            position = ClampToWalls(position, _laws.Radii[p->Kind]);
        }

        Int3 wrapped = WrapIntoBox(ref position);
        int* image = Images + 3L * slot;
        image[0] += wrapped.X;
        image[1] += wrapped.Y;
        image[2] += wrapped.Z;
        if (_isKeeping && wrapped != Int3.Zero)
        {
            _journal.AddBoxes(slot, wrapped);
        }

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

    // Where every particle has its own diameter and mass.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PairLaw* OwnLaw(Particle* a, Particle* b, PairLaw* law)
    {
        *law = PairLaw.Of(Gas, a->Kind, b->Kind);
        return law;
    }

    private static Vec3 VelocityOf(Particle* p) => new(p->VX, p->VY, p->VZ);

    private static double SpeedSquared(Particle* p) => p->VX * p->VX + p->VY * p->VY + p->VZ * p->VZ;

    // At the end of an event: what it has added to the tally tells the rest.
    private void Complete(double time, int order, double impulse, double speedSquared)
    {
        bool isMultiple = Tally.MultipleCount > _multipleCountKept, isGrazing = Tally.GrazingCount > _grazingCountKept;
        _journal.Complete(new AppliedEvent(time, order, 0, impulse, isMultiple, isGrazing), speedSquared);
        _multipleCountKept = Tally.MultipleCount;
        _grazingCountKept = Tally.GrazingCount;
    }
}
