using System.Runtime.CompilerServices;

namespace ActorMD.Physics.Laws;

/// <summary>When k particles reach their common zone, and what they do then. Written for any order k.</summary>
/// <remarks>
/// All members are given in the order of their ids, positions as seen from the first one (shifted by whole box lengths),
/// because sums over more than two members are not symmetric in rounding.
/// </remarks>
public static class TupleEvent
{
    /// <summary>Time at which d_k falls to eps_k [High 1.9-1.10]; +infinity if it never does.</summary>
    /// <param name="positions">Positions of the members at the reference time.</param>
    /// <param name="velocities">Velocities of the members.</param>
    /// <param name="reference">The latest of the members' times.</param>
    /// <param name="distanceSquared">eps_k^2.</param>
    /// <remarks>
    /// d_k^2(t) = D + 2 B s + C s^2 with D, B, C summed over the pairs; the discriminant is formed by the closest approach,
    /// C (eps^2 - sum |r + v s0|^2) with s0 = -B/C, and the root is the stable one.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Time(
        ReadOnlySpan<Vec3> positions, ReadOnlySpan<Vec3> velocities, double reference, double distanceSquared)
    {
        (double d, double b, double c) = QuadraticForm(positions, velocities);
        if (!(b < 0))
        {
            return double.PositiveInfinity;
        }

        double closest = SymmetricDistanceSquared(positions, velocities, -b / c);
        double discriminant = c * (distanceSquared - closest);
        if (!(discriminant > 0))
        {
            return double.PositiveInfinity;
        }

        return reference + Math.Max((d - distanceSquared) / (Math.Sqrt(discriminant) - b), 0.0);
    }

    /// <summary>The three sums over pairs: D = sum |r|^2, B = sum r.v, C = sum |v|^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double D, double B, double C) QuadraticForm(ReadOnlySpan<Vec3> positions, ReadOnlySpan<Vec3> velocities)
    {
        double d = 0, b = 0, c = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            for (int j = i + 1; j < positions.Length; j++)
            {
                Vec3 r = positions[i] - positions[j];
                Vec3 v = velocities[i] - velocities[j];
                d += Vec3.Dot(r, r);
                b += Vec3.Dot(r, v);
                c += Vec3.Dot(v, v);
            }
        }

        return (d, b, c);
    }

    /// <summary>d_k^2 after all members have flown freely for a while.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SymmetricDistanceSquared(
        ReadOnlySpan<Vec3> positions, ReadOnlySpan<Vec3> velocities, double elapsed)
    {
        double sum = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            for (int j = i + 1; j < positions.Length; j++)
            {
                Vec3 r = positions[i] - positions[j] + (velocities[i] - velocities[j]) * elapsed;
                sum += Vec3.Dot(r, r);
            }
        }

        return sum;
    }

    /// <summary>The collision of order k: reflection of the velocities in the mass metric.</summary>
    /// <param name="positions">Positions at the event.</param>
    /// <param name="masses">M_i.</param>
    /// <param name="velocities">v_i, replaced by v_i*.</param>
    /// <returns>The virial sum_i x_i.dp_i of the event. Positive.</returns>
    /// <remarks>
    /// With g_i = k (x_i - xbar): v_i* = v_i - 2 (sum_j g_j.v_j) / (sum_j |g_j|^2/M_j) g_i/M_i. It conserves momentum,
    /// energy and angular momentum and is an involution; for equal masses it is [High 1.13-1.14], for k = 2 [Mix 2.7-2.8].
    /// Neither paper has the case of order k with unlike masses (NOTATION.md).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Collide(ReadOnlySpan<Vec3> positions, ReadOnlySpan<double> masses, Span<Vec3> velocities)
    {
        int order = positions.Length;
        Span<Vec3> gradients = stackalloc Vec3[order];
        Gradients(positions, gradients);
        double approach = 0, metric = 0, radius = 0;
        for (int i = 0; i < order; i++)
        {
            double squared = Vec3.Dot(gradients[i], gradients[i]);
            approach += Vec3.Dot(gradients[i], velocities[i]);
            metric += squared / masses[i];
            radius += squared;
        }

        double multiplier = 2 * approach / metric;
        for (int i = 0; i < order; i++)
        {
            velocities[i] -= multiplier / masses[i] * gradients[i];
        }

        return -multiplier * radius / order; // sum |g|^2 = k d_k^2
    }

    /// <summary>g_i = k (x_i - xbar) = sum_j (x_i - x_j): half the gradient of d_k^2.</summary>
    public static void Gradients(ReadOnlySpan<Vec3> positions, Span<Vec3> gradients)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            Vec3 sum = Vec3.Zero;
            for (int j = 0; j < positions.Length; j++)
            {
                sum += positions[i] - positions[j];
            }

            gradients[i] = sum;
        }
    }
}
