using ActorMD.Protocol.Nodes;
using static ActorMD.Protocol.Tests.Nodes.NodeCases;

namespace ActorMD.Protocol.Tests.Nodes;

/// <summary>The coordinator is at node a.</summary>
public class PlacementCoreTests
{
    private readonly List<NodeEffect> _effects = [];

    [Fact]
    public void Domains_are_placed_when_all_nodes_are_there()
    {
        PlacementCore core = New(nodeCountWanted: 2);
        Assert.Empty(Do(effects => core.OnUp(A, effects)));
        Assert.Empty(Do(effects => core.OnUp(A, effects)));
        Assert.True(core.IsForming);
        NodeEffect[] effects = Do(effects => core.OnUp(B, effects));
        Assert.Equal([A, B], Placed(effects).Nodes.ToArray());
        Assert.Equal([0, 0, 1, 1], Placed(effects).NodeOfDomain.ToArray());
        Assert.DoesNotContain(effects, effect => effect is NodeEffect.BeginAnew);
        Assert.Equal([A, B], effects.OfType<NodeEffect.Send>().Select(send => send.To));
    }

    [Fact]
    public void When_the_time_is_over_those_that_are_there_must_do()
    {
        PlacementCore core = New(nodeCountWanted: 3);
        Do(effects => core.OnUp(B, effects));
        Do(effects => core.OnUp(C, effects));
        Do(effects => core.OnDown(C, 0, effects));
        Assert.Equal([A, B], Placed(Do(core.Form)).Nodes.ToArray());
        Assert.Empty(Do(core.Form));
    }

    [Fact]
    public void A_node_with_domains_that_is_lost_makes_the_run_begin_anew_on_the_others()
    {
        PlacementCore core = On(A, B, C);
        NodeEffect[] effects = Do(effects => core.OnDown(C, 3, effects));
        NodeEffect.Lost lost = Assert.IsType<NodeEffect.Lost>(effects[0]);
        Assert.Equal((C, null), (lost.Node, lost.Reason));
        Assert.Equal([3], lost.Domains.ToArray());
        Assert.Equal([A, B], Placed(effects).Nodes.ToArray());
        Assert.Equal(2, core.Placement.Number);
        Assert.IsType<NodeEffect.BeginAnew>(effects[^1]);
        Assert.Empty(Do(effects => core.OnDown(C, 3, effects)));
    }

    [Fact]
    public void A_node_without_domains_may_go()
    {
        PlacementCore core = New(nodeCountWanted: 2, domainCount: 1);
        Do(effects => core.OnUp(A, effects));
        Do(effects => core.OnUp(B, effects));
        Assert.Empty(Do(effects => core.OnDown(B, 1, effects)));
        Assert.Equal(1, core.Placement.Number);
    }

    [Fact]
    public void A_node_that_comes_is_used_from_the_next_cut_on()
    {
        PlacementCore core = On(A, B);
        Assert.Empty(Do(core.OnCut));
        Assert.Empty(Do(effects => core.OnUp(C, effects)));
        NodeEffect[] effects = Do(core.OnCut);
        Assert.Equal([A, B, C], Placed(effects).Nodes.ToArray());
        Assert.IsType<NodeEffect.BeginAnew>(effects[^1]);
        Assert.Empty(Do(core.OnCut));
    }

    [Fact]
    public void A_node_that_has_gone_before_the_cut_changes_nothing()
    {
        PlacementCore core = On(A, B);
        Do(effects => core.OnUp(C, effects));
        Do(effects => core.OnDown(C, 1, effects));
        Assert.Empty(Do(core.OnCut));
    }

    [Fact]
    public void A_node_of_another_version_is_left_out()
    {
        PlacementCore core = On(A, B, C);
        NodeEffect[] effects = Do(effects => core.Handle(C, new NodePacket.Refused(0, "why"), 0, effects));
        Assert.Equal(new NodeEffect.Refused(C, "why"), effects[0]);
        Assert.Equal([A, B], Placed(effects).Nodes.ToArray());
        Assert.Empty(Do(effects => core.Handle(C, new NodePacket.Refused(0, "why"), 0, effects)));
        Assert.DoesNotContain(C, core.Members);
    }

    [Fact]
    public void A_session_with_too_low_a_number_is_raised_once()
    {
        PlacementCore core = On(A, B);
        NodeEffect[] effects = Do(effects => core.Handle(B, new NodePacket.Refused(8, null), 0, effects));
        Assert.Equal((9, 2), (Placed(effects).Session, Placed(effects).Number));
        Assert.IsType<NodeEffect.BeginAnew>(effects[^1]);
        Assert.Empty(Do(effects => core.Handle(B, new NodePacket.Refused(8, null), 0, effects)));
    }

    /// <summary>It would take nodes from the one that leads now, and might depose it.</summary>
    [Fact]
    public void A_coordinator_that_was_obeyed_by_all_is_overtaken_by_a_higher_session()
    {
        PlacementCore core = On(A, B);
        Answer(core, A, B);
        Assert.Empty(Do(effects => core.Handle(B, new NodePacket.Refused(4, null), 0, effects)));
        Assert.Equal([new NodeEffect.Overtaken(B, 8)], Do(effects => core.Handle(B, new NodePacket.Refused(8, null), 0, effects)));
        Assert.Equal(5, core.Placement.Session);
    }

    /// <summary>Otherwise a domain of another coordinator with the same number could take them in.</summary>
    [Fact]
    public void Nothing_may_be_sent_before_all_that_have_domains_have_answered()
    {
        PlacementCore core = On(A, B, C);
        Assert.False(core.IsPlaced);
        Answer(core, A, B);
        Assert.False(core.IsPlaced);
        Do(effects => core.Handle(C, new NodePacket.Placed(4, 1), 0, effects));
        Do(effects => core.Handle(C, new NodePacket.Placed(5, 0), 0, effects));
        Assert.False(core.IsPlaced);
        Assert.Equal([C], Do(core.OnReminder).OfType<NodeEffect.Send>().Select(send => send.To));
        Answer(core, C);
        Assert.True(core.IsPlaced);
        Assert.Empty(Do(core.OnReminder));
    }

    [Fact]
    public void A_node_without_domains_is_not_waited_for()
    {
        PlacementCore core = New(nodeCountWanted: 2, domainCount: 1);
        Do(effects => core.OnUp(A, effects));
        Do(effects => core.OnUp(B, effects));
        Answer(core, A);
        Assert.True(core.IsPlaced);
        Assert.Single(Do(core.OnReminder));
    }

    [Fact]
    public void A_node_that_fails_is_left_out_and_a_second_failure_ends_the_run()
    {
        PlacementCore core = On(A, B, C);
        NodeEffect[] effects = Do(effects => core.Handle(B, new NodePacket.Failed(5, 1, "why"), 1, effects));
        Assert.Equal("why", Assert.IsType<NodeEffect.Lost>(effects[0]).Reason);
        Assert.Equal([A, C], Placed(effects).Nodes.ToArray());
        Assert.Empty(Do(effects => core.Handle(B, new NodePacket.Failed(5, 1, "why"), 1, effects)));
        Assert.Empty(Do(core.OnCut));
        Assert.Equal([new NodeEffect.GaveUp(C, "again")], Do(effects => core.Handle(C, new NodePacket.Failed(5, 2, "again"), 1, effects)));
    }

    [Fact]
    public void The_only_node_is_tried_again()
    {
        PlacementCore core = On(A);
        Assert.Equal([A], Placed(Do(effects => core.Handle(A, new NodePacket.Failed(5, 1, "why"), 1, effects))).Nodes.ToArray());
    }

    /// <summary>It was not told the placement: the coordinator never learned the ways to its domains.</summary>
    [Fact]
    public void The_coordinators_node_that_fails_has_no_domains_but_knows_where_they_are()
    {
        PlacementCore core = On(A, B, C);
        NodeEffect[] effects = Do(effects => core.Handle(A, new NodePacket.Failed(5, 1, "why"), 1, effects));
        Assert.Equal([B, C, A], Placed(effects).Nodes.ToArray());
        Assert.Equal([0, 0, 1, 1], Placed(effects).NodeOfDomain.ToArray());
        Assert.Contains(effects, effect => effect is NodeEffect.Send { Packet: NodePacket.Placement } send && send.To == A);
    }

    [Fact]
    public void Recovery_is_said_once_when_the_last_time_lost_is_reached()
    {
        PlacementCore core = On(A, B, C);
        Assert.Empty(Do(effects => core.OnProgress(9, effects)));
        Do(effects => core.OnDown(C, 9, effects));
        Do(effects => core.OnDown(B, 4, effects));
        Assert.Empty(Do(effects => core.OnProgress(8, effects)));
        Assert.Equal([new NodeEffect.Recovered(9)], Do(effects => core.OnProgress(9.5, effects)));
        Assert.Empty(Do(effects => core.OnProgress(10, effects)));
    }

    private static NodePacket.Placement Placed(IEnumerable<NodeEffect> effects) =>
        Assert.Single(effects.OfType<NodeEffect.Placing>()).Placement;

    private static PlacementCore New(int nodeCountWanted, int domainCount = 4) => new(A, Draft(5), domainCount, nodeCountWanted);

    private PlacementCore On(params NodeId[] nodes)
    {
        PlacementCore core = New(nodes.Length);
        foreach (NodeId node in nodes)
        {
            Do(effects => core.OnUp(node, effects));
        }

        return core;
    }

    private void Answer(PlacementCore core, params NodeId[] nodes)
    {
        foreach (NodeId node in nodes)
        {
            Assert.Empty(
                Do(effects => core.Handle(node, new NodePacket.Placed(core.Placement.Session, core.Placement.Number), 0, effects)));
        }
    }

    private NodeEffect[] Do(Action<ICollection<NodeEffect>> action)
    {
        _effects.Clear();
        action(_effects);
        return [.. _effects];
    }
}
