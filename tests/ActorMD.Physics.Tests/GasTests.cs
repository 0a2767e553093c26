using ActorMD.Physics.Laws;

namespace ActorMD.Physics.Tests;

public sealed class GasTests
{
    [Fact]
    public void The_reach_of_a_zone_is_the_largest_distance_of_two_members()
    {
        // Two members at distance r, the others at their midpoint: d_k^2 = r^2 k/2.
        for (int order = 3; order <= 5; order++)
        {
            Zone zone = new(order, 0.7);
            Vec3[] positions = new Vec3[order];
            (positions[0], positions[1]) = (new Vec3(-0.5 * zone.Reach, 0, 0), new Vec3(0.5 * zone.Reach, 0, 0));
            Assert.Equal(0.7, Math.Sqrt(TupleEvent.QuadraticForm(positions, new Vec3[order]).D), 14);
        }
    }

    [Fact]
    public void Gases_with_equal_contents_are_equal()
    {
        static Gas Make(double diameter) => new(Box.Cube(1), [new Species("A", 1, diameter)], [new Zone(3, 0.5)]);
        Assert.Equal(Make(0.1), Make(0.1));
        Assert.Equal(Make(0.1).GetHashCode(), Make(0.1).GetHashCode());
        Assert.NotEqual(Make(0.1), Make(0.2));
    }

    [Fact]
    public void Distances_and_packing_are_those_of_the_species()
    {
        Gas gas = new(Box.Cube(2), [new Species("A", 1, 0.1), new Species("B", 1, 0.3)], [new Zone(4, 0.6)]);
        Assert.Equal(0.2, gas.ContactDistance(0, 1), 15);
        Assert.Equal(0.3, gas.DiameterMax);
        Assert.Equal(0.6 * Math.Sqrt(0.5), gas.ReachMax, 15);
        Assert.Equal(4, gas.OrderMax);
        Assert.Equal((10 * 0.001 + 5 * 0.027) * Math.PI / 6 / 8, gas.Packing([10, 5]), 15);
    }

    [Fact]
    public void A_tally_counts_pairs_in_either_order_and_clones_to_an_independent_one()
    {
        EventTally tally = new(3, 4);
        tally.PairCounts[1 * 3 + 2] = 7;
        tally.OrderCounts[2] = 7;
        tally.Virial.Add(0.1);
        EventTally copy = tally.Clone();
        copy.Virial.Add(1);
        copy.OrderCounts[4]++;
        Assert.Equal((7, 7), (tally.PairCount(1, 2), tally.PairCount(2, 1)));
        Assert.Equal((0.1, 1.1, 7, 8), (tally.Virial.Value, copy.Virial.Value, tally.EventCount, copy.EventCount));
    }
}
