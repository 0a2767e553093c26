using System.Collections.Immutable;

namespace ActorMD.Physics.Tests;

public class GasValidationTests
{
    private static readonly ImmutableArray<Species> Two = [new Species("A", 1, 0.1), new Species("B", 1, 0.2)];

    [Fact]
    public void A_sound_gas_has_no_faults() =>
        Assert.Empty(GasValidation.Check(new Gas(Box.Cube(1), Two, [new Zone(3, 0.3), new Zone(4, 0.5)]), [10, 10]));

    [Fact]
    public void Every_fault_is_found_and_not_only_the_first()
    {
        Gas gas = new(
            Box.Square(-1), [new Species("A", double.NaN, 0), new Species("A", double.PositiveInfinity, -1)],
            [new Zone(2, 0), new Zone(3, double.NaN)]);
        Assert.Equal(
            [
                "box.lengths[0]", "box.lengths[1]", "species[0].mass", "species[0].diameter", "species[1].name", "species[1].mass",
                "species[1].diameter", "species[1].count", "zones[0].order", "zones[0].distance", "zones[1].distance",
            ],
            GasValidation.Check(gas, [1, -1]).Select(f => f.Subject));
    }

    [Theory]
    [InlineData(1e-7, 1, false)]
    [InlineData(1e-8, 1, true)]
    [InlineData(1e-9, 20, true)]
    [InlineData(1e-6, 20, false)]
    public void Diameters_that_coordinates_cannot_resolve_are_refused(double diameter, double side, bool isRefused) =>
        Assert.Equal(
            isRefused,
            GasValidation.Check(new Gas(Box.Square(side), [new Species("A", 1, diameter)], []), [25])
                .Any(fault => fault.Problem.Contains("cannot be resolved", StringComparison.Ordinal)));

    [Fact]
    public void Counts_whose_sum_overflows_are_refused() =>
        Assert.Contains(
            "4294967294 particles",
            Assert.Single(GasValidation.Check(new Gas(Box.Cube(1e9), Two, []), [int.MaxValue, int.MaxValue])).Problem);

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    [InlineData(1_000_000, true)]
    public void An_order_beyond_the_limit_is_refused_at_once(int order, bool isRefused)
    {
        Gas gas = new(Box.Cube(100), [new Species("A", 1, 0.01)], [new Zone(order, 10)]);
        Assert.Equal(isRefused, GasValidation.Check(gas, [10_000_000]).Any(f => f.Subject == "zones[0].order"));
    }

    // Three spheres of diameter 0.1 in contact: d_3^2 = 3 0.01. Two A and one B: 0.01 + 2 0.15^2 = 0.055.
    [Theory]
    [InlineData(3, 0, 0.1732, true)]
    [InlineData(3, 0, 0.1733, false)]
    [InlineData(2, 1, 0.2345, true)]
    [InlineData(2, 1, 0.2346, false)]
    [InlineData(2, 5, 0.2346, false)]
    public void A_zone_is_inert_below_the_smallest_contact_of_a_composition_that_exists(
        int countA, int countB, double distance, bool isInert)
    {
        ImmutableArray<GasFault> faults = GasValidation.Check(new Gas(Box.Cube(1), Two, [new Zone(3, distance)]), [countA, countB]);
        Assert.Equal(isInert, faults.Any(f => f.Subject == "zones[0].distance" && f.Problem.Contains("inert")));
    }

    // d_5^2 >= eps_3^2 20/6: orders may be missing.
    [Theory]
    [InlineData(0.5477, true)]
    [InlineData(0.5478, false)]
    public void A_zone_is_inert_within_lower_zones(double distance, bool isInert)
    {
        ImmutableArray<GasFault> faults = GasValidation.Check(new Gas(Box.Cube(2), Two, [new Zone(5, distance), new Zone(3, 0.3)]), [5, 5]);
        Assert.Equal(isInert, faults.Any(f => f.Subject == "zones[0].distance" && f.Problem.Contains("zone 3 keeps them")));
    }

    [Theory]
    [InlineData(0.4, true)]
    [InlineData(0.4000003, true)]
    [InlineData(0.4000005, false)]
    public void A_periodic_side_needs_two_reaches_and_a_margin(double side, bool isNarrow)
    {
        Gas gas = new(new Box(3, new Vec3(1, side, 1), Boundary.Periodic, Boundary.Periodic, Boundary.Open), Two, []);
        Assert.Equal(isNarrow, GasValidation.Check(gas, [1, 1]).Any(f => f.Subject == "box.lengths[1]"));
    }

    [Fact]
    public void Walls_need_room_for_the_species_that_are_present()
    {
        Gas gas = new(Box.Cube(0.15, Boundary.Reflecting), Two, []);
        Assert.Empty(GasValidation.Check(gas, [1, 0]));
        Assert.Equal(
            ["box.lengths[0]", "box.lengths[1]", "box.lengths[2]"],
            GasValidation.Check(gas, [0, 1]).Where(f => f.Problem.Contains("walls")).Select(f => f.Subject));
    }

    [Theory]
    [InlineData(2, 0.9068, false)]
    [InlineData(2, 0.9071, true)]
    [InlineData(3, 0.7404, false)]
    [InlineData(3, 0.7406, true)]
    public void Equal_spheres_cannot_be_packed_more_densely_than_a_crystal(int dimension, double packing, bool isOverfull)
    {
        const int Count = 1000;
        double sphere = dimension == 3 ? Math.PI / 6 : Math.PI / 4;
        double side = Math.Pow(Count * sphere / packing, 1.0 / dimension);
        Gas gas = new(Box.Of(dimension, new Vec3(side, side, side), Boundary.Periodic), [new Species("A", 1, 1)], []);
        Assert.Equal(isOverfull, GasValidation.Check(gas, [Count]).Any(f => f.Problem.Contains("overfull")));
    }

    [Fact]
    public void Small_spheres_may_fill_the_gaps_of_large_ones() => Assert.Equal(1 - 0.2595 * 0.2595, GasValidation.PackingMax(3, 2), 1e-4);
}
