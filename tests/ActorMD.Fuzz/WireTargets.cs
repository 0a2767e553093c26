using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using ActorMD.Runs.Monitoring;

namespace ActorMD.Fuzz;

/// <summary>Readers of what processes say to each other, and of the log lines that <c>monitor</c> shows.</summary>
internal static class WireTargets
{
    private const int PictureShare = 8;

    private const string Lines = """
        {"@t":"2026-01-02T03:04:05.678Z","@mt":"Reached {time} after {Collisions} collisions","time":0.5,"Collisions":12345,"node":"n1"}
        {"@t":"2026-01-02T03:04:05Z","@l":"Warning","@mt":"Node {member} is gone","member":"n2","node":"n1","EventsPerSecond":1e6}
        {"@t":"2026-01-02T03:04:05Z","@mt":"Committed {window}","window":3,"Cut":1,"Retried":0,"node":"n1"}
        {"@t":"2026-01-02T03:04:05Z","@mt":"{a}{b} { {{c}} }","a":[1,{"x":null}],"b":true}
        """;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("wire", false, [.. Messages().Select(Bytes)], TryMessage),
        new("packet", false, [.. Packets().Select(packet => NodePacketFormat.Encode(packet).ToArray())], TryPacket),
        new("log", true, [.. Lines.Split('\n').Select(Samples.Text), Samples.Text(Lines)], TryLog),
    ];

    private static Reception TryMessage(byte[] bytes)
    {
        Message message;
        try
        {
            message = WireFormat.Decode(bytes);
        }
        catch (WireException)
        {
            return Reception.Refused;
        }

        byte[] again = Bytes(message);
        return Bytes(WireFormat.Decode(again)).AsSpan()
            .SequenceEqual(again) ? Reception.Accepted : throw new FuzzException("read back with other bytes");
    }

    private static Reception TryPacket(byte[] bytes)
    {
        NodePacket packet;
        try
        {
            packet = NodePacketFormat.Decode(bytes);
        }
        catch (WireException)
        {
            return Reception.Refused;
        }

        byte[] again = NodePacketFormat.Encode(packet).ToArray();
        return NodePacketFormat.Encode(NodePacketFormat.Decode(again)).Span.SequenceEqual(again)
            ? Reception.Accepted
            : throw new FuzzException("read back with other bytes");
    }

    private static Reception TryLog(byte[] bytes)
    {
        bool any = false;
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            if (LogEntry.TryParse(line) is { } entry)
            {
                any = true;
                entry.Render();
                if (entry.Number("time") is { } time && !double.IsFinite(time))
                {
                    throw new FuzzException("a number of the log is not finite");
                }
            }
        }

        // The whole picture needs files, and is looked at for some of the inputs.
        if (bytes.Length % PictureShare == 0)
        {
            TryPicture(bytes);
        }

        return any ? Reception.Accepted : Reception.Refused;
    }

    private static void TryPicture(byte[] bytes)
    {
        RunFolder folder = new(Path.Combine(YamlTargets.Folder, $"run-{Environment.CurrentManagedThreadId}"));
        Directory.CreateDirectory(folder.Directory);
        if (!File.Exists(folder.CasePath))
        {
            File.WriteAllBytes(folder.CasePath, YamlTargets.ShortCase);
        }

        File.WriteAllBytes(Path.Combine(folder.Directory, "log.jsonl"), bytes);
        RunPicture picture = RunPicture.Of(folder, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        if (!double.IsFinite(picture.Time) || picture.CollisionsPerSecond is { } rate && !double.IsFinite(rate))
        {
            throw new FuzzException("a number of the picture is not finite");
        }
    }

    private static byte[] Bytes(Message message)
    {
        ArrayBufferWriter<byte> output = new();
        WireFormat.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<Message> Messages()
    {
        Cut cut = new(3, -0.0);
        SliceId id = new(2, 1L << 40, 3);
        ImmutableArray<ParticleRecord> few =
            [.. Samples.State(Samples.Gas).Particles.Select(
                (particle, k) => new ParticleRecord { Id = k, Owner = k % 2, State = particle })];
        ImmutableArray<ParticleState> states = [.. few.Select(particle => particle.State)];
        EventTally tally = new(2, 4);
        tally.OrderCounts[4] = 1L << 50;
        tally.Virial.Add(-Math.PI);
        TallyRecord counts = TallyRecord.Of(tally);
        EventBatch batch = new();
        batch.Add(Samples.Gas, 2, 0.5, 3, [1, 2, 4], new ParticleState[3], new ParticleState[3]);
        ImmutableArray<byte> events = [.. batch.Take()];
        yield return new Message.Begin(1, 2, 4, double.PositiveInfinity, cut, true, states);
        yield return new Message.Begun(int.MaxValue);
        yield return new Message.Advance(1, 300, double.NegativeInfinity, 1L << 40, true, [0.5, 1.5]);
        yield return new Message.Passed(1, 0.5, new SumsRecord([3, 4], [5, 1L << 50]), counts);
        yield return new Message.Reached(1, 70000, cut, states, null, counts, RunWork.None, 200, events);
        yield return new Message.Reached(1, 70000, cut, [], new SumsRecord([3, 4], [5, 1L << 50]), counts, RunWork.None, 200, events);
        yield return new Message.Halted(1, cut, "überlappt");
        yield return new Message.RunLost(5, 6, 7);
        yield return new Message.Load(1, 0.25, cut, true, null, few);
        yield return new Message.Load(1, 0.25, cut, false, new SlicePartition(new NodePlan(2, 30, 9, 9, 1.5, true, 4), 6), few);
        yield return new Message.Gather(1, 2, cut, true);
        yield return new Message.Shard(1, 2, 3, few, new SumsRecord([3], []), counts, 4);
        yield return new Message.OpenSlice(id, cut, 1e-300, true, [1e-301]);
        yield return new Message.SliceDone(
            id, 5, new NodeVerdict(false, 0.1, 2.5, true), "why", new DomainWork(1, 2, 3, 4, 5, 6, 7),
            [new StretchRecord(new SumsRecord([3], []), counts)], events);
        ImmutableArray<SharedParticle> shared = [.. few.Select(p => new SharedParticle { Id = p.Id, State = p.State })];
        yield return new Message.Ghosts(id, 1, ShareStep.GhostsAbove, shared);
        yield return new Message.BlockDone(id, 1, new BlockReport(
            false, [.. few.Select((p, k) => new CutFlight { Id = p.Id, End = 0.5, Velocity = p.State.Velocity })],
            [new CutPlace { Flight = 0, Boxes = new Int3(1, 0, 0) }],
            [new CutEvent { Time = 0.5, Order = 2 }], [new CutDeferral { Id = 4, From = 0.75 }]));
        yield return new Message.StripDone(id, 1, new StripReport(false, shared, [1]));
        yield return new Message.RepeatShare(id, 1, ShareStep.Strip);
    }

    private static IEnumerable<NodePacket> Packets()
    {
        foreach (Message message in Messages())
        {
            yield return new NodePacket.Deliver(7, new ActorAddress(ActorRole.Domain, 3), message);
        }

        yield return new NodePacket.Placement(
            7, 1, "0.1.0", "run", "/runs/run", Samples.Gas, [new NodeId("a"), new NodeId("b")], [0, 1, 1]);
        yield return new NodePacket.Placed(7, 1);
        yield return new NodePacket.Refused(7, null);
        yield return new NodePacket.Status(7, 1, 2.5, 1L << 33);
        yield return new NodePacket.Failed(7, 2, "why");
        yield return new NodePacket.Ask(7, NodeRequest.Stop);
        yield return new NodePacket.Dismiss(7);
    }
}
