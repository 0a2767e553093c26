using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ActorMD.Protocol;

/// <summary>Writes MessagePack, every value in its shortest form. Named after the writer of the MessagePack-CSharp library.</summary>
/// <remarks>Format: https://github.com/msgpack/msgpack/blob/master/spec.md</remarks>
/// <param name="output">Grows.</param>
public readonly ref struct MessagePackWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    public void Write(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    public void Write(long value)
    {
        if (value >= 0)
        {
            WriteUnsigned((ulong)value);
        }
        else if (value >= -32)
        {
            WriteByte((byte)(sbyte)value);
        }
        else if (value >= sbyte.MinValue)
        {
            Span<byte> span = Begin(MessagePackCode.Int8, 1);
            span[0] = (byte)(sbyte)value;
        }
        else if (value >= short.MinValue)
        {
            BinaryPrimitives.WriteInt16BigEndian(Begin(MessagePackCode.Int16, 2), (short)value);
        }
        else if (value >= int.MinValue)
        {
            BinaryPrimitives.WriteInt32BigEndian(Begin(MessagePackCode.Int32, 4), (int)value);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(Begin(MessagePackCode.Int64, 8), value);
        }
    }

    public void Write(double value) => BinaryPrimitives.WriteDoubleBigEndian(Begin(MessagePackCode.Float64, 8), value);

    /// <summary>UTF-8; nil for null.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        if (length < 32)
        {
            WriteByte((byte)(MessagePackCode.FixStr | length));
        }
        else
        {
            WriteLength(length, MessagePackCode.Str8, MessagePackCode.Str16, MessagePackCode.Str32);
        }

        Encoding.UTF8.GetBytes(value, _output.GetSpan(length));
        _output.Advance(length);
    }

    /// <summary>Raw bytes: bin.</summary>
    public void Write(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length, MessagePackCode.Bin8, MessagePackCode.Bin16, MessagePackCode.Bin32);
        _output.Write(value);
    }

    /// <summary>So many values follow and belong together.</summary>
    public void WriteArrayHeader(int count)
    {
        if (count < 16)
        {
            WriteByte((byte)(MessagePackCode.FixArray | count));
        }
        else if (count <= ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(Begin(MessagePackCode.Array16, 2), (ushort)count);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(Begin(MessagePackCode.Array32, 4), count);
        }
    }

    private void WriteUnsigned(ulong value)
    {
        if (value < 128)
        {
            WriteByte((byte)value);
        }
        else if (value <= byte.MaxValue)
        {
            Span<byte> span = Begin(MessagePackCode.UInt8, 1);
            span[0] = (byte)value;
        }
        else if (value <= ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(Begin(MessagePackCode.UInt16, 2), (ushort)value);
        }
        else if (value <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Begin(MessagePackCode.UInt32, 4), (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(Begin(MessagePackCode.UInt64, 8), value);
        }
    }

    private void WriteLength(int length, byte code8, byte code16, byte code32)
    {
        if (length <= byte.MaxValue)
        {
            Span<byte> span = Begin(code8, 1);
            span[0] = (byte)length;
        }
        else if (length <= ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(Begin(code16, 2), (ushort)length);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(Begin(code32, 4), length);
        }
    }

    private void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    // The code, and room for what follows it; already counted as written.
    private Span<byte> Begin(byte code, int length)
    {
        Span<byte> span = _output.GetSpan(1 + length)[..(1 + length)];
        span[0] = code;
        _output.Advance(1 + length);
        return span[1..];
    }
}
