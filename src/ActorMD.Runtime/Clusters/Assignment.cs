using System.Collections.Immutable;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>A placement as one node sees it: where everybody is, and the workers for those that are here.</summary>
internal sealed class Assignment(NodeFrame.Place place, NodeId coordinator, NodeId self)
{
    private readonly Dictionary<int, NodeWorker> _workerOfDomain = [];

    public long Session => place.Session;

    public int Number => place.Number;

    /// <summary>The node of coordinator and client.</summary>
    public NodeId Coordinator => coordinator;

    /// <summary>The domains that are here.</summary>
    public ImmutableArray<int> OwnDomains { get; } =
        [.. Enumerable.Range(0, place.NodeOfDomain.Length).Where(domain => place.Nodes[place.NodeOfDomain[domain]] == self)];

    public ImmutableArray<NodeWorker> Workers { get; private set; } = [];

    public ImmutableArray<DomainCore> Domains { get; private set; } = [];

    /// <summary>Makes the cores of the domains that are here, and threads for them.</summary>
    public void Employ(int workerCountMax, IComparison comparison, Action<Envelope> send, Action<Exception> fail)
    {
        int count = Math.Min(workerCountMax, OwnDomains.Length);
        Dictionary<int, DomainCore>[] shares = [.. Enumerable.Range(0, count).Select(_ => new Dictionary<int, DomainCore>())];
        var domains = ImmutableArray.CreateBuilder<DomainCore>();
        for (int k = 0; k < OwnDomains.Length; k++)
        {
            domains.Add(new DomainCore(OwnDomains[k], place.Gas, comparison));
            shares[(int)((long)k * count / OwnDomains.Length)][OwnDomains[k]] = domains[k];
        }

        Domains = domains.ToImmutable();
        var workers = ImmutableArray.CreateBuilder<NodeWorker>();
        foreach (Dictionary<int, DomainCore> share in shares)
        {
            NodeWorker worker = new(share, send, fail);
            workers.Add(worker);
            foreach (int domain in share.Keys)
            {
                _workerOfDomain[domain] = worker;
            }
        }

        Workers = workers.ToImmutable();
    }

    /// <summary>The worker of a domain that is here; null for one that is not.</summary>
    public NodeWorker? WorkerOf(int domain) => _workerOfDomain.GetValueOrDefault(domain);

    /// <summary>Where an actor is.</summary>
    public NodeId NodeOf(ActorAddress address) =>
        address.Role == ActorRole.Domain ? place.Nodes[place.NodeOfDomain[address.Index]] : coordinator;
}
