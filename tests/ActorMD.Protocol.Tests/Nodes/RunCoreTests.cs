using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Testing;
using static ActorMD.Protocol.Tests.Nodes.NodeCases;

namespace ActorMD.Protocol.Tests.Nodes;

/// <summary>Two domains on the nodes a, which leads, and b. Whole runs: <c>scripts/simulate --processes</c>.</summary>
public class RunCoreTests
{
    private readonly List<NodeEffect> _effects = [];
    private readonly RunCore _core;

    public RunCoreTests()
    {
        Gas gas = Draft(5).Gas;
        SystemState state = Gases.Lattice(gas, [800], seed: 5);
        _core = new RunCore(
            new PlacementCore(A, Draft(5), 2, 2),
            new ClientCore(2, state, new EventTally(gas.Species.Length, gas.OrderMax)),
            new CoordinatorCore(gas), 1);
        _core.OnUp(A, _effects);
        _core.OnUp(B, _effects);
    }

    [Fact]
    public void A_waypoint_that_no_run_from_the_state_comes_to_is_refused()
    {
        double state = _core.Client.State.AbsoluteTime;
        Assert.Throws<ArgumentException>(() => _core.Reach(1, _effects, sumsOnly: true, [state - 0.25, 0.5]));
        _core.Reach(1, _effects, sumsOnly: true, [state, 0.5]); // a state that a signal has asked for may lie at a sample
    }

    [Fact]
    public void Nothing_goes_to_domains_before_all_are_placed_and_the_ways_to_them_are_known()
    {
        Assert.True(_core.IsReached);
        _core.Reach(1, _effects);
        Assert.False(_core.IsReached);
        Answer(A, B);
        Assert.Empty(Loads());
        Assert.True(_core.OnWired(_core.Placement, _effects));
        Assert.Equal(2, Loads().Length);
    }

    [Fact]
    public void Ways_alone_are_not_enough()
    {
        _core.Reach(1, _effects);
        Assert.True(_core.OnWired(_core.Placement, _effects));
        Answer(A);
        Assert.Empty(Loads());
        Answer(B);
        Assert.Equal(2, Loads().Length);
    }

    [Fact]
    public void A_new_placement_makes_what_is_held_back_void_and_the_run_begins_anew()
    {
        NodePacket.Placement before = _core.Placement;
        _core.Reach(1, _effects);
        _core.OnDown(B, _effects);
        Assert.False(_core.OnWired(before, _effects));
        Answer(A);
        Assert.Empty(Loads());
        Assert.True(_core.OnWired(_core.Placement, _effects));
        Assert.Equal([2, 2], Loads().Select(load => load.Run));
    }

    private void Answer(params NodeId[] nodes)
    {
        foreach (NodeId node in nodes)
        {
            _core.OnSaid(node, new NodePacket.Placed(_core.Placement.Session, _core.Placement.Number), _effects);
        }
    }

    private Message.Load[] Loads() =>
        [.. _effects.OfType<NodeEffect.Deliver>().Select(deliver => deliver.Envelope.Message).OfType<Message.Load>()];
}
