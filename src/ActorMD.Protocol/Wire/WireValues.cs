using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>
/// Values on the wire, read more strictly than MessagePack's reader does: one form for each, nothing allocated for what is not there.
/// </summary>
internal static class WireValues
{
    private const int TextLengthMax = 4096;
    private const int BytesOfCharacterMax = 3;

    // A record in a list in a message is the deepest that there is, with an array in it.
    private static readonly MessagePackSecurity Security = MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(5);

    /// <summary>Values that belong together: an array of a length that is known.</summary>
    public static T ReadArray<T>(this ref MessagePackReader reader, string what, int length, FieldReader<T> read)
    {
        reader.ReadCount(what, length, length);
        Security.DepthStep(ref reader);
        T value = read(ref reader);
        reader.Depth--;
        return value;
    }

    public static void WriteList<T>(this ref MessagePackWriter writer, ImmutableArray<T> items, FieldWriter<T> write)
    {
        writer.WriteArrayHeader(items.Length);
        foreach (T item in items)
        {
            write(ref writer, item);
        }
    }

    /// <summary>An array of any number of values of the same kind.</summary>
    public static ImmutableArray<T> ReadList<T>(this ref MessagePackReader reader, string what, int least, int most, FieldReader<T> read)
    {
        T[] items = new T[reader.ReadCount(what, least, most)];
        Security.DepthStep(ref reader);
        for (int k = 0; k < items.Length; k++)
        {
            items[k] = read(ref reader);
        }

        reader.Depth--;
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    /// <summary>Number of values that follow in an array, never more than there are bytes.</summary>
    /// <remarks>MessagePack's reader alone takes 2^32 - 1 for -1.</remarks>
    public static int ReadCount(this ref MessagePackReader reader, string what, int least, int most) =>
        reader.Check(what, reader.ReadArrayHeader(), least, most);

    public static int ReadWithin(this ref MessagePackReader reader, string what, int least, int most) =>
        reader.Check(what, reader.ReadInt32(), least, most);

    public static int Check(this in MessagePackReader reader, string what, int value, int least, int most) =>
        value >= least && value <= most ? value : throw WireException.OutOfRange(reader.Consumed, what, value, least, most);

    /// <summary>A number of 64 bits, and no other: others would have been rounded.</summary>
    public static double ReadNumber(this ref MessagePackReader reader) => reader.NextCode == MessagePackCode.Float64
        ? reader.ReadDouble()
        : throw WireException.Unexpected(reader.Consumed, "a number of 64 bits", reader.NextCode);

    /// <summary>The beginning of a text.</summary>
    public static void WriteText(this ref MessagePackWriter writer, string? text) =>
        writer.Write(text is null || text.Length <= TextLengthMax ? text : text[..TextLengthMax]);

    public static string ReadText(this ref MessagePackReader reader) =>
        reader.ReadTextOrNil() ?? throw WireException.Inconsistent("a text is missing");

    public static string? ReadTextOrNil(this ref MessagePackReader reader)
    {
        if (reader.ReadStringSequence() is not { } bytes)
        {
            return null;
        }

        reader.Check("the bytes of a text", (int)bytes.Length, 0, BytesOfCharacterMax * TextLengthMax);
        string text = Encoding.UTF8.GetString(bytes);
        reader.Check("the length of a text", text.Length, 0, TextLengthMax);
        return text;
    }

    /// <summary>Structs as they lie in the memory of a little-endian machine: <c>bin</c>, so they cost a copy, not a parse.</summary>
    public static void WriteBulk<T>(this ref MessagePackWriter writer, ImmutableArray<T> items)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(LittleEndian(items.AsSpan())));

    public static ImmutableArray<T> ReadBulk<T>(this ref MessagePackReader reader)
        where T : unmanaged
    {
        if (reader.NextMessagePackType != MessagePackType.Binary || reader.ReadBytes() is not { } bytes)
        {
            throw WireException.Unexpected(reader.Consumed, "raw bytes", reader.NextCode);
        }

        if (bytes.Length % Unsafe.SizeOf<T>() != 0)
        {
            throw WireException.Inconsistent($"{bytes.Length} bytes are no whole number of {typeof(T).Name}");
        }

        T[] items = GC.AllocateUninitializedArray<T>((int)bytes.Length / Unsafe.SizeOf<T>());
        bytes.CopyTo(MemoryMarshal.AsBytes(items.AsSpan()));
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    private static ReadOnlySpan<T> LittleEndian<T>(ReadOnlySpan<T> items) => BitConverter.IsLittleEndian
        ? items
        : throw new PlatformNotSupportedException("the wire format needs a little-endian machine");
}
