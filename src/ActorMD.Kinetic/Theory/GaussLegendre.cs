namespace ActorMD.Kinetic.Theory;

/// <summary>Gauss's quadrature rule on [-1, 1].</summary>
internal static class GaussLegendre
{
    /// <summary>Nodes and weights of the rule with n points, exact for polynomials of degree 2n - 1.</summary>
    public static IEnumerable<(double Node, double Weight)> Nodes(int n)
    {
        for (int i = 0; i < n; i++)
        {
            double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 0;
            for (int step = 0; step < 20; step++)
            {
                double before = 1, value = x;
                for (int m = 2; m <= n; m++)
                {
                    (before, value) = (value, ((2 * m - 1) * x * value - (m - 1) * before) / m);
                }

                slope = n * (x * value - before) / (x * x - 1);
                x -= value / slope;
            }

            yield return (x, 2 / ((1 - x * x) * slope * slope));
        }
    }
}
