using ActorMD.Actors.Hosting;
using ActorMD.Actors.Networks;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using ActorMD.Runs;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Serilog.Core;

namespace ActorMD.Actors.Tests.Hosting;

/// <summary>The shell of <see cref="NodeCore"/> by itself: what it tells its gateway, its run and its domains.</summary>
public sealed class NodeActorTests : TestKit
{
    private static readonly NodeId Here = new("here"), There = new("there");

    private readonly TemporaryFolder _temporary = new();
    private readonly NodeBoard _board = new();
    private readonly List<string> _notices = [];
    private readonly ManualResetEventSlim _isOpen = new(true);
    private readonly TestProbe _gateway;
    private readonly TestProbe _run;
    private readonly IActorRef _node;

    public NodeActorTests()
        : base(HostConfig.Dispatchers(1))
    {
        _gateway = CreateTestProbe();
        _run = CreateTestProbe();
        ProbeNetwork network = new(Sys, _gateway.Ref, _isOpen);
        _node = Sys.ActorOf(Props.Create(() => new NodeActor(network, new NodeOptions(), _board, Notice)), "node");
        _node.Tell(new NodeEvent.Up(Here));
    }

    [Fact]
    public void Noise_is_refused_counted_and_told()
    {
        _node.Tell(new NodeEvent.Arrived(There, ArrivedPacket.Of(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff })));
        AwaitAssert(() => Assert.Equal(1, _board.RefusedCount));
        lock (_notices)
        {
            Assert.Contains("refused 5 bytes from there", Assert.Single(_notices), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_run_hears_who_comes_and_goes()
    {
        _node.Tell(new Attach(Logger.None), _run.Ref);
        Assert.Equal(Here, Assert.Single(_run.ExpectMsg<Attached>().Members));
        _node.Tell(new NodeEvent.Up(There));
        Assert.Equal(There, _run.ExpectMsg<NodeEvent.Up>().Node);
        _node.Tell(new NodeEvent.Up(There)); // said again, it is no news
        _node.Tell(new NodeEvent.Down(There));
        Assert.Equal(There, _run.ExpectMsg<NodeEvent.Down>().Node);
        AwaitAssert(() => Assert.Equal(Here, Assert.Single(_board.Members)));
    }

    [Fact]
    public void A_placement_has_domains_of_its_own_and_ends_those_before()
    {
        IActorRef first = Place(number: 1);
        Watch(first);
        IActorRef second = Place(number: 2);
        ExpectTerminated(first);
        Assert.NotEqual(first, second);
        Assert.True(_board.HasServed);
    }

    [Fact]
    public void A_session_that_is_over_places_nothing()
    {
        Place(number: 1);
        NodeId late = new("late");
        NodePacket.Placement old = new(6, 1, ProductVersion.Text, "run", _temporary["run"], Cases.Mixture.Gas, [late, Here], [0, 1]);
        _node.Tell(new NodeEvent.Arrived(late, ArrivedPacket.Of(NodePacketFormat.Encode(old))));
        Assert.Equal(new NodePacket.Refused(7, null), Answer(late));
    }

    [Fact]
    public void A_signal_waits_for_a_coordinator()
    {
        _node.Tell(new Requested(NodeRequest.Checkpoint));
        Say(PlacementHere(1));
        NodePacket[] answers = [Answer(There), Answer(There)];
        Assert.Contains(new NodePacket.Placed(7, 1), answers);
        Assert.Contains(new NodePacket.Ask(7, NodeRequest.Checkpoint), answers);
        _node.Tell(new Requested(NodeRequest.Stop));
        Assert.Equal(new NodePacket.Ask(7, NodeRequest.Stop), Answer(There));
    }

    [Fact]
    public async Task A_gateway_that_ends_ends_the_node_and_its_domains()
    {
        Watch(Place(number: 1));
        _node.Tell(new NodeEvent.Ended(new IOException("the network is gone")));
        ExpectMsg<Terminated>();
        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => _board.Ended.Task.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Contains("the network is gone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_meets_what_it_cannot_handle_ends_and_tells_its_run()
    {
        _node.Tell(new Attach(Logger.None), _run.Ref);
        _run.ExpectMsg<Attached>();
        _node.Tell(new Said(There, new NodePacket.Placed(7, 1))); // a packet for coordinators
        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => _board.Ended.Task.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Same(error, _run.ExpectMsg<ClusterException>());
    }

    [Fact]
    public async Task A_dismissed_node_ends_well()
    {
        Place(number: 1);
        Say(new NodePacket.Dismiss(7));
        await _board.Ended.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    // Once it was answered before, and a rank that was never dismissed waited for ever.
    [Fact]
    public async Task All_are_dismissed_when_the_host_is_answered()
    {
        _node.Tell(new NodeEvent.Up(There));
        _isOpen.Reset();
        Task<Dismiss> answer = _node.Ask<Dismiss>(Dismiss.Instance);
        await Task.Delay(200);
        Assert.False(answer.IsCompleted);
        _isOpen.Set();
        await answer.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.IsType<NodePacket.Dismiss>(Answer(There));
    }

    protected override void AfterAll()
    {
        _isOpen.Set();
        base.AfterAll();
        _temporary.Dispose();
    }

    // Domain 1 of two is placed here, in session 7 of the node there.
    private IActorRef Place(int number)
    {
        Say(PlacementHere(number));
        Assert.Equal(new NodePacket.Placed(7, number), Answer(There));
        return Sys.ActorSelection(_node.Path / FormattableString.Invariant($"domain-1-7-{number}")).ResolveOne(TimeSpan.FromSeconds(5)).Result;
    }

    private NodePacket.Placement PlacementHere(int number) =>
        new(7, number, ProductVersion.Text, "run", _temporary["run"], Cases.Mixture.Gas, [There, Here], [0, 1]);

    private void Say(NodePacket packet) => _node.Tell(new NodeEvent.Arrived(There, ArrivedPacket.Of(NodePacketFormat.Encode(packet))));

    // What the node has sent to another one, but for what its domains and its meters say.
    private NodePacket Answer(NodeId to) => NodePacketFormat.Decode(_gateway.FishForMessage<Outgoing>(
        outgoing => outgoing.To == to && NodePacketFormat.Decode(outgoing.Packet.Span) is not (NodePacket.Deliver or NodePacket.Status)).Packet.Span);

    private void Notice(string text)
    {
        lock (_notices)
        {
            _notices.Add(text);
        }
    }

    private sealed class ProbeNetwork(ActorSystem system, IActorRef gateway, ManualResetEventSlim isOpen) : INodeNetwork
    {
        public string Runtime => "probe";

        public NodeId Self => Here;

        public int NodeCount => 2;

        public TimeSpan ReminderInterval => TimeSpan.FromMinutes(1);

        public Task Leading => Task.CompletedTask;

        public bool CanLeave => true;

        public ActorSystem System => system;

        public Props Gateway(IActorRef node) => Props.Create(() => new Forwarder(gateway, isOpen));

        public void Dispose()
        {
        }
    }

    // A gateway that takes packets as long as it is open.
    private sealed class Forwarder(IActorRef target, ManualResetEventSlim isOpen) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            isOpen.Wait();
            target.Forward(message);
        }
    }
}
