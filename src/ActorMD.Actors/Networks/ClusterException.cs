using ActorMD.Protocol.Nodes;

namespace ActorMD.Actors.Networks;

/// <summary>The cluster failed, not the physics: the run can be resumed from its newest checkpoint.</summary>
public sealed class ClusterException : Exception
{
    private ClusterException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>A node of an ensemble that nobody leads.</summary>
    public static ClusterException Leaderless(string folder) =>
        new($"no process leads the ensemble in {folder}: it was killed, or begun with another case or number of replicas");

    internal static ClusterException NotStarted(string where, string reason, Exception? cause) =>
        new($"the actor system that {where} describes cannot start: {reason}", cause);

    /// <summary>A launched node whose job is over.</summary>
    public static ClusterException Stranded() =>
        new("the launch that has started this node was killed, and no node of its cluster admits this one: the others go on, or have ended");

    internal static ClusterException NodeFailed(NodeId node, string reason) => new($"node {node} failed: {reason}");

    internal static ClusterException NoMpi(string pathVariable) => new(
        $"there is no MPI library on this machine: install Open MPI (Debian and Ubuntu: package openmpi-bin), or name the library in {pathVariable}");

    internal static ClusterException MpiThreads() => new("the MPI library cannot be called from several threads: install one that offers MPI_THREAD_SERIALIZED");

    internal static ClusterException Mpi(int code) => new(FormattableString.Invariant($"the MPI library reported error {code}"));

    internal static ClusterException Deposed(NodeId self, NodeId by) =>
        new($"node {by} has taken over the run from node {self}, which was believed dead");

    internal static ClusterException Overtaken(NodeId self, NodeId by) =>
        new($"node {by} obeys a coordinator that has taken over the run from node {self}, which was believed dead");

    internal static ClusterException NetworkEnded(string runtime, Exception? error) =>
        new($"the {runtime} runtime has lost the other nodes{(error is null ? "" : ": " + error.Message)}", error);
}
