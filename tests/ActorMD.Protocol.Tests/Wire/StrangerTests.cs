using System.Buffers.Binary;
using System.Text;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>Bytes that no program of ours has sent: refused with a reason, and no memory is taken for what they announce.</summary>
public class StrangerTests
{
    private const int MemoryMax = 1 << 16; // an exception and its text

    public static TheoryData<string> Names => [.. Strangers().Select(s => s.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_stranger_is_refused_and_takes_no_memory(string name)
    {
        byte[] bytes = Strangers().Single(s => s.Name == name).Bytes;
        foreach (Func<byte[], object> read in Vocabulary.Readers())
        {
            string reason = Refusal(read, bytes); // the code is there now, too
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(reason, Refusal(read, bytes));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, MemoryMax);
            Assert.InRange(reason.Length, 1, 300);
        }
    }

    [Theory]
    [InlineData(4, "wire version 4")]
    [InlineData(9, "wire version 9")]
    [InlineData(0, "wire version 0")]
    [InlineData(127, "wire version 127")]
    public void Another_version_is_refused_by_name(byte version, string reason)
    {
        byte[] bytes = GoldenWireTests.Bytes(new Message.Begun(1));
        bytes[1] = version;
        Assert.Contains(reason, Refusal(b => WireFormat.Decode(b), bytes), StringComparison.Ordinal);
        byte[] packet = NodePacketFormat.Encode(new NodePacket.Dismiss(1)).ToArray();
        packet[1] = version;
        Assert.Contains(reason, Refusal(b => NodePacketFormat.Decode(b), packet), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_is_refused_by_number()
    {
        Assert.Contains("kind 99", Refusal(b => WireFormat.Decode(b), [0x93, WireFormat.Version, 99, 1]), StringComparison.Ordinal);
        Assert.Contains(
            "kind 99", Refusal(b => NodePacketFormat.Decode(b), [0x93, NodePacketFormat.Version, 99, 1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_no_packet_and_a_packet_no_message()
    {
        foreach (Vocabulary.Sample sample in Vocabulary.Samples().Where(s => s.Kind != nameof(NodePacket.Deliver)))
        {
            Assert.Throws<WireException>(() =>
            {
                if (sample.Value is Message)
                {
                    NodePacketFormat.Decode(sample.Bytes);
                }
                else
                {
                    WireFormat.Decode(sample.Bytes);
                }
            });
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Strangers()
    {
        byte[] noise = new byte[1 << 20];
        CounterRandom random = new(5, RandomStream.Testing);
        for (int k = 0; k < noise.Length; k++)
        {
            noise[k] = (byte)random.NextInteger(256);
        }

        yield return ("nothing", []);
        yield return ("HTTP", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n"));
        yield return ("TLS", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]);
        yield return ("1 MB of noise", noise);
        yield return ("1 MB of zeros", new byte[1 << 20]);
        yield return ("array of 2^32 - 1", [0xDD, 0xFF, 0xFF, 0xFF, 0xFF]);
        yield return ("array of 2^31 - 1", [0xDD, 0x7F, 0xFF, 0xFF, 0xFF]);
        yield return ("array of 2^16 - 1", [0xDC, 0xFF, 0xFF]);
        yield return ("array of 2^31", [0xDD, 0x80, 0, 0, 0, 2, 1]);
        yield return ("map", [0x83, 2, 1, 2, 1, 2, 1]);
        yield return ("map of 2^32 - 1", [0xDF, 0xFF, 0xFF, 0xFF, 0xFF]);
        yield return ("extension", [0xC7, 3, 1, 0, 0, 0]);
        yield return ("extension of 2^32 - 1", [0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1]);
        yield return ("timestamp", [0xD6, 0xFF, 0, 0, 0, 0]);
        yield return ("reserved code", [0xC1]);
        yield return ("nil", [0xC0]);
        byte[] deep = new byte[1 << 20];
        Array.Fill(deep, (byte)0x91);
        yield return ("1 MB of arrays in arrays", deep);
        Array.Fill(deep = new byte[1 << 20], (byte)0x99);
        yield return ("1 MB of wider arrays", deep);
        Array.Fill(deep = new byte[1 << 20], (byte)0x81);
        yield return ("1 MB of maps in maps", deep);

        // In the place of a field; to the other reader they are another version.
        yield return ("Boundary of raw bytes, 2^31 - 1", [.. Boundary, 0xC6, 0x7F, 0xFF, 0xFF, 0xFF]);
        yield return ("Boundary of raw bytes, 2^32 - 1", [.. Boundary, 0xC6, 0xFF, 0xFF, 0xFF, 0xFF]);
        yield return ("Boundary of a text", [.. Boundary, 0xDB, 0, 0, 0, 0]);
        yield return ("Boundary of an old text", [.. Boundary, 0xA0]);
        yield return ("Boundary of a map", [.. Boundary, 0x80]);
        yield return ("Boundary of an extension", [.. Boundary, 0xC7, 0, 1]);
        yield return ("Boundary of nil", [.. Boundary, 0xC0]);
        yield return ("Boundary of half a particle", [.. Boundary, 0xC4, 1, 0]);
        yield return ("Boundary of arrays in arrays", [.. Boundary, .. deep[..1000]]);
        yield return ("time of 32 bits", [0x96, 2, 3, 1, 1, 0xCA, 0, 0, 0, 0, 1]);
        yield return ("whole time", [0x96, 2, 3, 1, 1, 0, 1]);
        yield return ("run beyond 32 bits", [0x93, 2, 2, 0xCF, 0, 0, 0, 1, 0, 0, 0, 0]);
        yield return ("run that is a fraction", [0x93, 2, 2, 0xCB, 0, 0, 0, 0, 0, 0, 0, 0]);
        yield return ("kind beyond 32 bits", [0x93, 2, 0xCF, 0, 0, 0, 1, 0, 0, 0, 2, 1]);
        yield return ("number beyond 63 bits", [0x96, 2, 3, 1, 0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xCB]);
        yield return ("truth that is 1", [0x95, 2, 16, 0x93, 1, 1, 0, 1, 1]);
        yield return ("reason of 2^32 - 1", [.. Halted, 0xDB, 0xFF, 0xFF, 0xFF, 0xFF]);
        yield return ("reason of 2^31 - 1", [.. Halted, 0xDB, 0x7F, 0xFF, 0xFF, 0xFF]);
        byte[] reason = new byte[1 << 24];
        BinaryPrimitives.WriteInt32BigEndian(reason, reason.Length - 4);
        yield return ("reason of 16 MB", [.. Halted, 0xDB, .. reason]);
        yield return ("bounds of 2^32 - 1", [0x99, 2, 1, 1, 1, 0x93, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
        yield return ("bounds of 2^31 - 1", [0x99, 2, 1, 1, 1, 0x93, 0xDD, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
        yield return ("bounds of 10^7 blocks", [0x99, 2, 1, 1, 1, 0x93, 0xDD, 0, 0x98, 0x96, 0x80, .. new byte[10_000_010]]);
        yield return ("nodes of 10^7", [.. Placement, 0xDD, 0, 0x98, 0x96, 0x80, .. new byte[10_000_010]]);
        yield return ("too many fields", [0x94, 2, 2, 1, 1]);
        yield return ("too few fields", [0x93, 2, 3, 1]);
        yield return ("no fields", [0x92, 2, 2]);
        yield return ("no version", [0x90]);
        yield return ("version of a text", [0x93, 0xA1, 0x32, 2, 1]);
    }

    // A Boundary but its particles, a Halted but its reason, a Placement but its nodes.
    private static byte[] Boundary => [0x95, 2, 14, 0x93, 1, 1, 0, 2];

    private static byte[] Halted => [0x95, 2, 5, 1, 0x92, 0, 0xCB, 0, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Placement =>
    [
        0x9A, NodePacketFormat.Version, 2, 1, 1, 0xA0, 0xA0, 0xA0, 0x99, 3, .. Half, .. Half, .. Half, 0, 0, 0, 0x91, 0x98, 0xA0, .. Half,
        .. Half, 0xFF, .. Half, .. Half, 0, 0x90, 0x90,
    ];

    private static byte[] Half => [0xCB, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0];

    private static string Refusal(Func<byte[], object> read, byte[] bytes)
    {
        try
        {
            read(bytes);
        }
        catch (WireException refusal)
        {
            return refusal.Message;
        }

        throw new Xunit.Sdk.XunitException("it was understood");
    }
}
