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

    public bool IsBoundToSlots => false;

    public void Begin(int slot, double now)
    {
        Particle* p = store.Particles + slot;
        _slots[_count] = slot;
        _ids[_count] = store.Ids[slot];
        Copy(p, ref _before[_count++]);
    }

    public void BeginPair(int first, int second, double now)
    {
        bool inOrder = store.Ids[first] < store.Ids[second];
        Begin(inOrder ? first : second, now);
        Begin(inOrder ? second : first, now);
    }

    public void AddBoxes(int slot, Int3 boxes)
    {
    }

    public void Complete(in RegionEvent happened, double speedSquared)
    {
        for (int k = 0; k < _count; k++)
        {
            Copy(store.Particles + _slots[k], ref _after[k]);
        }

        log.Add(gas, epoch, happened.Time, happened.Order, _ids.AsSpan(0, _count), _before.AsSpan(0, _count), _after.AsSpan(0, _count));
        _count = 0;
    }

    // What an event log needs of a state.
    private static void Copy(Particle* p, ref ParticleState state)
    {
        state.Position = new Vec3(p->X, p->Y, p->Z);
        state.Velocity = new Vec3(p->VX, p->VY, p->VZ);
        state.Species = p->Species;
    }
}
