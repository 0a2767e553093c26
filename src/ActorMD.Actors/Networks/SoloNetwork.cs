using ActorMD.Protocol.Nodes;
using Akka.Actor;

namespace ActorMD.Actors.Networks;

/// <summary>One process alone.</summary>
/// <param name="workers">Threads for its domains.</param>
internal sealed class SoloNetwork(int workers) : INodeNetwork
{
    /// <inheritdoc/>
    public string Runtime => "local";

    /// <inheritdoc/>
    public NodeId Self { get; } = new(Environment.MachineName);

    /// <inheritdoc/>
    public int NodeCount => 1;

    /// <summary>Nothing is lost.</summary>
    public TimeSpan ReminderInterval => TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public Task Leading => Task.CompletedTask;

    /// <inheritdoc/>
    public bool CanLeave => true;

    /// <inheritdoc/>
    public ActorSystem System { get; } = HostConfig.StartLocal(workers);

    /// <inheritdoc/>
    public Props Gateway(IActorRef node) => Props.Create(() => new SoloGateway(node, Self));

    public void Dispose() => System.Terminate().Wait();

    /// <summary>There is no other node.</summary>
    private sealed class SoloGateway(IActorRef node, NodeId self) : UntypedActor
    {
        protected override void PreStart() => node.Tell(new NodeEvent.Up(self));

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
