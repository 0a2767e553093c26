using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Tests;

public sealed class ScalingTests
{
    // Figures of shared/design/physics.md section 4, given there with two digits, the rest cut off.
    [Theory]
    [InlineData(1_000, 0.10)]
    [InlineData(10_000, 0.45)]
    [InlineData(100_000, 0.71)]
    public void The_accessible_share_of_order_3_in_space_grows_with_N(int count, double expected)
    {
        ZoneScale zone = Scales(3, [new(2, 1), new(3, 1)], count).Zones[0];
        // 2 standard errors beyond the digits.
        Assert.InRange(zone.Accessible.Value, expected - 0.003, expected + 0.013);
        Assert.InRange(zone.Accessible.StandardError, 0.0005, 0.002);
        Assert.False(zone.IsInert);
    }

    // Three spheres in space: |x_12|^2 is 2/3 eps_3^2 times a Beta(3/2, 3/2) number, and above N = 3000 two pairs cannot
    // overlap at once, so the share is 1 - 3 P(Beta < 1.5 N^(-1/5)).
    [Theory]
    [InlineData(10_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void The_accessible_share_of_order_3_in_space_is_the_closed_form(int count)
    {
        double s = 1.5 * Math.Pow(count, -0.2);
        double beta = 2 / Math.PI * (Math.Asin(Math.Sqrt(s)) - Math.Sqrt(s * (1 - s)) * (1 - 2 * s));
        AccessibleShare share = Scales(3, [new(2, 1), new(3, 1)], count).Zones[0].Accessible;
        Assert.Equal(1 - 3 * beta, share.Value, 4 * share.StandardError);
    }

    [Theory]
    [InlineData(1_000, 0.07)]
    [InlineData(10_000, 0.39)]
    [InlineData(100_000, 0.67)]
    public void The_accessible_share_of_order_4_in_the_plane_grows_with_N(int count, double expected)
    {
        ZoneScale zone = Scales(2, [new(2, 1), new(3, 1), new(4, 1)], count).Zones[1];
        // 2 standard errors beyond the digits.
        Assert.InRange(zone.Accessible.Value, expected - 0.003, expected + 0.013);
    }

    [Fact]
    public void Constants_of_0_2_0_05_and_0_33_leave_room_for_orders_3_and_4_in_space_at_10_000()
    {
        GasScales scales = Scales(3, [new(2, 0.2), new(3, 0.05), new(4, 0.33)], 10_000);
        Assert.All(scales.Zones, zone => Assert.False(zone.IsInert));
        Assert.All(scales.Zones, zone => Assert.True(zone.Accessible.Value > 0.3, $"{zone}"));
        Assert.Equal([0.05, 0.33], scales.Zones.Select(z => Math.Round(z.Constant, 12)));
        Assert.Equal([0.05 / 2, 0.33 / 6], scales.Zones.Select(z => Math.Round(z.Coefficient, 12)));
    }

    // eps_4^2/eps_3^2 = N^(1/20) exceeds 2 above N = 2^20 (physics.md: "inert below N = 10^6").
    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1_048_000, true)]
    [InlineData(1_049_500, false)]
    public void Order_4_in_space_with_all_constants_1_is_inert_up_to_a_million_particles(int count, bool isInert)
    {
        ZoneScale zone = Scales(3, [new(2, 1), new(3, 1), new(4, 1)], count, sampleCount: 2000).Zones[1];
        Assert.Equal(isInert, zone.IsInert);
        Assert.True(zone.Accessible.Value < 0.001);
    }

    [Fact]
    public void An_inert_zone_has_no_accessible_share_at_all()
    {
        ZoneScale zone = Scales(3, [new(2, 1), new(3, 1), new(4, 1)], 10_000).Zones[1];
        Assert.Equal(0, zone.Accessible.Value);
        Assert.Equal(0, zone.Rate);
    }

    [Fact]
    public void Distances_follow_the_scaling_of_each_order()
    {
        Gas gas = HigherOrderScaling.Solve(2, [new(2, 0.5), new(3, 0.7), new(5, 1.3)], 4096).Gas;
        Assert.Equal(0.5 / 4096, gas.Species[0].Diameter, 15);
        Assert.Equal(0.7, BoltzmannConstants.Scaling(3, 2, 4096, gas.ZoneOf(3)!.Distance), 12);
        Assert.Equal(1.3, BoltzmannConstants.Scaling(5, 2, 4096, gas.ZoneOf(5)!.Distance), 12);
        Assert.Null(gas.ZoneOf(4));
    }

    [Fact]
    public void The_number_of_particles_follows_from_one_order_with_constant_and_distance()
    {
        double distance = Math.Pow(5000, -0.4); // N^2 eps_3^5 = 1
        ScaledGas scaled = HigherOrderScaling.Solve(3, [new(2, 1), new(3, 1, distance)]);
        Assert.Equal<int>([5000], scaled.Counts);
        Assert.Equal(1 / Math.Sqrt(5000), scaled.Gas.Species[0].Diameter, 14);
    }

    [Fact]
    public void The_mixed_scaling_gives_counts_and_diameters_from_c_b_and_one_count()
    {
        // c_1 = c_2 = 1, b = 1/sqrt 2: N_1 = b^-2 N_2 = 2 N_2 [Mix 2.30]; examples/mixture.yaml.
        ScaledGas scaled = MixtureScaling.Solve(
            3, [new("A", 1, Constant: 1, Ratio: Math.Sqrt(0.5)), new("B", 4, Count: 4000, Constant: 1)]);
        Assert.Equal<int>([8000, 4000], scaled.Counts);
        Assert.Equal(0.0111803, scaled.Gas.Species[0].Diameter, 7);
        Assert.Equal(0.0158114, scaled.Gas.Species[1].Diameter, 7);
    }

    [Fact]
    public void The_limit_constants_are_those_of_the_paper()
    {
        const double c1 = 0.8, c2 = 1.5;
        double b = Math.Sqrt(0.8 / 1.5 / 3); // N_1 = 3 N_2
        ScaledGas scaled = MixtureScaling.Solve(
            3, [new("A", 1, Constant: c1, Ratio: b), new("B", 4, Count: 1000, Constant: c2)]);
        GasScales scales = GasScales.Of(scaled.Gas, scaled.Counts, [1, 1], 1);
        double[] expected = [c1, c2 * Math.Pow((1 + b) / 2, 2), c1 * Math.Pow((1 + 1 / b) / 2, 2), c2]; // AA, AB, BA, BB
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i], scales.Pairs[i].LimitConstant, 12);
        }
    }

    [Fact]
    public void Species_may_be_given_in_any_way_that_determines_them()
    {
        ScaledGas scaled = MixtureScaling.Solve(
            2,
            [
                new("A", Count: 100, Diameter: 0.02),
                new("B", Diameter: 0.01, Constant: 3),
                new("C", Count: 500, Ratio: 0.5),
                new("D", Count: 50, Constant: 2),
            ]);
        Assert.Equal<int>([100, 300, 500, 50], scaled.Counts);
        Assert.Equal([0.02, 0.01, 0.02, 0.04], scaled.Gas.Species.Select(s => Math.Round(s.Diameter, 12)));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        ScalingException error = Assert.Throws<ScalingException>(
            () => MixtureScaling.Solve(3, [new("A", Count: 10), new("B", Count: 20, Constant: 1)]));
        Assert.Contains("species A: the diameter cannot be found", error.Message, StringComparison.Ordinal);
        Assert.Throws<ScalingException>(() => HigherOrderScaling.Solve(3, [new(2, 1), new(3, 1)]));
        Assert.Throws<ScalingException>(() => HigherOrderScaling.Solve(3, [new(2, 1), new(3)], 100));
        Assert.Throws<ScalingException>(() => HigherOrderScaling.Solve(3, [new(3, 1)], 100));
        Assert.Throws<ScalingException>(() => HigherOrderScaling.Solve(4, [new(2, 1)], 100));
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        Assert.Throws<ScalingException>(
            () => MixtureScaling.Solve(3, [new("A", Count: 10_000, Diameter: 0.01, Constant: 1.1)]));
        Assert.Throws<ScalingException>(
            () => MixtureScaling.Solve(
                3, [new("A", Count: 10_000, Diameter: 0.01, Ratio: 2), new("B", Count: 10_000, Diameter: 0.01)]));
        Assert.Throws<ScalingException>(
            () => HigherOrderScaling.Solve(3, [new(2, 1), new(3, 1, 0.5)], 10_000));
        Assert.Throws<ScalingException>(() => MixtureScaling.Solve(3, [new("A", Count: -5, Diameter: 0.01)]));
        Assert.Throws<ScalingException>(() => MixtureScaling.Solve(3, [new("A", Constant: 1e-9, Diameter: 0.01)]));
    }

    [Fact]
    public void Rates_of_a_mixture_with_zones_add_up()
    {
        Gas gas = new(Box.Cube(1), [new("A", 1, 0.01), new("B", 4, 0.02)], [new Zone(3, 0.06), new Zone(4, 0.11)]);
        GasScales scales = GasScales.Of(gas, [3000, 1000], [1, 1], 20_000);
        foreach (ZoneScale zone in scales.Zones)
        {
            // k events per particle on the average of all particles.
            double mean = (3000 * zone.RatesOfSpecies[0] + 1000 * zone.RatesOfSpecies[1]) / 4000;
            Assert.Equal(zone.Rate, mean, 1e-9 * zone.Rate);
            Assert.Equal(zone.RateDilute * zone.Accessible.Value, zone.Rate, 1e-9 * zone.Rate);
        }

        // Detailed balance of counts: N_a nu_ab = N_b nu_ba.
        Assert.Equal(3000 * scales.Pairs[1].Rate, 1000 * scales.Pairs[2].Rate, 1e-9 * 3000 * scales.Pairs[1].Rate);
    }

    private static GasScales Scales(int dimension, ScaledOrder[] orders, int count, int sampleCount = 100_000)
    {
        ScaledGas scaled = HigherOrderScaling.Solve(dimension, [.. orders], count);
        return GasScales.Of(scaled.Gas, scaled.Counts, [1], sampleCount);
    }
}
