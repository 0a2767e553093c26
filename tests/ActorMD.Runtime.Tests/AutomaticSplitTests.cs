using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime.Tests;

/// <summary>The split that nobody asked for.</summary>
public class AutomaticSplitTests
{
    [Theory]
    [InlineData(1_000_000, 0.3, 2, 8, 2)]
    [InlineData(1_000_000, 0.3, 1, 8, 1)]
    [InlineData(1_000_000, 0.3, 16, 8, 5)] // no less than 200 000 particles each
    [InlineData(100_000, 0.3, 8, 8, 1)]
    [InlineData(1_000_000, 0.001, 8, 8, 1)]
    [InlineData(20_000_000, 0.3, 8, 8, 1)] // one domain fits into the memory
    public void A_box_is_split_only_where_that_pays(int count, double packing, int workers, long gibibytes, int domains)
    {
        double side = Math.Cbrt(count * Math.PI / 6 / packing);
        Gas gas = new(Box.Cube(side), [new Species("A", 1, 1)], []);
        Assert.Equal(domains, AutomaticSplit.ThatPays(gas, [count], workers, gibibytes << 30).Count);
    }

    [Fact]
    public void Blocks_are_cut_across_the_longest_axis()
    {
        Gas gas = new(Box.Of(3, new Vec3(20, 100, 20), Boundary.Periodic), [new Species("A", 1, 1)], []);
        Assert.Equal(new Split(1, 3, 1), AutomaticSplit.For(gas, 3));
    }
}
