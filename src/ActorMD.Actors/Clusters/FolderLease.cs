using ActorMD.Actors.Networks;
using Akka.Actor;
using Akka.Cluster;
using Akka.Coordination;
using Akka.Event;

namespace ActorMD.Actors.Clusters;

/// <summary>
/// Decides which side of a broken network goes on, by a file in a folder that all nodes share: the first side that comes writes down
/// the nodes that it gives up (<see cref="NodeRegister"/>), and a node that finds itself written down gives up.
/// </summary>
public sealed class FolderLease : Lease
{
    private readonly ActorSystem _system;
    private readonly ILoggingAdapter _log;
    private readonly NodeRegister _register;
    private readonly TimeSpan _timeout;
    private bool _isHeld;

    /// <summary>Called by Akka.</summary>
    public FolderLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _system = system;
        _log = Logging.GetLogger(system, typeof(FolderLease));
        _register = new NodeRegister(settings.LeaseConfig.GetString("folder"));
        _timeout = settings.TimeoutSettings.OperationTimeout;
    }

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(_system);
        UniqueAddress[] silent = [.. cluster.State.Unreachable.Select(member => member.UniqueAddress)];
        _isHeld = await _register.TryGiveUpAsync(cluster.SelfUniqueAddress, silent, _timeout).ConfigureAwait(false);
        string names = string.Join(", ", silent.Select(node => ClusterGateway.IdOf(node).Name));
        _log.Info(
            _isHeld
                ? "Lease taken by node {0}: this side goes on, nodes {1} are given up"
                : "Lease refused to node {0}: another side has given it up; nodes {1} do not answer",
            ClusterGateway.IdOf(cluster.SelfUniqueAddress).Name, names);
        return _isHeld;
    }

    public override bool CheckLease() => _isHeld;

    public override Task<bool> Release()
    {
        _isHeld = false;
        return Task.FromResult(true);
    }
}
