using System.Collections.Immutable;
using ActorMD.Kinetic;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files;

/// <summary>Whether a method of finding initial positions can work at the packing of a gas.</summary>
public static class PositionMethodCheck
{
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
                LargestPacking(gas, counts, plan), ConditionedPackingMax(gas.Dimension), "conditioned", "its Markov chain hardly ever finds a free place above",
                "give initial.positions.method: growth, or lattice"),
            PositionMethod.Growth => Limit(
                packing, GrowthPackingMax(gas.Dimension), "growth", "disordered spheres jam above",
                "give initial.positions.method: lattice"),
            PositionMethod.Lattice => Lattice(gas, counts),
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
    /// Above this packing growth does not end: spheres freeze near 0.494 and jam near 0.64, disks freeze near 0.70 and jam near 0.84.
    /// </summary>
    public static double GrowthPackingMax(int dimension) => dimension == 3 ? 0.55 : 0.75;

    private static ImmutableArray<GasFault> Limit(double packing, double packingMax, string method, string reason, string remedy) =>
        packing <= packingMax
            ? []
            : [new GasFault(
                "initial.positions.method",
                Invariant($"the method {method} cannot fill the box to the packing fraction {packing:G4}: {reason} {packingMax}"), remedy)];

    // Every site must have room for the largest sphere, because species are placed at random on the sites.
    private static ImmutableArray<GasFault> Lattice(Gas gas, IReadOnlyList<int> counts)
    {
        int largest = Enumerable.Range(0, gas.Species.Length).Where(a => counts[a] > 0).MaxBy(a => gas.Species[a].Diameter);
        double packing = counts.Sum(n => (double)n) * gas.SphereVolume(largest) / gas.Box.Volume;
        double packingMax = GasValidation.PackingMax(gas.Dimension);
        return packing <= packingMax
            ? []
            : [new GasFault(
                "initial.positions.method",
                Invariant(
                    $"no lattice fits: with room for the largest diameter ({gas.Species[largest].Diameter}) on every site the packing fraction is {packing:G4}, and at most {packingMax:G4} is possible"),
                "give initial.positions.method: growth, or use a larger box")];
    }
}
