using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using FsCheck.Xunit;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>What holds for the bytes of any message and any packet.</summary>
[Properties(Arbitrary = [typeof(RandomWire)], MaxTest = 400)]
public class WireProperties
{
    [Property]
    public void A_message_comes_back_as_it_was(Message message) => ComesBack(Vocabulary.Of(message));

    [Property]
    public void A_packet_comes_back_as_it_was(NodePacket packet) => ComesBack(Vocabulary.Of(packet));

    [Property]
    public void A_broken_message_is_understood_or_refused(Message message, int place, int kind, byte value) =>
        IsUnderstoodOrRefused(Vocabulary.Of(message), place, kind, value);

    [Property]
    public void A_broken_packet_is_understood_or_refused(NodePacket packet, int place, int kind, byte value) =>
        IsUnderstoodOrRefused(Vocabulary.Of(packet), place, kind, value);

    [Property]
    public void A_part_is_refused(NodePacket packet, int length)
    {
        Vocabulary.Sample sample = Vocabulary.Of(packet);
        Assert.True(sample.IsRefused(sample.Bytes[..(int)((uint)length % (uint)sample.Bytes.Length)]));
    }

    [Property]
    public void Any_bytes_are_understood_or_refused(byte[] bytes)
    {
        foreach (Func<byte[], object> read in Vocabulary.Readers())
        {
            Assert.True(Record.Exception(() => read(bytes)) is null or WireException);
            // Beyond the version, where there is more to be understood.
            Assert.True(
                Record.Exception(() => read([(byte)(0x90 + (bytes.Length & 15)), WireFormat.Version, .. bytes])) is null or WireException);
            Assert.True(
                Record.Exception(() => read([(byte)(0x90 + (bytes.Length & 15)), NodePacketFormat.Version, .. bytes])) is null
                    or WireException);
        }
    }

    private static void ComesBack(Vocabulary.Sample sample)
    {
        object back = sample.Decode(sample.Bytes);
        Assert.Equal(sample.Bytes, sample.Encode(back));
        Assert.Equal(WireSamples.Text(sample.Value), WireSamples.Text(back));
    }

    // One byte changed, removed, doubled or put in; the memory that the reader takes is a few times the bytes.
    private static void IsUnderstoodOrRefused(Vocabulary.Sample sample, int place, int kind, byte value)
    {
        int at = (int)((uint)place % (uint)sample.Bytes.Length);
        byte[] broken = (kind & 3) switch
        {
            0 => [.. sample.Bytes[..at], value, .. sample.Bytes[(at + 1)..]],
            1 => [.. sample.Bytes[..at], .. sample.Bytes[(at + 1)..]],
            2 => [.. sample.Bytes[..at], sample.Bytes[at], .. sample.Bytes[at..]],
            _ => [.. sample.Bytes[..at], value, .. sample.Bytes[at..]],
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        sample.IsRefused(broken);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 17) + 8 * broken.Length);
    }
}
