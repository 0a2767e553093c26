using System.Net;
using System.Net.Sockets;
using ActorMD.Actors.Clusters;
using ActorMD.Actors.Hosting;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Settings;
using ActorMD.Files.Inputs;
using ActorMD.Protocol.Nodes;
using Akka.Actor;

namespace ActorMD.Actors.Tests.Clusters;

/// <summary>Actor systems and nodes that cannot start say so; nobody waits for them.</summary>
public sealed class SystemStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("akka.loggers = [\"No.Such.Logger, ActorMD.Actors\"]")]
    [InlineData("akka.actor.provider = \"No.Such.Provider, Akka.Cluster\"")]
    [InlineData("akka.cluster.downing-provider-class = \"No.Such.Provider, Akka.Cluster\"")]
    [InlineData("akka.remote.dot-netty.tcp.transport-class = \"No.Such.Transport, Akka.Remote\"")]
    [InlineData("actormd.compute-dispatcher.type = NoSuchDispatcher")]
    [InlineData("actormd.control-dispatcher.type = NoSuchDispatcher")]
    public void A_class_named_wrongly_is_a_fault_of_the_input(string settings)
    {
        InputFault fault = Assert.Single(Assert.Throws<InputFaultException>(() => Join(settings)).Faults);
        Assert.EndsWith("node.conf", fault.File, StringComparison.Ordinal);
        Assert.Contains("the actor system cannot start: ", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_told()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        ClusterException error = Assert.Throws<ClusterException>(() => Join($"actormd.port = {port}"));
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_cannot_be_made_ends()
    {
        using ActorHost host = new(new BrokenNetwork(), new NodeOptions());
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        ClusterException error = Assert.Throws<ClusterException>(() => host.Serve(patience.Token));
        Assert.Contains("the broken runtime", error.Message, StringComparison.Ordinal);
    }

    private void Join(string settings)
    {
        string path = _folder["node.conf"];
        File.WriteAllText(path, settings);
        ClusterNetwork.Join(new AkkaOptions { ConfigPath = path }, 1).Dispose();
    }

    private sealed class BrokenNetwork : INodeNetwork
    {
        public string Runtime => "broken";

        public NodeId Self => new("here");

        public int NodeCount => 1;

        public TimeSpan ReminderInterval => TimeSpan.FromMinutes(1);

        public Task Leading => Task.CompletedTask;

        public bool CanLeave => true;

        public ActorSystem System { get; } = HostConfig.StartLocal(1);

        public Props Gateway(IActorRef node) => throw new InvalidOperationException("no gateway");

        public void Dispose() => System.Terminate().Wait();
    }
}
