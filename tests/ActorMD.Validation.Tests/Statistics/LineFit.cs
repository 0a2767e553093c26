namespace ActorMD.Validation.Tests.Statistics;

/// <summary>The straight line through measured points, weighted by their standard errors.</summary>
/// <param name="Intercept">Value at 0, with its standard error.</param>
/// <param name="Slope">Change per unit of x, with its standard error.</param>
/// <param name="ChiSquared">sum ((y - line)/error)^2, expected to be the number of points less 2.</param>
internal sealed record LineFit(BlockAverage Intercept, BlockAverage Slope, double ChiSquared)
{
    public static LineFit Through(IReadOnlyList<(double X, BlockAverage Y)> points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points.Count, 3, nameof(points));
        double weight = 0, x = 0, y = 0, xx = 0, xy = 0;
        foreach ((double abscissa, BlockAverage ordinate) in points)
        {
            double w = 1 / (ordinate.StandardError * ordinate.StandardError);
            weight += w;
            x += w * abscissa;
            y += w * ordinate.Mean;
            xx += w * abscissa * abscissa;
            xy += w * abscissa * ordinate.Mean;
        }

        double determinant = weight * xx - x * x;
        double intercept = (xx * y - x * xy) / determinant, slope = (weight * xy - x * y) / determinant;
        double chiSquared = points.Sum(p => Square((p.Y.Mean - intercept - slope * p.X) / p.Y.StandardError));
        return new LineFit(
            new BlockAverage(intercept, Math.Sqrt(xx / determinant)),
            new BlockAverage(slope, Math.Sqrt(weight / determinant)),
            chiSquared);
    }

    private static double Square(double value) => value * value;
}
