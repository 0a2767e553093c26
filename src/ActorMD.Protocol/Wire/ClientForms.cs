using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Wire;

/// <summary>What client and coordinator say to each other.</summary>
internal static class ClientForms
{
    public static readonly ImmutableArray<WireForm<Message>> All =
    [
        WireForm<Message>.Of<Message.Begin>(
            1, 7,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Incarnation);
                w.Write(m.DomainCount);
                w.Write(m.EpochLength);
                w.Write(m.Cut);
                w.Write(m.LogsEvents);
                w.WriteBulk(m.Particles);
            },
            static (ref r) => new Message.Begin(
                r.ReadInt32(), r.ReadInt32(), r.ReadDomainCount(), r.ReadTime(), r.ReadCut(), r.ReadBoolean(),
                r.ReadBulk<ParticleState>())),

        WireForm<Message>.Of<Message.Begun>(
            2, 1,
            static (ref w, m) => w.Write(m.Run),
            static (ref r) => new Message.Begun(r.ReadInt32())),

        WireForm<Message>.Of<Message.Advance>(
            3, 6,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Request);
                w.Write(m.Until);
                w.Write(m.LogTaken);
                w.Write(m.SumsOnly);
                w.WriteBulk(m.Waypoints);
            },
            static (ref r) => new Message.Advance(
                r.ReadInt32(), r.ReadInt64(), r.ReadTime(), r.ReadInt64(), r.ReadBoolean(), r.ReadWaypoints())),

        WireForm<Message>.Of<Message.Passed>(
            23, 4,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Time);
                w.Write(m.Sums);
                w.Write(m.Tally);
            },
            static (ref r) => new Message.Passed(r.ReadInt32(), r.ReadTime(), r.ReadSums(), r.ReadTally())),

        WireForm<Message>.Of<Message.Reached>(
            4, 9,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Request);
                w.Write(m.Cut);
                w.WriteBulk(m.Particles);
                w.Write(m.Sums);
                w.Write(m.Tally);
                w.Write(m.Work);
                w.Write(m.LogStart);
                w.WriteBulk(m.Events);
            },
            static (ref r) => new Message.Reached(
                r.ReadInt32(), r.ReadInt64(), r.ReadCut(), r.ReadBulk<ParticleState>(), r.ReadSumsOrNil(), r.ReadTally(), r.ReadRunWork(),
                r.ReadInt64(), r.ReadEvents())),

        WireForm<Message>.Of<Message.Halted>(
            5, 3,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Cut);
                w.WriteText(m.Reason);
            },
            static (ref r) => new Message.Halted(r.ReadInt32(), r.ReadCut(), r.ReadText())),

        WireForm<Message>.Of<Message.RunLost>(
            6, 3,
            static (ref w, m) =>
            {
                w.Write(m.Run);
                w.Write(m.Incarnation);
                w.Write(m.RunLast);
            },
            static (ref r) => new Message.RunLost(r.ReadInt32(), r.ReadInt32(), r.ReadInt32())),
    ];
}
