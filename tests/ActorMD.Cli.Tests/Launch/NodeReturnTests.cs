using System.Diagnostics;
using Xunit.Abstractions;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>A node that is killed and started again at its old address, again and again.</summary>
public sealed class NodeReturnTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_node_that_was_killed_joins_again_at_its_address() => Return(2);

    [Fact, Trait("Tier", "Validation")]
    public void A_node_that_was_killed_joins_again_at_its_address_twenty_times() => Return(20);

    /// <summary>The nodes that go on are asked for admission, though the settings of the run name nobody but itself.</summary>
    [Fact]
    public void A_run_that_was_killed_and_resumed_at_its_address_has_its_node_again()
    {
        using HandMadeCluster cluster = new(_place, 2, "1e6");
        using ActorMdProcess node = cluster.StartNode(1);
        WaitForPlacement(cluster, node, 0);
        int before = PlacementCount(cluster.NameOf(1));
        cluster.KillAndResume();
        WaitForPlacement(cluster, node, before);
        cluster.Run.Send("INT");
        Assert.Equal(130, cluster.Run.Wait().Code);
        _place.AssertUnsound("hand"); // sound, but not at its end
    }

    private void WaitForPlacement(HandMadeCluster cluster, ActorMdProcess node, int before)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (PlacementCount(cluster.NameOf(1)) <= before)
        {
            Assert.False(cluster.Run.HasExited, "the run has ended");
            Assert.False(node.HasExited, "the node has ended");
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "the node gets no domain");
            Thread.Sleep(20);
        }

        output.WriteLine(FormattableString.Invariant($"the node has a domain after {watch.Elapsed.TotalSeconds:F2} s"));
    }

    private int PlacementCount(string name) => Directory.Exists(_place["hand"])
        ? Directory.GetFiles(_place["hand"], $"log-{name}*.jsonl")
            .Sum(path => LoggedEvent.Read(path).Count(logged => logged.Says("Placed here")))
        : 0;

    private void Return(int count)
    {
        using HandMadeCluster cluster = new(_place, 1, "1e6");
        // A node that comes before the run has begun is not told as one that comes.
        while (!LoggedEvent.Read(_place["hand/log.jsonl"]).Any(logged => logged.Says("Sampled at")))
        {
            Assert.False(cluster.Run.HasExited, "the run has ended");
            Thread.Sleep(20);
        }

        using ActorMdProcess other = cluster.StartNode(2);
        for (int k = 0; k <= count; k++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            using ActorMdProcess node = cluster.StartNode(1);
            while (JoinedCount(cluster.NameOf(1)) <= k)
            {
                Assert.False(cluster.Run.HasExited, "the run has ended");
                Assert.False(node.HasExited, "the node has ended");
                Assert.False(other.HasExited, "the other node has ended");
                Assert.True(watch.Elapsed < Patience, $"start {k + 1}: it was not let in");
                Thread.Sleep(20);
            }

            output.WriteLine(FormattableString.Invariant($"start {k + 1}: joined after {watch.Elapsed.TotalSeconds:F2} s"));
            node.Send("KILL");
            node.Wait();
        }

        cluster.Run.Send("INT");
        Assert.Equal(130, cluster.Run.Wait().Code);
        _place.AssertUnsound("hand"); // sound, but not at its end
    }

    private int JoinedCount(string name) => LoggedEvent.Read(_place["hand/log.jsonl"])
        .Count(logged => logged.Says("Node {member} is there") && logged.Member.StartsWith(name, StringComparison.Ordinal));
}
