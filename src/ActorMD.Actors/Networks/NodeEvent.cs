using ActorMD.Protocol.Nodes;

namespace ActorMD.Actors.Networks;

/// <summary>What a gateway has to tell its node.</summary>
public abstract record NodeEvent
{
    private NodeEvent()
    {
    }

    /// <summary>A node can be reached from now on; said of this node, too.</summary>
    public sealed record Up(NodeId Node) : NodeEvent;

    /// <summary>A node is gone for good: whatever it held is lost.</summary>
    public sealed record Down(NodeId Node) : NodeEvent;

    /// <summary>Bytes that another node has sent.</summary>
    /// <param name="From">The sender, as the gateway knows it: not taken from the bytes.</param>
    /// <param name="Packet">One packet as it was sent; the node disposes it.</param>
    public sealed record Arrived(NodeId From, ArrivedPacket Packet) : NodeEvent;

    /// <summary>Something that belongs into the log of the node: a stranger that was refused, a node that does not answer.</summary>
    /// <param name="IsWarning">Whether people should see it at once.</param>
    /// <param name="Text">One sentence.</param>
    public sealed record Noticed(bool IsWarning, string Text) : NodeEvent;

    /// <summary>This node can reach no other node any more.</summary>
    /// <param name="Error">Why, if that is known.</param>
    public sealed record Ended(Exception? Error) : NodeEvent;
}
