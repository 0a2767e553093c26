using ActorMD.Kinetic.Theory;

namespace ActorMD.Kinetic.Hierarchy.Geometry;

/// <summary>The regularised incomplete beta function, for half-integer parameters.</summary>
internal static class Beta
{
    /// <summary>I_x(a, b), the share of the law with density t^(a-1) (1-t)^(b-1) below x; error below 1e-12.</summary>
    /// <remarks>The continued fraction of Lentz; Press et al., Numerical Recipes, 6.4.</remarks>
    public static double Regularised(double a, double b, double x)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        double factor = Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) - LogBeta(a, b));
        return x < (a + 1) / (a + b + 2) ? factor * Fraction(a, b, x) / a : 1 - factor * Fraction(b, a, 1 - x) / b;
    }

    // ln B(a, b) by Gamma(n/2) = 2 pi^(n/2) / |S^(n-1)|.
    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    private static double LogGamma(double x) => Math.Log(2) + x * Math.Log(Math.PI) - Math.Log(SphereArea.InSpace((int)Math.Round(2 * x)));

    private static double Fraction(double a, double b, double x)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 - (a + b) * x / (a + 1);
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        double h = d;
        for (int m = 1; m < 300; m++)
        {
            h *= Step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
            double delta = Step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
            h *= delta;
            if (Math.Abs(delta - 1) < 1e-15)
            {
                break;
            }
        }

        return h;

        double Step(double coefficient)
        {
            d = 1 + coefficient * d;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = 1 + coefficient / c;
            c = Math.Abs(c) < Tiny ? Tiny : c;
            return d * c;
        }
    }
}
