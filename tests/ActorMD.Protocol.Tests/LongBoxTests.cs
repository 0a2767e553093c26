using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Protocol.Comparison;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Geometry;
using ActorMD.Simulation;
using ActorMD.Testing;

namespace ActorMD.Protocol.Tests;

/// <summary>
/// Boxes so long that the region of a domain leaves out most of an axis: its grid has two ends there, although the box is periodic.
/// </summary>
public class LongBoxTests
{
    [Theory]
    [InlineData(2, 0.8, 3, 1)]
    [InlineData(3, 0.8, 2, 1)]
    [InlineData(4, 0.25, 4, 1)]
    [InlineData(5, 0.02, 6, 20)]
    public void A_region_is_a_part_of_a_long_axis(int blocks, double density, int layers, double until)
    {
        const int Count = 4000;
        double side = Math.Cbrt(Count / density / 12);
        Gas gas = new(Box.Of(3, new Vec3(12 * side, side, side), Boundary.Periodic), [new Species("A", 1, 1)], []);
        Check(gas, Count, new Split(blocks, 1, 1), layers, until);
    }

    [Theory]
    [InlineData(Boundary.Periodic)]
    [InlineData(Boundary.Reflecting)]
    public void Also_in_two_dimensions_and_between_walls(Boundary boundary) => Check(
        new Gas(new Box(2, new Vec3(220, 11, 0), boundary, Boundary.Reflecting, Boundary.Open), [new Species("A", 1, 1)], []), 1500,
        new Split(4, 1, 1), 3, 1);

    [Fact]
    public void Also_with_zones() => Check(
        new Gas(Box.Of(3, new Vec3(120, 9, 9), Boundary.Periodic), [new Species("A", 1, 0.6)], [new Zone(3, 0.9)]), 3000,
        new Split(4, 1, 1), 3, 1);

    [Fact]
    public void A_particle_much_too_fast_for_a_part_of_the_box_is_followed_all_the_same()
    {
        Gas gas = new(Box.Of(3, new Vec3(150, 9, 9), Boundary.Periodic), [new Species("A", 1, 1), new Species("B", 1e-6, 0.5)], []);
        SystemState state = Gases.Lattice(gas, [3000, 20], seed: 5); // all of the same temperature
        Check(gas, state, new Split(4, 1, 1), 3, 0.3);
    }

    private static void Check(Gas gas, int count, Split split, int layers, double until) =>
        Check(gas, Gases.Lattice(gas, [count], seed: 4), split, layers, until);

    private static void Check(Gas gas, SystemState state, Split split, int layers, double until)
    {
        using Simulator serial = new(gas, state);
        serial.Advance(until);
        using SynchronousCluster cluster = new(gas, state, null, split, new WindowPlan(layers, 1), new LedgerComparison());
        cluster.Advance(until);
        Assert.True(serial.Tally.OrderCounts[2] > 500, $"only {serial.Tally.OrderCounts[2]} collisions");
        Assert.Equal(StateDigest.Of(serial.Capture()), StateDigest.Of(cluster.Client.State));
        Assert.Equal(serial.Tally.Virial.Export(), cluster.Client.Tally.Virial.Export());
        Assert.Equal(serial.Tally.OrderCounts, cluster.Client.Tally.OrderCounts);
    }
}
