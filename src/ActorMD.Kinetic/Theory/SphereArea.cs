namespace ActorMD.Kinetic.Theory;

/// <summary>Areas of unit spheres and of the ellipsoids on which collisions of higher order live.</summary>
public static class SphereArea
{
    /// <summary>
    /// |S^(n-1)|, the area of the unit sphere in R^n: 2 pi^(n/2) / Gamma(n/2). For n = 2: 2 pi, n = 3: 4 pi, n = 6: pi^3.
    /// </summary>
    public static double InSpace(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        // |S^0| = 2, |S^1| = 2 pi, |S^(n-1)| = |S^(n-3)| 2 pi/(n-2).
        double area = n % 2 == 0 ? 2 * Math.PI : 2;
        for (int m = n % 2 == 0 ? 4 : 3; m <= n; m += 2)
        {
            area *= 2 * Math.PI / (m - 2);
        }

        return area;
    }

    /// <summary>
    /// |E| of the collisions of order k, in the measure of the kinetic equation: the image of dS under w = L^-1 theta, so
    /// |E| = |S^((k-1)d-1)| k^(-(k-2)d/2) [High 2.5, 7.10, 7.17].
    /// </summary>
    public static double OfEllipsoid(int order, int dimension) =>
        InSpace((order - 1) * dimension) * Math.Pow(order, -0.5 * (order - 2) * dimension);

    /// <summary>Mean length of a vector of n independent standard normal components: sqrt(2) Gamma((n+1)/2) / Gamma(n/2).</summary>
    /// <remarks>Gamma(n/2) = 2 pi^(n/2) / |S^(n-1)|.</remarks>
    internal static double MeanNormalLength(int n) => Math.Sqrt(2 * Math.PI) * InSpace(n) / InSpace(n + 1);
}
