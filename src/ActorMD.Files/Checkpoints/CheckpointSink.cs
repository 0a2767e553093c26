using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorMD.Physics;

namespace ActorMD.Files.Checkpoints;

/// <summary>Takes the values of a checkpoint one by one: counts, hashes and writes their bytes, little-endian.</summary>
/// <param name="stream">Null: only count.</param>
/// <param name="hash">Of all bytes; null: only count.</param>
/// <param name="buffer">Working space.</param>
internal sealed class CheckpointSink(Stream? stream, IncrementalHash? hash, byte[] buffer)
{
    private int _used;

    /// <summary>Bytes taken so far.</summary>
    public long Length { get; private set; }

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void Write(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);

    public void Write(Vec3 vector)
    {
        Write(vector.X);
        Write(vector.Y);
        Write(vector.Z);
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>The number of bytes, then the bytes, as many as there are.</summary>
    public void WriteLong(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        WriteAll(bytes);
    }

    /// <summary>The same of the bytes that something writes, each time the same.</summary>
    public void WriteLong(Action<Stream> write)
    {
        using SinkStream counter = new(null);
        write(counter);
        Write(checked((int)counter.Length));
        using SinkStream stream = new(this);
        write(stream);
    }

    /// <summary>Bytes, as many as there are.</summary>
    public void WriteAll(ReadOnlySpan<byte> bytes)
    {
        for (int start = 0; start < bytes.Length; start += buffer.Length)
        {
            Write(bytes.Slice(start, Math.Min(buffer.Length, bytes.Length - start)));
        }
    }

    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(bytes.Length);
        Write(bytes);
    }

    public void Write(long[] values)
    {
        foreach (long value in values)
        {
            Write(value);
        }
    }

    /// <summary>Passes on what is still in the buffer.</summary>
    public void Flush()
    {
        hash?.AppendData(buffer, 0, _used);
        stream?.Write(buffer, 0, _used);
        _used = 0;
    }

    private Span<byte> Reserve(int count)
    {
        if (_used + count > buffer.Length)
        {
            Flush();
        }

        Length += count;
        _used += count;
        return buffer.AsSpan(_used - count, count);
    }
}
