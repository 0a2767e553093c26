using ActorMD.Physics.Numerics;

namespace ActorMD.Physics.Laws;

/// <summary>When two spheres touch, and what they do then.</summary>
/// <remarks>
/// These are the reference operations: the engine's vectorised kernels perform the same IEEE operations in the same order
/// and are tested bit for bit against them. Every result is the same when the two particles are exchanged.
/// </remarks>
public static class PairEvent
{
    /// <summary>Time of contact of two free flights; +infinity if they miss.</summary>
    /// <param name="a">One particle.</param>
    /// <param name="b">The other.</param>
    /// <param name="shift">Added to b's position: whole box lengths, so that a sees the right image of b.</param>
    /// <param name="distanceSquared">eps_ab^2.</param>
    /// <remarks>
    /// |r + v s|^2 = eps^2 from the reference time max(t_a, t_b) on. The discriminant B^2 - C (D - eps^2) is formed as
    /// C eps^2 - |r x v|^2 (Lagrange's identity), which loses only digits like |r|/eps, not its square; the root is the
    /// stable one, s = (D - eps^2) / (-B + sqrt(disc)). A tiny rounding overlap that approaches is an event at the
    /// reference time; one that recedes is none.
    /// </remarks>
    public static double Time(in ParticleState a, in ParticleState b, Vec3 shift, double distanceSquared)
    {
        double reference = Math.Max(a.Time, b.Time);
        Vec3 r = b.Position + b.Velocity * (reference - b.Time) - (a.Position + a.Velocity * (reference - a.Time)) + shift;
        Vec3 v = b.Velocity - a.Velocity;
        double approach = Vec3.Dot(r, v);
        if (!(approach < 0))
        {
            return double.PositiveInfinity;
        }

        double discriminant = Vec3.Dot(v, v) * distanceSquared - Vec3.Cross(r, v).LengthSquared;
        if (!(discriminant > 0))
        {
            return double.PositiveInfinity;
        }

        double gap = Vec3.Dot(r, r) - distanceSquared;
        return reference + Math.Max(gap / (Math.Sqrt(discriminant) - approach), 0.0);
    }

    /// <summary>The elastic collision [Mix 2.7-2.8], with the actual distance as normal length so that energy is exact.</summary>
    /// <param name="r">x_b - x_a at contact, nearest image.</param>
    /// <param name="massA">M_a.</param>
    /// <param name="massB">M_b.</param>
    /// <param name="velocityA">v_a, replaced by v_a*.</param>
    /// <param name="velocityB">v_b, replaced by v_b*.</param>
    /// <returns>The virial sum_i x_i.dp_i of the event: -2 mu (r.v), mu the reduced mass. Positive.</returns>
    /// <remarks>
    /// No rounded factor may depend on the masses alone, like 2 M_b/(M_a + M_b): its error would have the same sign in every
    /// collision of two species, and the energy would drift by some 1e-16 T each time instead of walking at random. So
    /// M_a + M_b is taken to twice the precision, and rounded only together with |r|^2.
    /// </remarks>
    public static double Collide(Vec3 r, double massA, double massB, ref Vec3 velocityA, ref Vec3 velocityB)
    {
        Vec3 v = velocityB - velocityA;
        double approach = Vec3.Dot(r, v);
        (double sum, double lost) = MassSum(massA, massB);
        double squared = Vec3.Dot(r, r);
        double scale = 2 * approach / Inertia(sum, lost, squared);
        velocityA += massB * scale * r;
        velocityB -= massA * scale * r;
        return -(2 * (massA * massB) / sum) * approach;
    }

    /// <summary>(sum + lost) |r|^2, rounded once: the rounding then differs from collision to collision.</summary>
    public static double Inertia(double sum, double lost, double squared)
    {
        double product = sum * squared;
        return product + (ExactProduct.Error(sum, squared, product) + lost * squared);
    }

    /// <summary>M_a + M_b to twice the precision: the rounded sum, and what the rounding lost.</summary>
    public static (double Sum, double Lost) MassSum(double massA, double massB)
    {
        double heavier = Math.Max(massA, massB), lighter = Math.Min(massA, massB);
        double sum = heavier + lighter;
        return (sum, lighter - (sum - heavier));
    }
}
