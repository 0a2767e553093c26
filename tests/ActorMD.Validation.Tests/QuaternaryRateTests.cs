using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Rates of order 4 against the closed form of the kinetic equation [High 1.5, 3.21].</summary>
[Trait("Tier", "Validation")]
public class QuaternaryRateTests(ITestOutputHelper output)
{
    private const double ErrorMax = 0.03;

    [Fact]
    public void Four_particles_collide_in_space_at_the_rate_of_the_closed_form() => ZeroDensityLimit.Check(
        output, 4, 3, [1], [new(0.2, 6000), new(0.3, 5000), new(0.42, 8000)], ErrorMax, seed: 25);

    [Fact]
    public void Four_particles_collide_in_the_plane_at_the_rate_of_the_closed_form() => ZeroDensityLimit.Check(
        output, 4, 2, [1], [new(0.1, 6000), new(0.16, 5000), new(0.24, 8000)], ErrorMax, seed: 26);
}
