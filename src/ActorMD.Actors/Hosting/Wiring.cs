using ActorMD.Actors.Networks;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using Akka.Actor;

namespace ActorMD.Actors.Hosting;

/// <summary>The ways of one placement, as one node sees them: to domains that are here directly, to all else through the gateway.</summary>
/// <param name="placement">Where the domains are.</param>
/// <param name="leader">The node of coordinator and client.</param>
/// <param name="self">This node.</param>
/// <param name="run">The coordinator's actor, if it is here.</param>
/// <param name="gateway">Takes packets for other nodes.</param>
internal sealed class Wiring(NodePacket.Placement placement, NodeId leader, NodeId self, IActorRef? run, IActorRef gateway)
{
    private readonly IActorRef?[] _domains = new IActorRef?[placement.NodeOfDomain.Length];
    private volatile bool _isRetired;

    public NodePacket.Placement Placement => placement;

    public NodeId Leader => leader;

    /// <summary>Nothing is sent any more: the placement is void.</summary>
    public bool IsRetired => _isRetired;

    /// <summary>The domains that are here.</summary>
    public IEnumerable<int> OwnDomains => Enumerable.Range(0, _domains.Length).Where(domain => NodeOf(domain) == self);

    /// <summary>Their actors.</summary>
    public IEnumerable<IActorRef> OwnActors => _domains.OfType<IActorRef>();

    /// <summary>Says which actor a domain is, before any message is sent.</summary>
    public void Connect(int domain, IActorRef actor) => _domains[domain] = actor;

    public void Retire() => _isRetired = true;

    /// <summary>Sends a message of the cores to wherever its receiver is; may be called by any actor of this node.</summary>
    /// <exception cref="WireException">It is too long for a packet.</exception>
    public void Post(Envelope envelope)
    {
        if (!_isRetired && !PostHere(envelope))
        {
            NodeId node = envelope.To.Role == ActorRole.Domain ? NodeOf(envelope.To.Index) : leader;
            gateway.Tell(
                new Outgoing(node, NodePacketFormat.Encode(new NodePacket.Deliver(placement.Session, envelope.To, envelope.Message))));
        }
    }

    /// <summary>Hands a message to its receiver if that is here.</summary>
    /// <returns>Whether it is.</returns>
    public bool PostHere(Envelope envelope)
    {
        if (envelope.To.Role == ActorRole.Domain)
        {
            IActorRef? domain = envelope.To.Index < _domains.Length ? _domains[envelope.To.Index] : null;
            domain?.Tell(envelope.Message);
            return domain is not null;
        }

        if (leader == self)
        {
            run?.Tell(new Delivered(envelope));
        }

        return leader == self;
    }

    private NodeId NodeOf(int domain) => placement.Nodes[placement.NodeOfDomain[domain]];
}
