using System.Buffers;

namespace ActorMD.Protocol.Wire;

/// <summary>A span as the memory that MessagePack's reader wants, without a copy; its maker keeps the span where it is.</summary>
internal sealed unsafe class PinnedBytes(byte* start, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
