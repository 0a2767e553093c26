using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>Messages and packets of every kind, at the corners of what their fields can hold; always the same ones.</summary>
internal static class WireSamples
{
    public static readonly ImmutableArray<int> Whole =
        [0, 1, 127, 128, 255, 256, 65535, 65536, int.MaxValue, -1, -32, -33, -128, -129, -32768, -32769, int.MinValue];

    public static readonly ImmutableArray<long> Long =
        [uint.MaxValue, uint.MaxValue + 1L, long.MaxValue, int.MinValue - 1L, long.MinValue];

    public static readonly ImmutableArray<double> Times =
        [0, -0.0, 0.1, double.Epsilon, double.MinValue, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly JsonSerializerOptions Everything = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly Cut Cut = new(3, -0.0);
    private static readonly SliceId Id = new(2, 1L << 40, 3);

    /// <summary>What a text can be: the lengths where its form changes, characters of several bytes, half a character.</summary>
    private static readonly ImmutableArray<string> Texts =
    [
        "", "why", Of(31, 'x'), Of(32, 'x'), Of(255, 'x'), Of(256, 'x'), Of(10, 'ü'), Of(11, '円'), Of(85, '円'), Of(86, '円'),
        "\ud83d\ude00 \ud83d",
    ];

    /// <summary>Messages that come back as they were.</summary>
    public static IEnumerable<(string Name, Message Message)> Messages()
    {
        ImmutableArray<ParticleRecord> none = [], few = Particles(3), many = Particles(700);
        ImmutableArray<byte> events = Events();
        TallyRecord tally = Tally();
        RunWork work = new(1, 2, 3, 0.1, 1L << 60, 4, 5, 6, 300);
        yield return ("Begin", new Message.Begin(1, 2, 300, double.PositiveInfinity, Cut, true, States(few)));
        yield return ("Begin of nothing", new Message.Begin(-1, int.MinValue, 1, 0, new Cut(long.MinValue, -1), false, []));
        foreach (int number in Whole)
        {
            yield return (Named("Begun", number), new Message.Begun(number));
        }

        foreach (long number in Long)
        {
            yield return (Named("Advance", number), new Message.Advance(1, number, 0.5, ~number, number > 0, []));
        }

        foreach (double time in Times)
        {
            yield return (Named("Advance to", time), new Message.Advance(1, 300, time, 1L << 40, false, []));
        }

        yield return ("Advance past waypoints", new Message.Advance(1, 300, 2, 1L << 40, true, [-0.5, 0.1, 1e300]));
        yield return ("Reached", new Message.Reached(1, 70000, Cut, States(many), null, tally, work, 200, events));
        SumsRecord sums = new([3, 70000], [.. Enumerable.Range(0, 700).Select(k => k * 0x100010001L)]);
        yield return ("Reached, sums", new Message.Reached(1, 70000, Cut, [], sums, tally, work, 200, events));
        yield return ("Passed", new Message.Passed(1, 0.1, sums, tally));
        yield return (
            "Reached nothing", new Message.Reached(1, 1, Cut, [], null, tally with { PairCounts = [], OrderCounts = [] }, RunWork.None, 0, []));
        foreach (string text in (string[])[.. Texts, Of(4096, 'y'), Of(5000, 'z')])
        {
            yield return (Named($"Halted, {(text.Length == 0 ? "" : text[..1])}", text.Length), new Message.Halted(1, Cut, text));
        }

        yield return ("RunLost", new Message.RunLost(5, 6, 7));
        yield return ("Load of nothing", new Message.Load(1, 0.25, Cut, false, null, none));
        yield return ("Load", new Message.Load(1, 0.25, Cut, true, null, many));
        yield return ("Load to share slices", new Message.Load(
            1, 0.25, Cut, false, new SlicePartition(new NodePlan(3, 70000, 5, 1, 1e-300, true, 4), 70000), few));
        yield return ("Loaded", new Message.Loaded(1, 70000));
        yield return ("Lost", new Message.Lost(1, 3, 2));
        yield return ("Gather", new Message.Gather(1, 2, Cut, false));
        yield return ("Gather sums", new Message.Gather(1, 2, Cut, true));
        yield return ("Shard", new Message.Shard(1, 2, 3, few, null, tally, 4));
        yield return ("Shard of sums", new Message.Shard(1, 2, 3, none, sums, tally, 4));
        yield return ("OpenSlice", new Message.OpenSlice(Id, Cut, 1e-300, true, []));
        yield return ("OpenSlice past waypoints", new Message.OpenSlice(Id, Cut, 1, false, [0.25, 0.5]));
        yield return ("SliceDone", new Message.SliceDone(
            Id, 70000, new NodeVerdict(false, double.PositiveInfinity, 0.1, true), null, new DomainWork(1, 2, 3, 4, 5, 6, 7), [], []));
        yield return ("SliceDone, violated", new Message.SliceDone(
            Id, 5, NodeVerdict.Done, "why", new DomainWork(int.MaxValue, -2, long.MaxValue, long.MinValue, 5, 6, 7), [], []));
        yield return ("SliceDone with stretches", new Message.SliceDone(
            Id, 1, new NodeVerdict(false, 0.1, 0.1, true), null, default, [new StretchRecord(sums, tally), new StretchRecord(sums, tally)], Events()));
        ImmutableArray<SharedParticle> shared = Shared(few);
        foreach (int count in (int[])[0, 1, 700])
        {
            yield return (Named("Ghosts", count), new Message.Ghosts(Id, 1, ShareStep.GhostsBelow, Shared(Particles(count))));
        }

        yield return ("Ghosts", new Message.Ghosts(Id, 1, ShareStep.GhostsAbove, shared));
        yield return ("BlockDone, void", new Message.BlockDone(Id, 1, BlockReport.Void));
        yield return ("BlockDone", new Message.BlockDone(Id, 1, new BlockReport(
            false,
            [.. few.Select((p, k) => Flight(p, k - 2, k % 2 != 0))],
            [new CutPlace { Flight = 1, Boxes = new Int3(1, 0, -1), Position = new Vec3(0.5, 1, -2) }],
            [new CutEvent { Time = 0.5, Order = 2, Impulse = -0.25, IsGrazing = 1 }], [new CutDeferral { Id = 4, From = 0.75 }])));
        yield return ("StripDone", new Message.StripDone(Id, 1, new StripReport(false, shared, [0, 7])));
        yield return ("RepeatShare", new Message.RepeatShare(Id, 1, ShareStep.Strip));
    }

    /// <summary>Messages that can be written, but that a reader refuses.</summary>
    public static IEnumerable<(string Name, Message Message)> RefusedMessages()
    {
        yield return ("Begin, no number", new Message.Begin(1, 2, 300, double.NaN, Cut, true, []));
        yield return ("Begin, no number in the cut", new Message.Begin(1, 2, 300, 1, new Cut(1, double.NaN), true, []));
        yield return ("Begin, no domain", new Message.Begin(1, 2, 0, 1, Cut, true, []));
        yield return ("Advance, no number", new Message.Advance(1, 300, double.NaN, 1, false, []));
        yield return ("Advance, waypoints not in order", new Message.Advance(1, 300, 2, 1, false, [0.5, 0.5]));
        yield return ("Reached, sums too short", new Message.Reached(
            1, 1, Cut, [], null, Tally() with { Virial = [], WallImpulse = [-1] }, RunWork.None, 0, []));
        yield return ("Halted, no reason", new Message.Halted(1, Cut, null!));
        yield return ("Loaded, domain below 0", new Message.Loaded(1, -1));
        yield return ("OpenSlice, no number", new Message.OpenSlice(Id, Cut, double.NaN, true, []));
        yield return ("OpenSlice, a waypoint that is no number", new Message.OpenSlice(Id, Cut, 1, true, [double.NaN]));
        yield return ("SliceDone, no number", new Message.SliceDone(Id, 0, new NodeVerdict(true, double.NaN, 0, true), null, default, [], []));
        yield return ("SliceDone, half an event", new Message.SliceDone(Id, 0, NodeVerdict.Done, null, default, [], Events()[..30]));
        yield return ("Ghosts, no step of theirs", new Message.Ghosts(Id, 1, ShareStep.Block, []));
        yield return ("BlockDone, no such event", new Message.BlockDone(Id, 1, new BlockReport(false, [Flight(new ParticleRecord(), 0, false)], [], [], [])));
        yield return ("BlockDone, place of no flight", new Message.BlockDone(Id, 1, new BlockReport(false, [], [new CutPlace()], [], [])));
        yield return ("BlockDone, no order", new Message.BlockDone(Id, 1, new BlockReport(false, [], [], [new CutEvent()], [])));
        yield return ("RepeatShare, no step", new Message.RepeatShare(Id, 1, (ShareStep)4));
        yield return ("Load, no speed", new Message.Load(1, 1, Cut, false, new SlicePartition(new NodePlan(2, 9, 9, 9, 0, true, 4), 7), []));
        yield return ("Load, more blocks than layers", new Message.Load(
            1, 1, Cut, false, new SlicePartition(new NodePlan(10, 9, 9, 9, 1, true, 4), 7), []));
    }

    /// <summary>Packets that come back as they were.</summary>
    public static IEnumerable<(string Name, NodePacket Packet)> Packets()
    {
        Gas plain = new(Box.Square(9), [new Species("A", 1, 1)], []);
        Gas mixed = new(
            new Box(3, new Vec3(9, 10.5, 1e300), Boundary.Reflecting, Boundary.Periodic, Boundary.Open),
            [new Species("A", 1, 1), new Species("Ünlü", 0.5, double.Epsilon)], [new Zone(3, 1.25), new Zone(4, 2)]);
        yield return ("Deliver to the client", new NodePacket.Deliver(1, ActorAddress.Client, new Message.Begun(7)));
        yield return ("Deliver to the coordinator", new NodePacket.Deliver(1L << 40, ActorAddress.Coordinator, new Message.Loaded(7, 8)));
        yield return (
            "Deliver to a domain", new NodePacket.Deliver(-1, ActorAddress.Domain(70000), new Message.Ghosts(Id, 3, ShareStep.GhostsBelow, Shared(Particles(4)))));
        yield return (
            "Place", new NodePacket.Placement(1, 2, "0.1.0", "run", "/tmp/run", mixed, [new NodeId("a"), new NodeId("b@1")], [0, 0, 1, 1]));
        SizeDistribution sizes = new(SizeForm.Schulz, [1, 0.25, 0.5, 1.75], 2, 3, 4);
        Gas sized = new(Box.Cube(9), [Species.Of("A", sizes), new("B", 1, 1)], []);
        yield return ("Place, sizes", new NodePacket.Placement(1, 2, "0.1.0", "run", "/tmp/run", sized, [new NodeId("a")], [0]));
        yield return ("Place of nothing", new NodePacket.Placement(1, -1, "", "", "", plain, [new NodeId("")], []));
        yield return ("Place, many", new NodePacket.Placement(
            1, 2, "0.1.0", Of(300, 'r'), Of(4096, 'f'), plain, [.. Enumerable.Range(0, 300).Select(k => new NodeId(Named("node", k)))],
            [.. Enumerable.Range(0, 600).Select(k => k / 2)]));
        yield return ("Placed", new NodePacket.Placed(long.MinValue, int.MinValue));
        yield return ("Refused, over", new NodePacket.Refused(1, null));
        foreach (string text in (string[])[.. Texts, Of(5000, 'z')])
        {
            yield return (Named($"Refused, {(text.Length == 0 ? "" : text[..1])}", text.Length), new NodePacket.Refused(1, text));
        }

        foreach (double seconds in (double[])[.. Times, double.NaN])
        {
            yield return (Named("Status", seconds), new NodePacket.Status(3, 1L << 50, seconds, -1));
        }

        yield return ("Failed", new NodePacket.Failed(long.MaxValue, 5, "why"));
        yield return ("Ask", new NodePacket.Ask(255, NodeRequest.Checkpoint));
        yield return ("Dismiss", new NodePacket.Dismiss(255));
    }

    /// <summary>Packets that can be written, but that a reader refuses.</summary>
    public static IEnumerable<(string Name, NodePacket Packet)> RefusedPackets()
    {
        Gas heavy = new(Box.Cube(9), [new Species("A", double.PositiveInfinity, -1)], []);
        yield return ("Deliver, refused message", new NodePacket.Deliver(1, ActorAddress.Client, new Message.Loaded(7, -8)));
        yield return ("Deliver, no domain", new NodePacket.Deliver(1, ActorAddress.Domain(-1), new Message.Begun(7)));
        yield return ("Deliver, no role", new NodePacket.Deliver(1, new ActorAddress((ActorRole)200, 0), new Message.Begun(7)));
        yield return ("Place, masses", new NodePacket.Placement(1, 2, "", "", "", heavy, [new NodeId("a")], [0]));
        yield return ("Place, nowhere", new NodePacket.Placement(
            1, 2, "", "", Of(70000, 'f'), new Gas(Box.Cube(9), [], []), [], [5]));
        yield return ("Failed, no reason", new NodePacket.Failed(1, 2, null!));
    }

    /// <summary>Everything in it, as a text, to be compared.</summary>
    public static string Text(object value) => JsonSerializer.Serialize(value, value.GetType(), Everything);

    public static TallyRecord Tally()
    {
        EventTally tally = new(2, 4);
        tally.OrderCounts[4] = 1L << 50;
        tally.PairCounts[1] = -7;
        tally.MultipleCount = 200;
        tally.Virial.Add(-3.25);
        tally.WallImpulse.Add(1e300);
        return TallyRecord.Of(tally);
    }

    public static ImmutableArray<byte> Events()
    {
        EventBatch batch = new();
        ParticleState[] states = new ParticleState[3];
        batch.Add(new Gas(Box.Cube(9), [new Species("A", 1, 1)], []), 2, 0.5, 3, [4, 70000, 80000], states, states);
        return [.. batch.Take()];
    }

    public static ImmutableArray<ParticleRecord> Particles(int count) => [.. Enumerable.Range(0, count).Select(k => new ParticleRecord
    {
        Id = k,
        Owner = k % 3,
        State = new ParticleState
        {
            Position = new Vec3(k / 3.0, -k / 7.0, k * 1e300),
            Velocity = new Vec3(-0.0, double.Epsilon, 1 / (k + 1.0)),
            Time = -k / 128.0,
            Image = new Int3(-1, k, int.MinValue),
            Kind = k % 2,
        },
    })];

    private static ImmutableArray<SharedParticle> Shared(ImmutableArray<ParticleRecord> particles) =>
        [.. particles.Select((p, k) => new SharedParticle { Id = p.Id, HasMoved = k % 2, State = p.State })];

    private static ImmutableArray<ParticleState> States(ImmutableArray<ParticleRecord> particles) => [.. particles.Select(p => p.State)];

    private static CutFlight Flight(ParticleRecord particle, int number, bool isDeferred)
    {
        CutFlight flight = new() { Id = particle.Id, End = 0.5, Velocity = particle.State.Velocity };
        flight.SetEvent(number, isDeferred);
        return flight;
    }

    private static string Named(string kind, double value) => string.Create(CultureInfo.InvariantCulture, $"{kind} {value}");

    private static string Of(int length, char character) => new(character, length);
}
