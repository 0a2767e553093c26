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

    private void Return(int count)
    {
        using HandMadeCluster cluster = new(_place, 1, "1e6");
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
        Assert.Equal(3, _place.Run("verify", "hand").Code); // sound, but not at its end
    }

    private int JoinedCount(string name) => LoggedEvent.Read(_place["hand/log.jsonl"])
        .Count(logged => logged.Says("Node {member} is there") && logged.Member.StartsWith(name, StringComparison.Ordinal));
}
