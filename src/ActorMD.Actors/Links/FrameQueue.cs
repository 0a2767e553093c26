using System.Buffers.Binary;

namespace ActorMD.Actors.Links;

/// <summary>Frames that wait for a connection, and how they are laid out on it: the length in 4 bytes, then the bytes.</summary>
/// <param name="lengthMax">Bytes that may wait, <see cref="FrameCost"/> for each frame included.</param>
internal sealed class FrameQueue(long lengthMax)
{
    /// <summary>What a frame counts above its bytes, so that empty ones cannot pile up either.</summary>
    public const int FrameCost = 64;

    /// <summary>Bytes before a frame.</summary>
    public const int PrefixLength = sizeof(int);

    // A frame up to this length is copied beside others; of a longer one only the beginning is.
    private const int CopyLengthMax = 32768;
    private const int HeadLength = 4096;

    private readonly Queue<ReadOnlyMemory<byte>> _frames = [];
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly Lock _gate = new();
    private long _length;

    /// <summary>Bytes that wait.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _length;
            }
        }
    }

    /// <summary>Adds a frame behind the others.</summary>
    /// <returns>How many frames were dropped, since there were too many bytes with this one: all that waited, or none.</returns>
    public int Add(ReadOnlyMemory<byte> frame)
    {
        lock (_gate)
        {
            int dropped = 0;
            if (_frames.Count > 0 && _length + frame.Length + FrameCost > lengthMax)
            {
                dropped = _frames.Count;
                Drop();
            }

            _frames.Enqueue(frame);
            _length += frame.Length + FrameCost;
            Wake();
            return dropped;
        }
    }

    /// <summary>Forgets all that waits.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Drop();
        }
    }

    /// <summary>Ends <see cref="WaitAsync"/>, though there may be no frame.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    /// <summary>Waits until a frame may be there, or <see cref="Interrupt"/> was called.</summary>
    public Task WaitAsync(CancellationToken token) => _filled.WaitAsync(token);

    /// <summary>Takes as many frames as a buffer holds.</summary>
    /// <param name="buffer">At least 64 KiB, for short frames one after the other, and the beginning of a long one.</param>
    /// <param name="rest">What is left of the long frame, to be sent behind the buffer.</param>
    /// <returns>Bytes in the buffer; 0 if nothing waits.</returns>
    public int Take(Span<byte> buffer, out ReadOnlyMemory<byte> rest)
    {
        lock (_gate)
        {
            int used = 0;
            while (_frames.TryPeek(out ReadOnlyMemory<byte> frame))
            {
                int head = frame.Length <= CopyLengthMax ? frame.Length : HeadLength;
                if (PrefixLength + head > buffer.Length - used)
                {
                    break;
                }

                _frames.Dequeue();
                _length -= frame.Length + FrameCost;
                BinaryPrimitives.WriteInt32LittleEndian(buffer[used..], frame.Length);
                frame.Span[..head].CopyTo(buffer[(used + PrefixLength)..]);
                used += PrefixLength + head;
                if (head < frame.Length)
                {
                    rest = frame[head..];
                    return used;
                }
            }

            rest = default;
            return used;
        }
    }

    private void Drop()
    {
        _frames.Clear();
        _frames.TrimExcess();
        _length = 0;
    }

    private void Wake()
    {
        if (_filled.CurrentCount == 0)
        {
            _filled.Release();
        }
    }
}
