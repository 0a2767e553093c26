using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Nodes;

/// <summary>Everything that nodes say to each other: messages of the cores, and where the cores are.</summary>
/// <remarks>
/// A session is the time of one coordinator: from the moment at which it takes over a run, from the beginning or from a checkpoint,
/// to its end. Its number is higher than that of every session before. Nodes obey the highest one that they have heard of; all
/// that belongs to another one is void.
/// </remarks>
public abstract record NodePacket
{
    private NodePacket()
    {
    }

    /// <summary>A message of the cores.</summary>
    public sealed record Deliver(long Session, ActorAddress To, Message Message) : NodePacket;

    /// <summary>
    /// Leading node to all: these are the domains and the nodes that have them. A node makes cores for those that are its own.
    /// </summary>
    /// <param name="Session">The session.</param>
    /// <param name="Number">Counts the placements of a session.</param>
    /// <param name="Version">Of the program: all nodes must run the same one.</param>
    /// <param name="Run">Name of the run, for logs.</param>
    /// <param name="Folder">The run folder, for logs.</param>
    /// <param name="Gas">What is simulated.</param>
    /// <param name="Nodes">The nodes that take part.</param>
    /// <param name="NodeOfDomain">For every domain an index into the nodes.</param>
    public sealed record Placement(
        long Session, int Number, string Version, string Run, string Folder, Gas Gas, ImmutableArray<NodeId> Nodes,
        ImmutableArray<int> NodeOfDomain) : NodePacket;

    /// <summary>Node to leading node: the cores are there.</summary>
    public sealed record Placed(long Session, int Number) : NodePacket;

    /// <summary>Node to leading node: not with me.</summary>
    /// <param name="Session">The highest one that the node has heard of.</param>
    /// <param name="Reason">Null: the session asked for is over.</param>
    public sealed record Refused(long Session, string? Reason) : NodePacket;

    /// <summary>Node to leading node, every few seconds and before every answer that ends a request: what it has spent so far.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="CrossingCount">Bookkeeping of its event loops in this session.</param>
    /// <param name="CpuSeconds">Of the whole process in this session.</param>
    /// <param name="PeakRssBytes">Largest resident memory of the process.</param>
    public sealed record Status(long Session, long CrossingCount, double CpuSeconds, long PeakRssBytes) : NodePacket;

    /// <summary>Node to leading node: one of my cores met what it cannot handle.</summary>
    public sealed record Failed(long Session, int Number, string Reason) : NodePacket;

    /// <summary>Node to leading node: this process was asked by a signal for what only the coordinator can do.</summary>
    public sealed record Ask(long Session, NodeRequest Request) : NodePacket;

    /// <summary>Leading node to all: the work is done, the process may end.</summary>
    public sealed record Dismiss(long Session) : NodePacket;
}

/// <summary>What a person can ask of a run through any of its processes.</summary>
public enum NodeRequest
{
    /// <summary>Write a checkpoint and stop.</summary>
    Stop = 0,

    /// <summary>Write a checkpoint and go on.</summary>
    Checkpoint = 1,
}
