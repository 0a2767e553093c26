using System.Threading.Channels;
using ActorMD.Protocol;
using ActorMD.Runtime;
using Akka.Actor.Setup;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace ActorMD.Actors;

/// <summary>This process as a member of an Akka.NET cluster: the transport of its <see cref="NodeHost"/>.</summary>
internal sealed class AkkaNode : IClusterTransport
{
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(10);

    private readonly Channel<NodeEvent> _events = Channel.CreateUnbounded<NodeEvent>();
    private readonly TaskCompletionSource _leading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Strangers _strangers;
    private readonly ShutdownGate _gate;
    private readonly IActorRef _node;

    private AkkaNode(AkkaSettings settings)
    {
        _strangers = new Strangers(text => _events.Writer.TryWrite(new NodeEvent.Noticed(IsWarning: true, text)));
        ActorSystemSetup setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(settings.Config), LinkSerializer.Setup, new LogSetup(Write));
        if (settings.Certificate is { } rule)
        {
            setup = setup.And(new DotNettySslSetup(
                rule.Certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false,
                (peer, chain, address, errors, _) => _strangers.Admit(rule, peer, chain, address, errors)));
        }

        System = ActorSystem.Create(AkkaSettings.SystemName, setup);
        _gate = ShutdownGate.Close(System);
        Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(System);
        NodeCount = settings.NodeCount;
        Self = NodeActor.IdOf(cluster.SelfUniqueAddress);
        _node = System.ActorOf(Props.Create(() => new NodeActor(settings, _events.Writer)), NodeActor.ActorName);
        if (settings.CanCoordinate)
        {
            System.ActorOf(
                ClusterSingletonManager.Props(
                    Props.Create(() => new CoordinatorActor(_leading)),
                    ClusterSingletonManagerSettings.Create(System).WithRole(AkkaSettings.CoordinatorRole)),
                CoordinatorActor.ManagerName);
        }

        if (settings.Seeds.IsEmpty)
        {
            cluster.Join(cluster.SelfAddress);
        }
        else
        {
            cluster.JoinSeedNodes(settings.Seeds);
        }
    }

    /// <summary>Ended without leaving the cluster, it is a node that has died.</summary>
    internal ActorSystem System { get; }

    /// <inheritdoc/>
    public string Runtime => "akka";

    /// <inheritdoc/>
    public NodeId Self { get; }

    /// <inheritdoc/>
    public TimeSpan ReminderInterval => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public ChannelReader<NodeEvent> Events => _events.Reader;

    /// <inheritdoc/>
    public Task Leading => _leading.Task;

    /// <inheritdoc/>
    public int NodeCount { get; }

    /// <summary>Starts the node.</summary>
    /// <exception cref="ClusterException">The address cannot be listened at.</exception>
    public static AkkaNode Join(AkkaSettings settings) => new(settings);

    /// <inheritdoc/>
    public void Send(NodeId to, ReadOnlyMemory<byte> frame) => _node.Tell(new NodeActor.Outgoing(to, frame));

    /// <summary>Leaves the cluster, so that the others need not find out.</summary>
    public void Dispose()
    {
        _gate.LeaveAsync().Wait(LeaveTime);
        _events.Writer.TryComplete();
    }

    // What ActorMD's own classes log concerns people; the rest is Akka.NET's view of the same, for the log.
    private void Write(LogEvent happened)
    {
        if (_strangers.Take(happened))
        {
            return;
        }

        bool isOwn = happened.LogClass.Assembly == typeof(AkkaNode).Assembly;
        if (isOwn || happened.LogLevel() >= LogLevel.WarningLevel)
        {
            string text = happened.Cause is { } cause ? $"{happened.Message}: {cause.Message}" : happened.Message.ToString()!;
            bool isWarning = isOwn && happened.LogLevel() >= LogLevel.WarningLevel;
            _events.Writer.TryWrite(new NodeEvent.Noticed(isWarning, isOwn ? text : $"{text} ({happened.LogSource})"));
        }
    }
}
