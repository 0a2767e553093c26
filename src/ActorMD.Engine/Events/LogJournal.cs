using System.Runtime.CompilerServices;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Events;

/// <summary>Writes every event of a loop into an event log as soon as it is done.</summary>
/// <param name="gas">What is simulated.</param>
/// <param name="log">Gets the events.</param>
/// <param name="store">The particles of the loop.</param>
/// <param name="epoch">Number of finished epochs.</param>
internal sealed unsafe class LogJournal(Gas gas, EventBatch log, ParticleStore store, long epoch) : IEventJournal
{
    private readonly int[] _slots = new int[GasValidation.OrderLimit];
    private readonly int[] _ids = new int[GasValidation.OrderLimit];
    private readonly ParticleState[] _before = new ParticleState[GasValidation.OrderLimit];
    private readonly ParticleState[] _after = new ParticleState[GasValidation.OrderLimit];
    private int _count; // participants of the present event

    public bool IsKeeping => true;

    /// <summary>Whether pair collisions are given by <see cref="AddPair"/> alone.</summary>
    public bool IsPacking => log.IsPacked;

    public void Begin(int slot, double now)
    {
        _slots[_count] = slot;
        _ids[_count] = store.Ids[slot];
        Copy(store.Particles + slot, ref _before[_count++]);
    }

    public void BeginPair(int first, int second, double now)
    {
        bool isAscending = store.Ids[first] < store.Ids[second];
        Begin(isAscending ? first : second, now);
        Begin(isAscending ? second : first, now);
    }

    public void AddBoxes(int slot, Int3 boxes)
    {
    }

    /// <summary>Two particles have collided and have their new positions and velocities.</summary>
    /// <remarks>Without branches that cannot be guessed: which id is the smaller one is random.</remarks>
    /// <param name="i">The first one's slot.</param>
    /// <param name="j">The second one's slot.</param>
    /// <param name="time">Of the collision.</param>
    /// <param name="x">From the first to the second along x, by the nearest image.</param>
    /// <param name="y">Along y.</param>
    /// <param name="z">Along z.</param>
    /// <param name="scale">Times the second one's mass, times x, y, z, it was added to the first one's velocity.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // with every collision
    public void AddPair(int i, int j, double time, double x, double y, double z, double scale)
    {
        int a = store.Ids[i], b = store.Ids[j];
        double direction = 1 | ((b - a) >> 31); // 1 or -1
        ref PackedPair pair = ref log.NextPair();
        (pair.Epoch, pair.Time, pair.Order, pair.Count) = (epoch, time, 2, PackedPair.Plain);
        (pair.First, pair.Second) = (Math.Min(a, b), Math.Max(a, b));
        pair.Offset = new Vec3(direction * x + 0.0, direction * y + 0.0, direction * z + 0.0); // no zero is negative
        pair.Scale = scale;
        Particle* p = store.Particles + i;
        Particle* q = store.Particles + j;
        if (q->X - p->X == x && q->Y - p->Y == y && q->Z - p->Z == z)
        {
            log.AddPair();
        }
        else
        {
            AddPairAtEdge(a < b ? p : q, a < b ? q : p);
        }
    }

    public void Complete(in AppliedEvent happened, double speedSquared)
    {
        for (int k = 0; k < _count; k++)
        {
            Copy(store.Particles + _slots[k], ref _after[k]);
        }

        log.Add(gas, epoch, happened.Time, happened.Order, _ids.AsSpan(0, _count), _before.AsSpan(0, _count), _after.AsSpan(0, _count));
        _count = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddPairAtEdge(Particle* first, Particle* second) =>
        log.AddPair(gas.Box.NearestImage(new Vec3(second->X - first->X, second->Y - first->Y, second->Z - first->Z)));

    // What an event log needs of a state.
    private static void Copy(Particle* p, ref ParticleState state)
    {
        state.Position = new Vec3(p->X, p->Y, p->Z);
        state.Velocity = new Vec3(p->VX, p->VY, p->VZ);
        state.Kind = p->Kind;
    }
}
