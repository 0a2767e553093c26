using Akka;
using Akka.Actor;

namespace ActorMD.Actors.Security;

/// <summary>Keeps Akka.Remote from shutting the whole process down when a TLS handshake of a connection that it has opened fails.</summary>
/// <remarks>
/// It runs CoordinatedShutdown then, and no setting is against that; a peer that is killed in the middle of a handshake would take the
/// healthy node with it. So the first phase of a shutdown waits here until this node itself wants to leave, or was removed by the
/// others. The phase needs a timeout that never comes (reference.conf).
/// </remarks>
internal sealed class ShutdownGate
{
    private readonly TaskCompletionSource<Done> _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CoordinatedShutdown _shutdown;

    private ShutdownGate(ActorSystem system)
    {
        _shutdown = CoordinatedShutdown.Get(system);
        _shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "wait-until-wanted", () => _wanted.Task);
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberRemoved(() => _wanted.TrySetResult(Done.Instance));
    }

    /// <summary>Closes the gate; the system must not have opened a connection yet.</summary>
    public static ShutdownGate Close(ActorSystem system) => new(system);

    /// <summary>Leaves the cluster and ends the system.</summary>
    public Task LeaveAsync()
    {
        _wanted.TrySetResult(Done.Instance);
        return _shutdown.Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }
}
