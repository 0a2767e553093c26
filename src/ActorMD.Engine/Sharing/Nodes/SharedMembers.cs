using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>Which particles a node holds, and which of them its neighbours hold, too.</summary>
/// <remarks>
/// Where a particle was when the ghosts were last renewed decides about it, by one rule on all nodes. At a renewal the node in whose block
/// it is sends it to those in whose range it has come, and all others whose range it has left forget it. Nobody has to be told who holds
/// what. Between two renewals nobody flies further than <see cref="NodePlan.Drift"/> layers.
/// </remarks>
internal sealed unsafe class SharedMembers
{
    private const int Unknown = -1; // layer of a particle that no other node holds
    private const int Ahead = 16; // particles to be loaded into the cache
    private const byte Below = 1, Above = 2; // neighbours that hold the particles of a layer, each because of the face between

    private readonly NodePlan _plan;
    private readonly int _first, _end; // layers of the block
    private readonly double _length; // of the box, along which the layers lie
    private readonly bool _isPeriodic;
    private readonly bool _areTwo; // nodes: the one below is the one above
    private readonly byte[] _shown; // by layer + 1
    private readonly int[] _slots; // by id, of those that a neighbour holds, too
    private ParticleStore _store;

    /// <param name="gas">What is simulated.</param>
    /// <param name="plan">Blocks.</param>
    /// <param name="node">Whose.</param>
    /// <param name="particleCount">Of the whole system.</param>
    /// <param name="store">The particles that are here.</param>
    public SharedMembers(Gas gas, NodePlan plan, int node, int particleCount, ParticleStore store)
    {
        (_plan, _store, _length) = (plan, store, gas.Box.Lengths.X);
        (_first, _end) = (plan.First(node), plan.First(node + 1));
        _isPeriodic = gas.Box.IsPeriodic(0);
        HasBelow = _isPeriodic || node > 0;
        HasAbove = _isPeriodic || node < plan.NodeCount - 1;
        _areTwo = plan.NodeCount == 2;
        _slots = new int[particleCount];
        _shown = new byte[plan.CellsX + 1];
        for (int layer = 0; layer < plan.CellsX; layer++)
        {
            bool isBelow = HasBelow && IsInRangeOf(_first, layer), isAbove = HasAbove && IsInRangeOf(_end, layer);
            _shown[layer - Unknown] = (byte)((isBelow ? Below : 0) | (isAbove ? Above : 0));
        }
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
    public bool IsShownBelow(int slot) => (ShownAt(_store.Layers[slot]) & Below) != 0;

    /// <summary>Whether the node above holds the particle, because of the face between.</summary>
    public bool IsShownAbove(int slot) => (ShownAt(_store.Layers[slot]) & Above) != 0;

    /// <summary>The slot of a particle that a neighbour holds, too.</summary>
    /// <exception cref="InvalidDataException">It is not here.</exception>
    public int SlotOf(int id)
    {
        int slot = (uint)id < (uint)_slots.Length ? _slots[id] : int.MaxValue;
        return IsAt(slot, id)
            ? slot
            : throw new InvalidDataException($"a neighbour speaks of particle {id}, which is not here: do all nodes run the same case?");
    }

    /// <summary>Loads into the cache where the slot of a particle is known.</summary>
    public void PrefetchSlotOf(int id)
    {
        if ((uint)id < (uint)_slots.Length)
        {
            fixed (int* slot = &_slots[id])
            {
                Sse.Prefetch0(slot);
            }
        }
    }

    /// <summary>As <see cref="SlotOf"/>, for a prefetch: any slot if the particle is not here.</summary>
    public int LikelySlotOf(int id) => (uint)id < (uint)_slots.Length ? _slots[id] : 0;

    /// <summary>A particle of the block that no neighbour has yet.</summary>
    public void Add(int id, in ParticleState state)
    {
        _store.Layers[_store.Count] = Unknown;
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
            int layer = LayerAt(slot, time), old = _store.Layers[slot];
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

            _store.Layers[slot] = layer;
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
            _store.Layers[slot] = _plan.LayerOf(_length, _isPeriodic, particle.State.PositionAt(time).X);
            _store.Add(particle.Id, particle.State);
            FastestSquared = Math.Max(FastestSquared, particle.State.Velocity.LengthSquared);
        }
    }

    /// <summary>All have come: notes where those are that neighbours hold, too.</summary>
    public void Settle()
    {
        for (int slot = 0; slot < _store.Count; slot++)
        {
            if (ShownAt(_store.Layers[slot]) != 0)
            {
                _slots[_store.Ids[slot]] = slot;
            }
        }
    }

    /// <summary>All slots, in the order of their particles' numbers.</summary>
    public IEnumerable<int> SlotsById()
    {
        NoteAll();
        for (int id = 0; id < _slots.Length; id++)
        {
            Prefetch(id + Ahead);
            if (IsAt(_slots[id], id))
            {
                yield return _slots[id];
            }
        }
    }

    private void NoteAll()
    {
        for (int slot = 0; slot < _store.Count; slot++)
        {
            _slots[_store.Ids[slot]] = slot;
        }
    }

    private bool IsAt(int slot, int id) => slot < _store.Count && _store.Ids[slot] == id;

    private void Prefetch(int id)
    {
        if (Sse.IsSupported && id < _slots.Length)
        {
            Sse.Prefetch0(_store.Particles + _slots[id]);
        }
    }

    private byte ShownAt(int layer) => _shown[layer - Unknown];

    // Whether the node below holds a particle of a layer, for whatever face.
    private bool IsKnownBelowAt(int layer) => (ShownAt(layer) & (_areTwo ? Below | Above : Below)) != 0;

    private bool IsKnownAboveAt(int layer) => (ShownAt(layer) & (_areTwo ? Below | Above : Above)) != 0;

    // Whether the nodes on both sides of a face hold the particles of a layer, because of it.
    private bool IsInRangeOf(int face, int layer)
    {
        int above = _plan.Above(face, layer);
        return above < _plan.LayersAbove || above >= _plan.CellsX - _plan.LayersBelow;
    }

    private bool IsInRange(int layer) =>
        (HasAbove && _plan.Above(_end, layer) < _plan.LayersAbove)
        || (HasBelow && _plan.Above(_first, layer) >= _plan.CellsX - _plan.LayersBelow);

    private int LayerAt(int slot, double time)
    {
        Particle* p = _store.Particles + slot;
        return _plan.LayerOf(_length, _isPeriodic, p->X + p->VX * (time - p->Time));
    }
}
