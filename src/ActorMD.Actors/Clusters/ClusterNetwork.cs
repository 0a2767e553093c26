using System.Collections.Concurrent;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Security;
using ActorMD.Actors.Serialization;
using ActorMD.Actors.Settings;
using ActorMD.Files.Inputs;
using ActorMD.Protocol.Nodes;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace ActorMD.Actors.Clusters;

/// <summary>This process as a member of an Akka.NET cluster.</summary>
public sealed class ClusterNetwork : INodeNetwork
{
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    private readonly AkkaSettings _settings;
    private readonly Strangers _strangers;
    private readonly ShutdownGate _gate;
    private readonly TaskCompletionSource _leading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<NodeEvent.Noticed> _early = new(); // before there is a node that writes a log
    private volatile IActorRef? _node;
    private volatile bool _isFinished;

    private ClusterNetwork(AkkaSettings settings, int workers)
    {
        _settings = settings;
        _strangers = new Strangers(text => Tell(new NodeEvent.Noticed(IsWarning: true, text)));
        ActorSystemSetup setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(settings.Config.WithFallback(HostConfig.Dispatchers(workers))), ClusterSerializer.Setup,
            new LogSetup(Write));
        if (settings.Certificate is { } rule)
        {
            setup = setup.And(new DotNettySslSetup(
                rule.Certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false,
                (peer, chain, address, errors, _) => _strangers.Admit(rule, peer, chain, address, errors)));
        }

        System = HostConfig.Start(setup, settings.Source);
        _gate = ShutdownGate.Close(System);
        NodeCount = settings.NodeCount;
        Self = ClusterGateway.IdOf(Akka.Cluster.Cluster.Get(System).SelfUniqueAddress);
    }

    /// <inheritdoc/>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public string Runtime => "akka";

    /// <inheritdoc/>
    public NodeId Self { get; }

    /// <inheritdoc/>
    public TimeSpan ReminderInterval => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public Task Leading => _leading.Task;

    /// <inheritdoc/>
    public bool CanLeave => true;

    /// <inheritdoc/>
    public int NodeCount { get; }

    /// <summary>Starts the node; it asks the seeds for admission until they answer.</summary>
    /// <exception cref="InputFaultException">The settings are wrong.</exception>
    /// <exception cref="ClusterException">The address cannot be listened at.</exception>
    public static ClusterNetwork Join(AkkaOptions options, int workers) => new(AkkaSettings.Load(options), workers);

    /// <inheritdoc/>
    public Props Gateway(IActorRef node)
    {
        _node = node;
        while (_early.TryDequeue(out NodeEvent.Noticed? noticed))
        {
            node.Tell(noticed);
        }

        if (_settings.CanCoordinate)
        {
            System.ActorOf(
                ClusterSingletonManager.Props(
                    Props.Create(() => new LeaderActor(_leading)),
                    ClusterSingletonManagerSettings.Create(System).WithRole(AkkaSettings.CoordinatorRole)),
                LeaderActor.ManagerName);
        }

        Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(System);
        if (_settings.Seeds.IsEmpty)
        {
            cluster.Join(cluster.SelfAddress);
        }
        else
        {
            cluster.JoinSeedNodes(_settings.Seeds);
        }

        return Props.Create(() => new ClusterGateway(_settings, node, () => _isFinished));
    }

    /// <inheritdoc/>
    public void Finish() => _isFinished = true;

    /// <summary>Leaves the cluster, so that the others need not find out; when the work is done everywhere they leave as well.</summary>
    public void Dispose()
    {
        if (!_isFinished && !System.WhenTerminated.IsCompleted)
        {
            _gate.LeaveAsync().Wait(LeaveTime);
            Address self = Akka.Cluster.Cluster.Get(System).SelfAddress;
            _settings.Register?.NoteLeft(self.Host, self.Port!.Value);
        }

        System.Terminate().Wait(LeaveTime);
    }

    // What ActorMD's own classes log concerns people; the rest is Akka.NET's view of the same, for the log.
    private void Write(LogEvent happened)
    {
        if (_strangers.Take(happened))
        {
            return;
        }

        bool isOwn = happened.LogClass.Assembly == typeof(ClusterNetwork).Assembly;
        if (isOwn || happened.LogLevel() >= LogLevel.WarningLevel)
        {
            string text = happened.Cause is { } cause ? $"{happened.Message}: {cause.Message}" : happened.Message.ToString()!;
            bool isWarning = isOwn && happened.LogLevel() >= LogLevel.WarningLevel;
            Tell(new NodeEvent.Noticed(isWarning, isOwn ? text : $"{text} ({happened.LogSource})"));
        }
    }

    private void Tell(NodeEvent.Noticed noticed)
    {
        if (_node is { } node)
        {
            node.Tell(noticed);
        }
        else
        {
            _early.Enqueue(noticed);
        }
    }
}
