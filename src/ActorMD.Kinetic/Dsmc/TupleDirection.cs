using ActorMD.Physics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>Where on the ellipsoid k particles collide.</summary>
internal static class TupleDirection
{
    /// <summary>
    /// Draws the centred positions u_i, up to a common factor, with density proportional to b_+ in the image of the sphere's
    /// measure [High 7.10, 7.17].
    /// </summary>
    /// <param name="deviations">v_i minus their plain mean, not all zero.</param>
    /// <param name="dimension">d.</param>
    /// <param name="random">Of the draws.</param>
    /// <param name="directions">Gets u_i; their sum is 0.</param>
    /// <param name="exponent">gamma: the density is that of b_+^gamma, and R has the density r^gamma exp(-r^2/2).</param>
    /// <remarks>
    /// u is uniform on a sphere of the n = (k-1)d relative dimensions and b is its component along e, the direction of the
    /// deviations. Let Z be a standard normal vector of that space. Z without its component along e, plus R e with R the length
    /// of a normal vector of two dimensions (density r exp(-r^2/2), so r times that of a positive normal component), has the
    /// density b_+ exp(-|u|^2/2): its direction is what is wanted. No rejection, any order.
    /// </remarks>
    public static void Draw(
        ReadOnlySpan<Vec3> deviations, int dimension, ref StreamRandom random, Span<Vec3> directions, double exponent = 1)
    {
        for (int m = 0; m < deviations.Length; m++)
        {
            directions[m] = random.NextNormalVector(dimension);
        }

        Aim(deviations, exponent == 1 ? random.NextRayleigh() : random.NextLength(exponent), directions);
    }

    /// <summary>The same from given draws: for several velocities on the same random numbers.</summary>
    /// <param name="deviations">v_i minus their plain mean, not all zero.</param>
    /// <param name="rayleigh">Length of a vector of two independent standard normal components.</param>
    /// <param name="directions">Independent standard normal vectors; become u_i.</param>
    public static void Aim(ReadOnlySpan<Vec3> deviations, double rayleigh, Span<Vec3> directions)
    {
        int order = deviations.Length;
        Vec3 mean = Vec3.Zero;
        double spread = 0;
        for (int m = 0; m < order; m++)
        {
            mean += directions[m];
            spread += deviations[m].LengthSquared;
        }

        mean *= 1.0 / order;
        double component = 0;
        for (int m = 0; m < order; m++)
        {
            directions[m] -= mean;
            component += Vec3.Dot(directions[m], deviations[m]);
        }

        double root = Math.Sqrt(spread);
        double shift = (rayleigh - component / root) / root;
        for (int m = 0; m < order; m++)
        {
            directions[m] += shift * deviations[m];
        }
    }
}
