using System.Buffers.Binary;
using System.Text;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Checkpoints;

/// <summary>Gives the values of a checkpoint one by one; nothing is read or allocated beyond the content's length.</summary>
internal sealed class CheckpointSource(Stream stream, long length, string path)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _next;
    private int _end;

    /// <summary>Bytes that were not taken yet.</summary>
    public long Remaining { get; private set; } = length;

    public int ReadInt() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public Vec3 ReadVector() => new(ReadDouble(), ReadDouble(), ReadDouble());

    /// <summary>A number within bounds.</summary>
    public int ReadInt(int min, int max)
    {
        int value = ReadInt();
        return value >= min && value <= max ? value : throw Damaged(Invariant($"the number {value} is not within {min} and {max}"));
    }

    /// <summary>A number of items that follow, each of at least the given size.</summary>
    public int ReadCount(int itemSize) => ReadInt(0, (int)Math.Min(int.MaxValue, (Remaining - 4) / itemSize));

    /// <summary>Checks, before an array of 64-bit numbers is made, that they all follow.</summary>
    public void RequireLongs(long count)
    {
        if (count > Remaining / 8)
        {
            throw Damaged(Invariant($"{count} numbers should follow"));
        }
    }

    /// <summary>Refuses the content if there is a problem.</summary>
    public void Require(string? problem)
    {
        if (problem is not null)
        {
            throw Damaged(problem);
        }
    }

    public T ReadEnum<T>()
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        return values[ReadInt(0, values.Length - 1)];
    }

    public string ReadText() => Encoding.UTF8.GetString(Take(ReadInt(0, _buffer.Length)));

    /// <summary>Bytes that follow their number.</summary>
    public byte[] ReadLongBytes()
    {
        byte[] bytes = new byte[ReadCount(1)];
        for (int start = 0; start < bytes.Length; start += _buffer.Length)
        {
            int count = Math.Min(_buffer.Length, bytes.Length - start);
            Take(count).CopyTo(bytes.AsSpan(start));
        }

        return bytes;
    }

    public void ReadInto(long[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ReadLong();
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw Damaged("it ends too early");
        }

        if (_end - _next < count)
        {
            _buffer.AsSpan(_next, _end - _next).CopyTo(_buffer);
            _end -= _next;
            _next = 0;
            int want = (int)Math.Min(_buffer.Length - _end, Remaining - _end);
            stream.ReadExactly(_buffer, _end, want);
            _end += want;
        }

        _next += count;
        Remaining -= count;
        return _buffer.AsSpan(_next - count, count);
    }

    private InputFaultException Damaged(string how) => CheckpointFormat.Fault(path, $"the content of the checkpoint is not sound: {how}");
}
