using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;

namespace ActorMD.Validation.Tests;

/// <summary>Gases whose rates theory knows, and their starts.</summary>
internal static class KnownGases
{
    public static readonly Species Unit = new("A", 1, 1);

    /// <summary>A cube or square of the volume (area) that gives the packing fraction.</summary>
    public static Gas OfPacking(
        int dimension, double packing, ImmutableArray<Species> species, ImmutableArray<int> counts, Boundary boundary = Boundary.Periodic)
    {
        Gas unit = new(BoxOf(dimension, 1, boundary), species, []);
        return unit with { Box = BoxOf(dimension, unit.Packing(counts), packing, boundary) };
    }

    /// <summary>A periodic cube or square of a number density.</summary>
    public static Gas OfDensity(
        int dimension, double density, ImmutableArray<Species> species, int count, params ImmutableArray<Zone> zones) =>
        new(BoxOf(dimension, count, density, Boundary.Periodic), species, zones);

    /// <summary>Equal sides.</summary>
    public static Box BoxOf(int dimension, double length, Boundary boundary) =>
        dimension == 3 ? Box.Cube(length, boundary) : Box.Square(length, boundary);

    /// <summary>
    /// A start with no total momentum and exactly the energy d (N-1) T/2 of temperature 1: then relative velocities of two
    /// particles have the variance T/mu per component also for finite N.
    /// </summary>
    public static SystemState Start(Gas gas, ImmutableArray<int> counts, PositionMethod method, ulong seed)
    {
        VelocityPlan velocities = new(
            [.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))], Vec3.Zero, 0.5 * gas.Dimension * (counts.Sum() - 1));
        return InitialState.Build(gas, counts, new InitialData(new PositionPlan(method), velocities), FreshSeeds.Of(seed));
    }

    /// <summary>Pair collisions of the whole gas per unit time at temperature 1, by Enskog's theory.</summary>
    public static double PairEventRate(Gas gas, ImmutableArray<int> counts)
    {
        double rate = 0;
        for (int a = 0; a < counts.Length; a++)
        {
            for (int b = 0; b < counts.Length; b++)
            {
                rate += 0.5 * counts[a] * PairFrequency(gas, counts, a, b);
            }
        }

        return rate;
    }

    /// <summary>Collisions of one a-particle with b-particles per unit time at temperature 1, by Enskog's theory.</summary>
    public static double PairFrequency(Gas gas, ImmutableArray<int> counts, int a, int b) => CollisionFrequency.Pair(
        gas.Dimension,
        counts[b] / gas.Box.Volume,
        gas.ContactDistance(a, b),
        1 / gas.Species[a].Mass,
        1 / gas.Species[b].Mass,
        EquationOfState.ContactValue(gas, counts, a, b));

    /// <summary>Events of order k of the whole gas per unit time at temperature 1, in the limit of low density.</summary>
    public static double TupleEventRate(Gas gas, ImmutableArray<int> counts, int order)
    {
        double distance = gas.ZoneOf(order)!.Distance;
        double[] densities = [.. counts.Select(count => count / gas.Box.Volume)], variances = [.. gas.Species.Select(s => 1 / s.Mass)];
        int[] multiplicities = new int[counts.Length];
        return gas.Box.Volume * SumOverCompositions(0, order);

        double SumOverCompositions(int species, int left)
        {
            if (species == counts.Length - 1)
            {
                multiplicities[species] = left;
                return CollisionFrequency.Composition(gas.Dimension, distance, multiplicities, densities, variances);
            }

            double sum = 0;
            for (int m = 0; m <= left; m++)
            {
                multiplicities[species] = m;
                sum += SumOverCompositions(species + 1, left - m);
            }

            return sum;
        }
    }

    private static Box BoxOf(int dimension, double content, double share, Boundary boundary) =>
        BoxOf(dimension, Math.Pow(content / share, 1.0 / dimension), boundary);
}
