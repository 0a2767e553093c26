using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Whether a method of finding initial positions can work at the packing of a gas.</summary>
public static class PositionMethodCheck
{
    private const double DistinctRatio = 1.4;

    /// <summary>Faults of a gas that <see cref="GasValidation"/> has found sound.</summary>
    public static ImmutableArray<GasFault> Check(Gas gas, IReadOnlyList<int> counts, PositionPlan plan)
    {
        if (counts.Sum(n => (long)n) == 1)
        {
            return []; // a single sphere that fits is placed by every method
        }

        double packing = gas.Packing(counts);
        return plan.Method switch
        {
            PositionMethod.Conditioned => Limit(
                LargestPacking(gas, counts, plan), ConditionedPackingMax(gas.Dimension), "conditioned",
                "its Markov chain hardly ever finds a free place above",
                Remedy(gas, counts, packing)),
            PositionMethod.Growth => Limit(
                packing, GrowthPackingMax(gas, counts), "growth", "disordered particles of these sizes jam above",
                Remedy(gas, counts, packing)),
            PositionMethod.Lattice when plan.Crystal is not null => [], // its own spacings decide
            PositionMethod.Lattice => Lattice(gas, counts, Remedy(gas, counts, packing)),
            _ => [],
        };
    }

    // Where the density profiles are largest; profiles of different axes may meet.
    private static double LargestPacking(Gas gas, IReadOnlyList<int> counts, PositionPlan plan)
    {
        double sum = 0;
        for (int a = 0; a < gas.Species.Length; a++)
        {
            double enhancement = plan.DensityOf(a) is { } density ? density.Range.Upper / density.MeanOver(gas.Box) : 1;
            sum += counts[a] * gas.SphereVolume(a) / gas.Box.Volume * enhancement;
        }

        return sum;
    }

    /// <summary>Above this packing the chain of single-particle redraws does not mix.</summary>
    public static double ConditionedPackingMax(int dimension) => dimension == 3 ? 0.25 : 0.35;

    /// <summary>
    /// Above this packing growth does not end: equal spheres jam near 0.64 and equal disks near 0.84, and where the method gives up before
    /// is only known when it has tried. Small ones among large ones jam later.
    /// </summary>
    public static double GrowthPackingMax(Gas gas, IReadOnlyList<int> counts)
    {
        double[] diameters = [.. gas.Kinds.Where(kind => counts[kind.Species] > 0).Select(kind => kind.Diameter)];
        bool isMixed = diameters.Max() > DistinctRatio * diameters.Min();
        return gas.Dimension == 3 ? isMixed ? 0.70 : 0.645 : isMixed ? 0.86 : 0.82;
    }

    // Only what can work is advised.
    private static string Remedy(Gas gas, IReadOnlyList<int> counts, double packing)
    {
        List<string> methods = [];
        if (packing <= GrowthPackingMax(gas, counts))
        {
            methods.Add("growth");
        }

        if (LatticePacking(gas, counts, out _) <= GasValidation.PackingMax(gas.Dimension))
        {
            methods.Add("lattice");
        }

        return methods.Count > 0
            ? $"give initial.positions.method: {string.Join(", or ", methods)}"
            : "no method of ActorMD starts a gas of this packing: use fewer or smaller particles, a larger box, or positions from a file";
    }

    private static ImmutableArray<GasFault> Limit(double packing, double packingMax, string method, string reason, string remedy) =>
        packing <= packingMax
            ? []
            : [new GasFault(
                "initial.positions.method",
                Invariant($"the method {method} cannot fill the box to the packing fraction {packing:G4}: {reason} {packingMax}"), remedy)];

    // Every site must have room for the largest sphere, because species are placed at random on the sites.
    private static double LatticePacking(Gas gas, IReadOnlyList<int> counts, out double largest)
    {
        double x = largest = gas.Kinds.Where(kind => counts[kind.Species] > 0).Max(kind => kind.Diameter);
        double volume = gas.Dimension == 3 ? Math.PI / 6 * x * x * x : Math.PI / 4 * x * x;
        return counts.Sum(n => (double)n) * volume / gas.Box.Volume;
    }

    private static ImmutableArray<GasFault> Lattice(Gas gas, IReadOnlyList<int> counts, string remedy)
    {
        double packing = LatticePacking(gas, counts, out double largest);
        double packingMax = GasValidation.PackingMax(gas.Dimension);
        return packing <= packingMax
            ? []
            : [new GasFault(
                "initial.positions.method",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no lattice fits: with room for the largest diameter ({largest}) on every site the packing "
                        + $"fraction is {packing:G4}, and at most {packingMax:G4} is possible"),
                remedy)];
    }
}
