using System.Collections.Immutable;
using System.Numerics;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Theory;

/// <summary>
/// How the rate of a collision answers to the density of the other particles, to first order: rate / dilute rate = 1 + sum_s B_s n_s.
/// </summary>
/// <remarks>
/// In equilibrium the density of k colliding particles is the product of their activities, times the chance that no other particle is where
/// the tuple forbids it: z_a = n_a (1 + sum_s n_s v_as + ...), v_as the volume of the ball of radius eps_as, and 1 - sum_s n_s V_s, V_s
/// the volume in which a particle of species s would touch a member, or be inside a zone of any order with some of them. So
/// B_s = sum_i v_(a_i)s - V_s. For pairs without zones this is the volume that the two exclusion spheres share, Enskog's contact value
/// to first order (positive: particles shield each other); for zones it is negative, because only tuples, and no single particle,
/// keep others away. A zone's part of the activity is of second order. Physics, section 6: -1.1 to -1.5 times eps_k^d.
/// </remarks>
public static class DensityResponse
{
    private const int TrialCount = 16;

    /// <summary>
    /// B_s for every species s, by sampling: uniform shapes of the tuple on the free part of its ellipsoid, uniform positions of the other.
    /// </summary>
    /// <param name="gas">Species and zones.</param>
    /// <param name="channel">The collision.</param>
    /// <param name="sampleCount">Shapes; the error of V_s is about 0.3/sqrt of it of the volume sampled.</param>
    /// <param name="seed">Of the draws.</param>
    public static ImmutableArray<double> Of(Gas gas, CollisionChannel channel, int sampleCount = 50_000, ulong seed = 0)
    {
        int order = channel.Order, dimension = gas.Dimension, speciesCount = gas.Species.Length;
        double distance = order == 2 ? gas.ContactDistance(channel.Members[0], channel.Members[1]) : gas.ZoneOf(order)!.Distance;
        double[] diameters = [.. channel.Members.Select(a => gas.Species[a].Diameter)];
        Zone[] lower = [.. gas.Zones.Where(z => z.Order < order)];
        Zone[] zones = [.. gas.Zones.Where(z => z.Order <= order + 1)];
        CounterRandom random = new(seed, RandomStream.ExcludedVolume, (uint)order, (ulong)channel.Members.Sum() << 32);
        Vec3[] members = new Vec3[order];
        double[] squares = new double[order];
        double[] inside = new double[1 << order];
        double[] forbidden = new double[speciesCount];
        int shapes = 0;
        for (int sample = 0; sample < sampleCount; sample++)
        {
            AccessibleShare.DrawAtZone(ref random, dimension, distance, members);
            if (order > 2 && !AccessibleShare.IsFree(members, diameters, lower))
            {
                continue;
            }

            shapes++;
            for (uint subset = 0; subset < inside.Length; subset++)
            {
                inside[subset] = AccessibleShare.SumOfSquares(members, subset);
            }

            double radius = gas.ReachMax + members.Max(m => Math.Sqrt(m.LengthSquared));
            double volume = dimension == 3 ? 8 * radius * radius * radius : 4 * radius * radius;
            for (int trial = 0; trial < TrialCount; trial++)
            {
                Vec3 other = radius * new Vec3(
                    2 * random.NextUniform() - 1, 2 * random.NextUniform() - 1, dimension == 3 ? 2 * random.NextUniform() - 1 : 0);
                for (int i = 0; i < order; i++)
                {
                    squares[i] = (members[i] - other).LengthSquared;
                }

                bool isInZone = IsInZone(zones, squares, inside);
                for (int s = 0; s < speciesCount; s++)
                {
                    forbidden[s] += isInZone || Touches(gas, s, channel.Members, squares) ? volume / TrialCount : 0;
                }
            }
        }

        double ball = dimension == 3 ? 4 * Math.PI / 3 : Math.PI;
        return [.. forbidden.Select(
            (sum, s) => channel.Members.Sum(a => ball * Math.Pow(gas.ContactDistance(a, s), dimension)) - sum / Math.Max(shapes, 1))];
    }

    private static bool Touches(Gas gas, int species, ImmutableArray<int> members, ReadOnlySpan<double> squares)
    {
        for (int i = 0; i < members.Length; i++)
        {
            double contact = gas.ContactDistance(members[i], species);
            if (squares[i] < contact * contact)
            {
                return true;
            }
        }

        return false;
    }

    // The other particle and j-1 of the members, by bit masks: k is small.
    private static bool IsInZone(Zone[] zones, ReadOnlySpan<double> squares, ReadOnlySpan<double> inside)
    {
        foreach (Zone zone in zones)
        {
            for (uint subset = 0; subset < inside.Length; subset++)
            {
                if (BitOperations.PopCount(subset) != zone.Order - 1)
                {
                    continue;
                }

                double sum = inside[(int)subset];
                for (int i = 0; i < squares.Length; i++)
                {
                    sum += (subset >> i & 1) != 0 ? squares[i] : 0;
                }

                if (sum < zone.Distance * zone.Distance)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
