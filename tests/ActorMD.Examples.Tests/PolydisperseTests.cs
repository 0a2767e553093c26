using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Examples.Tests;

public sealed class PolydisperseTests(ExampleRun<PolydisperseTests> run)
    : ExampleTests(run), IExample, IClassFixture<ExampleRun<PolydisperseTests>>
{
    public static string Name => "polydisperse";

    [Fact]
    public void The_packing_is_0_35() => Assert.Equal(0.35, Run.Case.Gas.Packing(Run.Case.Counts), 1e-3);

    [Fact]
    public void Z_is_that_of_BMCSL()
    {
        double expected = EquationOfState.Compressibility(Run.Case.Gas, Run.Case.Counts);
        Header.AssertSays($"Z = {expected:F3}");
        AssertAgrees(expected, MeasureZ(), relativeErrorMax: 0.002, systematic: 0.005);
    }

    [Fact]
    public void Particles_collide_at_the_rate_of_Enskog()
    {
        double expected = GasScales.Of(Run.Case.Gas, Run.Case.Counts, [1.0]).Pairs.Single().Rate;
        Header.AssertSays($"{expected:F2} collisions per particle and unit time");
        BlockAverage z = MeasureZ();
        double rate = Run.Summary.CollisionFrequency["AA"]!.Value;
        AssertAgrees(expected, new BlockAverage(rate, rate * z.StandardError / (z.Mean - 1)), relativeErrorMax: 0.003, systematic: 0.01);
    }
}
