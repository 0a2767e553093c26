using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>Which particles a node holds, and which of them its neighbours hold, too.</summary>
/// <remarks>
/// Where a particle was when the ghosts were last renewed decides about it, by one rule on all nodes. At a renewal the node in whose block
/// it is sends it to those in whose range it has come, and all others whose range it has left forget it. Nobody has to be told who holds what.
/// Between two renewals nobody flies further than <see cref="NodePlan.DriftMax"/> layers.
/// </remarks>
internal sealed unsafe class SharedMembers
{
    private const int Unknown = -1; // layer of a particle that no other node holds

    private readonly Gas _gas;
    private readonly NodePlan _plan;
    private readonly int _first, _end; // layers of the block
    private readonly bool _areTwo; // nodes: the one below is the one above
    private readonly int[] _slots; // by id, of those that a neighbour holds, too
    private ParticleStore _store;

    /// <param name="gas">What is simulated.</param>
    /// <param name="plan">Blocks.</param>
    /// <param name="node">Whose.</param>
    /// <param name="particleCount">Of the whole system.</param>
    /// <param name="store">The particles that are here.</param>
    public SharedMembers(Gas gas, NodePlan plan, int node, int particleCount, ParticleStore store)
    {
        (_gas, _plan, _store) = (gas, plan, store);
        (_first, _end) = (plan.First(node), plan.First(node + 1));
        bool isPeriodic = gas.Box.IsPeriodic(0);
        HasBelow = isPeriodic || node > 0;
        HasAbove = isPeriodic || node < plan.NodeCount - 1;
        _areTwo = plan.NodeCount == 2;
        _slots = new int[particleCount];
    }

    /// <summary>Whether there is a node below.</summary>
    public bool HasBelow { get; }

    /// <summary>Whether there is a node above.</summary>
    public bool HasAbove { get; }

    /// <summary>|v|^2 of the fastest particle at the last renewal.</summary>
    public double FastestSquared { get; private set; }

    /// <summary>The particles have moved to a larger store.</summary>
    public void MoveTo(ParticleStore store) => _store = store;

    /// <summary>Whether the node below holds the particle, because of the face between.</summary>
    public bool IsShownBelow(int slot) => HasBelow && IsShownBelowAt(_store.Owners[slot]);

    /// <summary>Whether the node above holds the particle, because of the face between.</summary>
    public bool IsShownAbove(int slot) => HasAbove && IsShownAboveAt(_store.Owners[slot]);

    /// <summary>The slot of a particle that a neighbour holds, too.</summary>
    /// <exception cref="InvalidDataException">It is not here.</exception>
    public int SlotOf(int id)
    {
        int slot = (uint)id < (uint)_slots.Length ? _slots[id] : int.MaxValue;
        return slot < _store.Count && _store.Ids[slot] == id
            ? slot
            : throw new InvalidDataException($"a neighbour speaks of particle {id}, which is not here: do all nodes run the same case?");
    }

    /// <summary>A particle of the block that no neighbour has yet.</summary>
    public void Add(int id, in ParticleState state)
    {
        _store.Owners[_store.Count] = Unknown;
        _store.Add(id, state);
    }

    /// <summary>Whether the particle is in the node's block at a time.</summary>
    public bool IsHome(int slot, double time)
    {
        int layer = LayerAt(slot, time);
        return layer >= _first && layer < _end;
    }

    /// <summary>Decides anew, at a time, who holds whom; those who have left this node's range go.</summary>
    /// <param name="time">Offset in the epoch.</param>
    /// <param name="below">Gets the particles that the node below does not have yet.</param>
    /// <param name="above">Gets those for the node above.</param>
    public void Renew(double time, List<SharedParticle> below, List<SharedParticle> above)
    {
        double fastest = 0;
        for (int slot = 0; slot < _store.Count;)
        {
            Particle* p = _store.Particles + slot;
            fastest = Math.Max(fastest, p->VX * p->VX + p->VY * p->VY + p->VZ * p->VZ);
            int layer = LayerAt(slot, time), old = _store.Owners[slot];
            if (layer >= _first && layer < _end)
            {
                if (HasBelow && layer - _first < _plan.LayersAbove && !IsKnownBelowAt(old))
                {
                    below.Add(new SharedParticle { Id = _store.Ids[slot], State = _store.StateOf(slot) });
                }

                if (HasAbove && _end - 1 - layer < _plan.LayersBelow && !IsKnownAboveAt(old))
                {
                    above.Add(new SharedParticle { Id = _store.Ids[slot], State = _store.StateOf(slot) });
                }
            }
            else if (!IsInRange(layer))
            {
                _store.Remove(slot);
                continue;
            }

            _store.Owners[slot] = layer;
            slot++;
        }

        FastestSquared = fastest;
    }

    /// <summary>Particles that a neighbour has sent at a renewal.</summary>
    public void Arrive(ReadOnlySpan<SharedParticle> particles, double time)
    {
        foreach (ref readonly SharedParticle particle in particles)
        {
            int slot = _store.Count;
            _store.Owners[slot] = _plan.LayerOf(_gas.Box, particle.State.PositionAt(time).X);
            _store.Add(particle.Id, particle.State);
            FastestSquared = Math.Max(FastestSquared, particle.State.Velocity.LengthSquared);
        }
    }

    /// <summary>All have come: notes where those are that neighbours hold, too.</summary>
    public void Settle()
    {
        for (int slot = 0; slot < _store.Count; slot++)
        {
            if (IsShownBelow(slot) || IsShownAbove(slot))
            {
                _slots[_store.Ids[slot]] = slot;
            }
        }
    }

    // Whether the node below holds a particle of a layer, for whatever face.
    private bool IsKnownBelowAt(int layer) => IsShownBelowAt(layer) || (_areTwo && HasAbove && IsShownAboveAt(layer));

    private bool IsKnownAboveAt(int layer) => IsShownAboveAt(layer) || (_areTwo && HasBelow && IsShownBelowAt(layer));

    private bool IsShownBelowAt(int layer)
    {
        int above = _plan.Above(_first, layer);
        return layer != Unknown && (above < _plan.LayersAbove || above >= _plan.CellsX - _plan.LayersBelow);
    }

    private bool IsShownAboveAt(int layer)
    {
        int above = _plan.Above(_end, layer);
        return layer != Unknown && (above < _plan.LayersAbove || above >= _plan.CellsX - _plan.LayersBelow);
    }

    private bool IsInRange(int layer) =>
        (HasAbove && _plan.Above(_end, layer) < _plan.LayersAbove)
        || (HasBelow && _plan.Above(_first, layer) >= _plan.CellsX - _plan.LayersBelow);

    private int LayerAt(int slot, double time)
    {
        Particle* p = _store.Particles + slot;
        return _plan.LayerOf(_gas.Box, p->X + p->VX * (time - p->Time));
    }
}
