using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Examples.Tests;

public sealed class DisksTests(ExampleRun<DisksTests> run)
    : ExampleTests(run), IExample, IClassFixture<ExampleRun<DisksTests>>
{
    public static string Name => "disks";

    [Fact]
    public void Z_is_that_of_the_rescaled_virial_series()
    {
        double expected = EquationOfState.Disks(0.5);
        Assert.Equal(0.5, Run.Case.Gas.Packing(Run.Case.Counts), 1e-5);
        Header.AssertSays($"Z = {expected:F3}");
        AssertAgrees(expected, MeasureZ(), relativeErrorMax: 0.001, systematic: 0.001);
    }

    [Fact]
    public void Particles_collide_at_the_rate_of_Enskog()
    {
        double expected = GasScales.Of(Run.Case.Gas, Run.Case.Counts, [1.0]).Pairs.Single().Rate;
        Header.AssertSays($"{expected:F3} collisions per particle and unit time");
        BlockAverage z = MeasureZ();
        double rate = Run.Summary.CollisionFrequency["AA"]!.Value;
        // The events that make Z - 1 are those of the rate: the relative error is the same.
        AssertAgrees(expected, new BlockAverage(rate, rate * z.StandardError / (z.Mean - 1)), relativeErrorMax: 0.0015, systematic: 0.001);
    }

    [Fact]
    public void Nothing_leaves_the_plane() =>
        Assert.All(Run.Final.Particles, p => Assert.Equal((0.0, 0.0), (p.Position.Z, p.Velocity.Z)));
}
