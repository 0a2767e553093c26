using System.Buffers.Binary;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Files.Events;

/// <summary>The beginning of an event log; <see cref="EventRecord"/>s follow until the end of the file.</summary>
/// <remarks>
/// Little-endian: magic (8 bytes, <c>ActorEvt</c>), version (int32), dimension (int32), length of an epoch (float64, may be infinite),
/// number of particles (int64).
/// </remarks>
/// <param name="Dimension">2 or 3.</param>
/// <param name="EpochLength">An event happened at epoch * length + offset.</param>
/// <param name="ParticleCount">Ids are below it.</param>
public sealed record EventLogHeader(int Dimension, double EpochLength, long ParticleCount)
{
    /// <summary>Bytes.</summary>
    public const int Size = 32;

    private const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "ActorEvt"u8;

    /// <summary>Time since the beginning of the run.</summary>
    public double TimeOf(EventRecord happened) => Epoch.TimeOf(happened.Epoch, EpochLength, happened.Time);

    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Dimension);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(16), EpochLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), ParticleCount);
        return bytes;
    }

    /// <exception cref="InputFaultException">The bytes are no header that this version knows.</exception>
    internal static EventLogHeader Parse(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes[..8].SequenceEqual(Magic))
        {
            throw EventLogReader.Fault(path, "the file is not an event log of ActorMD");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), dimension = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (version != Version)
        {
            throw EventLogReader.Fault(
                path, FormattableString.Invariant($"the event log has the version {version}, and this ActorMD reads version {Version}"));
        }

        double epochLength = BinaryPrimitives.ReadDoubleLittleEndian(bytes[16..]);
        long count = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        return dimension is 2 or 3 && epochLength > 0 && count is > 0 and <= int.MaxValue
            ? new EventLogHeader(dimension, epochLength, count)
            : throw EventLogReader.Fault(path, "the header of the event log is damaged");
    }
}
