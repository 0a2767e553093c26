using ActorMD.Engine.Events;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Regions;

/// <summary>
/// The event loop of a part of the system: only some of the particles are present, in the whole box. What it computes is the
/// truth only as long as no absent particle interferes; its user finds that out afterwards.
/// </summary>
/// <remarks>
/// <para>
/// It goes from window to window: particles are set, added and removed, <see cref="Begin"/>, <see cref="Run(double)"/>, perhaps
/// <see cref="Undo"/>. The particles stay where they are in memory, and so do the grid and all arrays of the time slices; a slice begins
/// by itself from the states alone, so there is nothing to be undone in it.
/// </para>
/// <para>
/// The index of a particle holds from one <see cref="RenumberIfDue"/>, <see cref="Remove"/> or <see cref="Clear"/> to the next.
/// Where time slices cannot be used (open sides, few cells) the event loop is built anew for every window.
/// </para>
/// </remarks>
public sealed unsafe class RegionEngine : IDisposable
{
    private const int CapacityMin = 64;
    private const long StormCheckSteps = 1 << 14;
    private const long StormCheckStepsPerParticle = 16;

    private readonly Gas _gas;
    private ParticleStore _store = new(CapacityMin, hasOwners: true);
    private RegionSpace _space = RegionSpace.Whole;
    private ISliceEventLoop? _slices;
    private double _start;

    /// <param name="gas">The whole system's.</param>
    public RegionEngine(Gas gas)
    {
        _gas = gas;
        Ledger = new RegionLedger(_store);
    }

    /// <summary>Everything since <see cref="Begin"/>.</summary>
    public RegionLedger Ledger { get; }

    /// <summary>Work of the caches.</summary>
    public EngineCounters Counters { get; } = new();

    /// <summary>Simulation time of one epoch: the measure of an event storm.</summary>
    public double EpochLength { get; set; } = double.PositiveInfinity;

    /// <summary>Number of particles.</summary>
    public int Count => _store.Count;

    /// <summary>Ids in the whole system, by index, in no order.</summary>
    public ReadOnlySpan<int> Ids => new(_store.Ids, Count);

    /// <summary>Numbers of the domains that own the particles, by index.</summary>
    public Span<int> Owners => new(_store.Owners, Count);

    /// <summary>Where the particles are. They may leave it, but then the search for events gets slower.</summary>
    public RegionSpace Space
    {
        get => _space;
        set
        {
            if (value != _space)
            {
                DropSlices();
                _space = value;
            }
        }
    }

    /// <summary>A particle as of its last event.</summary>
    public ParticleState this[int index]
    {
        get => _store.StateOf(index);
        set => _store.Set(index, value);
    }

    /// <summary>Where a particle is at a time, not wrapped.</summary>
    public Vec3 PositionAt(int index, double time)
    {
        Particle* p = _store.Particles + index;
        double since = time - p->Time;
        return new Vec3(p->X + p->VX * since, p->Y + p->VY * since, p->Z + p->VZ * since);
    }

    /// <summary>|v|^2 of a particle.</summary>
    public double SpeedSquared(int index)
    {
        Particle* p = _store.Particles + index;
        return p->VX * p->VX + p->VY * p->VY + p->VZ * p->VZ;
    }

    /// <summary>Removes all particles.</summary>
    public void Clear()
    {
        DropSlices();
        _store.Clear();
    }

    /// <summary>Makes room for so many particles, and for some more.</summary>
    public void Reserve(int count)
    {
        if (count > _store.Capacity)
        {
            Grow(count + count / 4);
        }
    }

    /// <summary>Adds a particle at the end.</summary>
    public void Add(int id, int owner, in ParticleState state)
    {
        if (Count == _store.Capacity)
        {
            Grow(Count + Count / 4 + CapacityMin);
        }

        _store.Owners[Count] = owner;
        _store.Add(id, state);
    }

    /// <summary>Removes a particle; the last one takes its index.</summary>
    public void Remove(int index) => _store.Remove(index);

    /// <summary>Gives neighbours in space indices side by side, now and then.</summary>
    /// <returns>Whether it has done so.</returns>
    public bool RenumberIfDue()
    {
        int before = _store.PermutationCount;
        _slices?.RenumberIfDue();
        return _store.PermutationCount > before;
    }

    /// <summary>Moves all particles to the beginning of the next epoch.</summary>
    public void Rebase(double epochLength)
    {
        for (int index = 0; index < Count; index++)
        {
            ParticleState state = _store.StateOf(index);
            Epoch.Rebase(_gas.Box, ref state, epochLength);
            _store.Set(index, state);
        }

        DropSlices(); // the gas may have changed: slices are planned once an epoch, as in a simulation of the whole
    }

    /// <summary>A window begins: all events of these particles up to a time, an offset in the epoch, are done.</summary>
    /// <param name="time">Now.</param>
    public void Begin(double time)
    {
        _start = time;
        Ledger.Restart(_store);
        if (_slices is not null)
        {
            _slices.Restart(time);
        }
        else if (Count > 0 && SlicePlan.For(_gas, _space, States(), time, SearchSettings.Automatic) is { Speed: > 0 } plan)
        {
            _slices = EventLoopFactory.Create(_gas, _store, time, plan, NewTally(), Counters, SearchSettings.Automatic);
            _slices.Journal = new LedgerJournal(Ledger, _store);
        }
    }

    /// <summary>Runs all events up to and including a time.</summary>
    /// <returns>
    /// Null; or what went wrong, and when: the ledger then holds the events before. With particles absent or false that may be
    /// no fault of the system.
    /// </returns>
    public RegionViolation? Run(double until)
    {
        if (_slices is null)
        {
            return Count > 0 ? RunRebuilt(until) : null;
        }

        _slices.Horizon = until;
        RegionViolation? violation = Run(_slices, until);
        Ledger.UndoUnfinished();
        return violation;
    }

    /// <summary>Rolls back all events after a time.</summary>
    public void Undo(double time) => Ledger.Undo(time);

    /// <summary>Frees the memory outside the managed heap.</summary>
    public void Dispose()
    {
        DropSlices();
        Ledger.Dispose();
        _store.Dispose();
    }

    // Looks now and then whether time advances, as the simulator of the whole system does.
    private RegionViolation? Run(IEventLoop loop, double until)
    {
        StormWatch storm = new(EpochLength, StormCheckSteps + StormCheckStepsPerParticle * loop.Store.Count, _start);
        try
        {
            while (true)
            {
                long steps = storm.EventsLeft;
                if (loop.Run(until, ref steps))
                {
                    return null;
                }

                if (storm.IsStorm(loop.Now))
                {
                    return new RegionViolation(
                        loop.Now,
                        FormattableString.Invariant(
                            $"event storm: time {loop.Now:R} of the epoch hardly advances any more although events go on"));
                }
            }
        }
        catch (PhysicsViolationException violation)
        {
            return new RegionViolation(loop.Now, violation.Message);
        }
    }

    // In the order of ids, so that ties between events are decided as they are in the whole system.
    private RegionViolation? RunRebuilt(double until)
    {
        int[] ids = Ids.ToArray(), indices = new int[Count];
        for (int index = 0; index < indices.Length; index++)
        {
            indices[index] = index;
        }

        Array.Sort(ids, indices);
        ParticleState[] states = Array.ConvertAll(indices, _store.StateOf);
        SystemState state = new(states, double.PositiveInfinity, 0, _start);
        using IEventLoop loop = EventLoopFactory.Create(_gas, state, SearchSettings.Automatic, NewTally(), Counters);
        using ParticleStore store = loop.Store;
        loop.Journal = new RenumberedLedgerJournal(Ledger, store, indices);
        RegionViolation? violation = Run(loop, until);
        store.CopyTo(states);
        for (int k = 0; k < indices.Length; k++)
        {
            _store.Set(indices[k], states[k]);
        }

        Ledger.UndoUnfinished();
        return violation;
    }

    private ParticleState[] States()
    {
        ParticleState[] states = new ParticleState[Count];
        for (int index = 0; index < states.Length; index++)
        {
            states[index] = _store.StateOf(index);
        }

        return states;
    }

    // The loop counts into a tally of its own; what is committed is counted from the ledger.
    private EventTally NewTally() => new(_gas.Species.Length, _gas.OrderMax);

    private void Grow(int capacity)
    {
        DropSlices();
        ParticleStore larger = new(capacity, hasOwners: true);
        for (int index = 0; index < Count; index++)
        {
            larger.Owners[index] = _store.Owners[index];
            larger.Add(_store.Ids[index], _store.StateOf(index));
        }

        _store.Dispose();
        _store = larger;
    }

    private void DropSlices()
    {
        _slices?.Dispose();
        _slices = null;
    }
}
