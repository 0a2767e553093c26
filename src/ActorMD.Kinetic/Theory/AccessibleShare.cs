using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic;

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
    /// <param name="sampleCount">Number of samples; the standard error is at most 0.5/sqrt of it.</param>
    /// <param name="seed">Of the draws.</param>
    /// <remarks>
    /// Uniform theta on the sphere of the (k-1)d relative dimensions, mapped to E by w = L^-1 theta [High 7.10, 7.17]: any L
    /// with |L w|^2 = q(w) gives the same, and centred positions with sum |u_i|^2 = eps_k^2/k are one. The samples count
    /// alike; the collision rate weighs them so for equal masses (and to a few percent otherwise).
    /// </remarks>
    public static AccessibleShare Of(
        int dimension,
        Zone zone,
        ReadOnlySpan<double> diameters,
        ImmutableArray<Zone> zones,
        int sampleCount = 100_000,
        ulong seed = 0)
    {
        Zone[] lower = [.. zones.Where(z => z.Order < zone.Order)];
        CounterRandom random = new(seed, RandomStream.EllipsoidSampling, (uint)zone.Order);
        Vec3[] positions = new Vec3[zone.Order];
        int free = 0;
        for (int n = 0; n < sampleCount; n++)
        {
            DrawAtZone(ref random, dimension, zone.Distance, positions);
            if (IsFree(positions, diameters, lower))
            {
                free++;
            }
        }

        double share = (double)free / sampleCount;
        return new AccessibleShare(share, Math.Sqrt(share * (1 - share) / sampleCount));
    }

    // Positions about the centroid with d_k = eps_k, uniform on that sphere.
    private static void DrawAtZone(ref CounterRandom random, int dimension, double distance, Span<Vec3> positions)
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

    private static bool IsFree(ReadOnlySpan<Vec3> positions, ReadOnlySpan<double> diameters, Zone[] lower)
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

    private static double SumOfSquares(ReadOnlySpan<Vec3> positions, uint subset)
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
