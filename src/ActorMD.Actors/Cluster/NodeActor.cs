using System.Globalization;
using System.Threading.Channels;
using ActorMD.Protocol;
using ActorMD.Runtime;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace ActorMD.Actors;

/// <summary>One per process: tells the node host who is in the cluster, and exchanges frames with the node actors of the others.</summary>
internal sealed class NodeActor : UntypedActor, IWithTimers
{
    /// <summary>Name of the actor; the others find it below <c>/user</c>.</summary>
    public const string ActorName = "node";

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<UniqueAddress, Peer> _peers = [];
    private readonly Dictionary<NodeId, Peer> _peerOfId = [];
    private readonly HashSet<UniqueAddress> _removed = [];
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly AkkaSettings _settings;
    private readonly ChannelWriter<NodeEvent> _events;

    public NodeActor(AkkaSettings settings, ChannelWriter<NodeEvent> events)
    {
        _settings = settings;
        _events = events;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private int Incarnation => _cluster.SelfUniqueAddress.Uid;

    /// <summary>The name of a node: address, port and number of its process.</summary>
    public static NodeId IdOf(UniqueAddress node) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{node.Address.Host}-{node.Address.Port}-{node.Uid:x8}"));

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickInterval);
    }

    protected override void PostStop() => _events.TryComplete();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Outgoing outgoing:
                _peerOfId.GetValueOrDefault(outgoing.To)?.Send(outgoing.Frame, Incarnation);
                break;
            case LinkFrame.Unreadable unreadable:
                _log.Warning("Refused a message of {0}: {1}", Sender.Path.Address, unreadable.Reason);
                break;
            case LinkFrame frame:
                Take(frame);
                break;
            case Tick:
                foreach (Peer peer in _peers.Values)
                {
                    if (peer.Tick(Incarnation))
                    {
                        _log.Warning("Node {0} sends no receipts: what was under way to it counts as lost", peer.Id);
                    }
                }

                break;
            case ClusterEvent.MemberJoined { Member: var joined } when !IsSameVersion(joined):
                Refuse(joined);
                break;
            case ClusterEvent.MemberUp { Member: var other } when !IsSameVersion(other):
                Refuse(other);
                break;
            case ClusterEvent.MemberUp up:
                Announce(up.Member.UniqueAddress);
                break;
            case ClusterEvent.MemberRemoved removed:
                Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _log.Warning("Node {0} does not answer", IdOf(unreachable.Member.UniqueAddress));
                break;
            case ClusterEvent.ReachableMember reachable:
                _log.Warning("Node {0} answers again", IdOf(reachable.Member.UniqueAddress));
                break;
        }
    }

    private void Take(LinkFrame frame)
    {
        UniqueAddress address = new(Sender.Path.Address, frame.From);
        if (_removed.Contains(address) || !Sender.Path.Address.HasGlobalScope)
        {
            return;
        }

        Peer peer = PeerAt(address);
        if (frame is LinkFrame.Receipt receipt)
        {
            peer.Take(receipt.Of, Incarnation);
            return;
        }

        try
        {
            if (peer.Take(((LinkFrame.Part)frame).Chunk, Incarnation) is { } whole)
            {
                _events.TryWrite(new NodeEvent.Arrived(peer.Id, whole));
            }
        }
        catch (StrangerException stranger)
        {
            _log.Warning("Refused a part of node {0}: {1}", peer.Id, stranger.Message);
        }
    }

    private Peer PeerAt(UniqueAddress address)
    {
        if (!_peers.TryGetValue(address, out Peer? peer))
        {
            NodeId id = IdOf(address);
            IActorRef actor = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(new RootActorPath(address.Address) / "user" / ActorName);
            peer = new Peer(id, actor, _settings);
            _peers[address] = peer;
            _peerOfId[id] = peer;
        }

        return peer;
    }

    private bool IsSameVersion(Member member) => member.AppVersion.Version == _cluster.Settings.AppVersion.Version;

    // Who was there first stays.
    private void Refuse(Member member)
    {
        string theirs = member.AppVersion.Version, own = _cluster.Settings.AppVersion.Version;
        if (_cluster.SelfMember.Status == MemberStatus.Up)
        {
            _log.Warning("Refused node {0}: it runs ActorMD {1}, this node {2}; run the same program everywhere", IdOf(member.UniqueAddress), theirs, own);
            _cluster.Down(member.Address);
        }
        else if (member.Status == MemberStatus.Up)
        {
            _events.TryComplete(new IOException($"the cluster runs ActorMD {theirs}, this node {own}: run the same program everywhere"));
        }
    }

    private void Announce(UniqueAddress address)
    {
        if (address.Equals(_cluster.SelfUniqueAddress))
        {
            _events.TryWrite(new NodeEvent.Up(IdOf(address)));
            return;
        }

        Peer peer = PeerAt(address);
        if (!peer.IsAnnounced)
        {
            peer.IsAnnounced = true;
            _events.TryWrite(new NodeEvent.Up(peer.Id));
        }
    }

    private void Remove(UniqueAddress address)
    {
        if (address.Equals(_cluster.SelfUniqueAddress))
        {
            _events.TryComplete(new IOException("the other nodes have removed this one: it did not answer, or is on the smaller side of a broken network"));
            return;
        }

        _removed.Add(address);
        if (_peers.Remove(address, out Peer? peer))
        {
            _peerOfId.Remove(peer.Id);
            _events.TryWrite(new NodeEvent.Down(peer.Id));
        }
    }

    /// <summary>A frame of this process for another node.</summary>
    public sealed record Outgoing(NodeId To, ReadOnlyMemory<byte> Frame) : INoSerializationVerificationNeeded;

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
