using System.Collections.Immutable;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy.Geometry;

/// <summary>Measures a family of sets at many eta at once.</summary>
public static class MeasureGrid
{
    /// <summary>eta = 2^(-1), 2^(-3/2), ..., falling by sqrt 2.</summary>
    public static ImmutableArray<double> Etas { get; } = [.. Enumerable.Range(2, 12).Select(n => Math.Pow(2, -0.5 * n))];

    /// <summary>Counts the draws in each set.</summary>
    /// <param name="family">The sets.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="stream">Another family, other numbers.</param>
    /// <param name="block">Number of these draws.</param>
    /// <param name="count">Draws.</param>
    public static double[] Count(GeometricFamily family, ulong seed, int stream, int block, int count)
    {
        double[] counts = new double[Etas.Length];
        CounterRandom random = new(seed, RandomStream.HierarchyGeometry, (uint)(stream + 16), (ulong)block << 32);
        for (int n = 0; n < count; n++)
        {
            double critical = family.Draw(ref random);
            for (int e = 0; e < counts.Length && critical <= Etas[e]; e++)
            {
                counts[e]++;
            }
        }

        return counts;
    }
}
