using System.Collections.Immutable;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Wire;

/// <summary>What coordinator and domains say to each other.</summary>
internal static class DomainForms
{
    public static readonly ImmutableArray<WireForm<Message>> All =
    [
        WireForm<Message>.Of<Message.Load>(
            7, 6,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.EpochLength);
                w.Write(m.Cut);
                w.Write(m.LogsEvents);
                w.Write(m.Sharing);
                w.WriteBulk(m.Particles);
            },
            static (ref r) => new Message.Load(
                r.ReadInt32(), r.ReadTime(), r.ReadCut(), r.ReadBoolean(), r.ReadSlicePartition(),
                r.ReadBulk<ParticleRecord>())),

        WireForm<Message>.Of<Message.Loaded>(
            8, 2,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Domain);
            },
            static (ref r) => new Message.Loaded(r.ReadInt32(), r.ReadDomain())),

        WireForm<Message>.Of<Message.Lost>(
            9, 3,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Domain);
                w.Write(m.RunLast);
            },
            static (ref r) => new Message.Lost(r.ReadInt32(), r.ReadDomain(), r.ReadInt32())),

        WireForm<Message>.Of<Message.Gather>(
            12, 4,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Slice);
                w.Write(m.Cut);
                w.Write(m.SumsOnly);
            },
            static (ref r) => new Message.Gather(r.ReadInt32(), r.ReadInt64(), r.ReadCut(), r.ReadBoolean())),

        WireForm<Message>.Of<Message.Shard>(
            13, 7,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Slice);
                w.Write(m.Domain);
                w.WriteBulk(m.Particles);
                w.Write(m.Sums);
                w.Write(m.Tally);
                w.Write(m.UndoneEventCount);
            },
            static (ref r) => new Message.Shard(
                r.ReadInt32(), r.ReadInt64(), r.ReadDomain(), r.ReadBulk<ParticleRecord>(), r.ReadSumsOrNil(), r.ReadTally(), r.ReadInt64())),

        WireForm<Message>.Of<Message.OpenSlice>(
            17, 5,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.Start);
                w.Write(m.End);
                w.Write(m.IsRenewed);
                w.WriteBulk(m.Waypoints);
            },
            static (ref r) => new Message.OpenSlice(
                r.ReadSliceId(), r.ReadCut(), r.ReadTime(), r.ReadBoolean(), r.ReadWaypoints())),

        WireForm<Message>.Of<Message.SliceDone>(
            18, 7,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.Domain);
                w.Write(m.Outcome);
                w.WriteText(m.Violation);
                w.Write(m.Work);
                w.WriteList(m.Stretches, static (ref w, stretch) => w.Write(stretch));
                w.WriteBulk(m.Events);
            },
            static (ref r) => new Message.SliceDone(
                r.ReadSliceId(), r.ReadDomain(), r.ReadNodeVerdict(), r.ReadTextOrNil(), r.ReadDomainWork(),
                r.ReadList("a number of stretches", 0, StretchRecord.WaypointCountMax + 1, static (ref r) => r.ReadStretch()),
                r.ReadEvents())),
    ];
}
