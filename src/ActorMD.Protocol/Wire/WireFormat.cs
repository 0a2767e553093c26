using System.Buffers;
using ActorMD.Protocol.Messages;
using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>Messages as bytes: MessagePack arrays [version, kind, fields in the order of their declaration].</summary>
/// <remarks>
/// Bulk arrays are <c>bin</c> values of structs as they lie in the memory of a little-endian machine, so that the ghosts of
/// a face cost a copy, not a parse. No names of types are on the wire; a kind or a version that is not known is
/// refused, and so is a length that the bytes do not hold.
/// </remarks>
public static class WireFormat
{
    /// <summary>Raised with every change.</summary>
    public const int Version = 8;

    internal static readonly WireTable<Message> Table = new(Version, [.. ClientForms.All, .. DomainForms.All, .. ShareForms.All]);

    /// <summary>Appends a message.</summary>
    public static void Encode(Message message, IBufferWriter<byte> output)
    {
        MessagePackWriter writer = new(output);
        Table.Write(ref writer, message);
        writer.Flush();
    }

    /// <summary>Reads one message that fills all of the bytes.</summary>
    /// <exception cref="WireException">The bytes are no message of this version.</exception>
    public static Message Decode(ReadOnlySpan<byte> bytes) => Table.Read(bytes);
}
