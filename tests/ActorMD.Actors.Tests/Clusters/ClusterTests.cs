using ActorMD.Protocol.Nodes;

namespace ActorMD.Actors.Tests.Clusters;

/// <summary>Real Akka.NET nodes that talk over the loopback address.</summary>
public sealed class ClusterTests
{
    [Fact]
    public void Packets_of_any_size_arrive_whole_and_in_order_in_both_directions()
    {
        using TestCluster cluster = new(2);
        TestNode one = cluster.Nodes[0], other = cluster.Nodes[1];
        Random random = new(1);
        List<byte[]> sent = [];
        foreach (int length in (int[])[1, 1000, 262144, 262145, 30_000_000, 17, 1, 5_000_000])
        {
            byte[] packet = new byte[length];
            random.NextBytes(packet);
            sent.Add(packet);
            one.Send(other.Node.Self, packet);
            other.Send(one.Node.Self, packet);
        }

        one.Send(new NodeId("nobody"), new byte[10]);
        foreach ((TestNode receiver, TestNode sender) in ((TestNode, TestNode)[])[(one, other), (other, one)])
        {
            receiver.WaitFor(node => node.Packets.Count() == sent.Count, "all packets");
            Assert.All(
                receiver.Packets.Zip(sent),
                pair => Assert.True(pair.First.Packet.Bytes.Span.SequenceEqual(pair.Second), $"{pair.Second.Length}"));
            Assert.All(receiver.Packets, packet => Assert.Equal(sender.Node.Self, packet.From));
        }
    }

    [Fact]
    public void Exactly_one_node_leads_and_after_its_death_another_one()
    {
        using TestCluster cluster = new(3);
        TestNode leader = Assert.Single(cluster.Nodes, node => IsLeadingSoon(node));
        leader.Die();
        TestNode[] others = [.. cluster.Nodes.Where(node => node != leader)];
        foreach (TestNode node in others)
        {
            node.WaitFor(waiting => !waiting.Members.Contains(leader.Node.Self), "the death of the leader");
        }

        others[0].WaitFor(_ => others.Any(node => node.Node.Leading.IsCompleted), "a new leader");
        Assert.Single(others, node => node.Node.Leading.IsCompleted);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 3)]
    public void The_others_go_on_when_a_node_dies(int count, int dead)
    {
        using TestCluster cluster = new(count);
        cluster.Nodes[dead].Die();
        NodeId[] alive = [.. cluster.Nodes.Where((_, k) => k != dead).Select(node => node.Node.Self)];
        foreach (TestNode node in cluster.Nodes.Where((_, k) => k != dead))
        {
            node.WaitFor(waiting => waiting.Members.SetEquals(alive), "a cluster of those that are alive");
            Assert.False(node.Ended.IsCompleted);
        }
    }

    [Fact]
    public void One_of_five_goes_on_when_the_others_die_at_once()
    {
        using TestCluster cluster = new(5);
        Parallel.ForEach(cluster.Nodes.Where((_, k) => k != 2), node => node.Die());
        cluster.Nodes[2].WaitFor(node => node.Members.Count == 1, "a cluster of one");
        cluster.Nodes[2].WaitFor(node => node.Node.Leading.IsCompleted, "the lead");
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void When_the_network_breaks_exactly_one_side_goes_on(int count, int separated)
    {
        using TestCluster cluster = new(count, Firewall.Settings);
        TestNode[] few = [.. cluster.Nodes.Take(separated)], many = [.. cluster.Nodes.Skip(separated)];
        Firewall.Separate(few.Select(node => node.Port));
        cluster.Nodes[0].WaitFor(
            _ => few.All(node => node.Ended.IsCompleted) || many.All(node => node.Ended.IsCompleted), "one side to give up");
        TestNode[] winners = few.All(node => node.Ended.IsCompleted) ? many : few;
        foreach (TestNode node in winners)
        {
            node.WaitFor(waiting => waiting.Members.SetEquals(winners.Select(winner => winner.Node.Self)), "a cluster of its side");
            Assert.False(node.Ended.IsCompleted);
        }

        // The larger side asks for the lease at once and the smaller one later; which has it first on a busy machine is not promised.
        winners[0].WaitFor(_ => winners.Any(node => node.Node.Leading.IsCompleted), "a leader");
    }

    // Of the broken network itself: with the connection's number taken for the node's, one node could reach both sides now and then.
    [Fact]
    public void A_node_may_listen_where_a_connection_came_from_before()
    {
        const int Node = 70_001, OtherNode = 70_002, Reused = 70_003; // no ports of this machine
        Firewall.Listens(Node);
        Firewall.Opened(Reused, Node);
        Firewall.Listens(Reused);
        Firewall.Listens(OtherNode);
        Firewall.Separate([Reused]);
        Assert.True(Firewall.IsBlocked(Node, Reused));
        Assert.True(Firewall.IsBlocked(Reused, OtherNode));
        Firewall.Listens(Reused);
        Assert.False(Firewall.IsBlocked(Node, Reused));
    }

    [Fact]
    public void A_node_that_comes_back_is_another_node()
    {
        using TestCluster cluster = new(2);
        TestNode dead = cluster.Nodes[1];
        dead.Die();
        TestNode again = cluster.Start(cluster.Ports[1]);
        cluster.Nodes[0].WaitFor(
            node => node.Members.SetEquals([node.Node.Self, again.Node.Self]), "the new node in place of the old one");
        Assert.NotEqual(dead.Node.Self, again.Node.Self);
    }

    private static bool IsLeadingSoon(TestNode node) => node.Node.Leading.Wait(TimeSpan.FromSeconds(5));
}
