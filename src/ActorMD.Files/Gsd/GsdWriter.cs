using System.Runtime.InteropServices;
using System.Text;

namespace ActorMD.Files.Gsd;

/// <summary>Writes a GSD file: chunks of numbers with names, frame by frame, then names and index.</summary>
/// <param name="stream">Empty, with a position that can be set.</param>
internal sealed class GsdWriter(Stream stream)
{
    private readonly Dictionary<string, ushort> _names = [];
    private readonly List<GsdEntry> _entries = [];
    private ulong _frame;
    private bool _hasBegun;

    /// <summary>Adds numbers to the present frame.</summary>
    /// <param name="name">Of the chunk, once a frame.</param>
    /// <param name="values">Row after row.</param>
    /// <param name="type">What they are.</param>
    /// <param name="columns">Numbers in a row.</param>
    public void Add<T>(string name, ReadOnlySpan<T> values, GsdType type, int columns = 1)
        where T : unmanaged
    {
        if (!_hasBegun)
        {
            stream.Write(new byte[GsdHeader.Size]);
            _hasBegun = true;
        }

        if (!_names.TryGetValue(name, out ushort id))
        {
            _names.Add(name, id = (ushort)_names.Count);
        }

        _entries.Add(new GsdEntry(_frame, (ulong)(values.Length / columns), stream.Position, (uint)columns, id, type));
        stream.Write(MemoryMarshal.AsBytes(values)); // little-endian, as all machines are on which .NET 10 runs
    }

    /// <summary>The present frame is whole.</summary>
    public void EndFrame() => _frame++;

    /// <summary>Writes what tells where everything is. At least one chunk was added.</summary>
    /// <param name="application">Name of the program.</param>
    public void Finish(string application)
    {
        long namesAt = stream.Position;
        byte[] names = Encoding.UTF8.GetBytes(string.Concat(_names.Keys.Select(name => name + "\0")));
        int nameBlocks = names.Length / GsdHeader.NameBlock + 1;
        Array.Resize(ref names, nameBlocks * GsdHeader.NameBlock);
        stream.Write(names);
        long indexAt = stream.Position;
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);

        // Readers look for a chunk by halving the index.
        foreach (GsdEntry entry in _entries.OrderBy(entry => entry.Frame).ThenBy(entry => entry.Name))
        {
            writer.Write(entry.Frame);
            writer.Write(entry.Rows);
            writer.Write(entry.Location);
            writer.Write(entry.Columns);
            writer.Write(entry.Name);
            writer.Write((byte)entry.Type);
            writer.Write((byte)0);
        }

        writer.Flush();
        stream.Position = 0;
        writer.Write(GsdHeader.Magic);
        writer.Write((ulong)indexAt);
        writer.Write((ulong)_entries.Count);
        writer.Write((ulong)namesAt);
        writer.Write((ulong)nameBlocks);
        writer.Write(GsdHeader.SchemaVersion);
        writer.Write(GsdHeader.FileVersion);
        writer.Write(Text(application));
        writer.Write(Text(GsdHeader.Schema));
        writer.Flush();
        stream.Position = stream.Length;
    }

    private static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Array.Resize(ref bytes, GsdHeader.TextSize);
        bytes[^1] = 0;
        return bytes;
    }
}
