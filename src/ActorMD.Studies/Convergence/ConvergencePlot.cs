using ActorMD.Studies.Output;

namespace ActorMD.Studies.Convergence;

/// <summary>The differences and the correlations of a study over eps, both axes logarithmic, as SVG pictures.</summary>
public static class ConvergencePlot
{
    /// <summary>The picture for the last time: plain and corrected differences with error bars, and the fitted power.</summary>
    /// <returns>SVG; null when no difference is above its error.</returns>
    public static string? Svg(ConvergenceResult result)
    {
        RateFit fit = result.Fits.Last(f => f.Of == "difference");
        return Draw(
            FormattableString.Invariant($"{result.Name}: particle system against kinetic equation, time {fit.Time:G4}"), "difference",
            [
                new Curve("difference", Points(result, d => d.All), fit),
                new Curve("with the corrections of each N", Points(result, d => d.Corrected), null),
            ]);
    }

    /// <summary>The picture of the correlations of two particles at the last time, by pair of species.</summary>
    /// <returns>SVG; null when no correlation is above its error.</returns>
    public static string? ChaosSvg(ConvergenceResult result)
    {
        string[] pairs = [.. result.Rungs[^1].Times[^1].Chaos.Select(c => c.Pair)];
        double time = result.Rungs[^1].Times[^1].Time;
        return Draw(
            FormattableString.Invariant($"{result.Name}: correlations of two particles in separated bins, time {time:G4}"), "correlation",
            [
                .. pairs.Select(pair => new Curve(
                    pair, Points(result, d => d.Chaos.FirstOrDefault(c => c.Pair == pair)?.All ?? new MeasuredDifference(null, null, 0, 0)),
                    result.ChaosFits.LastOrDefault(f => f.Of == pair))),
            ]);
    }

    private static string? Draw(string title, string y, Curve[] curves)
    {
        if (curves.All(curve => curve.Points.Length == 0))
        {
            return null;
        }

        Picture picture = new(title, "eps", y, isLogX: true, isLogY: true);
        for (int n = 0; n < curves.Length; n++)
        {
            Curve curve = curves[n];
            string fit = curve.Fit is { Exponent: { } r } power
                ? FormattableString.Invariant($" ~ eps^{r:F2}, 95 percent interval {power.Lower:F2} to {power.Upper:F2}")
                : "";
            picture.AddPoints(curve.Name + fit, curve.Points, n);
            picture.AddLine(null, Fitted(curve), n, isDashed: true);
        }

        return picture.ToSvg();
    }

    private static (double Eps, double Value, double Error)[] Points(
        ConvergenceResult result, Func<LadderDifference, MeasuredDifference> part) => [.. result.Rungs
            .Select(r => (r.Epsilon, Difference: part(r.Times[^1])))
            .Where(p => p.Difference.Value is not null)
            .Select(p => (p.Epsilon, p.Difference.Value!.Value, p.Difference.Error!.Value))];

    // The fitted power through the weighted centre of the points; nothing without a fit.
    private static (double Eps, double Value)[] Fitted(Curve curve)
    {
        (double Eps, double Value, double Error)[] points = curve.Points;
        if (curve.Fit?.Exponent is not { } exponent || points.Length == 0)
        {
            return [];
        }

        double weight = points.Sum(p => p.Value * p.Value / (p.Error * p.Error));
        double centreX = points.Sum(p => p.Value * p.Value / (p.Error * p.Error) * Math.Log(p.Eps)) / weight;
        double centreY = points.Sum(p => p.Value * p.Value / (p.Error * p.Error) * Math.Log(p.Value)) / weight;
        return [.. ((double[])[points.Min(p => p.Eps), points.Max(p => p.Eps)]).Select(eps => (eps, Math.Exp(centreY + exponent * (Math.Log(eps) - centreX))))];
    }

    private sealed record Curve(string Name, (double Eps, double Value, double Error)[] Points, RateFit? Fit);
}
