using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMD.Physics.Events;

/// <summary>Makes events of the event log from those of a packed <see cref="EventBatch"/>: it follows all velocities.</summary>
/// <remarks>What it gives are the same bits as those of the engine: it does the same operations with the same numbers.</remarks>
public sealed class EventUnpacker
{
    // What is given at once stays in the first-level cache of a core.
    private const int BufferSize = 1 << 14;

    private readonly Particle[] _particles;
    private byte[] _events = new byte[2 * BufferSize];

    /// <param name="gas">Masses.</param>
    /// <param name="state">As of before the first event.</param>
    public EventUnpacker(Gas gas, SystemState state) => _particles = Array.ConvertAll(
        state.Particles, particle => new Particle { Velocity = particle.Velocity, Mass = gas.Kinds[particle.Kind].Mass });

    /// <summary>Unpacks some events, good until the next call; nothing when none are left.</summary>
    /// <remarks>Velocities change in the order in which events happened; then those of an instant are put into that of the log.</remarks>
    /// <param name="packed">All of them, in the order of the batch since the last call: whole instants. Becomes what is left.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // compiled for the processor at hand, not ahead (ActorMD.Cli.csproj)
    public ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> packed)
    {
        int length = 0, last = 0, instant = 0; // where the last event begins, and the first one of its instant
        bool isSorted = true; // the instant
        (long epoch, double time) = (0, 0); // of it
        while (packed.Length > 0)
        {
            ref readonly PackedPair next = ref MemoryMarshal.AsRef<PackedPair>(packed);
            if (length > 0 && (next.Time != time || next.Epoch != epoch))
            {
                Finish(instant, length, isSorted);
                (instant, isSorted) = (length, true);
                if (length >= BufferSize)
                {
                    break;
                }
            }

            (epoch, time) = (next.Epoch, next.Time);
            int size = Unpack(packed, length, out int unpacked);
            isSorted = isSorted && (length == instant || EventRecord.Compare(At(last, length), At(length, length + unpacked)) <= 0);
            (last, length) = (length, length + unpacked);
            packed = packed[size..];
        }

        Finish(instant, length, isSorted);
        return _events.AsSpan(0, length);
    }

    private EventRecord At(int start, int end) => new(_events.AsSpan(start, end - start));

    private void Finish(int start, int end, bool isSorted)
    {
        if (!isSorted)
        {
            EventBatch.Sort(_events.AsSpan(start, end - start));
        }
    }

    // The first event, to a place in the buffer; returns its size.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Unpack(ReadOnlySpan<byte> packed, int to, out int unpacked)
    {
        ref readonly PackedPair pair = ref MemoryMarshal.AsRef<PackedPair>(packed);
        int size = EventBatch.SizeAt(packed);
        bool isWhole = pair.Count > 0;
        unpacked = isWhole ? size : PairRecord.Size;
        if (_events.Length - to < unpacked)
        {
            Array.Resize(ref _events, Math.Max(2 * _events.Length, to + unpacked));
        }

        if (isWhole)
        {
            packed[..size].CopyTo(_events.AsSpan(to));
            Follow(new EventRecord(packed[..size]));
            return size;
        }

        ref PairRecord record = ref Unsafe.As<byte, PairRecord>(ref _events[to]);
        Unpack(pair, ref record);
        if (pair.Count == PackedPair.AtEdge)
        {
            record.Impact = MemoryMarshal.Read<Vec3>(packed[PackedPair.Size..]);
        }

        return size;
    }

    // As the engine does (EventLaws.Collide).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
