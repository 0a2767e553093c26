using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Examples.Tests;

/// <summary>
/// How finite density changes the rate of order k in a gas of one species: the share of the ellipsoid E that is free, and
/// the volume that k particles at their zone (k = 2: in contact) forbid to another one.
/// </summary>
/// <remarks>
/// First order of the cluster expansion: the density of k-tuples at positions X is n^k exp(-U) (1 - n (V(X) - k v)), with
/// V(X) the volume in which a further particle overlaps with one of X or is in a zone with some of them, and v the volume
/// that one particle forbids to another; U = 0 where X is in the phase space, infinite elsewhere. What is left out is of size
/// (n V)^2 and includes that a zone of order j needs j - k further particles.
/// </remarks>
/// <param name="Share">Free share of E.</param>
/// <param name="Crowding">n (V - k v), the mean over the free part of E.</param>
internal readonly record struct FirstDensityCorrection(double Share, double Crowding)
{
    private const int TupleCount = 20_000;
    private const int PointCount = 50;

    /// <summary>What the rate of the dilute gas is multiplied with.</summary>
    public double Factor => Share * Math.Exp(-Crowding);

    public static FirstDensityCorrection Of(Gas gas, int count, int order)
    {
        CounterRandom random = new(seed: 3, RandomStream.Testing, (uint)order);
        int dimension = gas.Dimension;
        double density = count / gas.Box.Volume;
        double distance = order == 2 ? gas.DiameterMax : gas.Zones.Single(z => z.Order == order).Distance;
        // The members are within their own distance of the centroid, and what they forbid is within one reach of a member.
        double radius = distance + gas.ReachMax;
        double ball = Ball(dimension, radius);
        Vec3[] tuple = new Vec3[order + 1];
        long free = 0, forbidden = 0;
        for (int n = 0; n < TupleCount; n++)
        {
            DrawAtZone(ref random, dimension, distance, tuple.AsSpan(0, order));
            if (!IsFree(gas, tuple, order, order))
            {
                continue;
            }

            free++;
            for (int m = 0; m < PointCount; m++)
            {
                tuple[order] = DrawInBall(ref random, dimension, radius);
                forbidden += IsFree(gas, tuple, order + 1, order) ? 0 : 1;
            }
        }

        double volume = ball * forbidden / ((double)free * PointCount);
        return new FirstDensityCorrection(
            (double)free / TupleCount, density * (volume - order * Ball(dimension, gas.DiameterMax)));
    }

    private static double Ball(int dimension, double radius) =>
        dimension == 3 ? 4 * Math.PI / 3 * radius * radius * radius : Math.PI * radius * radius;

    private static void DrawAtZone(ref CounterRandom random, int dimension, double distance, Span<Vec3> tuple)
    {
        Vec3 sum = Vec3.Zero;
        foreach (ref Vec3 position in tuple)
        {
            position = random.NextNormalVector(dimension);
            sum += position;
        }

        double squares = 0;
        foreach (ref Vec3 position in tuple)
        {
            position -= sum * (1.0 / tuple.Length);
            squares += position.LengthSquared;
        }

        // d_k^2 = k sum |x_i - xbar|^2
        double factor = distance / Math.Sqrt(tuple.Length * squares);
        foreach (ref Vec3 position in tuple)
        {
            position *= factor;
        }
    }

    private static Vec3 DrawInBall(ref CounterRandom random, int dimension, double radius)
    {
        Vec3 direction = random.NextNormalVector(dimension);
        double length = radius * Math.Pow(random.NextUniform(), 1.0 / dimension);
        return direction * (length / Math.Sqrt(direction.LengthSquared));
    }

    // Whether no subset is inside its zone or overlaps, but for the first members as a whole, which are at theirs.
    private static bool IsFree(Gas gas, ReadOnlySpan<Vec3> positions, int size, int first)
    {
        for (uint subset = 0; subset < 1u << size; subset++)
        {
            int order = System.Numerics.BitOperations.PopCount(subset);
            double distance = order == 2
                ? gas.DiameterMax
                : gas.Zones.FirstOrDefault(z => z.Order == order)?.Distance ?? 0;
            if (order >= 2 && subset != (1u << first) - 1 && SumOfSquares(positions, size, subset) < distance * distance)
            {
                return false;
            }
        }

        return true;
    }

    private static double SumOfSquares(ReadOnlySpan<Vec3> positions, int size, uint subset)
    {
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            for (int j = i + 1; j < size; j++)
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
