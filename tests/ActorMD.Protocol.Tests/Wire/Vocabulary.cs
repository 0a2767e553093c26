using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>Messages and packets alike: what is said of the bytes of one holds for the other.</summary>
internal static class Vocabulary
{
    /// <summary>Everything that comes back as it was.</summary>
    public static IEnumerable<Sample> Samples() =>
    [
        .. WireSamples.Messages().Where(s => s.Message is not Message.Halted { Reason.Length: > 4096 }).Select(s => Of(s.Message)),
        .. WireSamples.Packets().Where(s => s.Packet is not NodePacket.Refused { Reason.Length: > 4096 }).Select(s => Of(s.Packet)),
    ];

    /// <summary>Both ways to read bytes.</summary>
    public static IEnumerable<Func<byte[], object>> Readers() =>
        [bytes => WireFormat.Decode(bytes), bytes => NodePacketFormat.Decode(bytes)];

    public static Sample Of(Message message) =>
        new(message, value => GoldenWireTests.Bytes((Message)value), bytes => WireFormat.Decode(bytes));

    public static Sample Of(NodePacket packet) => new(
        packet, value => NodePacketFormat.Encode((NodePacket)value).ToArray(), bytes => NodePacketFormat.Decode(bytes));

    internal sealed class Sample(object value, Func<object, byte[]> encode, Func<byte[], object> decode)
    {
        public object Value => value;

        public string Kind => value.GetType().Name;

        public byte[] Bytes { get; } = encode(value);

        public byte[] Encode(object other) => encode(other);

        public object Decode(byte[] bytes) => decode(bytes);

        /// <summary>Refused as it should be; any other exception goes on.</summary>
        public bool IsRefused(byte[] bytes)
        {
            try
            {
                decode(bytes);
                return false;
            }
            catch (WireException)
            {
                return true;
            }
        }
    }
}
