namespace ActorMD.Validation.Tests.Statistics;

/// <summary>How probable it is that samples of a given law lie as far from it as these.</summary>
internal static class KolmogorovSmirnov
{
    /// <summary>The p-value of the largest distance D between the empirical and the given distribution function.</summary>
    /// <remarks>
    /// Q(lambda) = 2 sum (-1)^(j-1) exp(-2 j^2 lambda^2) with lambda = (sqrt n + 0.12 + 0.11/sqrt n) D: Stephens,
    /// J. R. Stat. Soc. B 32, 115 (1970).
    /// </remarks>
    /// <param name="samples">Independent samples; they are sorted in place.</param>
    /// <param name="distribution">The distribution function.</param>
    public static double PValue(double[] samples, Func<double, double> distribution)
    {
        Array.Sort(samples);
        double distance = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            double expected = distribution(samples[i]);
            distance = Math.Max(distance, expected - (double)i / samples.Length);
            distance = Math.Max(distance, (i + 1.0) / samples.Length - expected);
        }

        double root = Math.Sqrt(samples.Length);
        double lambda = (root + 0.12 + 0.11 / root) * distance;
        if (lambda < 0.2)
        {
            return 1; // 1 - Q is below 1e-12 there, and the series converges slowly
        }

        double sum = 0;
        for (int j = 1; j <= 100; j++)
        {
            sum += (j % 2 == 1 ? 2 : -2) * Math.Exp(-2 * j * j * lambda * lambda);
        }

        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>The distribution function of the standard normal law.</summary>
    /// <remarks>1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...): Marsaglia, J. Stat. Softw. 11, 4 (2004).</remarks>
    public static double StandardNormal(double x)
    {
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        double term = x, sum = x;
        for (int n = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + sum * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
    }
}
