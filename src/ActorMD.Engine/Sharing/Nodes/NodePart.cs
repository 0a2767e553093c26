using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>One node's part of a system whose time slices several nodes share by messages.</summary>
/// <remarks>
/// <para>
/// A slice: perhaps <see cref="Renew"/>, <see cref="Arrive"/> and <see cref="Settle"/>; <see cref="RunBlock"/>, whose report goes to the
/// node below;
/// <see cref="RunStrip"/> with the report from above, whose changes go to the node above; <see cref="Take"/> with the changes from below;
/// and when all nodes have succeeded <see cref="End"/>, otherwise <see cref="Undo"/> on all of them.
/// </para>
/// <para>Nothing of the trajectory depends on where the blocks are: every event time is a function of the participants' states.</para>
/// </remarks>
public sealed unsafe class NodePart : IDisposable
{
    private const int RenumberInterval = 8; // slices
    private const double RoomShare = 1.1;
    private const double DriftMargin = 1e-6; // layers, for rounding

    private readonly Gas _gas;
    private readonly NodePlan _plan;
    private readonly int _node;
    private readonly SharedMembers _members;
    private readonly double _layerWidth;
    private readonly List<SharedParticle> _below = [], _above = []; // room for the particles that neighbours get
    private ParticleStore _store;
    private NodeSlices? _slices;
    private double _fastestSquared; // since the last renewal
    private double _renewedAt;
    private double _end; // of the slice
    private bool _needsRoom; // for the slice, which has failed for want of it
    private int _stretchCount; // of the slice; 0 if it has no waypoints
    private int _sliceCount;
    private int _renumberedAt; // _sliceCount then

    /// <param name="gas">What is simulated.</param>
    /// <param name="plan">How nodes share it.</param>
    /// <param name="node">Number of this one.</param>
    /// <param name="particleCount">Of the whole system.</param>
    /// <param name="homeCount">Number of particles of this node's block at a time.</param>
    /// <param name="home">These particles, in any order.</param>
    /// <param name="time">All events up to here are done: an offset in the epoch.</param>
    public NodePart(
        Gas gas, NodePlan plan, int node, int particleCount, int homeCount, Func<int, SharedParticle> home, double time)
    {
        (_gas, _plan, _node) = (gas, plan, node);
        Tally = new EventTally(gas.Species.Length, gas.OrderMax);
        _layerWidth = gas.Box.Lengths.X / plan.CellsX;
        double ghosts = (plan.LayersAbove + plan.LayersBelow) / (double)(plan.First(node + 1) - plan.First(node));
        _store = new ParticleStore((int)(RoomShare * (1 + ghosts) * homeCount) + 1024, hasLayers: true);
        _members = new SharedMembers(gas, plan, node, particleCount, _store);
        double width = gas.Box.Lengths.Y / plan.CellsY;
        foreach (int k in SpatialOrder.Of(gas, homeCount, k => home(k).State.PositionAt(time), width))
        {
            SharedParticle particle = home(k);
            _members.Add(particle.Id, particle.State);
        }
    }

    /// <summary>Whether the events of each slice are kept for the event log: <see cref="TakeEvents"/>.</summary>
    public bool LogsEvents { get; init; }

    /// <summary>Events so far that count here, and their impulses.</summary>
    public EventTally Tally { get; }

    /// <summary>Work that the trajectory does not depend on.</summary>
    public EngineCounters Counters { get; } = new();

    /// <summary>Particles that are here, ghosts included.</summary>
    public int Count => _store.Count;

    /// <summary>Events of the present slice that were run here, those that were rolled back included.</summary>
    public long SliceEventCount => _slices?.EventCount ?? 0;

    /// <summary>Whether there is a node below: it gets this one's block reports.</summary>
    public bool HasBelow => _members.HasBelow;

    /// <summary>Whether there is a node above: it gets this one's strip reports.</summary>
    public bool HasAbove => _members.HasAbove;

    /// <summary>Whether the present slice has failed here.</summary>
    public bool IsVoid { get; private set; }

    /// <summary>The slice as this node sees it, once its strip has run.</summary>
    public NodeVerdict Verdict => new(
        IsVoid, 2 * (_slices?.WantedHalf ?? 0), Math.Sqrt(_fastestSquared), _slices?.WantsRenewal ?? true);

    /// <summary>A slice begins with a renewal of the ghosts: whom the neighbours get.</summary>
    /// <param name="time">Its beginning.</param>
    public GhostReport Renew(double time)
    {
        if (_slices is not null && _sliceCount >= _renumberedAt + RenumberInterval)
        {
            _renumberedAt = _sliceCount;
            _slices.Renumber();
        }

        _below.Clear();
        _above.Clear();
        _members.Renew(time, _below, _above);
        _slices?.Forget();
        _renewedAt = time;
        return new GhostReport([.. _below], [.. _above]);
    }

    /// <summary>Whom a neighbour has sent at a renewal.</summary>
    public void Arrive(ReadOnlySpan<SharedParticle> particles)
    {
        foreach (ref readonly SharedParticle particle in particles)
        {
            if ((uint)particle.State.Kind >= (uint)_gas.Kinds.Length
                || !particle.State.Position.IsFinite || !particle.State.Velocity.IsFinite)
            {
                throw new InvalidDataException($"particle {particle.Id} has no place in this gas: do all nodes run the same case?");
            }
        }

        if (_store.Count + particles.Length > _store.Capacity)
        {
            Grow((int)(RoomShare * (_store.Count + particles.Length)) + 1024);
        }

        _members.Arrive(particles, _renewedAt);
    }

    /// <summary>All have come.</summary>
    public void Settle()
    {
        _members.Settle();
        _fastestSquared = _members.FastestSquared;
    }

    /// <summary>Runs the events of the node's block.</summary>
    /// <param name="start">The slice's beginning: all events up to here are done.</param>
    /// <param name="end">Up to and including this time.</param>
    /// <param name="waypoints">Moments between which changes are told apart (<see cref="Stretches"/>), in their order.</param>
    /// <returns>What the node below has to know.</returns>
    public BlockReport RunBlock(double start, double end, params double[] waypoints)
    {
        const double Excess = 1 + 1e-9; // the slice ends behind its last event
        (IsVoid, _needsRoom) = (false, false);
        _end = end;
        _stretchCount = waypoints.Length > 0 ? waypoints.Length + 1 : 0;
        _sliceCount++;
        _slices ??= Build();
        BlockReport report = BlockReport.Void;
        Try(() =>
        {
            Slices.SliceClock clock = new(start, 0.5 * Excess * (end - start));
            _slices.RunBlock(clock.End > end ? clock : new Slices.SliceClock(start, end - start), end, waypoints, LogsEvents);
            report = HasBelow ? _slices.Report(_members) : report;
        });
        return IsVoid ? BlockReport.Void : report;
    }

    /// <summary>Runs the strip around the face above the block.</summary>
    /// <param name="above">From the node above; null if there is none.</param>
    /// <returns>What the node above has to know.</returns>
    public StripReport RunStrip(BlockReport? above)
    {
        IsVoid |= above is { IsVoid: true };
        StripReport report = new(false, [], []);
        if (!IsVoid && above is not null)
        {
            Try(() =>
            {
                _slices!.Follow(above, _members);
                _slices.RunStrip();
                report = new StripReport(false, _slices.Changes(_members), _slices.RolledBack());
            });
        }

        _fastestSquared = Math.Max(_fastestSquared, _slices!.FastestSquared);
        IsVoid |= (_end - _renewedAt) * Math.Sqrt(_fastestSquared) > (_plan.Drift - DriftMargin) * _layerWidth;
        return IsVoid ? StripReport.Void : report;
    }

    /// <summary>Takes the changes of the node below.</summary>
    public void Take(StripReport below)
    {
        IsVoid |= below.IsVoid;
        if (!IsVoid)
        {
            _slices!.Take(below.Changes.AsSpan(), _members);
            _slices.Unlog(below.RolledBack.AsSpan());
        }
    }

    /// <summary>
    /// The events of the slice that count here, in the order of the log, once the changes from below are taken; nothing if the slice
    /// is void or no log is wanted.
    /// </summary>
    /// <param name="epoch">Number of finished epochs.</param>
    public byte[] TakeEvents(long epoch)
    {
        if (IsVoid || !LogsEvents)
        {
            return [];
        }

        EventBatch batch = new();
        _slices!.AddEventsTo(batch, epoch);
        return batch.Take();
    }

    /// <summary>
    /// What the events that count here have changed up to each waypoint of the slice, and from the last one to its end; nothing if there are
    /// no waypoints or the slice is void.
    /// </summary>
    public IEnumerable<(VelocitySums Gains, EventTally Tally)> Stretches() =>
        Enumerable.Range(0, IsVoid ? 0 : _stretchCount).Select(_slices!.Stretch);

    /// <summary>The slice is done on all nodes.</summary>
    public void End() => _slices!.End();

    /// <summary>The slice is void: all particles are as they were at its beginning. The next one has to begin with a renewal.</summary>
    public void Undo()
    {
        _slices!.Undo(_needsRoom);
        _slices.Forget();
    }

    /// <summary>Moves all particles to the beginning of the next epoch. The next slice has to begin with a renewal.</summary>
    public void Rebase(double epochLength)
    {
        for (int slot = 0; slot < _store.Count; slot++)
        {
            ParticleState state = _store.StateOf(slot);
            Epoch.Rebase(_gas.Box, ref state, epochLength);
            _store.Set(slot, state);
        }
    }

    /// <summary>All particles that are here, ghosts included.</summary>
    internal IEnumerable<SharedParticle> All()
    {
        for (int slot = 0; slot < _store.Count; slot++)
        {
            yield return ParticleAt(slot);
        }
    }

    /// <summary>The particles of the block at a time up to which all events are done. Every particle is at home at one node.</summary>
    /// <remarks>
    /// In the order of their numbers: whoever puts those of all nodes together writes through its memory from the beginning to the end. To jump
    /// about there takes four times as long.
    /// </remarks>
    /// <param name="time">Offset in the epoch.</param>
    /// <param name="convert">Makes what is wanted of a particle.</param>
    public T[] Home<T>(double time, Func<SharedParticle, T> convert)
    {
        int count = 0;
        for (int slot = 0; slot < _store.Count; slot++)
        {
            count += _members.IsHome(slot, time) ? 1 : 0;
        }

        T[] home = GC.AllocateUninitializedArray<T>(count);
        int next = 0;
        foreach (int slot in _members.SlotsById())
        {
            if (_members.IsHome(slot, time))
            {
                home[next++] = convert(ParticleAt(slot));
            }
        }

        return home;
    }

    /// <summary>Sums over the particles of the block at a time up to which all events are done.</summary>
    public VelocitySums SumVelocities(double time)
    {
        VelocitySums sums = new(_gas);
        for (int slot = 0; slot < _store.Count; slot++)
        {
            if (_members.IsHome(slot, time))
            {
                sums.Add(_store.StateOf(slot));
            }
        }

        return sums;
    }

    /// <summary>Frees the memory outside the managed heap.</summary>
    public void Dispose()
    {
        _slices?.Dispose();
        _store.Dispose();
    }

    private SharedParticle ParticleAt(int slot) => new() { Id = _store.Ids[slot], State = _store.StateOf(slot) };

    private NodeSlices Build() => _gas.HasOwnSizes ? new NodeSlices<OwnRadii>(_gas, _plan, _node, _store, Tally, Counters)
        : ContactTable.IsUniform(_gas) ? new NodeSlices<EqualSpheres>(_gas, _plan, _node, _store, Tally, Counters)
        : new NodeSlices<SpeciesTable>(_gas, _plan, _node, _store, Tally, Counters);

    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception conflict) when (conflict is SharingConflictException or PhysicsViolationException)
        {
            // If anything is wrong with the particles themselves, it comes up again.
            (IsVoid, _needsRoom) = (true, SharingConflictException.NeedsRoom(conflict));
        }
    }

    private void Grow(int capacity)
    {
        ParticleStore larger = new(capacity, hasLayers: true);
        for (int slot = 0; slot < _store.Count; slot++)
        {
            larger.Layers[slot] = _store.Layers[slot];
            larger.Add(_store.Ids[slot], _store.StateOf(slot));
        }

        _slices?.Dispose();
        _slices = null;
        _store.Dispose();
        _store = larger;
        _members.MoveTo(larger);
    }
}
