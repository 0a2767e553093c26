using Akka.Actor;

namespace ActorMD.Actors.Clusters;

/// <summary>The cluster has one at a time, by Akka.Cluster.Tools: the process in which it begins leads the run.</summary>
internal sealed class LeaderActor(TaskCompletionSource begun) : UntypedActor
{
    /// <summary>Name of its manager below <c>/user</c>.</summary>
    public const string ManagerName = "coordinator";

    protected override void PreStart() => begun.TrySetResult();

    protected override void OnReceive(object message) => Unhandled(message);
}
