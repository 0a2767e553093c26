using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ActorMD.Actors.Networks;

namespace ActorMD.Actors.Links;

/// <summary>
/// Reads the packets that <see cref="PacketQueue"/> lays out. No more memory is taken than the other end has filled, and a step.
/// </summary>
/// <param name="stream">Where the bytes come from; it stays open.</param>
/// <param name="lengthMax">Bytes of the longest packet that is accepted.</param>
internal sealed class PacketReader(Stream stream, int lengthMax) : IDisposable
{
    private const int BufferLength = 131_072;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private int _begin;
    private int _end;
    private LongPacket? _long;
    private int _step = LongPacket.StepMin;

    /// <summary>Takes the next packet, if it is there.</summary>
    /// <exception cref="StrangerException">It is too long.</exception>
    public bool TryTake([NotNullWhen(true)] out ArrivedPacket? packet)
    {
        if (_long is { IsWhole: true })
        {
            packet = _long.Take();
            _step = Math.Max(_step, Math.Min(packet.Bytes.Length, LongPacket.StepMax));
            _long = null;
            return true;
        }

        packet = null;
        if (_long is not null || _end - _begin < PacketQueue.PrefixLength)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_begin));
        if (length > lengthMax)
        {
            throw StrangerException.Because(
                FormattableString.Invariant($"it announces a packet of {length} bytes, while {lengthMax} are accepted at most"));
        }

        ReadOnlySpan<byte> here = _buffer.AsSpan(_begin + PacketQueue.PrefixLength, _end - _begin - PacketQueue.PrefixLength);
        if (here.Length >= length)
        {
            byte[] bytes = ArrivedPacket.Rent((int)length);
            here[..(int)length].CopyTo(bytes);
            packet = ArrivedPacket.In(bytes, (int)length);
            _begin += PacketQueue.PrefixLength + (int)length;
            return true;
        }

        if (PacketQueue.PrefixLength + length > _buffer.Length)
        {
            _long = new LongPacket((int)length, _step);
            _long.Add(here);
            _begin = _end = 0;
        }

        return false;
    }

    /// <summary>Waits for bytes.</summary>
    /// <returns>Whether there are some: none come any more after the last packet.</returns>
    /// <exception cref="EndOfStreamException">The last packet is not whole.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken token)
    {
        int count;
        if (_long is not null)
        {
            count = await stream.ReadAsync(_long.Room, token);
            _long.Advance(count);
        }
        else
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            _end -= _begin;
            _begin = 0;
            count = await stream.ReadAsync(_buffer.AsMemory(_end), token);
            _end += count;
        }

        return count > 0 || (_long is null && _end == 0 ? false : throw new EndOfStreamException("the connection ends within a packet"));
    }

    public void Dispose()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
