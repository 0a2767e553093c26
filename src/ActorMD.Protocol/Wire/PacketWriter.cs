using System.Buffers;

namespace ActorMD.Protocol.Wire;

/// <summary>
/// Takes the bytes of one packet. Begins with room that is not cleared, so a long one costs one copy; ArrayBufferWriter would clear it.
/// </summary>
internal sealed class PacketWriter(int capacity) : IBufferWriter<byte>
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private int _count;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    public void Advance(int count) => _count += count;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        long needed = (long)_count + Math.Max(sizeHint, 1);
        if (needed > NodePacketFormat.LengthMax)
        {
            throw WireException.PacketTooLong(needed);
        }

        if (needed > _bytes.Length)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>(
                (int)Math.Min(Math.Max(needed, 2L * _bytes.Length), NodePacketFormat.LengthMax));
            Written.Span.CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsMemory(_count);
    }
}
