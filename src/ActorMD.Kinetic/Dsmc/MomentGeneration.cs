using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>How fast collisions of order k tear down a high moment: dm_p/dt is about -g_k(p) m_(p+1) per mean collision.</summary>
/// <remarks>
/// In a high moment fast particles count, and each meets k - 1 slow ones. It collides kappa_k v times as often as the mean (velocities in
/// thermal units), kappa_k = sqrt(k-1)/(sqrt(k) E chi_((k-1)d)), and leaves A_p = E[sum (E_i*/E)^(p/2)] of its own moment, over the k
/// energies after it: g = kappa_k (1 - A_p). Pairs: 1 - A_p = (p-2)/(p+2) in space, 1 - 1/(p+1) - (sqrt(pi)/2) Gamma(p/2+1)/Gamma(p/2+3/2)
/// in the plane; higher orders by sampling.
/// </remarks>
public static class MomentGeneration
{
    private const int SampleCount = 400_000;

    /// <summary>kappa_k: collisions of a particle of speed v, over v and the mean rate.</summary>
    public static double TailRate(int order, int dimension) =>
        Math.Sqrt((order - 1.0) / order) / NormalPowers.OfLength((order - 1) * dimension, 1);

    /// <summary>g_k(p), to three digits.</summary>
    /// <param name="order">k.</param>
    /// <param name="dimension">d.</param>
    /// <param name="power">p of |v|^p.</param>
    public static double Constant(int order, int dimension, int power) => TailRate(order, dimension) * (1 - Left(order, dimension, power));

    private static double Left(int order, int dimension, int p)
    {
        if (order == 2)
        {
            return dimension == 3
                ? 1 - (p - 2.0) / (p + 2)
                : 1.0 / (p + 1)
                    + 0.5 * Math.Sqrt(Math.PI) * Math.Exp(NormalPowers.LogGamma(0.5 * p + 1) - NormalPowers.LogGamma(0.5 * p + 1.5));
        }

        StreamRandom random = new(new StepKey(1, RandomStream.EllipsoidSampling, order, dimension), p);
        Span<Vec3> deviations = stackalloc Vec3[order], directions = stackalloc Vec3[order], velocities = stackalloc Vec3[order];
        double[] masses = [.. Enumerable.Repeat(1.0, order)];
        double sum = 0;
        for (int n = 0; n < SampleCount; n++)
        {
            velocities.Clear();
            velocities[0] = new Vec3(1, 0, 0);
            for (int m = 0; m < order; m++)
            {
                deviations[m] = velocities[m] - new Vec3(1.0 / order, 0, 0);
            }

            TupleDirection.Draw(deviations, dimension, ref random, directions);
            TupleEvent.Collide(directions, masses, velocities);
            foreach (Vec3 velocity in velocities)
            {
                sum += Math.Pow(velocity.LengthSquared, 0.5 * p);
            }
        }

        return sum / SampleCount;
    }
}
