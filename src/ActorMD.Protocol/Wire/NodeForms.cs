using System.Collections.Immutable;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Protocol.Wire;

/// <summary>What nodes say to each other.</summary>
internal static class NodeForms
{
    private const int NodesMax = 1 << 16;

    public static readonly ImmutableArray<WireForm<NodePacket>> All =
    [
        // Its message follows; it is an array of its own.
        WireForm<NodePacket>.Of<NodePacket.Deliver>(
            1, 3,
            static (ref w, f) =>
            {
                w.Write(f.Session);
                w.Write((int)f.To.Role);
                w.Write(f.To.Index);
                WireFormat.Table.Write(ref w, f.Message);
            },
            static (ref r) => new NodePacket.Deliver(
                r.ReadInt64(), new ActorAddress((ActorRole)r.ReadWithin("a role", 0, (int)ActorRole.Domain), r.ReadDomain()),
                WireFormat.Table.Read(ref r))),

        WireForm<NodePacket>.Of<NodePacket.Placement>(
            2, 8,
            static (ref w, f) =>
            {
                w.Write(f.Session);
                w.Write(f.Number);
                w.Write(f.Version);
                w.Write(f.Run);
                w.Write(f.Folder);
                w.Write(f.Gas);
                w.WriteList(f.Nodes, static (ref w, node) => w.Write(node.Name));
                w.WriteList(f.NodeOfDomain, static (ref w, node) => w.Write(node));
            },
            static (ref r) => Checked(new NodePacket.Placement(
                r.ReadInt64(), r.ReadInt32(), r.ReadText(), r.ReadText(), r.ReadText(), r.ReadGas(),
                r.ReadList("the number of nodes", 1, NodesMax, static (ref r) => new NodeId(r.ReadText())),
                r.ReadList("the number of domains", 0, int.MaxValue, static (ref r) => r.ReadInt32())))),

        WireForm<NodePacket>.Of<NodePacket.Placed>(
            3, 2,
            static (ref w, f) =>
            {
                w.Write(f.Session);
                w.Write(f.Number);
            },
            static (ref r) => new NodePacket.Placed(r.ReadInt64(), r.ReadInt32())),

        WireForm<NodePacket>.Of<NodePacket.Refused>(
            4, 2,
            static (ref w, f) =>
            {
                w.Write(f.Session);
                w.WriteText(f.Reason);
            },
            static (ref r) => new NodePacket.Refused(r.ReadInt64(), r.ReadTextOrNil())),

        WireForm<NodePacket>.Of<NodePacket.Status>(
            5, 4,
            static (ref w, f) =>
            {
                w.Write(f.Session);
                w.Write(f.CrossingCount);
                w.Write(f.CpuSeconds);
                w.Write(f.PeakRssBytes);
            },
            static (ref r) => new NodePacket.Status(r.ReadInt64(), r.ReadInt64(), r.ReadNumber(), r.ReadInt64())),

        // 6 was a failure without the number of the placement.
        WireForm<NodePacket>.Of<NodePacket.Dismiss>(
            7, 1,
            static (ref w, f) => w.Write(f.Session),
            static (ref r) => new NodePacket.Dismiss(r.ReadInt64())),

        WireForm<NodePacket>.Of<NodePacket.Ask>(
            8, 2,
            static (ref w, f) =>
            {
                w.Write(f.Session);
                w.Write((int)f.Request);
            },
            static (ref r) => new NodePacket.Ask(r.ReadInt64(), (NodeRequest)r.ReadWithin("a request", 0, (int)NodeRequest.Checkpoint))),

        WireForm<NodePacket>.Of<NodePacket.Failed>(
            9, 3,
            static (ref w, f) =>
            {
                w.Write(f.Session);
                w.Write(f.Number);
                w.WriteText(f.Reason);
            },
            static (ref r) => new NodePacket.Failed(r.ReadInt64(), r.ReadInt32(), r.ReadText())),
    ];

    private static NodePacket.Placement Checked(NodePacket.Placement placement)
    {
        foreach (int node in placement.NodeOfDomain)
        {
            if (node < 0 || node >= placement.Nodes.Length)
            {
                throw WireException.Inconsistent("a domain is at a node that does not take part");
            }
        }

        return placement;
    }
}
