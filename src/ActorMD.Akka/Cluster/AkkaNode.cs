using System.Threading.Channels;
using ActorMD.Runtime;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;

namespace ActorMD.Akka;

/// <summary>This process as a member of an Akka.NET cluster: the transport of its <see cref="NodeHost"/>.</summary>
public sealed class AkkaNode : INodeTransport
{
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(10);

    private readonly Channel<NodeEvent> _events = Channel.CreateUnbounded<NodeEvent>();
    private readonly TaskCompletionSource _leading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorSystem _system;
    private readonly IActorRef _node;

    private AkkaNode(AkkaSettings settings, Action<string> notice)
    {
        ActorSystemSetup setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(settings.Config), LinkSerializer.Setup, new SecretSetup(settings.Secret),
            new LogSetup(happened => Write(happened, notice)));
        _system = ActorSystem.Create(AkkaSettings.SystemName, setup);
        global::Akka.Cluster.Cluster cluster = global::Akka.Cluster.Cluster.Get(_system);
        Self = NodeActor.IdOf(cluster.SelfUniqueAddress);
        _node = _system.ActorOf(Props.Create(() => new NodeActor(settings, _events.Writer)), NodeActor.ActorName);
        if (settings.CanCoordinate)
        {
            _system.ActorOf(
                ClusterSingletonManager.Props(
                    Props.Create(() => new CoordinatorActor(_leading)),
                    ClusterSingletonManagerSettings.Create(_system).WithRole(AkkaSettings.CoordinatorRole)),
                CoordinatorActor.ManagerName);
        }

        if (cluster.Settings.SeedNodes.IsEmpty)
        {
            cluster.Join(cluster.SelfAddress);
        }
    }

    /// <inheritdoc/>
    public string Runtime => "akka";

    /// <inheritdoc/>
    public NodeId Self { get; }

    /// <inheritdoc/>
    public TimeSpan ReminderInterval => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public ChannelReader<NodeEvent> Events => _events.Reader;

    /// <summary>Completes when this process is to lead the run: at once, or after the one that did so has died.</summary>
    public Task Leading => _leading.Task;

    /// <summary>Starts the node; it asks the seeds for admission until they answer.</summary>
    /// <param name="options">Who it is.</param>
    /// <param name="notice">Gets warnings, from any thread.</param>
    /// <exception cref="ActorMD.Files.InputFaultException">The settings are wrong.</exception>
    public static AkkaNode Join(AkkaOptions options, Action<string> notice) => new(AkkaSettings.Load(options), notice);

    /// <inheritdoc/>
    public void Send(NodeId to, ReadOnlyMemory<byte> frame) => _node.Tell(new NodeActor.Outgoing(to, frame));

    /// <summary>Leaves the cluster, so that the others need not find out.</summary>
    public void Dispose()
    {
        CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).Wait(LeaveTime);
        _events.Writer.TryComplete();
    }

    private static void Write(LogEvent happened, Action<string> notice)
    {
        if (happened.LogLevel() >= LogLevel.WarningLevel)
        {
            notice($"{happened.LogLevel()} {happened.LogSource}: {happened.Message}{(happened.Cause is { } cause ? ": " + cause.Message : "")}");
        }
    }
}
