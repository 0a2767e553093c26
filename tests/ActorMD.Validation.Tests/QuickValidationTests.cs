using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>The main results of the validation tier in seconds, with larger errors: part of the default tests.</summary>
public class QuickValidationTests(ITestOutputHelper output)
{
    [Fact]
    public void The_pressure_of_spheres_is_right_to_a_percent() =>
        EquationOfStateTests.MeasureSpheres(0.3, count: 500, meltCollisionsPerParticle: 200, eventCount: 200_000, output)
            .Check(output, errorMax: 0.004, allowance: 0.005);

    [Fact]
    public void Pairs_of_a_mixture_collide_as_often_as_Enskog_says_to_a_percent()
    {
        foreach (Measurement frequency in PairRateTests.Measure(3, 0.1, 0.5, eventCount: 200_000))
        {
            frequency.Check(output, errorMax: 0.01);
        }
    }

    [Fact]
    public void Triples_collide_at_the_rate_of_the_closed_form_to_a_few_percent()
    {
        const int Count = 1000;
        const double Density = 0.05;
        Gas gas = KnownGases.OfDensity(2, Density, [new Species("A", 1, 0.005)], Count, new Zone(3, 1));
        double closedForm = KnownGases.TupleEventRate(gas, [Count], 3);
        double expected = closedForm * Math.Exp(-Density * ExcludedVolume.Of(3, 2, 100_000, seed: 1).Mean);
        using EquilibriumRun run = new(gas, [Count], PositionMethod.Conditioned, seed: 31);
        run.Measure(3000 / closedForm);
        // The allowance: second order in the density, and 3/N.
        new Measurement("order 3, d = 2", run.EventRate(3), expected).Check(output, errorMax: 0.03, allowance: 0.015);
    }
}
