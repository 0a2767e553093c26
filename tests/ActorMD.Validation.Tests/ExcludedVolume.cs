using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Validation.Tests.Statistics;

namespace ActorMD.Validation.Tests;

/// <summary>
/// The first density correction of the rate of order k in a gas with that one zone: -n V, where V is the volume in which
/// no other particle can be while k particles collide, because it would be inside a zone with k - 1 of them.
/// </summary>
/// <remarks>
/// In equilibrium the rate is the flux through E of the law conditioned on the phase space; to first order in the density
/// the only effect of the others is that one of them is missing there. Activity and density differ in order n^(k-1) only.
/// For unlike masses the flux weighs the ellipsoid a little unevenly, which changes V by less than its use here can tell.
/// </remarks>
internal static class ExcludedVolume
{
    /// <summary>V in units of eps_k^d, the mean over the ellipsoid, sampled.</summary>
    public static BlockAverage Of(int order, int dimension, int sampleCount, ulong seed)
    {
        CounterRandom random = new(FreshSeeds.Of(seed), RandomStream.Testing);
        // A member is at most sqrt((k-1)/k) eps/sqrt(k) from the centroid, and the other at most eps sqrt(2/k) from it.
        double radius = (Math.Sqrt((order - 1.0) / order) + Math.Sqrt(2)) / Math.Sqrt(order);
        double volume = dimension == 3 ? 8 * radius * radius * radius : 4 * radius * radius;
        Vec3[] members = new Vec3[order];
        double[] blocks = new double[32];
        for (int block = 0; block < blocks.Length; block++)
        {
            int hits = 0;
            for (int n = 0; n < sampleCount / blocks.Length; n++)
            {
                DrawAtZone(ref random, dimension, members);
                Vec3 other = new(
                    radius * (2 * random.NextUniform() - 1),
                    radius * (2 * random.NextUniform() - 1),
                    dimension == 3 ? radius * (2 * random.NextUniform() - 1) : 0);
                hits += IsForbidden(members, other) ? 1 : 0;
            }

            blocks[block] = volume * hits / (sampleCount / blocks.Length);
        }

        return BlockAverage.Of(blocks);
    }

    // Uniform on d_k = 1 with centroid 0: d_k^2 = k sum |x_i|^2.
    private static void DrawAtZone(ref CounterRandom random, int dimension, Vec3[] members)
    {
        Vec3 sum = Vec3.Zero;
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = random.NextNormalVector(dimension);
            sum += members[i];
        }

        double squared = 0;
        for (int i = 0; i < members.Length; i++)
        {
            members[i] -= sum * (1.0 / members.Length);
            squared += members[i].LengthSquared;
        }

        for (int i = 0; i < members.Length; i++)
        {
            members[i] *= 1 / Math.Sqrt(members.Length * squared);
        }
    }

    // Whether replacing one member by the other gives a tuple inside the zone. With all k+1 particles, D = sum over all pairs,
    // leaving out one particle takes away its squared distances to the k others.
    private static bool IsForbidden(ReadOnlySpan<Vec3> members, Vec3 other)
    {
        double all = 1;
        foreach (Vec3 member in members)
        {
            all += (member - other).LengthSquared;
        }

        foreach (Vec3 left in members)
        {
            double taken = (left - other).LengthSquared;
            foreach (Vec3 member in members)
            {
                taken += (left - member).LengthSquared;
            }

            if (all - taken < 1)
            {
                return true;
            }
        }

        return false;
    }
}
