using ActorMD.Protocol.Domains;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Simulation.Processes;

/// <summary>The domains of one placement that are in one process; what is under way to them dies with it.</summary>
internal sealed class SimulatedWiring : IDisposable
{
    private readonly DomainCore?[] _cores;
    private readonly NodeId _self;

    public SimulatedWiring(NodePacket.Placement placement, NodeId leader, NodeId self)
    {
        Placement = placement;
        Leader = leader;
        _self = self;
        _cores = new DomainCore?[placement.NodeOfDomain.Length];
        foreach (int domain in OwnDomains)
        {
            _cores[domain] = new DomainCore(domain, placement.Gas);
        }
    }

    public NodePacket.Placement Placement { get; }

    public NodeId Leader { get; }

    public bool IsRetired { get; private set; }

    public IEnumerable<int> OwnDomains =>
        Enumerable.Range(0, _cores.Length).Where(domain => Placement.Nodes[Placement.NodeOfDomain[domain]] == _self);

    /// <summary>The core of a domain that is here.</summary>
    public DomainCore? CoreOf(int domain) => domain < _cores.Length ? _cores[domain] : null;

    public NodeId NodeOf(ActorAddress address) =>
        address.Role == ActorRole.Domain ? Placement.Nodes[Placement.NodeOfDomain[address.Index]] : Leader;

    public void Dispose()
    {
        IsRetired = true;
        foreach (DomainCore? core in _cores)
        {
            core?.Dispose();
        }
    }
}
