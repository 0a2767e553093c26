using System.Buffers.Binary;

namespace ActorMD.Actors.Links;

/// <summary>Packets that wait for a connection, and how they are laid out on it: the length in 4 bytes, then the bytes.</summary>
/// <param name="lengthMax">Bytes that may wait, <see cref="PacketCost"/> for each packet included.</param>
internal sealed class PacketQueue(long lengthMax)
{
    /// <summary>What a packet counts above its bytes, so that empty ones cannot pile up either.</summary>
    public const int PacketCost = 64;

    /// <summary>Bytes before a packet.</summary>
    public const int PrefixLength = sizeof(int);

    // A packet up to this length is copied beside others; of a longer one only the beginning is.
    private const int CopyLengthMax = 32768;
    private const int HeadLength = 4096;

    private readonly Queue<ReadOnlyMemory<byte>> _packets = [];
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

    /// <summary>Adds a packet behind the others.</summary>
    /// <returns>How many packets were dropped, since there were too many bytes with this one: all that waited, or none.</returns>
    public int Add(ReadOnlyMemory<byte> packet)
    {
        lock (_gate)
        {
            int dropped = 0;
            if (_packets.Count > 0 && _length + packet.Length + PacketCost > lengthMax)
            {
                dropped = _packets.Count;
                Drop();
            }

            _packets.Enqueue(packet);
            _length += packet.Length + PacketCost;
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

    /// <summary>Ends <see cref="WaitAsync"/>, though there may be no packet.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    /// <summary>Waits until a packet may be there, or <see cref="Interrupt"/> was called.</summary>
    public Task WaitAsync(CancellationToken token) => _filled.WaitAsync(token);

    /// <summary>Takes as many packets as a buffer holds.</summary>
    /// <param name="buffer">At least 64 KiB, for short packets one after the other, and the beginning of a long one.</param>
    /// <param name="rest">What is left of the long packet, to be sent behind the buffer.</param>
    /// <returns>Bytes in the buffer; 0 if nothing waits.</returns>
    public int Take(Span<byte> buffer, out ReadOnlyMemory<byte> rest)
    {
        lock (_gate)
        {
            int used = 0;
            while (_packets.TryPeek(out ReadOnlyMemory<byte> packet))
            {
                int head = packet.Length <= CopyLengthMax ? packet.Length : HeadLength;
                if (PrefixLength + head > buffer.Length - used)
                {
                    break;
                }

                _packets.Dequeue();
                _length -= packet.Length + PacketCost;
                BinaryPrimitives.WriteInt32LittleEndian(buffer[used..], packet.Length);
                packet.Span[..head].CopyTo(buffer[(used + PrefixLength)..]);
                used += PrefixLength + head;
                if (head < packet.Length)
                {
                    rest = packet[head..];
                    return used;
                }
            }

            rest = default;
            return used;
        }
    }

    private void Drop()
    {
        _packets.Clear();
        _packets.TrimExcess();
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
