using System.Collections.Immutable;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Nodes;

/// <summary>
/// What <see cref="NodeCore"/>, <see cref="PlacementCore"/> and <see cref="RunCore"/> want to be done: their shells carry it out, in
/// this order.
/// </summary>
public abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    // Of both.

    /// <summary>Send a packet to a node, perhaps to this one.</summary>
    public sealed record Send(NodeId To, NodePacket Packet) : NodeEffect;

    /// <summary>A node will not take part, or this one will not: a sentence for people.</summary>
    public sealed record Refused(NodeId By, string Reason) : NodeEffect;

    // Of a node.

    /// <summary>A coordinator that this node has not obeyed before leads from now on: open the log of its run.</summary>
    public sealed record Enter(NodePacket.Placement Placement, NodeId Leader) : NodeEffect;

    /// <summary>The domains that are here are void: make those of a placement that are to be here.</summary>
    /// <param name="Placement">Where all domains are.</param>
    /// <param name="Leader">The node of coordinator and client.</param>
    public sealed record Host(NodePacket.Placement Placement, NodeId Leader) : NodeEffect;

    /// <summary>If a coordinator is in this process, it leads no more: another node has taken over.</summary>
    public sealed record Deposed(NodeId By) : NodeEffect;

    /// <summary>The work is done: the process may end.</summary>
    public sealed record Dismissed(NodeId By) : NodeEffect;

    /// <summary>A node asks the coordinator in this process for something.</summary>
    public sealed record Asked(NodeId By, NodeRequest Request) : NodeEffect;

    // Of the coordinator.

    /// <summary>Hand a message to a domain, by the ways of the placement that counts.</summary>
    public sealed record Deliver(Envelope Envelope) : NodeEffect;

    /// <summary>
    /// The domains are placed anew: messages to the old ones are void. For the log, and for the routes of the coordinator.
    /// </summary>
    public sealed record Placing(NodePacket.Placement Placement) : NodeEffect;

    /// <summary>
    /// For the <see cref="RunCore"/>: the client is to begin a new run from its last consistent cut, if it has begun one at all.
    /// </summary>
    public sealed record BeginAnew : NodeEffect
    {
        public static readonly BeginAnew Instance = new();
    }

    /// <summary>A node with domains is gone, or has failed.</summary>
    /// <param name="Node">Which.</param>
    /// <param name="Domains">What it had.</param>
    /// <param name="Time">Simulation time that was reached.</param>
    /// <param name="Reason">What its domain could not handle; null: it is gone.</param>
    public sealed record Lost(NodeId Node, ImmutableArray<int> Domains, double Time, string? Reason) : NodeEffect;

    /// <summary>The simulation time that was reached before nodes were lost is reached again.</summary>
    public sealed record Recovered(double Time) : NodeEffect;

    /// <summary>Nodes that this coordinator led obey another one: it leads no more.</summary>
    /// <param name="By">The node that says so.</param>
    /// <param name="Session">That of the other one, or a later one.</param>
    public sealed record Overtaken(NodeId By, long Session) : NodeEffect;

    /// <summary>Domains have met twice what they cannot handle: the run cannot go on.</summary>
    public sealed record GaveUp(NodeId Node, string Reason) : NodeEffect;
}
