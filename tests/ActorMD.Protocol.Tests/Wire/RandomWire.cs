using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Physics.Numerics;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Protocol.Tests.Wire;

/// <summary>Random messages and packets for FsCheck: anything that a reader must take.</summary>
public static class RandomWire
{
    private static readonly Gen<int> Int = Gen.OneOf(ArbMap.Default.GeneratorFor<int>(), Gen.Elements<int>(WireSamples.Whole));
    private static readonly Gen<long> Long = Gen.OneOf(
        Int.Select(n => (long)n), Gen.Elements<long>(WireSamples.Long), Gen.Two(Int).Select(two => ((long)two.Item1 << 32) ^ two.Item2));
    private static readonly Gen<double> Number = Gen.OneOf(
        ArbMap.Default.GeneratorFor<double>(), Gen.Elements<double>(WireSamples.Times), Long.Select(BitConverter.Int64BitsToDouble));
    private static readonly Gen<double> Time = Number.Where(time => !double.IsNaN(time));
    private static readonly Gen<double> Length = Number.Where(double.IsFinite).Select(Math.Abs);
    private static readonly Gen<bool> Truth = Gen.Elements(false, true);
    private static readonly Gen<int> Domain = Int.Select(n => n & int.MaxValue);
    private static readonly Gen<int> Layers = Gen.Choose(1, 1 << 20);
    private static readonly Gen<string> Text = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        from length in Gen.Choose(0, 4096) from character in Gen.Elements('x', 'ü', '円') select new string(character, length));
    private static readonly Gen<byte> Byte = Gen.Choose(0, 255).Select(n => (byte)n);

    private static readonly Gen<SliceId> Id =
        from run in Int
        from slice in Long
        from attempt in Int
        select new SliceId(run, slice, attempt);

    private static readonly Gen<Cut> Cut = from epoch in Long from time in Time select new Cut(epoch, time);
    private static readonly Gen<ImmutableArray<ParticleRecord>> Particles = Bulk<ParticleRecord>(20);

    private static readonly Gen<ImmutableArray<byte>> Events = Several(EventOf(Gen.Choose(1, GasValidation.OrderLimit)), 0, 4)
        .Select(events => events.SelectMany(one => one).ToImmutableArray());

    private static readonly Gen<TallyRecord> Tally =
        from pairs in Bulk<long>(10)
        from orders in Bulk<long>(10)
        from counts in Gen.Two(Long)
        from virial in Several(Long, ExactSum.WordCount, ExactSum.WordCount)
        from impulse in Several(Long, ExactSum.WordCount, ExactSum.WordCount)
        select new TallyRecord(pairs, orders, counts.Item1, counts.Item2, virial, impulse);

    private static readonly Gen<DomainWork> DomainWork =
        from n in Gen.Three(Int)
        from m in Gen.Four(Long)
        select new DomainWork(n.Item1, n.Item2, m.Item1, m.Item2, m.Item3, n.Item3, m.Item4);

    private static readonly Gen<RunWork> RunWork =
        from n in Gen.Four(Long)
        from m in Gen.Four(Long)
        from time in Time
        select new RunWork(n.Item1, n.Item2, n.Item3, time, n.Item4, m.Item1, m.Item2, m.Item3, m.Item4);

    private static readonly Gen<SlicePartition> Sharing =
        from cells in Gen.Three(Gen.Choose(2, 1 << 10))
        from nodes in Gen.Choose(2, cells.Item1)
        from speed in Length.Where(speed => speed > 0)
        from keepsNeighbors in Truth
        from depth in Layers
        from count in Gen.Choose(1, int.MaxValue)
        select new SlicePartition(new NodePlan(nodes, cells.Item1, cells.Item2, cells.Item3, speed, keepsNeighbors, depth), count);

    private static CutFlight FlightOf(int number, bool isDeferred, double end)
    {
        CutFlight flight = new() { Id = number, End = end };
        flight.SetEvent(number, isDeferred);
        return flight;
    }

    private static readonly Gen<Message.BlockDone> Block =
        from id in Id
        from domain in Domain
        from isVoid in Truth
        from happened in Several(
            from time in Time from order in Gen.Choose(1, GasValidation.OrderLimit) select new CutEvent { Time = time, Order = order }, 0, 5)
        from flights in Several(
            from number in Gen.Choose(CutFlight.Far, happened.Length - 1)
            from end in Time.Where(double.IsFinite)
            from isDeferred in Truth
            select FlightOf(number, isDeferred, end), 0, 5)
        from places in Gen.SubListOf(Enumerable.Range(0, flights.Length))
        from deferrals in Bulk<CutDeferral>(5)
        select new Message.BlockDone(id, domain, new BlockReport(
            isVoid, flights, [.. places.Order().Select(k => new CutPlace { Flight = k })], happened, deferrals));

    private static readonly Gen<SumsRecord> Sums = from counts in Bulk<long>(5) from words in Bulk<long>(300) select new SumsRecord(counts, words);

    private static readonly Gen<ImmutableArray<double>> Waypoints =
        from first in Gen.Choose(-1000, 1000)
        from steps in Gen.ArrayOf(Gen.Choose(1, 1000))
        select steps.Aggregate(ImmutableArray.Create(first / 8.0), (times, step) => times.Add(times[^1] + step / 8.0));

    private static readonly Gen<ImmutableArray<StretchRecord>> Stretches =
        from sums in Sums
        from tally in Tally
        from count in Gen.Choose(0, 3)
        select Enumerable.Repeat(new StretchRecord(sums, tally), count).ToImmutableArray();

    private static readonly Gen<Message> AnyMessage = Gen.OneOf(
        from run in Int
        from coordinator in Int
        from count in Layers
        from length in Time
        from cut in Cut
        from logs in Truth
        from particles in Bulk<ParticleState>(20)
        select (Message)new Message.Begin(run, coordinator, count, length, cut, logs, particles),
        from run in Int select (Message)new Message.Begun(run),
        from run in Int
        from request in Long
        from until in Time
        from taken in Long
        from sumsOnly in Truth
        from waypoints in Waypoints
        select (Message)new Message.Advance(run, request, until, taken, sumsOnly, waypoints),
        from run in Int
        from time in Time
        from sums in Sums
        from tally in Tally
        select (Message)new Message.Passed(run, time, sums, tally),
        from run in Int
        from request in Long
        from cut in Cut
        from particles in Bulk<ParticleState>(20)
        from sums in Gen.OrNull(Sums)
        from tally in Tally
        from work in RunWork
        from start in Long
        from events in Events
        select (Message)new Message.Reached(run, request, cut, particles, sums, tally, work, start, events),
        from run in Int from cut in Cut from reason in Text select (Message)new Message.Halted(run, cut, reason),
        from n in Gen.Three(Int) select (Message)new Message.RunLost(n.Item1, n.Item2, n.Item3),
        from run in Int
        from length in Time
        from cut in Cut
        from logs in Truth
        from sharing in Gen.OrNull(Sharing)
        from particles in Particles
        select (Message)new Message.Load(run, length, cut, logs, sharing, particles),
        from run in Int from domain in Domain select (Message)new Message.Loaded(run, domain),
        from run in Int from domain in Domain from last in Int select (Message)new Message.Lost(run, domain, last),
        from run in Int
        from slice in Long
        from cut in Cut
        from sumsOnly in Truth
        select (Message)new Message.Gather(run, slice, cut, sumsOnly),
        from run in Int
        from slice in Long
        from domain in Domain
        from particles in Particles
        from sums in Gen.OrNull(Sums)
        from tally in Tally
        from undone in Long
        select (Message)new Message.Shard(run, slice, domain, particles, sums, tally, undone),
        from id in Id
        from start in Cut
        from end in Time
        from isRenewed in Truth
        from waypoints in Waypoints
        select (Message)new Message.OpenSlice(id, start, end, isRenewed, waypoints),
        from id in Id
        from domain in Domain
        from truths in Gen.Two(Truth)
        from times in Gen.Two(Time)
        from violation in Gen.OrNull(Text)
        from work in DomainWork
        from stretches in Stretches
        from events in Events
        select (Message)new Message.SliceDone(
            id, domain, new NodeVerdict(truths.Item1, times.Item1, times.Item2, truths.Item2), violation, work, stretches, events),
        from id in Id
        from domain in Domain
        from step in Gen.Elements(ShareStep.GhostsBelow, ShareStep.GhostsAbove)
        from particles in Bulk<SharedParticle>(20)
        select (Message)new Message.Ghosts(id, domain, step, particles),
        Block.Select(block => (Message)block),
        from id in Id
        from domain in Domain
        from isVoid in Truth
        from changes in Bulk<SharedParticle>(20)
        from rolledBack in Bulk<int>(5)
        select (Message)new Message.StripDone(id, domain, new StripReport(isVoid, changes, rolledBack)),
        from id in Id
        from domain in Domain
        from step in Gen.Elements(Enum.GetValues<ShareStep>())
        select (Message)new Message.RepeatShare(id, domain, step));

    private static readonly Gen<Gas> AnyGas =
        from dimension in Gen.Choose(2, 3)
        from lengths in Gen.Three(Length)
        from b in Gen.Three(Gen.Elements(Boundary.Periodic, Boundary.Reflecting, Boundary.Open))
        from species in Several(
            from name in Text from mass in Length from diameter in Length select new Species(name, mass, diameter), 1, 4)
        from zones in Several(
            from order in Gen.Choose(3, GasValidation.OrderLimit) from reach in Length select new Zone(order, reach), 0, 3)
        select new Gas(
            new Box(dimension, new Vec3(lengths.Item1, lengths.Item2, lengths.Item3), b.Item1, b.Item2, b.Item3), species, zones);

    private static readonly Gen<NodePacket> AnyPacket = Gen.OneOf(
        from session in Long
        from role in Gen.Choose(0, (int)ActorRole.Domain)
        from domain in Domain
        from message in AnyMessage
        select (NodePacket)new NodePacket.Deliver(session, new ActorAddress((ActorRole)role, domain), message),
        from session in Long
        from number in Int
        from texts in Gen.Three(Text)
        from gas in AnyGas
        from nodes in Several(Text.Select(name => new NodeId(name)), 1, 20)
        from places in Several(Gen.Choose(0, nodes.Length - 1), 0, 40)
        select (NodePacket)new NodePacket.Placement(session, number, texts.Item1, texts.Item2, texts.Item3, gas, nodes, places),
        from session in Long from number in Int select (NodePacket)new NodePacket.Placed(session, number),
        from session in Long from reason in Gen.OrNull(Text) select (NodePacket)new NodePacket.Refused(session, reason),
        from n in Gen.Three(Long) from seconds in Number select (NodePacket)new NodePacket.Status(n.Item1, n.Item2, seconds, n.Item3),
        from session in Long
        from number in Gen.Choose(0, 9)
        from reason in Text
        select (NodePacket)new NodePacket.Failed(
            session, number, reason),
        from session in Long from request in Gen.Choose(0, 1) select (NodePacket)new NodePacket.Ask(session, (NodeRequest)request),
        from session in Long select (NodePacket)new NodePacket.Dismiss(session));

    public static Arbitrary<Message> Messages() => AnyMessage.ToArbitrary();

    public static Arbitrary<NodePacket> Packets() => AnyPacket.ToArbitrary();

    private static Gen<ImmutableArray<T>> Several<T>(Gen<T> one, int least, int most) =>
        from count in Gen.Choose(least, most) from items in one.ArrayOf(count) select items.ToImmutableArray();

    // Any bits.
    private static Gen<ImmutableArray<T>> Bulk<T>(int most, int least = 0)
        where T : unmanaged =>
        from count in Gen.Choose(least, most)
        from bytes in Byte.ArrayOf(count * Marshal.SizeOf<T>())
        select MemoryMarshal.Cast<byte, T>(bytes).ToImmutableArray();

    // An event but for its numbers, which are any bits.
    private static Gen<byte[]> EventOf(Gen<int> orders) =>
        from order in orders
        from bytes in Byte.ArrayOf(EventRecord.SizeOf(order))
        select WithHead(bytes, order);

    private static byte[] WithHead(byte[] bytes, int order)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), order);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), order);
        return bytes;
    }
}
