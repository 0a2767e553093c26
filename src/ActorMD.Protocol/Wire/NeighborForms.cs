using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Wire;

/// <summary>What domains say to each other.</summary>
internal static class NeighborForms
{
    public static readonly ImmutableArray<WireForm<Message>> All =
    [
        WireForm<Message>.Of<Message.Boundary>(
            14, 3,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.From);
                w.WriteBulk(m.Particles);
            },
            static (ref r) => new Message.Boundary(r.ReadWindowId(), r.ReadDomain(), r.ReadBulk<ParticleRecord>())),

        WireForm<Message>.Of<Message.Ledger>(
            15, 6,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.From);
                w.WriteBulk(m.Paths);
                w.WriteBulk(m.States);
                w.WriteBulk(m.Events);
                w.WriteBulk(m.Participants);
            },
            static (ref r) => Checked(new Message.Ledger(
                r.ReadWindowId(), r.ReadDomain(), r.ReadBulk<PathRecord>(), r.ReadBulk<ParticleState>(), r.ReadBulk<SharedEventRecord>(),
                r.ReadBulk<ParticipantRecord>()))),

        WireForm<Message>.Of<Message.Repeat>(
            16, 3,
            static (ref w, m) =>
            {
                w.Write(m.Id);
                w.Write(m.From);
                w.Write(m.IsLedger);
            },
            static (ref r) => new Message.Repeat(r.ReadWindowId(), r.ReadDomain(), r.ReadBoolean())),
    ];

    private static Message.Ledger Checked(Message.Ledger ledger)
    {
        long states = 0, participants = 0;
        foreach (PathRecord path in ledger.Paths)
        {
            if (path.StateCount < 1)
            {
                throw WireException.Inconsistent("a path has no state");
            }

            states += path.StateCount;
        }

        foreach (SharedEventRecord happened in ledger.Events)
        {
            if (happened.Order is < 2 or > GasValidation.OrderLimit || double.IsNaN(happened.Time))
            {
                throw WireException.Inconsistent("an event has no order or no time");
            }

            participants += happened.Order;
        }

        return states == ledger.States.Length && participants == ledger.Participants.Length
            ? ledger
            : throw WireException.Inconsistent("the heads of a ledger do not fit what follows them");
    }
}
