using System.Buffers;
using System.Runtime.CompilerServices;
using ActorMD.Physics;

namespace ActorMD.Protocol;

/// <summary>
/// Takes the bytes of one frame. Begins with room for what the bulk arrays of its message need, so that a long one is copied once.
/// </summary>
internal sealed class FrameWriter(int capacity) : IBufferWriter<byte>
{
    private const int Rest = 4096; // everything that is not bulk fits, as a rule

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private int _count;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    /// <summary>A writer with room for a message.</summary>
    public static FrameWriter For(Message message)
    {
        long bulk = message switch
        {
            Message.Load m => Size<ParticleRecord>(m.Particles.Length),
            Message.Shard m => Size<ParticleRecord>(m.Particles.Length),
            Message.Boundary m => Size<ParticleRecord>(m.Particles.Length),
            Message.Ledger m => Size<PathRecord>(m.Paths.Length) + Size<ParticleState>(m.States.Length)
                + Size<SharedEventRecord>(m.Events.Length) + Size<ParticipantRecord>(m.Participants.Length),
            _ => 0,
        };
        return new FrameWriter((int)Math.Min(bulk + Rest, NodeFrameFormat.LengthMax));
    }

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_count);
    }

    private static long Size<T>(int count) => (long)count * Unsafe.SizeOf<T>();

    private void Reserve(int wanted)
    {
        long needed = (long)_count + Math.Max(wanted, 1);
        if (needed <= _bytes.Length)
        {
            return;
        }

        if (needed > NodeFrameFormat.LengthMax)
        {
            throw WireException.FrameTooLong(needed);
        }

        byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max(needed, 2L * _bytes.Length), NodeFrameFormat.LengthMax));
        _bytes.AsSpan(0, _count).CopyTo(larger);
        _bytes = larger;
    }
}
