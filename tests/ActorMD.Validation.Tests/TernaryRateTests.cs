using System.Collections.Immutable;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Rates of order 3 against the closed form of the kinetic equation [High 1.5, 3.21].</summary>
[Trait("Tier", "Validation")]
public class TernaryRateTests(ITestOutputHelper output)
{
    private const double ErrorMax = 0.01;
    private static readonly ImmutableArray<DensityPoint> InSpace = [new(0.03, 40_000), new(0.06, 20_000), new(0.1, 25_000)];
    private static readonly ImmutableArray<DensityPoint> InPlane = [new(0.02, 40_000), new(0.04, 20_000), new(0.07, 25_000)];

    [Fact]
    public void Three_equal_masses_collide_in_space_at_the_rate_of_the_closed_form() =>
        ZeroDensityLimit.Check(output, 3, 3, [1], InSpace, ErrorMax, seed: 21);

    [Fact]
    public void Three_unlike_masses_collide_in_space_at_the_rate_of_the_closed_form() =>
        ZeroDensityLimit.Check(output, 3, 3, [1, 4], InSpace, ErrorMax, seed: 22);

    [Fact]
    public void Three_equal_masses_collide_in_the_plane_at_the_rate_of_the_closed_form() =>
        ZeroDensityLimit.Check(output, 3, 2, [1], InPlane, ErrorMax, seed: 23);

    [Fact]
    public void Three_unlike_masses_collide_in_the_plane_at_the_rate_of_the_closed_form() =>
        ZeroDensityLimit.Check(output, 3, 2, [1, 4], InPlane, ErrorMax, seed: 24);
}
