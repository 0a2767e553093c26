namespace ActorMD.Physics.Tests;

public sealed class SizeDistributionTests
{
    private const int Count = 100_000;

    /// <summary>Form, numbers, and the mean and standard deviation that theory gives.</summary>
    public static TheoryData<SizeForm, double[], double, double> Moments => new()
    {
        { SizeForm.Uniform, [1, 3], 2, 1 / Math.Sqrt(3) },
        { SizeForm.Normal, [2, 0.2, 0.8, 3.2], 2, 0.2 },
        { SizeForm.LogNormal, [2, 0.5, 0.3, 12], 2, 0.5 },
        { SizeForm.Schulz, [2, 0.5, 0.2, 8], 2, 0.5 },
        { SizeForm.PowerLaw, [4, 1, 1e4], 1.5, Math.Sqrt(3 - 2.25) },
        { SizeForm.PowerLaw, [0, 1, 3], 2, 1 / Math.Sqrt(3) },
        { SizeForm.Histogram, [1, 2, 4, 1, 1], 2.25, Math.Sqrt(0.5 * (7.0 / 3 + 28.0 / 3) - 2.25 * 2.25) },
        { SizeForm.Values, [1, 2, 3, 1], 1.25, Math.Sqrt(0.75 * 0.25) },
    };

    [Theory, MemberData(nameof(Moments))]
    public void Diameters_have_the_moments_of_their_distribution(SizeForm form, double[] numbers, double mean, double deviation)
    {
        SizeDistribution sizes = new(form, [.. numbers], 1, 0, Count);
        Assert.Null(SizeForms.Problem(sizes));
        double[] diameters = sizes.Draw().Diameters;
        double found = diameters.Average(), spread = Math.Sqrt(diameters.Average(x => (x - found) * (x - found)));
        bool hasTail = form == SizeForm.PowerLaw && numbers[0] > 0; // the third moment does not converge
        Assert.Equal(mean, found, hasTail ? 1e-3 : 1e-4);
        Assert.Equal(deviation, spread, hasTail ? 2e-2 : 3e-4);
        bool beginsWithLeast = form is SizeForm.Histogram or SizeForm.Values or SizeForm.Uniform;
        Assert.All(diameters, x => Assert.InRange(x, numbers[beginsWithLeast ? 0 : ^2], double.MaxValue));
    }

    [Fact]
    public void A_power_law_has_the_quantiles_of_its_closed_form()
    {
        const double Exponent = 2.5, Min = 0.1, Max = 7;
        double[] diameters = [.. new SizeDistribution(SizeForm.PowerLaw, [Exponent, Min, Max], 1, 0, 1000).Draw().Diameters.Order()];
        double low = Math.Pow(Min, 1 - Exponent), high = Math.Pow(Max, 1 - Exponent);
        for (int k = 0; k < diameters.Length; k++)
        {
            double expected = Math.Pow(low + (k + 0.5) / diameters.Length * (high - low), 1 / (1 - Exponent));
            Assert.Equal(expected, diameters[k], 1e-6 * expected);
        }
    }

    [Fact]
    public void Sizes_are_shuffled_and_do_not_depend_on_anything_but_the_distribution()
    {
        SizeDistribution sizes = new(SizeForm.Uniform, [1, 2], 1, 0, 1000);
        double[] first = sizes.Draw().Diameters;
        Assert.Equal(first, sizes.Draw().Diameters);
        Assert.Equal(1000, first.Distinct().Count());
        // Neighbours are as little alike as independent numbers: a correlation of 1000 pairs has the error 0.03.
        double mean = first.Average(), variance = first.Average(x => (x - mean) * (x - mean));
        double correlation = Enumerable.Range(0, 999).Average(k => (first[k] - mean) * (first[k + 1] - mean)) / variance;
        Assert.InRange(correlation, -0.1, 0.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(2.5)]
    [InlineData(-1)]
    public void Masses_go_with_a_power_of_the_diameter(double power)
    {
        (double[] diameters, double[] masses) = new SizeDistribution(SizeForm.Schulz, [1, 0.3, 0.3, 3], 2, power, 500).Draw();
        double mean = diameters.Average();
        Assert.All(
            diameters.Zip(masses),
            pair => Assert.Equal(2 * Math.Pow(pair.First / mean, power), pair.Second, 1e-12 * pair.Second));
    }

    [Fact]
    public void A_gas_knows_the_kinds_of_its_particles()
    {
        Species own = Species.Of("B", SizeDistribution.OfEach([1, 2, 3], [4, 5, 6]));
        Gas gas = new(Box.Cube(20), [new Species("A", 7, 8), own, new Species("C", 9, 10)], []);
        Assert.Equal(
            [new ParticleKind(0, 7, 8), new(1, 4, 1), new(1, 5, 2), new(1, 6, 3), new(2, 9, 10)], gas.Kinds.ToArray());
        Assert.Equal([0, 1, 4, 2, 0, 3], gas.KindTable.Of([0, 1, 2, 1, 0, 1]));
        Assert.Equal((2, 5), (own.Diameter, own.Mass));
        Assert.Equal(Math.PI / 6 * 12, gas.SphereVolume(1), 1e-14);
        Assert.Equal((1, 10), (gas.DiameterMin, gas.DiameterMax));
        Assert.NotEqual(gas, gas with { Species = [gas.Species[0], own with { Sizes = null }, gas.Species[2]] });
    }

    /// <summary>Distributions that cannot be.</summary>
    public static TheoryData<SizeForm, double[], string> Impossible => new()
    {
        { SizeForm.Uniform, [0, 1], "smallest" },
        { SizeForm.Uniform, [2, 1], "not above the smallest" },
        { SizeForm.Normal, [1, 0.5, -0.5, 2.5], "smallest" },
        { SizeForm.Normal, [1, 0.01, 2, 3], "far from the mean" },
        { SizeForm.Schulz, [1, 3, 0.1, 9], "deviation" },
        { SizeForm.PowerLaw, [100, 1, 2], "exponent" },
        { SizeForm.Histogram, [1, 2, 1, 1, 1], "do not rise" },
        { SizeForm.Values, [1, 2, 3], "one share for each" },
        { SizeForm.Values, [1, 2, 1, 0], "share" },
        { SizeForm.LogNormal, [1, double.NaN, 0.1, 3], "finite" },
    };

    [Theory, MemberData(nameof(Impossible))]
    public void An_impossible_distribution_is_told(SizeForm form, double[] numbers, string part) =>
        Assert.Contains(part, SizeForms.Problem(new SizeDistribution(form, [.. numbers], 1, 0, 10)), StringComparison.Ordinal);
}
