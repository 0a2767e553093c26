using System.Collections.Immutable;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;
using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>What domains say to each other when they share time slices.</summary>
internal static class ShareForms
{
    // Cells along an axis, and layers: far more than any memory holds.
    private const int CellsMax = 1 << 20;

    public static readonly ImmutableArray<WireForm<Message>> All =
    [
        WireForm<Message>.Of<Message.Ghosts>(
            19, 4,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.From);
                w.Write((int)m.Step);
                w.WriteBulk(m.Particles);
            },
            static (ref r) => new Message.Ghosts(
                r.ReadSliceId(), r.ReadDomain(), r.ReadStep(ShareStep.GhostsAbove), r.ReadBulk<SharedParticle>())),

        WireForm<Message>.Of<Message.BlockDone>(
            20, 7,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.From);
                w.Write(m.Report.IsVoid);
                w.WriteBulk(m.Report.Flights);
                w.WriteBulk(m.Report.Places);
                w.WriteBulk(m.Report.Events);
                w.WriteBulk(m.Report.Deferrals);
            },
            static (ref r) => new Message.BlockDone(
                r.ReadSliceId(), r.ReadDomain(), Checked(new BlockReport(
                    r.ReadBoolean(), r.ReadBulk<CutFlight>(), r.ReadBulk<CutPlace>(), r.ReadBulk<CutEvent>(), r.ReadBulk<CutDeferral>())))),

        WireForm<Message>.Of<Message.StripDone>(
            21, 5,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.From);
                w.Write(m.Report.IsVoid);
                w.WriteBulk(m.Report.Changes);
                w.WriteBulk(m.Report.RolledBack);
            },
            static (ref r) => new Message.StripDone(
                r.ReadSliceId(), r.ReadDomain(), new StripReport(
                    r.ReadBoolean(), r.ReadBulk<SharedParticle>(), r.ReadBulk<int>()))),

        WireForm<Message>.Of<Message.RepeatShare>(
            22, 3,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.From);
                w.Write((int)m.Step);
            },
            static (ref r) => new Message.RepeatShare(r.ReadSliceId(), r.ReadDomain(), r.ReadStep(ShareStep.Strip))),
    ];

    public static void Write(this ref MessagePackWriter writer, SlicePartition? sharing)
    {
        if (sharing is null)
        {
            writer.WriteNil();
            return;
        }

        NodePlan plan = sharing.Nodes;
        writer.WriteArrayHeader(8);
        writer.Write(plan.NodeCount);
        writer.Write(plan.CellsX);
        writer.Write(plan.CellsY);
        writer.Write(plan.CellsZ);
        writer.Write(plan.Speed);
        writer.Write(plan.KeepsNeighbors);
        writer.Write(plan.StripDepth);
        writer.Write(sharing.ParticleCount);
    }

    public static SlicePartition? ReadSlicePartition(this ref MessagePackReader reader) => reader.TryReadNil()
        ? null
        : reader.ReadArray("the length of a partition", 8, static (ref r) => new SlicePartition(
            Checked(new NodePlan(
                r.ReadWithin("a number of blocks", 2, CellsMax), r.ReadWithin("a number of cells", 1, CellsMax),
                r.ReadWithin("a number of cells", 1, CellsMax), r.ReadWithin("a number of cells", 1, CellsMax), r.ReadNumber(),
                r.ReadBoolean(), r.ReadWithin("a number of layers", 1, CellsMax))),
            r.ReadWithin("a number of particles", 1, int.MaxValue)));

    public static void Write(this ref MessagePackWriter writer, NodeVerdict verdict)
    {
        writer.WriteArrayHeader(4);
        writer.Write(verdict.IsVoid);
        writer.Write(verdict.WantedLength);
        writer.Write(verdict.Fastest);
        writer.Write(verdict.WantsRenewal);
    }

    public static NodeVerdict ReadNodeVerdict(this ref MessagePackReader reader) => reader.ReadArray(
        "the length of a verdict", 4, static (ref r) => new NodeVerdict(r.ReadBoolean(), r.ReadTime(), r.ReadTime(), r.ReadBoolean()));

    private static ShareStep ReadStep(this ref MessagePackReader reader, ShareStep last) =>
        (ShareStep)reader.ReadWithin("a step", 0, (int)last);

    private static NodePlan Checked(NodePlan plan) =>
        plan.Speed > 0 && double.IsFinite(plan.Speed) && (long)plan.CellsX * plan.CellsY * plan.CellsZ <= int.MaxValue
            && plan.NodeCount <= plan.CellsX
            ? plan
            : throw WireException.Inconsistent("the blocks do not fit the cells, or particles have no speed");

    private static BlockReport Checked(BlockReport report)
    {
        foreach (ref readonly CutFlight flight in report.Flights.AsSpan())
        {
            if (flight.Event < CutFlight.Far || flight.Event >= report.Events.Length || !double.IsFinite(flight.End))
            {
                throw WireException.Inconsistent("a flight has no end");
            }
        }

        int last = -1;
        foreach (ref readonly CutPlace place in report.Places.AsSpan())
        {
            if (place.Flight <= last || place.Flight >= report.Flights.Length)
            {
                throw WireException.Inconsistent("a place belongs to no flight, or places are not in their order");
            }

            last = place.Flight;
        }

        foreach (ref readonly CutEvent happened in report.Events.AsSpan())
        {
            if (happened.Order is < 1 or > GasValidation.OrderLimit || double.IsNaN(happened.Time))
            {
                throw WireException.Inconsistent("an event has no order or no time");
            }
        }

        return report;
    }
}
