using ActorMD.Actors.Networks;

namespace ActorMD.Actors.Links;

/// <summary>A packet that arrives in many reads.</summary>
/// <remarks>
/// Its memory grows with what arrives, since the length may be a lie: by a step at first, then by as much as has arrived, at
/// most <see cref="StepMax"/>. Where the step is long enough, as for a connection that has brought such packets before, nothing is copied.
/// </remarks>
internal sealed class LongPacket
{
    /// <summary>Bytes that are taken in on the word of any peer.</summary>
    public const int StepMin = 1 << 20;

    /// <summary>Bytes that are taken in on no peer's word.</summary>
    public const int StepMax = 64 << 20;

    private readonly List<(byte[] Bytes, int Count)> _full = [];
    private readonly int _length;
    private byte[] _last;
    private int _lastLength;
    private int _lastCount;
    private int _arrived;

    public LongPacket(int length, int step)
    {
        _length = length;
        _last = ArrivedPacket.Rent(_lastLength = Math.Min(length, step));
    }

    public bool IsWhole => _arrived == _length;

    /// <summary>Where to put what arrives next; empty only when the packet is whole.</summary>
    public Memory<byte> Room
    {
        get
        {
            if (_lastCount == _lastLength && !IsWhole)
            {
                _full.Add((_last, _lastCount));
                _last = ArrivedPacket.Rent(_lastLength = Math.Min(_length - _arrived, Math.Clamp(_arrived, StepMin, StepMax)));
                _lastCount = 0;
            }

            return _last.AsMemory(_lastCount.._lastLength);
        }
    }

    /// <summary>Bytes that were put into <see cref="Room"/>.</summary>
    public void Advance(int count)
    {
        _lastCount += count;
        _arrived += count;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            Memory<byte> room = Room;
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room.Span);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>The whole packet, once.</summary>
    public ArrivedPacket Take()
    {
        if (_full.Count == 0)
        {
            return ArrivedPacket.In(_last, _length);
        }

        byte[] packet = ArrivedPacket.Rent(_length);
        int offset = 0;
        foreach ((byte[] bytes, int count) in (IEnumerable<(byte[], int)>)[.. _full, (_last, _lastCount)])
        {
            using ArrivedPacket part = ArrivedPacket.In(bytes, count);
            part.Bytes.CopyTo(packet.AsMemory(offset));
            offset += count;
        }

        return ArrivedPacket.In(packet, _length);
    }
}
