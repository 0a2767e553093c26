using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMD.Physics.Events;

/// <summary>Makes events of the event log from those of a packed <see cref="EventBatch"/>: it follows the velocities of all particles.</summary>
/// <remarks>What it gives are the same bits as those of the engine: it does the same operations with the same numbers.</remarks>
public sealed class EventUnpacker
{
    // What is given at once stays in the first-level cache of a core.
    private const int BufferSize = 1 << 14;

    private readonly Particle[] _particles;
    private byte[] _events = new byte[BufferSize];

    /// <param name="gas">Masses.</param>
    /// <param name="state">As of before the first event.</param>
    public EventUnpacker(Gas gas, SystemState state) => _particles = Array.ConvertAll(
        state.Particles, particle => new Particle { Velocity = particle.Velocity, Mass = gas.Kinds[particle.Kind].Mass });

    /// <summary>Unpacks some events, good until the next call; nothing when none are left.</summary>
    /// <param name="packed">All of them, in the order of the log since the last call. Becomes what is left.</param>
    public ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> packed)
    {
        int length = 0;
        while (packed.Length > 0)
        {
            int size = EventBatch.SizeAt(packed);
            ref readonly PackedPair pair = ref MemoryMarshal.AsRef<PackedPair>(packed);
            bool isPacked = pair.Count <= 0;
            int whole = isPacked ? PairRecord.Size : size;
            if (length + whole > _events.Length)
            {
                if (length > 0)
                {
                    break;
                }

                _events = new byte[whole];
            }

            if (isPacked)
            {
                ref PairRecord record = ref Unsafe.As<byte, PairRecord>(ref _events[length]);
                Unpack(pair, ref record);
                if (pair.Count == PackedPair.AtEdge)
                {
                    record.Impact = MemoryMarshal.Read<Vec3>(packed[PackedPair.Size..]);
                }
            }
            else
            {
                packed[..size].CopyTo(_events.AsSpan(length));
                Follow(new EventRecord(packed[..size]));
            }

            length += whole;
            packed = packed[size..];
        }

        return _events.AsSpan(0, length);
    }

    // As the engine does (EventLaws.Collide).
    private void Unpack(in PackedPair pair, ref PairRecord record)
    {
        ref Particle a = ref _particles[pair.First];
        ref Particle b = ref _particles[pair.Second];
        (record.Epoch, record.Time, record.Order, record.Count) = (pair.Epoch, pair.Time, 2, 2);
        (record.First, record.Second, record.Impact) = (pair.First, pair.Second, pair.Offset);
        (record.FirstBefore, record.SecondBefore) = (a.Velocity, b.Velocity);
        if (pair.Scale != 0)
        {
            double scaleA = b.Mass * pair.Scale, scaleB = a.Mass * pair.Scale;
            Vec3 r = pair.Offset;
            a.Velocity = new Vec3(a.Velocity.X + scaleA * r.X, a.Velocity.Y + scaleA * r.Y, a.Velocity.Z + scaleA * r.Z);
            b.Velocity = new Vec3(b.Velocity.X - scaleB * r.X, b.Velocity.Y - scaleB * r.Y, b.Velocity.Z - scaleB * r.Z);
        }

        (record.FirstAfter, record.SecondAfter) = (a.Velocity, b.Velocity);
    }

    private void Follow(EventRecord happened)
    {
        for (int k = 0; k < happened.Count; k++)
        {
            _particles[happened.Id(k)].Velocity = happened.VelocityAfter(k);
        }
    }

    private struct Particle
    {
        public Vec3 Velocity;

        public double Mass;
    }
}
