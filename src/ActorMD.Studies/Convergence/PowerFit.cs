namespace ActorMD.Studies.Convergence;

/// <summary>Fits y = c x^r through points with errors.</summary>
internal static class PowerFit
{
    /// <summary>r of the weighted straight line of ln y over ln x.</summary>
    /// <param name="points">x, y and the standard error of y; all above 0.</param>
    public static double Exponent(IReadOnlyList<(double X, double Y, double Error)> points)
    {
        double weight = 0, x = 0, y = 0, xx = 0, xy = 0;
        foreach ((double abscissa, double ordinate, double error) in points)
        {
            double w = ordinate * ordinate / (error * error), lx = Math.Log(abscissa), ly = Math.Log(ordinate);
            weight += w;
            x += w * lx;
            y += w * ly;
            xx += w * lx * lx;
            xy += w * lx * ly;
        }

        return (weight * xy - x * y) / (weight * xx - x * x);
    }

    /// <summary>The standard error of <see cref="Exponent"/> from those of the points.</summary>
    public static double ExponentError(IReadOnlyList<(double X, double Y, double Error)> points)
    {
        double weight = 0, x = 0, xx = 0;
        foreach ((double abscissa, double ordinate, double error) in points)
        {
            double w = ordinate * ordinate / (error * error), lx = Math.Log(abscissa);
            weight += w;
            x += w * lx;
            xx += w * lx * lx;
        }

        return Math.Sqrt(weight / (weight * xx - x * x));
    }
}
