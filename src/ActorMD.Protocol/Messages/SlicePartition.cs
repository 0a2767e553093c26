using ActorMD.Engine.Sharing.Nodes;

namespace ActorMD.Protocol.Messages;

/// <summary>How all domains share the time slices of one system.</summary>
/// <param name="Nodes">A block of layers of cells along x for every domain.</param>
/// <param name="ParticleCount">Of the whole system.</param>
public sealed record SlicePartition(NodePlan Nodes, int ParticleCount);

/// <summary>The messages of one domain to its neighbours in a time slice, in the order in which it sends them.</summary>
public enum ShareStep : byte
{
    /// <summary>Ghosts for the domain below.</summary>
    GhostsBelow = 0,

    /// <summary>Ghosts for the domain above.</summary>
    GhostsAbove = 1,

    /// <summary>The block has run: for the domain below.</summary>
    Block = 2,

    /// <summary>The strip has run: for the domain above.</summary>
    Strip = 3,
}
