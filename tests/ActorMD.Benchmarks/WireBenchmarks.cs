using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>What does a message cost on its way to bytes and back?</summary>
public class WireBenchmarks
{
    private readonly Dictionary<string, (NodePacket Packet, ReadOnlyMemory<byte> Bytes)> _packets = [];

    [Params(nameof(Message.OpenWindow), nameof(Message.Boundary), nameof(Message.Ledger))]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        const int Count = 100_000;
        SliceId id = new(1, 2, 3);
        ImmutableArray<PathRecord> paths = [.. Enumerable.Range(0, Count).Select(k => new PathRecord { Id = k, StateCount = 2 })];
        Message[] messages =
        [
            new Message.OpenWindow(id, new Cut(1, 0.5), 0.75, 4, 1),
            new Message.Boundary(id, 1, [.. new ParticleRecord[Count]]),
            new Message.Ledger(id, 1, paths, [.. new ParticleState[2 * Count]], [], []),
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
