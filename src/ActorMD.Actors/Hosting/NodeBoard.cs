using System.Collections.Immutable;
using ActorMD.Actors.Networks;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Actors.Hosting;

/// <summary>What the process around a node actor may know of it: written by the actor, read by any thread.</summary>
internal sealed class NodeBoard
{
    private long _refusedCount;
    private volatile bool _hasServed;
    private volatile bool _hasLostNodes;
    private volatile ImmutableList<NodeId> _members = [];

    /// <summary>The nodes that are there, this one included.</summary>
    public ImmutableList<NodeId> Members
    {
        get => _members;
        set => _members = value;
    }

    /// <summary>Packets that could not be read or came from nodes of another version.</summary>
    public long RefusedCount => Interlocked.Read(ref _refusedCount);

    /// <summary>Whether a coordinator has placed the domains of a run, here or elsewhere, and told this node so.</summary>
    public bool HasServed
    {
        get => _hasServed;
        set => _hasServed = value;
    }

    /// <summary>Whether a node that was there is gone.</summary>
    public bool HasLostNodes
    {
        get => _hasLostNodes;
        set => _hasLostNodes = value;
    }

    /// <summary>
    /// Ends well when the node is dismissed, with a <see cref="ClusterException"/> when it can reach no other node any more.
    /// </summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void CountRefused() => Interlocked.Increment(ref _refusedCount);
}
