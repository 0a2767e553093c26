using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Examples.Tests;

public sealed class DenseTests(ExampleRun<DenseTests> run)
    : ExampleTests(run), IExample, IClassFixture<ExampleRun<DenseTests>>
{
    public static string Name => "dense";

    [Fact]
    public void The_packing_is_0_45() => Assert.Equal(0.45, Run.Case.Gas.Packing(Run.Case.Counts), 1e-5);

    [Fact]
    public void Z_is_that_of_Carnahan_and_Starling()
    {
        double expected = EquationOfState.CarnahanStarling(0.45);
        Header.AssertSays($"Z = {expected:F3}");
        AssertAgrees(expected, MeasureZ(), relativeErrorMax: 0.001, systematic: 0.003);
    }

    [Fact]
    public void Z_is_closer_still_to_the_series_of_Kolafa_Labik_and_Malijevsky()
    {
        double expected = EquationOfState.KolafaLabikMalijevsky(0.45);
        Header.AssertSays($"Z = {expected:F3}");
        AssertAgrees(expected, MeasureZ(), relativeErrorMax: 0.001, systematic: 0.001);
    }

    [Fact]
    public void Particles_collide_at_the_rate_of_Enskog()
    {
        double expected = GasScales.Of(Run.Case.Gas, Run.Case.Counts, [1.0]).Pairs.Single().Rate;
        Header.AssertSays($"{expected:F1} collisions per particle and unit time");
        BlockAverage z = MeasureZ();
        double rate = Run.Summary.CollisionFrequency["AA"]!.Value;
        // The events that make Z - 1 are those of the rate: the relative error is the same.
        AssertAgrees(expected, new BlockAverage(rate, rate * z.StandardError / (z.Mean - 1)), relativeErrorMax: 0.0015, systematic: 0.003);
    }
}
