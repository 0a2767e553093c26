using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;

namespace ActorMD.Kinetic.Tests;

public sealed class GrowthTests
{
    [Theory]
    [InlineData(3, 1000, 0.45, Boundary.Periodic)]
    [InlineData(3, 4000, 0.55, Boundary.Periodic)]
    [InlineData(3, 1000, 0.45, Boundary.Reflecting)]
    [InlineData(2, 2000, 0.75, Boundary.Periodic)]
    [InlineData(2, 500, 0.7, Boundary.Reflecting)]
    [InlineData(2, 200, 0.6, Boundary.Open)]
    [InlineData(3, 5, 0.4, Boundary.Periodic)]
    [InlineData(3, 500, 0.64, Boundary.Periodic)]
    [InlineData(3, 300, 0.58, Boundary.Reflecting)]
    public void Dense_gases_of_one_species_are_made(int dimension, int count, double packing, Boundary boundary)
    {
        double sphere = dimension == 3 ? Math.PI / 6 : Math.PI / 4;
        double side = Math.Pow(count * sphere / packing, 1.0 / dimension);
        AssertValidWithMargin(
            new Gas(Box.Of(dimension, new Vec3(side, side, side), boundary), [new("A", 1, 1)], []), [count]);
    }

    [Fact]
    public void A_mixture_of_size_ratio_one_half_is_made()
    {
        double side = Math.Cbrt(4000 * Math.PI / 6 * (0.5 + 0.5 / 8) / 0.45);
        AssertValidWithMargin(new Gas(Box.Cube(side), [new("A", 1, 1), new("B", 1, 0.5)], []), [2000, 2000]);
    }

    [Fact]
    public void A_mixture_jams_later_than_equal_spheres()
    {
        double side = Math.Cbrt((500 + 200 * 1.4 * 1.4 * 1.4 + 60 * 1.6 * 1.6 * 1.6) * Math.PI / 6 / 0.65);
        AssertValidWithMargin(new Gas(Box.Cube(side), [new("A", 1, 1), new("B", 1, 1.4), new("C", 1, 1.6)], []), [500, 200, 60]);
    }

    [Fact]
    public void Growing_spheres_touch_first_when_their_quadratic_says()
    {
        Random random = new(5);
        int met = 0, fallen = 0;
        for (int n = 0; n < 20_000; n++)
        {
            Vec3 Draw() => new(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);
            Vec3 r = 6 * Draw(), v = 3 * Draw();
            double contact = 0.5 * random.NextDouble(), growth = random.NextDouble() * random.NextDouble();
            double Gap(double t) => Math.Sqrt((r + v * t).LengthSquared) - contact - growth * t;
            if (Gap(0) < 0)
            {
                continue;
            }

            double time = GrowingSpheres.ContactTime(r, v, contact, growth);
            double last = Math.Min(time, 1000);
            bool isApart = Enumerable.Range(0, 100).All(k => Gap(last * k / 100) > -1e-9);
            Assert.True(isApart, $"{r} {v} {contact} {growth}");

            if (time < double.PositiveInfinity)
            {
                met++;
                Assert.Equal(0, Gap(time), 1e-6 * (1 + time));
            }
            else
            {
                fallen++;
            }
        }

        Assert.True(met > 500 && fallen > 1000, $"{met} meet, {fallen} do not");
    }

    [Fact]
    public void Zones_are_respected()
    {
        // n eps_3^3 about 0.5, n eps_4^3 about 2: many random tuples start inside.
        Gas gas = new(Box.Cube(10), [new("A", 1, 0.3)], [new Zone(3, 0.8), new Zone(4, 1.26)]);
        AssertValidWithMargin(gas, [1000]);
    }

    [Fact]
    public void What_is_too_dense_is_refused_with_the_packing_that_was_reached()
    {
        Gas gas = new(Box.Cube(Math.Cbrt(500 * Math.PI / 6 / 0.7)), [new("A", 1, 1)], []);
        InitialStateException error = Assert.Throws<InitialStateException>(() => Build(gas, [500]));
        Assert.Matches(@"stuck at packing 0\.(5[89]|6)\d*, .* packing 0\.7 ", error.Message);
    }

    private static void AssertValidWithMargin(Gas gas, ImmutableArray<int> counts)
    {
        SystemState state = Build(gas, counts);
        Assert.Null(OverlapCheck.Find(gas, state).WorstOf(1));
        const double margin = 1 + 1e-9;
        Gas larger = gas with
        {
            Box = gas.Box.Has(Boundary.Reflecting) ? Box.Of(gas.Dimension, gas.Box.Lengths, Boundary.Open) : gas.Box,
            Species = [.. gas.Species.Select(s => s with { Diameter = s.Diameter * margin })],
            Zones = [.. gas.Zones.Select(z => z with { Distance = z.Distance * margin })],
        };
        Assert.Null(OverlapCheck.Find(larger, state).Worst);
    }

    private static SystemState Build(Gas gas, ImmutableArray<int> counts) => InitialState.Build(
        gas, counts, new(new(PositionMethod.Growth), new([.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))])), 1);
}
