using ActorMD.Actors.Networks;
using Akka.Actor;
using Akka.Coordination;

namespace ActorMD.Actors.Clusters;

/// <summary>
/// Settles which side of a broken network goes on, by a file in a folder that all nodes share: the first side that comes writes down
/// the nodes that it gives up (<see cref="NodeRegister"/>), and a node that finds itself written down gives up.
/// </summary>
public sealed class FolderLease : Lease
{
    private readonly ActorSystem _system;
    private readonly NodeRegister _register;
    private readonly TimeSpan _timeout;
    private bool _isHeld;

    /// <summary>Called by Akka.</summary>
    public FolderLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _system = system;
        _register = new NodeRegister(settings.LeaseConfig.GetString("folder"));
        _timeout = settings.TimeoutSettings.OperationTimeout;
    }

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(_system);
        _isHeld = await _register.TryGiveUpAsync(
            cluster.SelfUniqueAddress, cluster.State.Unreachable.Select(member => member.UniqueAddress), _timeout).ConfigureAwait(false);
        return _isHeld;
    }

    public override bool CheckLease() => _isHeld;

    public override Task<bool> Release()
    {
        _isHeld = false;
        return Task.FromResult(true);
    }
}
