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
    // Differences beyond these are not those of the nearest images.
    private readonly double _halfX = 0.5 * gas.Box.Lengths[0], _halfY = 0.5 * gas.Box.Lengths[1], _halfZ = 0.5 * gas.Box.Lengths[2];
    private readonly int[] _slots = new int[GasValidation.OrderLimit];
    private readonly int[] _ids = new int[GasValidation.OrderLimit];
    private readonly ParticleState[] _before = new ParticleState[GasValidation.OrderLimit];
    private readonly ParticleState[] _after = new ParticleState[GasValidation.OrderLimit];
    private int _count; // participants of the present event
    private bool _isPair; // the present event: its record is open in the log

    public bool IsKeeping => true;

    public void Begin(int slot, double now)
    {
        Particle* p = store.Particles + slot;
        _slots[_count] = slot;
        _ids[_count] = store.Ids[slot];
        Copy(p, ref _before[_count++]);
    }

    public void BeginPair(int first, int second, double now)
    {
        if (store.Ids[first] > store.Ids[second])
        {
            (first, second) = (second, first);
        }

        (_slots[0], _slots[1], _isPair) = (first, second, true);
        ref PairRecord record = ref log.NextPair();
        (record.First, record.Second) = (store.Ids[first], store.Ids[second]);
        record.FirstBefore = VelocityOf(store.Particles + first);
        record.SecondBefore = VelocityOf(store.Particles + second);
    }

    public void AddBoxes(int slot, Int3 boxes)
    {
    }

    public void Complete(in AppliedEvent happened, double speedSquared)
    {
        if (_isPair)
        {
            CompletePair(happened.Time);
            return;
        }

        for (int k = 0; k < _count; k++)
        {
            Copy(store.Particles + _slots[k], ref _after[k]);
        }

        log.Add(gas, epoch, happened.Time, happened.Order, _ids.AsSpan(0, _count), _before.AsSpan(0, _count), _after.AsSpan(0, _count));
        _count = 0;
    }

    private void CompletePair(double time)
    {
        _isPair = false;
        Particle* a = store.Particles + _slots[0];
        Particle* b = store.Particles + _slots[1];
        ref PairRecord record = ref log.NextPair();
        (record.Epoch, record.Time, record.Order, record.Count) = (epoch, time, 2, 2);
        record.FirstAfter = VelocityOf(a);
        record.SecondAfter = VelocityOf(b);
        double x = b->X - a->X, y = b->Y - a->Y, z = b->Z - a->Z;
        record.Impact = new Vec3(x, y, z);
        if (Math.Abs(x) > _halfX || Math.Abs(y) > _halfY || Math.Abs(z) > _halfZ)
        {
            record.Impact = gas.Box.NearestImage(record.Impact);
        }

        log.AddPair();
    }

    private static Vec3 VelocityOf(Particle* p) => new(p->VX, p->VY, p->VZ);

    // What an event log needs of a state.
    private static void Copy(Particle* p, ref ParticleState state)
    {
        state.Position = new Vec3(p->X, p->Y, p->Z);
        state.Velocity = new Vec3(p->VX, p->VY, p->VZ);
        state.Kind = p->Kind;
    }
}
