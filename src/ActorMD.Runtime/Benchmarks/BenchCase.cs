using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Kinetic;
using ActorMD.Physics;

namespace ActorMD.Runtime;

/// <summary>A gas whose event rate <c>actormd bench</c> measures.</summary>
/// <param name="Name">Regime and number of particles.</param>
/// <param name="Regime">dense, fluid, dilute, boltzmann-grad, binary, zones.</param>
/// <param name="Gas">Box, species and zones.</param>
/// <param name="Counts">Number of particles of each species.</param>
/// <param name="Positions">How the start is made.</param>
/// <param name="WarmUp">Collisions per particle before the measurement: a fresh crystal is no fluid.</param>
public sealed record BenchCase(
    string Name, string Regime, Gas Gas, ImmutableArray<int> Counts, PositionMethod Positions, double WarmUp)
{
    private const double BinarySizeRatio = 0.6;

    public int ParticleCount => Counts.Sum();

    /// <summary>All regimes at the sizes of docs/performance.md up to a number of particles.</summary>
    public static IEnumerable<BenchCase> All(int countMax)
    {
        int[] sizes = [4_000, 32_000, 256_000, 1_048_576];
        foreach (int count in sizes.Where(n => n <= countMax))
        {
            // Larger systems are given fewer collisions, or the warm-up would take longer than all the rest.
            yield return Packed("dense", 0.494, count, count > 100_000 ? 20 : 150);
            yield return Packed("fluid", 0.30, count, count > 100_000 ? 10 : 60);
            yield return Packed("dilute", 0.05, count, count > 100_000 ? 5 : 30);
            if (count <= 32_000)
            {
                yield return Binary(count, 30);
            }
        }

        foreach (int count in ((int[])[10_000, 100_000, 1_000_000]).Where(n => n <= countMax))
        {
            yield return BoltzmannGrad(count, 0.5);
        }

        if (countMax >= 10_000)
        {
            yield return Zones(10_000, withTriples: false);
            yield return Zones(10_000, withTriples: true);
        }
    }

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

    // N eps^2 = 1 in a unit box.
    private static BenchCase BoltzmannGrad(int count, double warmUp) => new(
        Named("boltzmann-grad", count),
        "boltzmann-grad",
        new Gas(Box.Cube(1), [new Species("A", 1, Math.Sqrt(1.0 / count))], []),
        [count],
        PositionMethod.Conditioned,
        warmUp);

    // Orders 2 and 3 in the higher-order scaling with c_1 = 0.2, c_2 = 0.05: N eps_2^2 = 0.2, N^2 eps_3^5 = 0.05.
    private static BenchCase Zones(int count, bool withTriples)
    {
        double pair = Math.Sqrt(0.2 / count), triple = PortableMath.Pow(0.05 / ((double)count * count), 1.0 / 5);
        string regime = withTriples ? "zones-2-3" : "zones-2";
        return new(
            Named(regime, count),
            regime,
            new Gas(Box.Cube(1), [new Species("A", 1, pair)], withTriples ? [new Zone(3, triple)] : []),
            [count],
            PositionMethod.Conditioned,
            1);
    }

    private static string Named(string regime, int count) => string.Create(CultureInfo.InvariantCulture, $"{regime}-{count}");
}
