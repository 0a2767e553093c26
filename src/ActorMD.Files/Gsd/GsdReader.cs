using System.Runtime.InteropServices;
using System.Text;

namespace ActorMD.Files.Gsd;

/// <summary>Reads the chunks of a GSD file, of version 1 or 2 of its file layer.</summary>
internal sealed class GsdReader
{
    private const int NameLimit = ushort.MaxValue; // as many as an index can tell apart

    private readonly Stream _stream;
    private readonly Dictionary<(ulong Frame, string Name), GsdEntry> _chunks = [];

    /// <param name="stream">The file; its position can be set.</param>
    /// <exception cref="InvalidDataException">It is no GSD file of particles, or is damaged.</exception>
    public GsdReader(Stream stream)
    {
        _stream = stream;
        stream.Position = 0;
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        if (stream.Length < GsdHeader.Size || reader.ReadUInt64() != GsdHeader.Magic)
        {
            throw new InvalidDataException("the file is no GSD file, or is cut off");
        }

        ulong indexAt = reader.ReadUInt64(), indexCount = reader.ReadUInt64(), namesAt = reader.ReadUInt64();
        ulong nameBlocks = reader.ReadUInt64();
        uint schema = reader.ReadUInt32(), version = reader.ReadUInt32();
        reader.ReadBytes(GsdHeader.TextSize);
        string schemaName = Text(reader.ReadBytes(GsdHeader.TextSize));
        if (schemaName != GsdHeader.Schema || schema >> 16 != GsdHeader.SchemaVersion >> 16 || version >> 16 is 0 or > 2)
        {
            throw new InvalidDataException($"the file has the schema '{schemaName}' {schema >> 16}, and 'hoomd' 1 is known");
        }

        string[] names = Names(ReadAt(namesAt, nameBlocks, GsdHeader.NameBlock), isFixed: version >> 16 == 1);
        ReadIndex(ReadAt(indexAt, indexCount, GsdHeader.EntrySize), names);
        FrameCount = _chunks.Count == 0 ? 0 : (long)_chunks.Keys.Max(key => key.Frame) + 1;
        if (FrameCount > _chunks.Count)
        {
            throw new InvalidDataException("the file's index is damaged: it has fewer chunks than frames");
        }
    }

    /// <summary>Number of frames.</summary>
    public long FrameCount { get; }

    /// <summary>A chunk of a frame, or the one of the first frame, which holds for later ones without it; null if both have none.</summary>
    /// <param name="frame">Number of the frame.</param>
    /// <param name="name">Of the chunk.</param>
    /// <param name="rows">How many rows it must have; null: any number.</param>
    /// <param name="columns">How many numbers a row must have; null: any number.</param>
    /// <exception cref="InvalidDataException">It has others.</exception>
    public double[]? Numbers(long frame, string name, int? rows, int? columns = 1)
    {
        if (Find(frame, name, rows, columns) is not { } entry)
        {
            return null;
        }

        byte[] bytes = ReadAt((ulong)entry.Location, entry.Rows * entry.Columns, (ulong)GsdEntry.SizeOf(entry.Type));
        return entry.Type switch
        {
            GsdType.Single => Convert<float>(bytes, x => x),
            GsdType.Double => Convert<double>(bytes, x => x),
            GsdType.UInt8 => Convert<byte>(bytes, x => x),
            GsdType.UInt16 => Convert<ushort>(bytes, x => x),
            GsdType.UInt32 => Convert<uint>(bytes, x => x),
            GsdType.UInt64 => Convert<ulong>(bytes, x => x),
            GsdType.Int8 => Convert<sbyte>(bytes, x => x),
            GsdType.Int16 => Convert<short>(bytes, x => x),
            GsdType.Int32 => Convert<int>(bytes, x => x),
            _ => Convert<long>(bytes, x => x),
        };
    }

    /// <summary>A chunk of whole numbers of 64 bits; null if there is none.</summary>
    /// <exception cref="InvalidDataException">It has another type or length.</exception>
    public long[]? Longs(long frame, string name, int rows)
    {
        if (Find(frame, name, rows, 1) is not { } entry)
        {
            return null;
        }

        byte[] bytes = ReadAt((ulong)entry.Location, entry.Rows, (ulong)GsdEntry.SizeOf(entry.Type));
        return entry.Type is GsdType.Int64 or GsdType.UInt64
            ? MemoryMarshal.Cast<byte, long>(bytes).ToArray()
            : throw new InvalidDataException($"'{name}' is of another type");
    }

    /// <summary>A chunk of texts, a row each; null if there is none.</summary>
    public string[]? Texts(long frame, string name)
    {
        if (Find(frame, name, null, null) is not { } entry)
        {
            return null;
        }

        if (entry.Type is not (GsdType.Int8 or GsdType.UInt8) || entry.Rows > NameLimit)
        {
            throw new InvalidDataException($"'{name}' is no list of texts");
        }

        byte[] bytes = ReadAt((ulong)entry.Location, entry.Rows * entry.Columns, 1);
        return [.. Enumerable.Range(0, (int)entry.Rows).Select(
            row => Text(bytes.AsSpan(row * (int)entry.Columns, (int)entry.Columns)))];
    }

    private void ReadIndex(byte[] index, string[] names)
    {
        using BinaryReader lines = new(new MemoryStream(index));
        for (int k = 0; k < index.Length / GsdHeader.EntrySize; k++)
        {
            GsdEntry entry = new(
                lines.ReadUInt64(), lines.ReadUInt64(), lines.ReadInt64(), lines.ReadUInt32(), lines.ReadUInt16(),
                (GsdType)lines.ReadByte());
            lines.ReadByte(); // flags, without a meaning so far
            if (entry.Location == 0)
            {
                return; // what follows is allocated and not yet used
            }

            if (entry.Name >= names.Length || entry.Frame > int.MaxValue || GsdEntry.SizeOf(entry.Type) == 0 || !Fits(entry))
            {
                throw new InvalidDataException("the file's index is damaged");
            }

            _chunks[(entry.Frame, names[entry.Name])] = entry;
        }
    }

    private GsdEntry? Find(long frame, string name, int? rows, int? columns)
    {
        if (!_chunks.TryGetValue(((ulong)frame, name), out GsdEntry entry) && !_chunks.TryGetValue((0, name), out entry))
        {
            return null;
        }

        return (rows is null || entry.Rows == (ulong)rows) && (columns is null || entry.Columns == columns)
            ? entry
            : throw new InvalidDataException(FormattableString.Invariant(
                $"'{name}' has {entry.Rows} rows of {entry.Columns}, where {rows} of {columns} are needed"));
    }

    private bool Fits(GsdEntry entry) =>
        entry.Location >= GsdHeader.Size
        && (UInt128)entry.Rows * entry.Columns * (ulong)GsdEntry.SizeOf(entry.Type) + (ulong)entry.Location <= (ulong)_stream.Length;

    // Never more than the file has: a damaged number must not ask for all memory.
    private byte[] ReadAt(ulong position, ulong count, ulong size)
    {
        UInt128 length = (UInt128)count * size;
        if (length + position > (ulong)_stream.Length || length > int.MaxValue)
        {
            throw new InvalidDataException("the file is cut off, or damaged");
        }

        byte[] bytes = new byte[(int)length];
        _stream.Position = (long)position;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    // Version 1 has 64 bytes for every name; version 2 ends each by a 0.
    private static string[] Names(byte[] bytes, bool isFixed)
    {
        IEnumerable<string> names = isFixed
            ? bytes.Chunk(GsdHeader.NameBlock).Select(block => Text(block))
            : Encoding.UTF8.GetString(bytes).Split('\0');
        return [.. names.TakeWhile(name => name.Length > 0)];
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static double[] Convert<T>(byte[] bytes, Func<T, double> convert)
        where T : unmanaged => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(bytes).ToArray(), value => convert(value));
}
