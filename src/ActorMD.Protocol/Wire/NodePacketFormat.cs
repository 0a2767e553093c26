using System.Runtime.CompilerServices;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>
/// Packets as bytes: a MessagePack array [version, kind, fields], after <see cref="NodePacket.Deliver"/>'s followed by the message in the
/// protocol's <see cref="WireFormat"/>.
/// </summary>
public static class NodePacketFormat
{
    /// <summary>Raised with every change.</summary>
    public const int Version = 3;

    /// <summary>Largest packet, bytes: longer ones are refused on both sides. A load of 10^7 particles fits.</summary>
    public const int LengthMax = 1 << 30;

    private const int Rest = 4096; // everything that is not bulk fits, as a rule

    private static readonly WireTable<NodePacket> Table = new(Version, NodeForms.All);

    /// <summary>The bytes of a packet.</summary>
    /// <exception cref="WireException">There would be too many.</exception>
    public static ReadOnlyMemory<byte> Encode(NodePacket packet)
    {
        // Room for all of it: a long one is copied once.
        long bulk = packet is NodePacket.Deliver { Message: { } message } ? BulkOf(message) + Rest : 256;
        PacketWriter output = new(bulk <= LengthMax ? (int)bulk : throw WireException.PacketTooLong(bulk));
        MessagePackWriter writer = new(output);
        Table.Write(ref writer, packet);
        writer.Flush();
        return output.Written;
    }

    /// <summary>Reads one packet that fills all of the bytes.</summary>
    /// <exception cref="WireException">The bytes are no packet of this version.</exception>
    public static NodePacket Decode(ReadOnlySpan<byte> bytes) => bytes.Length <= LengthMax
        ? Table.Read(bytes)
        : throw WireException.OutOfRange(0, "the length of a packet", bytes.Length, 0, LengthMax);

    private static long BulkOf(Message message) => message switch
    {
        Message.Begin m => Size<ParticleState>(m.Particles.Length),
        Message.Reached m => Size<ParticleState>(m.Particles.Length) + BulkOf(m.Sums) + m.Events.Length,
        Message.Load m => Size<ParticleRecord>(m.Particles.Length),
        Message.Shard m => Size<ParticleRecord>(m.Particles.Length) + BulkOf(m.Sums),
        Message.SliceDone m => m.Events.Length,
        Message.Share m => m.ByteCount,
        _ => 0,
    };

    private static long BulkOf(SumsRecord? sums) => sums is null ? 0 : Size<long>(sums.Counts.Length + sums.Words.Length);

    private static long Size<T>(int count) => (long)count * Unsafe.SizeOf<T>();
}
