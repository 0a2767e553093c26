using System.Buffers.Binary;
using System.Text;

namespace ActorMD.Protocol;

/// <summary>
/// Reads MessagePack, nothing beyond the end of its bytes, and nothing of a length that the bytes do not hold. Named after the
/// reader of the MessagePack-CSharp library.
/// </summary>
/// <param name="input">One message.</param>
public ref struct MessagePackReader(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;

    /// <summary>Bytes that were read.</summary>
    public int Consumed { get; private set; }

    /// <summary>Whether all bytes were read.</summary>
    public readonly bool End => Consumed == _input.Length;

    /// <summary>Reads a nil if the next value is one.</summary>
    public bool TryReadNil()
    {
        if (PeekCode() != MessagePackCode.Nil)
        {
            return false;
        }

        Consumed++;
        return true;
    }

    public bool ReadBoolean() => Take(1)[0] switch
    {
        MessagePackCode.True => true,
        MessagePackCode.False => false,
        byte code => throw WireException.Unexpected(Consumed - 1, "a truth value", code),
    };

    public int ReadInt32()
    {
        long value = ReadInt64();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw WireException.OutOfRange(Consumed, "a number", value, int.MinValue, int.MaxValue);
    }

    public long ReadInt64()
    {
        byte code = Take(1)[0];
        switch (code)
        {
            case < MessagePackCode.FixMap:
                return code;
            case >= MessagePackCode.NegativeFixInt:
                return (sbyte)code;
            case MessagePackCode.UInt8:
                return Take(1)[0];
            case MessagePackCode.UInt16:
                return BinaryPrimitives.ReadUInt16BigEndian(Take(2));
            case MessagePackCode.UInt32:
                return BinaryPrimitives.ReadUInt32BigEndian(Take(4));
            case MessagePackCode.UInt64:
                ulong value = BinaryPrimitives.ReadUInt64BigEndian(Take(8));
                return value <= long.MaxValue
                    ? (long)value
                    : throw WireException.OutOfRange(Consumed, "a number", long.MaxValue, long.MinValue, long.MaxValue - 1);
            case MessagePackCode.Int8:
                return (sbyte)Take(1)[0];
            case MessagePackCode.Int16:
                return BinaryPrimitives.ReadInt16BigEndian(Take(2));
            case MessagePackCode.Int32:
                return BinaryPrimitives.ReadInt32BigEndian(Take(4));
            case MessagePackCode.Int64:
                return BinaryPrimitives.ReadInt64BigEndian(Take(8));
            default:
                throw WireException.Unexpected(Consumed - 1, "a whole number", code);
        }
    }

    public double ReadDouble()
    {
        byte code = Take(1)[0];
        return code == MessagePackCode.Float64
            ? BinaryPrimitives.ReadDoubleBigEndian(Take(8))
            : throw WireException.Unexpected(Consumed - 1, "a number of 64 bits", code);
    }

    /// <summary>A text, or null for nil.</summary>
    public string? ReadString()
    {
        if (TryReadNil())
        {
            return null;
        }

        byte code = Take(1)[0];
        int length = code switch
        {
            >= MessagePackCode.FixStr and < MessagePackCode.Nil => code & 0x1F,
            MessagePackCode.Str8 => Take(1)[0],
            MessagePackCode.Str16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            MessagePackCode.Str32 => ReadLength32(),
            _ => throw WireException.Unexpected(Consumed - 1, "a text", code),
        };
        return Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Raw bytes, as a part of the input.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        byte code = Take(1)[0];
        int length = code switch
        {
            MessagePackCode.Bin8 => Take(1)[0],
            MessagePackCode.Bin16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            MessagePackCode.Bin32 => ReadLength32(),
            _ => throw WireException.Unexpected(Consumed - 1, "raw bytes", code),
        };
        return Take(length);
    }

    /// <summary>Number of values that follow; never more than there are bytes.</summary>
    public int ReadArrayHeader()
    {
        byte code = Take(1)[0];
        int count = code switch
        {
            >= MessagePackCode.FixArray and < MessagePackCode.FixStr => code & 0x0F,
            MessagePackCode.Array16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            MessagePackCode.Array32 => ReadLength32(),
            _ => throw WireException.Unexpected(Consumed - 1, "an array", code),
        };
        return count <= _input.Length - Consumed ? count : throw WireException.Truncated(Consumed, count, _input.Length);
    }

    private int ReadLength32()
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(Take(4));
        return length <= int.MaxValue
            ? (int)length
            : throw WireException.OutOfRange(Consumed, "a length", length, 0, int.MaxValue);
    }

    private readonly byte PeekCode() =>
        Consumed < _input.Length ? _input[Consumed] : throw WireException.Truncated(Consumed, 1, _input.Length);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _input.Length - Consumed)
        {
            throw WireException.Truncated(Consumed, length, _input.Length);
        }

        ReadOnlySpan<byte> taken = _input.Slice(Consumed, length);
        Consumed += length;
        return taken;
    }
}
