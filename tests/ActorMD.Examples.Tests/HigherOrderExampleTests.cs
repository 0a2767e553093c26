using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;

namespace ActorMD.Examples.Tests;

/// <summary>Gases of one species with zones, at temperature 1 and mass 1.</summary>
public abstract class HigherOrderExampleTests(ExampleRun run) : BitIdenticalExampleTests(run)
{
    /// <summary>c_l of the orders 2, 3, ... that the header names.</summary>
    private protected abstract double[] Constants { get; }

    [Fact]
    public void The_gas_is_in_the_scaling_of_higher_orders()
    {
        Gas gas = Run.Case.Gas;
        ScaledGas solved = HigherOrderScaling.Solve(
            gas.Dimension, [.. Constants.Select((c, n) => new ScaledOrder(n + 2, c))], Run.Case.ParticleCount);
        Header.AssertSays($"N = {Run.Case.ParticleCount}");
        Header.AssertSays($"c = {string.Join(", ", Constants.Select(c => FormattableString.Invariant($"{c}")))}");
        Assert.Equal(solved.Gas.Species.Single().Diameter, gas.Species.Single().Diameter, 1e-15);
        Assert.Equal(solved.Gas.Zones.Length, gas.Zones.Length);
        Assert.All(
            solved.Gas.Zones.Zip(gas.Zones), pair => Assert.Equal(pair.First.Distance, pair.Second.Distance, 1e-6 * pair.First.Distance));
    }

    /// <summary>The virial of one event of order k is eps_k sqrt(2 pi M T/k) on average, with a spread of 0.52 of that.</summary>
    [Fact]
    public void Z_follows_from_the_rates()
    {
        Gas gas = Run.Case.Gas;
        double expected = 1, variance = 0;
        for (int order = 2; order <= gas.OrderMax; order++)
        {
            BlockAverage rate = MeasureEvents(order);
            double distance = order == 2 ? gas.DiameterMax : gas.Zones.Single(z => z.Order == order).Distance;
            double virial = distance * Math.Sqrt(2 * Math.PI / order) / gas.Dimension / order;
            expected += rate.Mean * virial;
            variance += Math.Pow(0.52 * rate.StandardError * virial, 2);
        }

        double measured = Run.Summary.Pressure.Z!.Value;
        Assert.Equal(expected, measured, 4 * Math.Sqrt(variance));
        Assert.True(4 * Math.Sqrt(variance) < 0.25 * (expected - 1));
    }

    /// <summary>Checks the free share of E in the header, and the rate of one order against the closed form.</summary>
    /// <param name="order">k.</param>
    /// <param name="relativeErrorMax">Largest standard error allowed, relative.</param>
    /// <param name="systematic">Relative: what the first density correction leaves out.</param>
    private protected void AssertRateAgrees(int order, double relativeErrorMax, double systematic)
    {
        Gas gas = Run.Case.Gas;
        GasScales scales = GasScales.Of(gas, Run.Case.Counts, [1.0]);
        FirstDensityCorrection correction = FirstDensityCorrection.Of(gas, Run.Case.ParticleCount, order);
        double dilute;
        if (order == 2)
        {
            dilute = scales.Pairs.Single().RateDilute;
        }
        else
        {
            ZoneScale zone = scales.Zones.Single(z => z.Order == order);
            dilute = zone.RateDilute;
            Header.AssertSays($"free share of E of order {order}: {zone.Accessible.Value:F2}");
            Assert.Equal(zone.Accessible.Value, correction.Share, 0.015);
            Assert.True(zone.Accessible.Value > 0.5);
        }

        double expected = dilute * correction.Factor;
        Header.AssertSays($"order {order}: {expected:F3} (dilute {dilute:F3})");
        AssertAgrees(expected, MeasureEvents(order), relativeErrorMax, systematic);
    }

    private BlockAverage MeasureEvents(int order) => MeasureRate(order == 2 ? "AA" : $"order{order}", Run.Case.ParticleCount, order);
}
