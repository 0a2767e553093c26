using System.Buffers.Binary;

namespace ActorMD.Physics.Events;

/// <summary>One event of the event log, as it lies in memory and in the file.</summary>
/// <remarks>
/// <para>
/// Little-endian, a multiple of 8 bytes: epoch (int64), time as an offset from its start (float64), order (int32), number n of
/// participants (int32; 1 for order 1, otherwise the order), n ids in ascending order (int32 each, then 4 bytes of zero if n is odd),
/// impact vectors, and for each participant its velocity before and after the event. A vector is three float64; in two dimensions the third
/// is 0.
/// </para>
/// <para>
/// Impact vectors, at the moment of the event: order 1, from the centre to the point of the wall that is touched; order 2 and up, from the
/// centre of the first participant to that of each other one, by the nearest image (n - 1 vectors).
/// </para>
/// </remarks>
/// <param name="bytes">Of exactly one event.</param>
public readonly ref struct EventRecord(ReadOnlySpan<byte> bytes)
{
    private const int HeadSize = 24;
    private const int VectorSize = 24;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Number of finished epochs.</summary>
    public long Epoch => BinaryPrimitives.ReadInt64LittleEndian(_bytes);

    /// <summary>Offset from the start of the epoch.</summary>
    public double Time => BinaryPrimitives.ReadDoubleLittleEndian(_bytes[8..]);

    /// <summary>1 a bounce off a wall, 2 a pair collision, 3 and up a zone event.</summary>
    public int Order => BinaryPrimitives.ReadInt32LittleEndian(_bytes[16..]);

    /// <summary>Number of participants.</summary>
    public int Count => CountAt(_bytes);

    /// <summary>Number of impact vectors.</summary>
    public int ImpactCount => ImpactCountOf(Count);

    /// <summary>Bytes of an event with so many participants.</summary>
    public static int SizeOf(int count) => HeadSize + IdsSize(count) + VectorSize * (ImpactCountOf(count) + 2 * count);

    /// <summary>Bytes of the event that begins here; -1 if these are not enough to tell, 0 if they are no event.</summary>
    public static int SizeAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadSize)
        {
            return -1;
        }

        int order = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), count = CountAt(bytes);
        return order is >= 1 and <= GasValidation.OrderLimit && count == order ? SizeOf(count) : 0;
    }

    /// <summary>A copy of the bytes, in an array of the right length that may be given.</summary>
    public byte[] ToArray(byte[] reuse)
    {
        byte[] copy = reuse.Length == _bytes.Length ? reuse : new byte[_bytes.Length];
        _bytes.CopyTo(copy);
        return copy;
    }

    public int Id(int participant) => BinaryPrimitives.ReadInt32LittleEndian(_bytes[(HeadSize + 4 * participant)..]);

    public Vec3 Impact(int index) => VectorAt(index);

    public Vec3 VelocityBefore(int participant) => VectorAt(ImpactCount + 2 * participant);

    public Vec3 VelocityAfter(int participant) => VectorAt(ImpactCount + 2 * participant + 1);

    /// <summary>The order of the log: by time, order, ids.</summary>
    public static int Compare(EventRecord a, EventRecord b)
    {
        int order = CompareTimes(a, b);
        order = order != 0 ? order : a.Order.CompareTo(b.Order);
        for (int k = 0; k < a.Count && order == 0; k++)
        {
            order = a.Id(k).CompareTo(b.Id(k));
        }

        return order;
    }

    /// <summary>Which of two is earlier; packed ones may be, too.</summary>
    internal static int CompareTimes(EventRecord a, EventRecord b) =>
        a.Epoch.CompareTo(b.Epoch) is var order && order != 0 ? order : a.Time.CompareTo(b.Time);

    /// <summary>Writes everything but ids, impacts and velocities.</summary>
    internal static void WriteHead(Span<byte> bytes, long epoch, double time, int order, int count)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, epoch);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[8..], time);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], order);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], count);
        bytes.Slice(HeadSize, IdsSize(count)).Clear();
    }

    internal static void WriteId(Span<byte> bytes, int participant, int id) =>
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(HeadSize + 4 * participant)..], id);

    /// <summary>Writes the vector of an index: impacts first, then velocities.</summary>
    internal static void WriteVector(Span<byte> bytes, int count, int index, Vec3 vector)
    {
        Span<byte> at = bytes[(HeadSize + IdsSize(count) + VectorSize * index)..];
        BinaryPrimitives.WriteDoubleLittleEndian(at, vector.X);
        BinaryPrimitives.WriteDoubleLittleEndian(at[8..], vector.Y);
        BinaryPrimitives.WriteDoubleLittleEndian(at[16..], vector.Z);
    }

    internal static int ImpactCountOf(int count) => Math.Max(1, count - 1);

    private static int IdsSize(int count) => 8 * ((count + 1) / 2);

    private static int CountAt(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);

    private Vec3 VectorAt(int index)
    {
        ReadOnlySpan<byte> at = _bytes[(HeadSize + IdsSize(Count) + VectorSize * index)..];
        return new Vec3(
            BinaryPrimitives.ReadDoubleLittleEndian(at), BinaryPrimitives.ReadDoubleLittleEndian(at[8..]),
            BinaryPrimitives.ReadDoubleLittleEndian(at[16..]));
    }
}
