namespace ActorMD.Kinetic.Theory;

/// <summary>Gauss's quadrature rule for the standard normal law.</summary>
internal static class GaussHermite
{
    /// <summary>Nodes and weights of the rule with n points, exact for the mean of polynomials of degree 2n - 1; n up to 64.</summary>
    public static (double Node, double Weight)[] Nodes(int n)
    {
        (double, double)[] rule = new (double, double)[n];
        // The nodes are the zeros of the orthonormal Hermite polynomial, from the largest one down. Newton's method with the zeros
        // found so far divided out comes to the next one from the right, without passing it.
        double[] zeros = new double[n];
        for (int i = 0; i < n; i++)
        {
            double x = 2 * Math.Sqrt(n);
            for (int step = 0; step < 200; step++)
            {
                (double value, double before) = Evaluate(n, x);
                double slope = Math.Sqrt(n) * before;
                double repelled = 0;
                for (int other = 0; other < i; other++)
                {
                    repelled += 1 / (x - zeros[other]);
                }

                double change = value / (slope - value * repelled);
                x -= change;
                if (Math.Abs(change) < 1e-14 * Math.Max(1, Math.Abs(x)))
                {
                    break;
                }
            }

            zeros[i] = x;
            (_, double last) = Evaluate(n, x);
            rule[i] = (x, 1 / (n * last * last));
        }

        return rule;
    }

    // The orthonormal polynomials of degrees n and n - 1.
    private static (double Value, double Before) Evaluate(int n, double x)
    {
        double before = 0, value = 1;
        for (int m = 1; m <= n; m++)
        {
            (before, value) = (value, (x * value - Math.Sqrt(m - 1) * before) / Math.Sqrt(m));
        }

        return (value, before);
    }
}
