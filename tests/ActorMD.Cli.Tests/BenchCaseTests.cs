using System.Collections.Immutable;
using ActorMD.Cli.Benchmarks;
using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Cli.Tests;

public sealed class BenchCaseTests
{
    public static TheoryData<string> Names => [.. BenchCase.All.Select(c => c.Name)];

    [Fact]
    public void Every_regime_is_measured_at_the_sizes_of_the_comparison()
    {
        (string Regime, int[] Sizes)[] expected =
        [
            ("binary", [32_000, 256_000]),
            ("boltzmann-grad", [10_000, 100_000, 1_000_000]),
            ("dense", [4_000, 32_000, 108_000, 256_000, 1_048_576, 4_000_000, 10_000_000]),
            ("dilute", [4_000, 32_000, 108_000, 256_000, 1_048_576, 10_000_000, 20_000_000]),
            ("fluid", [4_000, 32_000, 108_000, 256_000, 1_048_576, 10_000_000]),
            ("hundred-species", [32_000, 256_000]),
            ("own-sizes", [32_000, 256_000]),
            ("sizes", [2_001, 20_010]),
            ("zones-2", [10_000, 100_000]),
            ("zones-2-3", [10_000, 100_000]),
            ("zones-2-to-4", [2_000]),
            ("zones-2-to-5", [2_000]),
        ];

        Assert.Equal(
            expected.SelectMany(e => e.Sizes.Select(size => $"{e.Regime}-{size}")),
            BenchCase.All.OrderBy(c => c.Regime, StringComparer.Ordinal).ThenBy(c => c.ParticleCount).Select(c => c.Name));
    }

    [Theory]
    [InlineData("dense", 0.494)]
    [InlineData("fluid", 0.30)]
    [InlineData("dilute", 0.05)]
    [InlineData("binary", 0.4)]
    public void A_regime_has_one_packing_at_every_size(string regime, double packing) => Assert.All(
        BenchCase.All.Where(c => c.Regime == regime), c => Assert.Equal(packing, c.Gas.Packing(c.Counts), 1e-9));

    [Fact]
    public void The_boltzmann_grad_cases_have_the_same_mean_free_path() => Assert.All(
        BenchCase.All.Where(c => c.Regime == "boltzmann-grad"),
        c => Assert.Equal(1, BoltzmannConstants.Scaling(2, 3, c.ParticleCount, c.Gas.DiameterMax), 1e-9));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_zone_of_a_case_is_inert(string name)
    {
        BenchCase benchCase = BenchCase.All.Single(c => c.Name == name);

        Assert.All(benchCase.Gas.Zones, zone => Assert.True(zone.Distance > 1.1 * ZoneScale.InertBound(benchCase.Gas, zone.Order)));
        Assert.Equal(Enumerable.Range(3, benchCase.Gas.OrderMax - 2), ImmutableArray.CreateRange(benchCase.Gas.Zones, z => z.Order));
    }
}
