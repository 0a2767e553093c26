using System.Buffers;

namespace ActorMD.Actors.Networks;

/// <summary>
/// The bytes of a packet that has arrived. Whoever has read them disposes the packet, once, and its memory serves the next one.
/// </summary>
/// <remarks>A packet that is forgotten, since its reader has ended, is left to the garbage collector.</remarks>
public sealed class ArrivedPacket : IDisposable
{
    // Shorter ones are allocated as fast as they are rented.
    private const int PooledLengthMin = 4096;

    private byte[]? _pooled;

    private ArrivedPacket(ReadOnlyMemory<byte> bytes, byte[]? pooled)
    {
        Bytes = bytes;
        _pooled = pooled;
    }

    /// <summary>Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>A packet in memory that is not written into any more.</summary>
    public static ArrivedPacket Of(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    /// <summary>Memory for a packet of a length; it may be longer.</summary>
    internal static byte[] Rent(int length) =>
        length < PooledLengthMin ? GC.AllocateUninitializedArray<byte>(length) : ArrayPool<byte>.Shared.Rent(length);

    /// <summary>A packet that fills the beginning of an array of <see cref="Rent"/>, which belongs to the packet from now on.</summary>
    internal static ArrivedPacket In(byte[] rented, int length) =>
        new(rented.AsMemory(0, length), rented.Length < PooledLengthMin ? null : rented);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pooled, null) is { } pooled)
        {
            Bytes = default;
            ArrayPool<byte>.Shared.Return(pooled);
        }
    }
}
