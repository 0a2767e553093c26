namespace ActorMD.Runs.Ensembles;

/// <summary>Which replicas a node of several computes: every <paramref name="NodeCount"/>-th.</summary>
/// <param name="Node">From 0 on; node 0 has the run folder and merges what all have computed.</param>
/// <param name="NodeCount">How many nodes share the ensemble.</param>
public readonly record struct ReplicaShare(int Node, int NodeCount)
{
    /// <summary>All replicas: there are no other nodes.</summary>
    public static ReplicaShare All { get; } = new(0, 1);

    /// <summary>Whether a replica is among them.</summary>
    public bool Has(int replica) => replica % NodeCount == Node;

    /// <summary>How many of the replicas from one on.</summary>
    public int CountFrom(int first, int replicaCount)
    {
        ReplicaShare share = this;
        return Enumerable.Range(first, Math.Max(0, replicaCount - first)).Count(share.Has);
    }
}
