using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>One of the densities from which a rate is extrapolated to zero density.</summary>
/// <param name="Density">n eps_k^d.</param>
/// <param name="EventCount">Expected number of events: their scatter is the statistical error, 1/sqrt of it.</param>
internal sealed record DensityPoint(double Density, int EventCount);

/// <summary>Measures the rate of order k in units of its closed form, in the limit of zero density.</summary>
/// <remarks>
/// The gas has the one zone eps_k = 1 and diameters so small that pairs hardly ever collide and forbid no part of the
/// ellipsoid. The ratio r of measured rate and closed form falls with density because other particles are excluded near a
/// colliding tuple, r = exp(-n V + O(n^2)) (<see cref="ExcludedVolume"/>); so ln r is fitted by a straight line. Starts are
/// conditioned on the phase space, hence in equilibrium. Finite N changes the rate by a relative k(k-1)/(2N) at most.
/// </remarks>
internal static class ZeroDensityLimit
{
    private const int ParticleCount = 4000;

    public static void Check(
        ITestOutputHelper output,
        int order,
        int dimension,
        ImmutableArray<double> masses,
        ImmutableArray<DensityPoint> points,
        double errorMax,
        ulong seed)
    {
        double diameter = dimension == 3 ? 0.02 : 0.005;
        ImmutableArray<Species> species = [.. masses.Select((mass, a) => new Species("ABC"[a..(a + 1)], mass, diameter))];
        ImmutableArray<int> counts = [.. masses.Select(_ => ParticleCount / masses.Length)];
        string name = FormattableString.Invariant($"order {order}, d = {dimension}, masses {string.Join(" ", masses)}");
        List<(double Density, BlockAverage Logarithm)> logarithms = [];
        foreach (DensityPoint point in points)
        {
            Gas gas = KnownGases.OfDensity(dimension, point.Density, species, counts.Sum(), new Zone(order, 1));
            double expected = KnownGases.TupleEventRate(gas, counts, order);
            using EquilibriumRun run = new(gas, counts, PositionMethod.Conditioned, seed);
            run.Measure(point.EventCount / expected);
            BlockAverage ratio = run.EventRate(order) * (1 / expected);
            output.WriteLine(FormattableString.Invariant(
                $"{name}, n eps^d = {point.Density}: measured / closed form = {ratio.Mean:F4} +- {ratio.StandardError:F4}"));
            logarithms.Add((point.Density, new BlockAverage(Math.Log(ratio.Mean), ratio.StandardError / ratio.Mean)));
        }

        LineFit line = LineFit.Through(logarithms);
        Limit(name, line).Check(output, errorMax);

        // The same with the first order known: what is left is of second order. A sharper test of the same limit, and of V.
        BlockAverage excluded = ExcludedVolume.Of(order, dimension, 1_000_000, seed);
        LineFit parabola = LineFit.Through(
            [.. logarithms.Select(p => (p.Density * p.Density, p.Logarithm with { Mean = p.Logarithm.Mean + excluded.Mean * p.Density }))]);
        Limit($"{name}, first order known", parabola).Check(output, errorMax);
        output.WriteLine(FormattableString.Invariant(
            $"{name}: -d ln r/dn = {-line.Slope.Mean:F3} +- {line.Slope.StandardError:F3}, V = {excluded.Mean:F3}, ")
            + FormattableString.Invariant($"chi^2 {line.ChiSquared:F1}, with V {parabola.ChiSquared:F1}"));
    }

    private static Measurement Limit(string name, LineFit logarithm)
    {
        double limit = Math.Exp(logarithm.Intercept.Mean);
        return new Measurement($"{name}, n -> 0", new BlockAverage(limit, limit * logarithm.Intercept.StandardError), 1);
    }
}
