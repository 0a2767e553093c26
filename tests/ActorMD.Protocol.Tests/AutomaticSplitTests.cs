using ActorMD.Physics;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Protocol.Tests;

/// <summary>The split that the program chooses.</summary>
public class AutomaticSplitTests
{
    [Fact]
    public void Blocks_are_cut_across_the_longest_axis()
    {
        Gas gas = new(Box.Of(3, new Vec3(20, 100, 20), Boundary.Periodic), [new Species("A", 1, 1)], []);
        Assert.Equal(new Split(1, 3, 1), AutomaticSplit.For(gas, 1000, 3));
    }

    [Fact]
    public void Domains_that_can_share_time_slices_are_cut_along_x()
    {
        Gas gas = new(Box.Cube(100), [new Species("A", 1, 1)], []);
        Assert.Equal(new Split(4, 1, 1), AutomaticSplit.For(gas, 1_000_000, 4));
        Assert.Equal(new Split(1, 2, 2), AutomaticSplit.For(gas, 100_000, 4)); // too few layers
        Assert.Equal(new Split(1, 2, 2), AutomaticSplit.For(gas with { Zones = [new Zone(3, 1.5)] }, 1_000_000, 4));
        Assert.Equal(new Split(1, 2, 2), AutomaticSplit.For(gas with { Box = gas.Box with { BoundaryY = Boundary.Open } }, 1_000_000, 4));
    }
}
