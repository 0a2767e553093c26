using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>What does a message cost on its way to bytes and back?</summary>
public class WireBenchmarks
{
    private readonly Dictionary<string, (NodePacket Packet, ReadOnlyMemory<byte> Bytes)> _packets = [];

    [Params(nameof(Message.OpenSlice), nameof(Message.Ghosts), nameof(Message.BlockDone))]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        const int Count = 100_000;
        SliceId id = new(1, 2, 3);
        Message[] messages =
        [
            new Message.OpenSlice(id, new Cut(1, 0.5), 0.75, true, []),
            new Message.Ghosts(id, 1, ShareStep.GhostsBelow, [.. new SharedParticle[Count]]),
            new Message.BlockDone(id, 1, new BlockReport(false, [.. new CutFlight[Count]], [], [new CutEvent { Time = 0.5, Order = 2 }], [])),
        ];
        foreach (Message message in messages)
        {
            NodePacket packet = new NodePacket.Deliver(1, ActorAddress.Domain(1), message);
            _packets[message.GetType().Name] = (packet, NodePacketFormat.Encode(packet));
        }
    }

    [Benchmark]
    public ReadOnlyMemory<byte> Encode() => NodePacketFormat.Encode(_packets[Kind].Packet);

    [Benchmark]
    public NodePacket Decode() => NodePacketFormat.Decode(_packets[Kind].Bytes.Span);
}
