using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>What a transport has to tell its node.</summary>
public abstract record NodeEvent
{
    private NodeEvent()
    {
    }

    /// <summary>A node can be reached from now on; the transport says so of this node, too.</summary>
    public sealed record Up(NodeId Node) : NodeEvent;

    /// <summary>A node is gone for good: whatever it held is lost.</summary>
    public sealed record Down(NodeId Node) : NodeEvent;

    /// <summary>Bytes that another node has sent.</summary>
    /// <param name="From">Who, as the transport knows it: not taken from the bytes.</param>
    /// <param name="Frame">One frame as it was given to <see cref="INodeTransport.Send"/>; nobody writes into it any more.</param>
    public sealed record Arrived(NodeId From, ReadOnlyMemory<byte> Frame) : NodeEvent;

    /// <summary>Something that belongs into the log of the node: a stranger that was refused, a node that does not answer.</summary>
    /// <param name="IsWarning">Whether people should see it at once.</param>
    /// <param name="Text">One sentence.</param>
    public sealed record Noticed(bool IsWarning, string Text) : NodeEvent;
}
