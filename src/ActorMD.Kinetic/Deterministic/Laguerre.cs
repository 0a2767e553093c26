namespace ActorMD.Kinetic.Deterministic;

/// <summary>Generalised Laguerre polynomials L_n^(alpha): the basis for functions of a squared speed.</summary>
internal static class Laguerre
{
    /// <summary>L_0..L_(count-1) at x.</summary>
    public static void Evaluate(double alpha, double x, Span<double> values)
    {
        double before = 0, value = 1;
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = value;
            (before, value) = (value, ((2 * n + 1 + alpha - x) * value - (n + alpha) * before) / (n + 1));
        }
    }

    /// <summary>The mean square of L_n when x has the Gamma law of shape alpha + 1: Gamma(n + alpha + 1)/(n! Gamma(alpha + 1)).</summary>
    public static double Norm(double alpha, int n)
    {
        double norm = 1;
        for (int m = 1; m <= n; m++)
        {
            norm *= (m + alpha) / m;
        }

        return norm;
    }
}
