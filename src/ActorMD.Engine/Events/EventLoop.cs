using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Events;

/// <summary>
/// The event loop of one region and one epoch: takes one event after the other in the order of time and applies its law.
/// How the next event is found is left to the derived classes and does not change the trajectory.
/// </summary>
internal abstract unsafe partial class EventLoop : IDisposable
{
    private readonly NativeArray<double> _contactTable;
    private EventTally _tally;
    private readonly double[] _masses;
    private readonly double[] _radii;
    private readonly double[] _zoneSquared;
    private readonly NativeArray<PairLaw> _pairLaws;
    private readonly int _speciesCount;
    private readonly double _halfX;
    private readonly double _halfY;
    private readonly double _halfZ;
    private readonly Vec3 _low;
    private readonly Vec3 _high;
    private double _lastEventTime = double.NegativeInfinity;
    private long _sameTimeCount;

    /// <param name="gas">What is simulated.</param>
    /// <param name="store">The particles; goes over to the loop.</param>
    /// <param name="time">All events up to here are done.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    protected EventLoop(Gas gas, ParticleStore store, double time, EventTally tally, EngineCounters counters)
    {
        Gas = gas;
        Counters = counters;
        _tally = tally;
        Store = store;
        Now = time;
        _masses = [.. gas.Species.Select(s => s.Mass)];
        _radii = [.. gas.Species.Select(s => 0.5 * s.Diameter)];
        _zoneSquared = new double[gas.OrderMax + 1];
        foreach (Zone zone in gas.Zones)
        {
            _zoneSquared[zone.Order] = zone.Distance * zone.Distance;
        }

        HasWalls = gas.Box.Has(Boundary.Reflecting);
        _low = new Vec3(LowOf(0), LowOf(1), LowOf(2));
        _high = new Vec3(HighOf(0), HighOf(1), HighOf(2));
        (_halfX, _halfY, _halfZ) = (0.5 * _high.X, 0.5 * _high.Y, 0.5 * _high.Z); // infinite on axes that are not periodic
        _contactTable = ContactTable.Create(gas);
        _speciesCount = gas.Species.Length;
        _pairLaws = PairLaw.Table(gas);
        Particles = store.Particles;
        Ids = store.Ids;
        Images = store.Images;
    }

    /// <summary>Time of the last event, or where the loop was told to stop; offset from the start of the epoch.</summary>
    public double Now { get; protected set; }

    public int ParticleCount => Count;

    /// <summary>Bytes of native memory held.</summary>
    public long ByteCount => Store.ByteCount + SearchByteCount;

    /// <summary>Threads that compute.</summary>
    public virtual int ThreadCount => 1;

    /// <summary>Whether the particles outlive the loop.</summary>
    public bool LeavesParticles { get; set; }

    protected Gas Gas { get; }

    protected EngineCounters Counters { get; private set; }

    protected EventTally Tally => _tally;

    protected ParticleStore Store { get; }

    /// <summary>Number of particles.</summary>
    protected int Count => Store.Count;

    protected Particle* Particles { get; }

    /// <summary>Particle ids by slot.</summary>
    protected int* Ids { get; }

    /// <summary>Whole boxes flown until the last event, three numbers by slot.</summary>
    protected int* Images { get; }

    /// <summary>eps_ab^2 by pair of species.</summary>
    protected double* ContactsSquared => _contactTable.Pointer;

    /// <summary>eps_a / 2 by species.</summary>
    protected ReadOnlySpan<double> Radii => _radii;

    protected bool HasWalls { get; }

    /// <summary>Bytes of native memory of what finds the next event.</summary>
    protected abstract long SearchByteCount { get; }

    /// <summary>Runs all events up to a time (offset in this epoch), or a number of steps.</summary>
    /// <returns>Whether the time was reached.</returns>
    public abstract bool Run(double until, ref long steps);

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

    /// <summary>Events of every particle since the caches were built, in id order.</summary>
    public void CopyEventCounts(Span<uint> counts)
    {
        for (int slot = 0; slot < Count; slot++)
        {
            counts[Ids[slot]] = Particles[slot].Stamp;
        }
    }

    /// <summary>Copies all particles to their place in id order.</summary>
    public void CopyTo(Span<ParticleState> states)
    {
        for (int slot = 0; slot < Count; slot++)
        {
            states[Ids[slot]] = Store.StateOf(slot);
        }
    }

    public virtual void Dispose()
    {
        if (!LeavesParticles)
        {
            Store.Dispose();
        }

        _contactTable.Dispose();
        _pairLaws.Dispose();
    }

    /// <summary>All events up to a time are done, of states that have been changed from outside.</summary>
    protected void BeginAt(double time)
    {
        Now = time;
        _lastEventTime = double.NegativeInfinity;
        _sameTimeCount = 0;
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
}
