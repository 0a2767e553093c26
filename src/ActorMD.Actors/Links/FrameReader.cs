using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ActorMD.Actors.Networks;

namespace ActorMD.Actors.Links;

/// <summary>Reads the frames that <see cref="FrameQueue"/> lays out. No more memory is taken than the other end has filled, and a step.</summary>
/// <param name="stream">Where the bytes come from; it stays open.</param>
/// <param name="lengthMax">Bytes of the longest frame that is accepted.</param>
internal sealed class FrameReader(Stream stream, int lengthMax) : IDisposable
{
    private const int BufferLength = 131_072;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private int _begin;
    private int _end;
    private LongFrame? _long;
    private int _step = LongFrame.StepMin;

    /// <summary>Takes the next frame, if it is there.</summary>
    /// <exception cref="StrangerException">It is too long.</exception>
    public bool TryTake([NotNullWhen(true)] out ArrivedFrame? frame)
    {
        if (_long is { IsWhole: true })
        {
            frame = _long.Take();
            _step = Math.Max(_step, Math.Min(frame.Bytes.Length, LongFrame.StepMax));
            _long = null;
            return true;
        }

        frame = null;
        if (_long is not null || _end - _begin < FrameQueue.PrefixLength)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_begin));
        if (length > lengthMax)
        {
            throw StrangerException.Because(FormattableString.Invariant($"it announces a frame of {length} bytes, while {lengthMax} are accepted at most"));
        }

        ReadOnlySpan<byte> here = _buffer.AsSpan(_begin + FrameQueue.PrefixLength, _end - _begin - FrameQueue.PrefixLength);
        if (here.Length >= length)
        {
            byte[] bytes = ArrivedFrame.Rent((int)length);
            here[..(int)length].CopyTo(bytes);
            frame = ArrivedFrame.In(bytes, (int)length);
            _begin += FrameQueue.PrefixLength + (int)length;
            return true;
        }

        if (FrameQueue.PrefixLength + length > _buffer.Length)
        {
            _long = new LongFrame((int)length, _step);
            _long.Add(here);
            _begin = _end = 0;
        }

        return false;
    }

    /// <summary>Waits for bytes.</summary>
    /// <returns>Whether there are some: none come any more after the last frame.</returns>
    /// <exception cref="EndOfStreamException">The last frame is not whole.</exception>
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

        return count > 0 || (_long is null && _end == 0 ? false : throw new EndOfStreamException("the connection ends within a frame"));
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
