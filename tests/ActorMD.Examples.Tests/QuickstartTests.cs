using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Examples.Tests;

public sealed class QuickstartTests(ExampleRun<QuickstartTests> run)
    : ExampleTests(run), IExample, IClassFixture<ExampleRun<QuickstartTests>>
{
    // Of the order of 1/N.
    private const double FiniteSize = 0.005;

    private readonly double _packing = run.Case.Gas.Packing(run.Case.Counts);

    public static string Name => "quickstart";

    [Fact]
    public void Z_is_that_of_Carnahan_and_Starling()
    {
        double expected = EquationOfState.CarnahanStarling(_packing);
        Header.AssertSays($"Z = {expected:F3}");
        AssertAgrees(expected, MeasureZ(), relativeErrorMax: 0.0015, FiniteSize);
    }

    [Fact]
    public void Particles_collide_at_the_rate_of_Enskog()
    {
        double expected = GasScales.Of(Run.Case.Gas, Run.Case.Counts, [1.0]).Pairs.Single().Rate;
        Header.AssertSays($"{expected:F3} collisions per particle and unit time");
        AssertAgrees(expected, MeasureRate("AA", 500, 2), relativeErrorMax: 0.002, 2 * FiniteSize);
    }

    [Fact]
    public void The_temperature_is_1() => Assert.Equal(1, Run.Summary.Temperature.Overall!.Value, 1e-12);
}
