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
        Assert.Equal(new Split(1, 3, 1), AutomaticSplit.For(gas, 3));
    }
}
