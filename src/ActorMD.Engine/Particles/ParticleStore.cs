using ActorMD.Physics;

namespace ActorMD.Engine.Particles;

/// <summary>The particles of an event loop, by slot, outside the managed heap.</summary>
/// <remarks>The pointers stay as they are as long as the store lives.</remarks>
internal sealed unsafe class ParticleStore : IDisposable
{
    private readonly NativeArray<Particle> _particles;
    private readonly NativeArray<int> _ids;
    private readonly NativeArray<int> _images;
    private readonly NativeArray<int>? _layers;

    /// <param name="capacity">Slots.</param>
    /// <param name="hasLayers">Whether a layer of cells is kept for each particle: nodes that share slices know from it who holds whom.</param>
    public ParticleStore(int capacity, bool hasLayers = false)
    {
        Capacity = capacity;
        _particles = new NativeArray<Particle>(capacity);
        _ids = new NativeArray<int>(capacity);
        _images = new NativeArray<int>(3L * capacity);
        _layers = hasLayers ? new NativeArray<int>(capacity) : null;
    }

    public int Capacity { get; }

    /// <summary>How often the slots have been renumbered.</summary>
    public int PermutationCount { get; private set; }

    /// <summary>Number of particles: the slots below are taken.</summary>
    public int Count { get; private set; }

    public long ByteCount => _particles.ByteCount + _ids.ByteCount + _images.ByteCount + (_layers?.ByteCount ?? 0);

    public Particle* Particles => _particles.Pointer;

    /// <summary>Particle ids by slot.</summary>
    public int* Ids => _ids.Pointer;

    /// <summary>Whole boxes flown until the last event, three numbers by slot.</summary>
    public int* Images => _images.Pointer;

    /// <summary>Layers of cells in which the particles were at the last renewal, by slot; null where no nodes share slices.</summary>
    public int* Layers => _layers is null ? null : _layers.Pointer;

    /// <param name="state">All particles by id.</param>
    /// <param name="order">Id of the particle in each slot.</param>
    public static ParticleStore Of(SystemState state, int[] order)
    {
        ParticleStore store = new(order.Length);
        foreach (int id in order)
        {
            store.Add(id, state.Particles[id]);
        }

        return store;
    }

    public ParticleState StateOf(int slot)
    {
        Particle* p = Particles + slot;
        int* image = Images + 3L * slot;
        return new ParticleState
        {
            Position = new Vec3(p->X, p->Y, p->Z),
            Velocity = new Vec3(p->VX, p->VY, p->VZ),
            Time = p->Time,
            Image = new Int3(image[0], image[1], image[2]),
            Kind = p->Kind,
        };
    }

    /// <summary>Sums over the particles of some slots.</summary>
    public VelocitySums SumVelocities(Gas gas, int first, int end)
    {
        VelocitySums sums = new(gas);
        for (int slot = first; slot < end; slot++)
        {
            Particle* p = Particles + slot;
            sums.Add(p->Kind, new Vec3(p->X, p->Y, p->Z), new Vec3(p->VX, p->VY, p->VZ));
        }

        return sums;
    }

    public void CopyTo(Span<ParticleState> states)
    {
        for (int slot = 0; slot < Count; slot++)
        {
            states[Ids[slot]] = StateOf(slot);
        }
    }

    /// <summary>Id of the particle with the most events since the store was made.</summary>
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

    /// <summary>Events of every particle since the store was made, in id order.</summary>
    public void CopyEventCounts(Span<uint> counts)
    {
        for (int slot = 0; slot < Count; slot++)
        {
            counts[Ids[slot]] = Particles[slot].Stamp;
        }
    }

    public void Set(int slot, in ParticleState state)
    {
        Particle* p = Particles + slot;
        (p->X, p->Y, p->Z) = (state.Position.X, state.Position.Y, state.Position.Z);
        (p->VX, p->VY, p->VZ) = (state.Velocity.X, state.Velocity.Y, state.Velocity.Z);
        p->Time = state.Time;
        p->Kind = state.Kind;
        int* image = Images + 3L * slot;
        (image[0], image[1], image[2]) = (state.Image.X, state.Image.Y, state.Image.Z);
    }

    /// <summary>Adds a particle in the next slot.</summary>
    public void Add(int id, in ParticleState state)
    {
        Ids[Count] = id;
        Set(Count++, state);
    }

    /// <summary>Removes a particle; the one of the last slot takes its place.</summary>
    public void Remove(int slot)
    {
        int last = --Count;
        Particles[slot] = Particles[last];
        Ids[slot] = Ids[last];
        for (int axis = 0; axis < 3; axis++)
        {
            Images[3L * slot + axis] = Images[3L * last + axis];
        }

        if (_layers is not null)
        {
            Layers[slot] = Layers[last];
        }
    }

    public void Clear() => Count = 0;

    /// <summary>The particle of slot order[k] moves to slot k.</summary>
    /// <param name="order">All slots.</param>
    /// <param name="scratch">Room for half a particle per slot.</param>
    /// <param name="parts">Threads that share the work.</param>
    public void Permute(int* order, void* scratch, WorkParts parts)
    {
        PermutationCount++;
        Half* halves = (Half*)Particles;
        Permute(halves, 2, order, (Half*)scratch, parts);
        Permute(halves + 1, 2, order, (Half*)scratch, parts);
        Permute(Ids, 1, order, (int*)scratch, parts);
        Permute((Int3*)Images, 1, order, (Int3*)scratch, parts);

        if (_layers is not null)
        {
            Permute(Layers, 1, order, (int*)scratch, parts);
        }
    }

    public void Dispose()
    {
        _particles.Dispose();
        _ids.Dispose();
        _images.Dispose();
        _layers?.Dispose();
    }

    // Every stride-th item: the one of slot order[k] becomes that of slot k.
    private void Permute<T>(T* items, int stride, int* order, T* scratch, WorkParts parts)
        where T : unmanaged
    {
        parts.Run(k => Gather(items, stride, order, scratch, parts.FirstOf(Count, k), parts.FirstOf(Count, k + 1)));
        parts.Run(k => Return(items, stride, scratch, parts.FirstOf(Count, k), parts.FirstOf(Count, k + 1)));
    }

    private static void Gather<T>(T* items, int stride, int* order, T* scratch, int from, int to)
        where T : unmanaged
    {
        for (int slot = from; slot < to; slot++)
        {
            scratch[slot] = items[(long)order[slot] * stride];
        }
    }

    private static void Return<T>(T* items, int stride, T* scratch, int from, int to)
        where T : unmanaged
    {
        for (int slot = from; slot < to; slot++)
        {
            items[(long)slot * stride] = scratch[slot];
        }
    }

    private struct Half
    {
        public fixed double Numbers[4];
    }
}
