using System.Globalization;
using ActorMD.Actors.Links;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Serialization;
using ActorMD.Actors.Settings;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using ActorMD.Runs;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;

namespace ActorMD.Actors.Clusters;

/// <summary>
/// The gateway of a process to the others of its cluster: tells the node which nodes are there, and exchanges packets with the others over
/// data connections.
/// </summary>
/// <remarks>
/// Akka.Cluster says which nodes are members. Members tell each other over Akka.Remote where their data connections are listened for; a
/// node counts as there when it is a member and that is known. Packets never go over Akka.Remote, so heartbeats never wait behind them.
/// </remarks>
internal sealed class ClusterGateway : UntypedActor, IWithTimers
{
    // Where the gateways of the others are.
    private static readonly string[] Path = ["user", "node", "gateway"];

    // More nodes than any cluster has: what strangers on this machine say is forgotten beyond that.
    private const int PortsMax = 4096;

    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RegisterTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FarewellTime = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<UniqueAddress> _members = [];
    private readonly HashSet<UniqueAddress> _connected = []; // members whose port is known
    private readonly Dictionary<UniqueAddress, int> _ports = [];
    private readonly HashSet<UniqueAddress> _removed = [];
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _node;
    private readonly DataLinks _links;
    private readonly NodeRegister? _register;
    private readonly Func<bool> _isFinished;

    /// <param name="settings">Of this node.</param>
    /// <param name="node">Is told what happens.</param>
    /// <param name="isFinished">Whether the work is done: then it does not matter which nodes are gone.</param>
    public ClusterGateway(AkkaSettings settings, IActorRef node, Func<bool> isFinished)
    {
        _node = node;
        _register = settings.Register;
        _isFinished = isFinished;
        IActorRef self = Self;
        DataLinkOptions options = new()
        {
            Self = IdOf(_cluster.SelfUniqueAddress).Name,
            EndPoint = settings.DataEndPoint,
            Version = ProductVersion.Text,
            Certificate = settings.Certificate,
            PacketLengthMax = NodePacketFormat.LengthMax,
        };
        _links = new DataLinks(
            options, (peer, packet) => node.Tell(new NodeEvent.Arrived(new NodeId(peer), packet)),
            text => node.Tell(new NodeEvent.Noticed(IsWarning: true, text)), peer => self.Tell(new Vanished(peer)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The name of a node: address, port and number of its process.</summary>
    public static NodeId IdOf(UniqueAddress node) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{node.Address.Host}-{node.Address.Port}-{node.Uid:x8}"));

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, AskInterval);
    }

    // The last packets, those of a dismissal, are on their way first.
    protected override void PostStop()
    {
        SpinWait.SpinUntil(() => _links.QueueLength == 0, FarewellTime);
        _links.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Outgoing outgoing:
                _links.Send(outgoing.To.Name, outgoing.Packet);
                break;
            case Vanished vanished:
                OnVanished(vanished.Peer);
                break;
            case GivenUp givenUp:
                OnGivenUp(givenUp);
                break;
            case DataPort port:
                OnPort(new UniqueAddress(Sender.Path.Address, port.From), port);
                break;
            case Tick:
                foreach (UniqueAddress member in _members)
                {
                    Ask(member);
                }

                break;
            case ClusterEvent.MemberJoined { Member: var joined } when !IsSameVersion(joined):
                Refuse(joined);
                break;
            case ClusterEvent.MemberUp { Member: var other } when !IsSameVersion(other):
                Refuse(other);
                break;
            case ClusterEvent.MemberUp up:
                OnMember(up.Member.UniqueAddress);
                break;
            case ClusterEvent.MemberRemoved removed:
                OnRemoved(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _log.Warning("Node {0} does not answer", IdOf(unreachable.Member.UniqueAddress));
                break;
            case ClusterEvent.ReachableMember reachable:
                _log.Warning("Node {0} answers again", IdOf(reachable.Member.UniqueAddress));
                break;
        }
    }

    private void OnMember(UniqueAddress address)
    {
        if (address.Equals(_cluster.SelfUniqueAddress))
        {
            _register?.NoteJoined(address.Address.Host, address.Address.Port!.Value);
            _node.Tell(new NodeEvent.Up(IdOf(address)));
        }
        else if (_members.Add(address))
        {
            Connect(address);
            Ask(address);
        }
    }

    // Asked again until it is known: messages may get lost.
    private void Ask(UniqueAddress member)
    {
        if (!_connected.Contains(member))
        {
            GatewayAt(member.Address).Tell(new DataPort(_cluster.SelfUniqueAddress.Uid, _links.Port, IsAnswer: false));
        }
    }

    private void OnPort(UniqueAddress from, DataPort port)
    {
        if (_removed.Contains(from) || !from.Address.HasGlobalScope)
        {
            return;
        }

        if (_ports.Count < PortsMax)
        {
            _ports[from] = port.Port;
        }

        Connect(from);
        if (!port.IsAnswer)
        {
            Sender.Tell(new DataPort(_cluster.SelfUniqueAddress.Uid, _links.Port, IsAnswer: true));
        }
    }

    private void Connect(UniqueAddress address)
    {
        if (_members.Contains(address) && _ports.TryGetValue(address, out int port) && _connected.Add(address))
        {
            NodeId node = IdOf(address);
            _links.Connect(node.Name, address.Address.Host, port);
            _node.Tell(new NodeEvent.Up(node));
        }
    }

    private void OnRemoved(UniqueAddress address)
    {
        if (address.Equals(_cluster.SelfUniqueAddress))
        {
            _node.Tell(
                new NodeEvent.Ended(
                    new IOException(
                        "the other nodes have removed this one: it did not answer, or is on the smaller side of a broken network")));
            return;
        }

        _removed.Add(address);
        _members.Remove(address);
        _ports.Remove(address);
        if (_connected.Remove(address))
        {
            NodeId node = IdOf(address);
            _links.Disconnect(node.Name);
            _node.Tell(new NodeEvent.Down(node));
        }
    }

    // Its own computer says that no process listens where it did: its process has ended, and heartbeats need not be waited for.
    private void OnVanished(string peer)
    {
        UniqueAddress? dead = _connected.FirstOrDefault(member => IdOf(member).Name == peer);
        if (_register is not null && dead is not null && !_isFinished())
        {
            _register.TryGiveUpAsync(_cluster.SelfUniqueAddress, [dead], RegisterTime).PipeTo(
                Self, success: isGivenUp => new GivenUp(dead, isGivenUp, null), failure: error =>
                    new GivenUp(dead, IsAgreed: false, error));
        }
    }

    // A node that was given up itself leaves it to the cluster to tell.
    private void OnGivenUp(GivenUp givenUp)
    {
        if (givenUp.Error is { } error)
        {
            _log.Warning("Node {0} cannot be given up: {1}", IdOf(givenUp.Node), error.Message);
        }
        else if (givenUp.IsAgreed && !_isFinished() && _cluster.State.Members.Any(member => member.UniqueAddress.Equals(givenUp.Node)))
        {
            _log.Warning("Node {0} has ended: its port is closed", IdOf(givenUp.Node));
            _cluster.Down(givenUp.Node.Address);
            // The cluster removes a node that it has given up when no message can reach that node.
            ((IRemoteActorRefProvider)((ExtendedActorSystem)Context.System).Provider).Quarantine(givenUp.Node.Address, givenUp.Node.Uid);
        }
    }

    private static IActorRef GatewayAt(Address address) =>
        ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(new RootActorPath(address) / Path);

    private bool IsSameVersion(Member member) => member.AppVersion.Version == _cluster.Settings.AppVersion.Version;

    // The node that was there first stays.
    private void Refuse(Member member)
    {
        string theirs = member.AppVersion.Version, own = _cluster.Settings.AppVersion.Version;
        if (_cluster.SelfMember.Status == MemberStatus.Up)
        {
            _log.Warning(
                "Refused node {0}: it runs ActorMD {1}, this node {2}; run the same program everywhere", IdOf(member.UniqueAddress), theirs,
                own);
            _cluster.Down(member.Address);
        }
        else if (member.Status == MemberStatus.Up)
        {
            _node.Tell(
                new NodeEvent.Ended(
                    new IOException($"the cluster runs ActorMD {theirs}, this node {own}: run the same program everywhere")));
        }
    }

    /// <summary>The process of a peer has ended.</summary>
    private sealed record Vanished(string Peer);

    /// <summary>What the register says to the wish to give a node up.</summary>
    private sealed record GivenUp(UniqueAddress Node, bool IsAgreed, Exception? Error);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
