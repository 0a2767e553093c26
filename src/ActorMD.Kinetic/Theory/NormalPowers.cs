namespace ActorMD.Kinetic.Theory;

/// <summary>Means of powers of normal numbers and of lengths of normal vectors.</summary>
internal static class NormalPowers
{
    /// <summary>
    /// The mean of the length of a vector of n independent standard normal components to the power p: 2^(p/2) Gamma((n+p)/2)/Gamma(n/2).
    /// </summary>
    public static double OfLength(int n, double p) => Math.Exp(0.5 * p * Math.Log(2) + LogGamma(0.5 * (n + p)) - LogGamma(0.5 * n));

    /// <summary>The mean of the positive part of a standard normal number to the power p, which is 1/2 for p = 0.</summary>
    public static double OfPositivePart(double p) => 0.5 * OfLength(1, p);

    /// <summary>ln Gamma(x) for x &gt; 0; relative error below 1e-14.</summary>
    /// <remarks>Lanczos' series with g = 7 and 9 terms; Press et al., Numerical Recipes, 6.1.</remarks>
    public static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms =
        [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double sum = 0.99999999999980993, y = x - 1;
        for (int n = 0; n < terms.Length; n++)
        {
            sum += terms[n] / (y + n + 1);
        }

        double t = y + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (y + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
