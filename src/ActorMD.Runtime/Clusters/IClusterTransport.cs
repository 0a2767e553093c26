namespace ActorMD.Runtime;

/// <summary>A transport that also settles which node leads the run.</summary>
public interface IClusterTransport : INodeTransport
{
    /// <summary>
    /// Completes when this node is to lead: at once, after the one that did so has died, or never. One that leads does so to its end.
    /// </summary>
    Task Leading { get; }

    /// <summary>Whether a node may leave while the others go on; if not, all leave together, when the one that leads is done.</summary>
    bool CanLeave => true;

    /// <summary>How many nodes the cluster is meant to have.</summary>
    int NodeCount { get; }
}
