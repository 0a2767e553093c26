using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Collision frequencies of pairs against Enskog's theory.</summary>
[Trait("Tier", "Validation")]
public class PairRateTests(ITestOutputHelper output)
{
    private const double ErrorMax = 0.005;

    /// <summary>Dimension, packing, diameter of the light species, relative error of the theory's contact values.</summary>
    /// <remarks>
    /// Equal diameters have contact values from precise equations of state. BMCSL is exact to first order in the packing; the
    /// second order is too low, by 0.2 percent for equal spheres at packing 0.2 (Carnahan and Starling's Z against Kolafa's)
    /// and more for the larger of two species. In the plane Jenkins and Mancini's values have a small error in first order.
    /// </remarks>
    public static TheoryData<int, double, double, double> Mixtures => new()
    {
        { 3, 0.1, 0.5, 0 },
        { 3, 0.15, 1, 0 },
        { 3, 0.2, 0.5, 0.004 },
        { 2, 0.2, 1, 0 },
        { 2, 0.02, 0.5, 0 },
    };

    [Theory, MemberData(nameof(Mixtures))]
    public void All_kinds_of_pairs_of_a_mixture_collide_as_often_as_Enskog_says(
        int dimension, double packing, double lightDiameter, double theoryError)
    {
        foreach (Measurement frequency in Measure(dimension, packing, lightDiameter, 4_000_000))
        {
            frequency.Check(output, ErrorMax, theoryError);
        }
    }

    /// <summary>All three frequencies of an equimolar mixture with masses 4 and 1.</summary>
    internal static IEnumerable<Measurement> Measure(int dimension, double packing, double lightDiameter, int eventCount)
    {
        ImmutableArray<Species> species = [new("A", 4, 1), new("B", 1, lightDiameter)];
        ImmutableArray<int> counts = [2000, 2000];
        Gas gas = KnownGases.OfPacking(dimension, packing, species, counts);
        using EquilibriumRun run = new(gas, counts, PositionMethod.Conditioned, seed: 14);
        double rate = KnownGases.PairEventRate(gas, counts);
        run.Relax(20 * counts.Sum() / rate);
        run.Measure(eventCount / rate);
        string name = FormattableString.Invariant($"d = {dimension}, packing {packing}, diameters 1 : {lightDiameter}");
        foreach ((int a, int b) in ((int, int)[])[(0, 0), (0, 1), (1, 1)])
        {
            yield return new Measurement(
                $"nu_{species[a].Name}{species[b].Name}, {name}", run.PairFrequency(a, b), KnownGases.PairFrequency(gas, counts, a, b));
        }
    }
}
