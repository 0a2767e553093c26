using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Kinetic.Estimates;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Cli.Benchmarks;

/// <summary>A gas whose event rate <c>actormd bench</c> measures.</summary>
/// <param name="Name">Regime and number of particles.</param>
/// <param name="Regime">dense, fluid, dilute, boltzmann-grad, binary, sizes, own-sizes, hundred-species, zones with their orders.</param>
/// <param name="Gas">Box, species and zones.</param>
/// <param name="Counts">Number of particles of each species.</param>
/// <param name="Positions">How the start is made.</param>
/// <param name="WarmUp">Collisions per particle before the measurement: a fresh crystal is no fluid.</param>
public sealed record BenchCase(
    string Name, string Regime, Gas Gas, ImmutableArray<int> Counts, PositionMethod Positions, double WarmUp)
{
    /// <summary>Up to here a case takes seconds: all of these together less than two minutes.</summary>
    public const int CountMaxShort = 100_000;

    /// <summary>The largest case of the table; above it only the one that shows how many particles fit into memory.</summary>
    public const int CountMaxTable = 4_000_000;

    private const double BinarySizeRatio = 0.6;

    public int ParticleCount => Counts.Sum();

    /// <summary>Every case, ascending in the number of particles within each regime.</summary>
    /// <remarks>Larger systems are given fewer collisions, or the warm-up would take longer than all the rest.</remarks>
    public static IEnumerable<BenchCase> All { get; } =
    [
        Packed("dense", 0.494, 4_000, 150),
        Packed("dense", 0.494, 32_000, 150),
        Packed("dense", 0.494, 108_000, 20),
        Packed("dense", 0.494, 256_000, 20),
        Packed("dense", 0.494, 1_048_576, 20),
        Packed("dense", 0.494, CountMaxTable, 5),
        Packed("dense", 0.494, 10_000_000, 2),
        Packed("fluid", 0.30, 4_000, 60),
        Packed("fluid", 0.30, 32_000, 60),
        Packed("fluid", 0.30, 108_000, 10),
        Packed("fluid", 0.30, 256_000, 10),
        Packed("fluid", 0.30, 1_048_576, 10),
        Packed("fluid", 0.30, 10_000_000, 1),
        Packed("dilute", 0.05, 4_000, 30),
        Packed("dilute", 0.05, 32_000, 30),
        Packed("dilute", 0.05, 108_000, 5),
        Packed("dilute", 0.05, 256_000, 5),
        Packed("dilute", 0.05, 1_048_576, 5),
        Packed("dilute", 0.05, 10_000_000, 0.5),
        Packed("dilute", 0.05, 20_000_000, 0.1),
        Binary(32_000, 30),
        Binary(256_000, 10),
        // A few particles among many that are smaller by far.
        Sizes(50, (2_000, 1, 1), (1, 100, 20)),
        Sizes(40, (20_000, 1, 0.1), (10, 1_000, 10)),
        // As packed as the fluid: every particle with its own size, and the same sizes as a hundred species.
        Distributed("own-sizes", 32_000, 60),
        Distributed("own-sizes", 256_000, 10),
        Distributed("hundred-species", 32_000, 60),
        Distributed("hundred-species", 256_000, 10),
        BoltzmannGrad(10_000, 0.5),
        BoltzmannGrad(100_000, 0.5),
        BoltzmannGrad(1_000_000, 0.5),
        Zones("zones-2", 10_000, 0.2),
        Zones("zones-2-3", 10_000, 0.2, 0.05),
        Zones("zones-2", 100_000, 0.2),
        Zones("zones-2-3", 100_000, 0.2, 0.05),
        // Here lower orders leave more than half of each higher order's ellipsoid free (actormd scale).
        Zones("zones-2-to-4", 2_000, 0.1, 0.01, 0.05),
        Zones("zones-2-to-5", 2_000, 0.1, 0.01, 0.05, 2),
    ];

    /// <summary>What so many collisions per particle after the start cost, the warm-up included.</summary>
    public CostEstimate Cost(double collisionsPerParticle) =>
        CostEstimate.OfCollisions(Gas, Counts, 0, (WarmUp + collisionsPerParticle) * ParticleCount);

    private static BenchCase Packed(string regime, double packing, int count, double warmUp)
    {
        double length = PortableMath.Pow(count * Math.PI / 6 / packing, 1.0 / 3);
        return new(Named(regime, count), regime, new Gas(Box.Cube(length), [new Species("A", 1, 1)], []), [count], PositionMethod.Lattice, warmUp);
    }

    private static BenchCase Binary(int count, double warmUp)
    {
        const double Packing = 0.4;
        double small = BinarySizeRatio * BinarySizeRatio * BinarySizeRatio;
        double length = PortableMath.Pow(count * Math.PI / 6 * (0.5 + 0.5 * small) / Packing, 1.0 / 3);
        Gas gas = new(Box.Cube(length), [new Species("A", 1, 1), new Species("B", 1, BinarySizeRatio)], []);
        return new(Named("binary", count), "binary", gas, [count - count / 2, count / 2], PositionMethod.Growth, warmUp);
    }

    private static BenchCase Sizes(double length, params ReadOnlySpan<(int Count, double Mass, double Diameter)> species)
    {
        const double WarmUp = 2;
        Species[] kinds = new Species[species.Length];
        int[] counts = new int[species.Length];
        for (int a = 0; a < kinds.Length; a++)
        {
            kinds[a] = new Species(((char)('A' + a)).ToString(), species[a].Mass, species[a].Diameter);
            counts[a] = species[a].Count;
        }

        return new(Named("sizes", counts.Sum()), "sizes", new Gas(Box.Cube(length), [.. kinds], []), [.. counts], PositionMethod.Conditioned, WarmUp);
    }

    // A lognormal distribution of diameters with a deviation of a fifth, masses as volumes.
    private static BenchCase Distributed(string regime, int count, double warmUp)
    {
        const double Packing = 0.30;
        const int SpeciesCount = 100;
        SizeDistribution sizes = new(SizeForm.LogNormal, [1, 0.2, 0.55, 1.8], 1, 3, count);
        Species all = Species.Of("A", sizes);
        int[] counts = [count];
        Species[] species = [all];
        if (regime == "hundred-species")
        {
            (double[] diameters, double[] masses) = (sizes with { Count = SpeciesCount }).Draw();
            species = [.. diameters.Select((diameter, a) => new Species($"A{a}", masses[a], diameter))];
            counts = [.. Enumerable.Range(0, SpeciesCount).Select(a => (a + 1) * count / SpeciesCount - a * count / SpeciesCount)];
        }

        Gas unit = new(Box.Cube(1), [.. species], []);
        double length = PortableMath.Pow(unit.Packing(counts) / Packing, 1.0 / 3);
        return new(Named(regime, count), regime, unit with { Box = Box.Cube(length) }, [.. counts], PositionMethod.Growth, warmUp);
    }

    // N eps^2 = 1 in a unit box.
    private static BenchCase BoltzmannGrad(int count, double warmUp) => new(
        Named("boltzmann-grad", count),
        "boltzmann-grad",
        new Gas(Box.Cube(1), [new Species("A", 1, Math.Sqrt(1.0 / count))], []),
        [count],
        PositionMethod.Conditioned,
        warmUp);

    // The scaling of higher orders [High 3.11]: N^l eps_(l+1)^(3l-1) = c_l in a unit box, for orders 2, 3, ...
    private static BenchCase Zones(string regime, int count, params ReadOnlySpan<double> constants)
    {
        double diameter = DistanceOf(2, count, constants[0]);
        List<Zone> zones = [];
        for (int order = 3; order < constants.Length + 2; order++)
        {
            zones.Add(new Zone(order, DistanceOf(order, count, constants[order - 2])));
        }

        return new(
            Named(regime, count),
            regime,
            new Gas(Box.Cube(1), [new Species("A", 1, diameter)], [.. zones]),
            [count],
            PositionMethod.Conditioned,
            1);
    }

    private static double DistanceOf(int order, int count, double constant)
    {
        int l = order - 1;
        return PortableMath.Pow(constant / PortableMath.Pow(count, l), 1.0 / (3 * l - 1));
    }

    private static string Named(string regime, int count) => string.Create(CultureInfo.InvariantCulture, $"{regime}-{count}");
}
