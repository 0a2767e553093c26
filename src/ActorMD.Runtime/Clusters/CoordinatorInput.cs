using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>What reaches the coordinator's part of a node.</summary>
internal abstract record CoordinatorInput
{
    private CoordinatorInput()
    {
    }

    /// <summary>A message for the coordinator or the client.</summary>
    public sealed record Delivered(Envelope Envelope) : CoordinatorInput;

    /// <summary>What a node says about itself.</summary>
    public sealed record Said(NodeId From, NodeFrame Frame) : CoordinatorInput;

    /// <summary>A node has come.</summary>
    public sealed record Up(NodeId Node) : CoordinatorInput;

    /// <summary>A node is gone.</summary>
    public sealed record Down(NodeId Node) : CoordinatorInput;

    /// <summary>Another node leads a later session.</summary>
    public sealed record Deposed(NodeId By) : CoordinatorInput;

    /// <summary>The transport has ended.</summary>
    public sealed record Ended(Exception? Error) : CoordinatorInput;
}
