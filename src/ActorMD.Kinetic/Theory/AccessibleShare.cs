using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Theory;

/// <summary>The share of the ellipsoid E of an order that the lower orders leave free, with the standard error of its sampling.</summary>
public readonly record struct AccessibleShare(double Value, double StandardError)
{
    /// <summary>
    /// Samples the configurations in which k particles reach their zone, and counts those in which no pair overlaps and no
    /// smaller tuple is inside its own zone.
    /// </summary>
    /// <param name="dimension">d.</param>
    /// <param name="zone">The zone of order k.</param>
    /// <param name="diameters">Of the k members.</param>
    /// <param name="zones">All zones; those of lower order forbid.</param>
    /// <param name="variances">T_i/M_i of the members; empty when all are equal.</param>
    /// <param name="sampleCount">Number of samples; the standard error is about 0.5/sqrt of it at most.</param>
    /// <param name="seed">Of the draws.</param>
    /// <remarks>
    /// Uniform theta on the sphere of the (k-1)d relative dimensions, mapped to E by w = L^-1 theta [High 7.10, 7.17]: any L
    /// with |L w|^2 = q(w) gives the same, and centred positions with sum |u_i|^2 = eps_k^2/k are one. A sample weighs as much
    /// as it collides, by the spread of its approach speed, sqrt(sum |u_i|^2 T_i/M_i): alike for equal masses and
    /// temperatures. So the closed rate times this share is the rate.
    /// </remarks>
    public static AccessibleShare Of(
        int dimension,
        Zone zone,
        ReadOnlySpan<double> diameters,
        ImmutableArray<Zone> zones,
        ReadOnlySpan<double> variances = default,
        int sampleCount = 100_000,
        ulong seed = 0)
    {
        Zone[] lower = [.. zones.Where(z => z.Order < zone.Order)];
        CounterRandom random = new(seed, RandomStream.EllipsoidSampling, (uint)zone.Order);
        Vec3[] positions = new Vec3[zone.Order];
        double freeWeight = 0, weight = 0, freeSquared = 0, squared = 0;
        for (int n = 0; n < sampleCount; n++)
        {
            DrawAtZone(ref random, dimension, zone.Distance, positions);
            double sample = Weight(positions, variances);
            weight += sample;
            squared += sample * sample;
            if (IsFree(positions, diameters, lower))
            {
                freeWeight += sample;
                freeSquared += sample * sample;
            }
        }

        // The error of a ratio of sums: sum w^2 (free - share)^2 over (sum w)^2.
        double share = freeWeight / weight;
        double spread = freeSquared * (1 - 2 * share) + share * share * squared;
        return new AccessibleShare(share, Math.Sqrt(Math.Max(spread, 0)) / weight);
    }

    private static double Weight(ReadOnlySpan<Vec3> positions, ReadOnlySpan<double> variances)
    {
        if (variances.IsEmpty)
        {
            return 1;
        }

        double sum = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            sum += positions[i].LengthSquared * variances[i];
        }

        return Math.Sqrt(sum);
    }

    // Positions about the centroid with d_k = eps_k, uniform on that sphere.
    internal static void DrawAtZone(ref CounterRandom random, int dimension, double distance, Span<Vec3> positions)
    {
        Vec3 centroid = Vec3.Zero;
        foreach (ref Vec3 position in positions)
        {
            position = random.NextNormalVector(dimension);
            centroid += position * (1.0 / positions.Length);
        }

        double sum = 0;
        foreach (ref Vec3 position in positions)
        {
            position -= centroid;
            sum += position.LengthSquared;
        }

        double factor = distance / Math.Sqrt(positions.Length * sum);
        foreach (ref Vec3 position in positions)
        {
            position *= factor;
        }
    }

    internal static bool IsFree(ReadOnlySpan<Vec3> positions, ReadOnlySpan<double> diameters, Zone[] lower)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            for (int j = i + 1; j < positions.Length; j++)
            {
                double contact = 0.5 * (diameters[i] + diameters[j]);
                if ((positions[i] - positions[j]).LengthSquared < contact * contact)
                {
                    return false;
                }
            }
        }

        // Subsets of the members as bit masks: k is small.
        foreach (Zone zone in lower)
        {
            for (uint subset = 0; subset < 1u << positions.Length; subset++)
            {
                if (System.Numerics.BitOperations.PopCount(subset) == zone.Order
                    && SumOfSquares(positions, subset) < zone.Distance * zone.Distance)
                {
                    return false;
                }
            }
        }

        return true;
    }

    internal static double SumOfSquares(ReadOnlySpan<Vec3> positions, uint subset)
    {
        double sum = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            for (int j = i + 1; j < positions.Length; j++)
            {
                if ((subset >> i & subset >> j & 1) != 0)
                {
                    sum += (positions[i] - positions[j]).LengthSquared;
                }
            }
        }

        return sum;
    }
}
