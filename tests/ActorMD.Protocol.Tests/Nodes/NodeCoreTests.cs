using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using static ActorMD.Protocol.Tests.Nodes.NodeCases;

namespace ActorMD.Protocol.Tests.Nodes;

public class NodeCoreTests
{
    private readonly List<NodeEffect> _effects = [];
    private readonly NodeCore _node = new(C, Product);

    [Fact]
    public void A_placement_is_hosted_once_and_answered_each_time()
    {
        NodePacket.Placement placement = Placing(5, 1, A, C);
        Assert.Equal(
            [new NodeEffect.Deposed(A), new NodeEffect.Enter(placement, A), new NodeEffect.Host(placement, A),
                new NodeEffect.Send(A, new NodePacket.Placed(5, 1))],
            Say(A, placement));
        Assert.Equal([new NodeEffect.Send(A, new NodePacket.Placed(5, 1))], Say(A, placement));
    }

    [Fact]
    public void A_later_placement_of_a_session_replaces_the_domains_and_an_earlier_one_is_not_answered()
    {
        Say(A, Placing(5, 1, A, C));
        NodePacket.Placement second = Placing(5, 2, A, B, C);
        Assert.Equal([new NodeEffect.Host(second, A), new NodeEffect.Send(A, new NodePacket.Placed(5, 2))], Say(A, second));
        Assert.Empty(Say(A, Placing(5, 1, A, C)));
        Assert.Equal(second, _node.Placement);
    }

    [Fact]
    public void Another_version_is_refused_with_the_reason()
    {
        IReadOnlyList<NodeEffect> effects = Say(A, Placing(5, 1, A, C) with { Version = "2.0" });
        Assert.Contains("runs version 1.0, not 2.0", Assert.IsType<NodeEffect.Refused>(effects[0]).Reason, StringComparison.Ordinal);
        Assert.NotNull(Refusal(effects[1]).Reason);
        Assert.Equal(0, _node.SessionHighest);
        Assert.Null(_node.Placement);
    }

    [Fact]
    public void An_older_session_is_told_that_it_is_over()
    {
        Say(B, Placing(7, 1, B, C));
        Assert.Equal(new NodePacket.Refused(7, null), Refusal(Assert.Single(Say(A, Placing(5, 1, A, C)))));
        Assert.Equal(B, _node.Leader);
    }

    [Fact]
    public void Of_two_coordinators_with_the_same_number_the_first_is_obeyed()
    {
        Say(A, Placing(5, 1, A, C));
        Assert.Equal(new NodePacket.Refused(5, null), Refusal(Assert.Single(Say(B, Placing(5, 9, B, C)))));
        Assert.Equal(A, _node.Leader);
        Assert.Contains(Say(B, Placing(6, 10, B, C)), effect => effect is NodeEffect.Host { Leader: var host } && host == B);
    }

    /// <summary>A refusal would make it raise its number again, and again with each late copy.</summary>
    [Fact]
    public void A_late_copy_from_before_its_coordinator_raised_its_number_is_not_answered()
    {
        Say(A, Placing(5, 1, A, C));
        Say(A, Placing(6, 2, A, C));
        Assert.Empty(Say(A, Placing(5, 1, A, C)));
    }

    [Fact]
    public void Who_still_works_in_an_older_session_hears_that_it_is_over()
    {
        NodePacket late = new NodePacket.Deliver(5, ActorAddress.Domain(0), new Message.Gather(1, 1, default, false)),
            own = new NodePacket.Deliver(
            7, ActorAddress.Domain(0), new Message.Gather(1, 1, default, false));
        Say(A, Placing(5, 1, A, C));
        Say(B, Placing(7, 1, B, C));
        Assert.Equal(new NodePacket.Refused(7, null), Refusal(Assert.Single(Say(A, late))));
        Assert.Empty(Say(B, late));
        Assert.Empty(Say(A, own));
    }

    [Fact]
    public void Requests_and_dismissals_count_only_in_the_session_in_force()
    {
        Say(C, Placing(5, 1, C, A));
        Assert.Empty(Say(A, new NodePacket.Ask(4, NodeRequest.Stop)));
        Assert.Equal([new NodeEffect.Asked(A, NodeRequest.Stop)], Say(A, new NodePacket.Ask(5, NodeRequest.Stop)));
        Assert.Empty(Say(A, new NodePacket.Dismiss(4)));
        Assert.Equal([new NodeEffect.Dismissed(A)], Say(A, new NodePacket.Dismiss(5)));
    }

    [Fact]
    public void A_session_that_begins_here_is_higher_than_all_that_were_heard_of()
    {
        Assert.Equal(3, _node.NextSession(clock: 3));
        Say(A, Placing(5, 1, A, C));
        Assert.Equal(6, _node.NextSession(clock: 3));
        Assert.Equal(9, _node.NextSession(clock: 9));
        _node.Forget();
        Assert.Null(_node.Placement);
        Assert.Equal(6, _node.NextSession(clock: 0));
    }

    private static NodePacket.Refused Refusal(NodeEffect effect) =>
        Assert.IsType<NodePacket.Refused>(Assert.IsType<NodeEffect.Send>(effect).Packet);

    private NodeEffect[] Say(NodeId from, NodePacket packet)
    {
        _effects.Clear();
        _node.Handle(from, packet, _effects);
        return [.. _effects];
    }
}
