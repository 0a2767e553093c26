using System.Reflection;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>Messages and packets as bytes and back.</summary>
public class WireFormatTests
{
    public static TheoryData<string> Kinds => [.. Vocabulary.Samples().Select(s => s.Kind).Distinct()];

    [Fact]
    public void There_is_a_sample_of_every_message_and_packet()
    {
        IEnumerable<string> types = typeof(Message).GetNestedTypes(BindingFlags.Public).Where(type => type != typeof(Message.Reminder) && !type.IsAbstract)
            .Concat(typeof(NodePacket).GetNestedTypes(BindingFlags.Public)).Select(type => type.Name);
        Assert.Equal(types.Order(), Vocabulary.Samples().Select(s => s.Kind).Distinct().Order());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Everything_comes_back_as_it_was(string kind)
    {
        foreach (Vocabulary.Sample sample in Vocabulary.Samples().Where(s => s.Kind == kind))
        {
            object back = sample.Decode(sample.Bytes);
            Assert.Equal(WireSamples.Text(sample.Value), WireSamples.Text(back));
            Assert.Equal(sample.Bytes, sample.Encode(back));
        }
    }

    [Fact]
    public void A_long_reason_is_cut()
    {
        string reason = new('z', 5000);
        Assert.Equal(
            reason[..4096], ((Message.Halted)WireFormat.Decode(GoldenWireTests.Bytes(new Message.Halted(1, default, reason)))).Reason);
        Assert.Equal(
            reason[..4096],
            ((NodePacket.Failed)NodePacketFormat.Decode(NodePacketFormat.Encode(new NodePacket.Failed(1, 2, reason)).Span)).Reason);
    }

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        foreach ((string name, Message message) in WireSamples.RefusedMessages())
        {
            WireException? refusal = Assert.IsType<WireException>(
                Record.Exception(() => WireFormat.Decode(GoldenWireTests.Bytes(message))));
            Assert.True(refusal.InnerException is null, $"{name}: {refusal}");
        }

        foreach ((string name, NodePacket packet) in WireSamples.RefusedPackets())
        {
            WireException? refusal = Assert.IsType<WireException>(
                Record.Exception(() => NodePacketFormat.Decode(NodePacketFormat.Encode(packet).Span)));
            Assert.True(refusal.InnerException is null, $"{name}: {refusal}");
        }
    }

    [Fact]
    public void What_an_actor_says_to_itself_has_no_bytes()
    {
        Assert.Throws<ArgumentException>(() => GoldenWireTests.Bytes(Message.Reminder.Instance));
        Assert.Throws<ArgumentException>(
            () => NodePacketFormat.Encode(new NodePacket.Deliver(1, ActorAddress.Client, Message.Reminder.Instance)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_part_and_more_than_the_whole_are_refused(string kind)
    {
        foreach (Vocabulary.Sample sample in Vocabulary.Samples().Where(s => s.Kind == kind))
        {
            // Every byte; in the long ones, where bulk is most of it, not every one in the middle.
            int length = sample.Bytes.Length;
            for (int part = 0; part < length; part += part < 2000 || part > length - 2000 ? 1 : 97)
            {
                Assert.Throws<WireException>(() => sample.Decode(sample.Bytes[..part]));
            }

            Assert.Throws<WireException>(() => sample.Decode([.. sample.Bytes, 0]));
            Assert.Throws<WireException>(() => sample.Decode([.. sample.Bytes, .. sample.Bytes]));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Broken_bytes_are_understood_or_refused(string kind)
    {
        CounterRandom random = new(3, RandomStream.Testing);
        int refused = 0;
        foreach (Vocabulary.Sample sample in Vocabulary.Samples().Where(s => s.Kind == kind))
        {
            for (int trial = 0; trial < 500; trial++)
            {
                byte[] broken = [.. sample.Bytes];
                // Mostly the beginning, where the structure is.
                int place = random.NextInteger(1 + random.NextInteger(broken.Length));
                broken[place] = (byte)random.NextInteger(256);
                refused += sample.IsRefused(broken) ? 1 : 0;
            }
        }

        Assert.True(refused > 0);
    }
}
