using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime.Tests;

/// <summary>The split that nobody asked for.</summary>
public class AutomaticSplitTests
{
    [Theory]
    [InlineData(1_000_000, 2, 8, 2)]
    [InlineData(1_000_000, 1, 8, 1)]
    [InlineData(20_000_000, 8, 8, 1)] // one thread's needs fit into the memory
    [InlineData(20_000_000, 8, 64, 8)]
    public void Threads_are_used_where_their_logs_fit_into_the_memory(int count, int workers, long gibibytes, int threads) =>
        Assert.Equal(threads, AutomaticSplit.ThreadsThatFit([count], workers, gibibytes << 30));

    [Fact]
    public void Blocks_are_cut_across_the_longest_axis()
    {
        Gas gas = new(Box.Of(3, new Vec3(20, 100, 20), Boundary.Periodic), [new Species("A", 1, 1)], []);
        Assert.Equal(new Split(1, 3, 1), AutomaticSplit.For(gas, 3));
    }
}
