using System.Globalization;
using System.Text;

namespace ActorMD.Studies.Convergence;

/// <summary>The differences and the correlations of a study over eps, both axes logarithmic, as SVG pictures.</summary>
public static class ConvergencePlot
{
    private const double Width = 640, Height = 440, Left = 70, Right = 20, Top = 40, Bottom = 60;

    private static readonly string[] Colors = ["#1f5fa8", "#c0561f", "#3a7d34", "#7a4fa3", "#8a6d1a", "#4d4d4d"];

    /// <summary>The picture for the last time: plain and corrected differences with error bars, and the fitted power.</summary>
    /// <returns>SVG; null when no difference is above its error.</returns>
    public static string? Svg(ConvergenceResult result)
    {
        RateFit fit = result.Fits.Last(f => f.Of == "difference");
        return Draw(
            result, $"{result.Name}: particle system against kinetic equation, time {fit.Time:G4}",
            [
                new Series("difference", Points(result, d => d.All), fit),
                new Series("with the corrections of each N", Points(result, d => d.Corrected), null),
            ]);
    }

    /// <summary>The picture of the correlations of two particles at the last time, by pair of species.</summary>
    /// <returns>SVG; null when no correlation is above its error.</returns>
    public static string? ChaosSvg(ConvergenceResult result)
    {
        string[] pairs = [.. result.Rungs[^1].Times[^1].Chaos.Select(c => c.Pair)];
        double time = result.Rungs[^1].Times[^1].Time;
        return Draw(
            result, $"{result.Name}: correlations of two particles in separated bins, time {time:G4}",
            [
                .. pairs.Select(pair => new Series(
                    pair, Points(result, d => d.Chaos.FirstOrDefault(c => c.Pair == pair)?.All ?? new MeasuredDifference(null, null, 0, 0)),
                    result.ChaosFits.LastOrDefault(f => f.Of == pair))),
            ]);
    }

    private static string? Draw(ConvergenceResult result, FormattableString title, Series[] series)
    {
        (double Eps, double Value, double Error)[] all = [.. series.SelectMany(s => s.Points)];
        if (all.Length == 0)
        {
            return null;
        }

        Scale x = Scale.Over(result.Rungs.Select(r => r.Epsilon), Left, Width - Right);
        Scale y = Scale.Over(all.SelectMany(p => (double[])[Math.Max(p.Value - p.Error, 0.3 * p.Value), p.Value + p.Error]), Height - Bottom, Top);
        StringBuilder svg = new();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"13\">");
        Line(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Text(svg, Left, 22, "start", title);
        foreach (double tick in x.Ticks())
        {
            Line(svg, $"<line x1=\"{x.At(tick):F1}\" x2=\"{x.At(tick):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#dddddd\"/>");
            Text(svg, x.At(tick), Height - Bottom + 18, "middle", $"{tick:G3}");
        }

        foreach (double tick in y.Ticks())
        {
            Line(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.At(tick):F1}\" y2=\"{y.At(tick):F1}\" stroke=\"#dddddd\"/>");
            Text(svg, Left - 8, y.At(tick) + 4, "end", $"{tick:G3}");
        }

        Text(svg, 0.5 * (Left + Width - Right), Height - 18, "middle", $"eps");
        for (int n = 0; n < series.Length; n++)
        {
            string color = Colors[n % Colors.Length];
            Series one = series[n];
            AddFit(svg, one, x, y, color);
            AddPoints(svg, one.Points, x, y, color);
            FormattableString fit = one.Fit is { Exponent: { } r } power
                ? $" ~ eps^{r:F2}, 95 percent interval {power.Lower:F2} to {power.Upper:F2}"
                : (FormattableString)$"";
            double row = Height - Bottom - 8 - 18 * (series.Length - 1 - n);
            Line(svg, $"<rect x=\"{Left + 8}\" y=\"{row - 10:F1}\" width=\"10\" height=\"10\" fill=\"{color}\"/>");
            Text(svg, Left + 24, row, "start", $"{one.Name}{FormattableString.Invariant(fit)}");
        }

        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static (double Eps, double Value, double Error)[] Points(
        ConvergenceResult result, Func<LadderDifference, MeasuredDifference> part) => [.. result.Rungs
            .Select(r => (r.Epsilon, Difference: part(r.Times[^1])))
            .Where(p => p.Difference.Value is not null)
            .Select(p => (p.Epsilon, p.Difference.Value!.Value, p.Difference.Error!.Value))];

    // Through the weighted centre of the points.
    private static void AddFit(StringBuilder svg, Series series, Scale x, Scale y, string color)
    {
        (double Eps, double Value, double Error)[] points = series.Points;
        if (series.Fit?.Exponent is not { } exponent || points.Length == 0)
        {
            return;
        }

        double weight = points.Sum(p => p.Value * p.Value / (p.Error * p.Error));
        double centreX = points.Sum(p => p.Value * p.Value / (p.Error * p.Error) * Math.Log(p.Eps)) / weight;
        double centreY = points.Sum(p => p.Value * p.Value / (p.Error * p.Error) * Math.Log(p.Value)) / weight;
        double first = points.Min(p => p.Eps), last = points.Max(p => p.Eps);
        Line(svg, $"<line x1=\"{x.At(first):F1}\" y1=\"{y.At(Fitted(first)):F1}\" x2=\"{x.At(last):F1}\" y2=\"{y.At(Fitted(last)):F1}\" stroke=\"{color}\" stroke-dasharray=\"5 4\"/>");

        double Fitted(double eps) => Math.Exp(centreY + exponent * (Math.Log(eps) - centreX));
    }

    private static void AddPoints(StringBuilder svg, (double Eps, double Value, double Error)[] points, Scale x, Scale y, string color)
    {
        foreach ((double eps, double value, double error) in points)
        {
            double lower = Math.Max(value - error, 0.3 * value);
            Line(svg, $"<line x1=\"{x.At(eps):F1}\" x2=\"{x.At(eps):F1}\" y1=\"{y.At(lower):F1}\" y2=\"{y.At(value + error):F1}\" stroke=\"{color}\"/>");
            Line(svg, $"<circle cx=\"{x.At(eps):F1}\" cy=\"{y.At(value):F1}\" r=\"4\" fill=\"{color}\"/>");
        }
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(FormattableString.Invariant(text)).Append('\n');

    private static void Text(StringBuilder svg, double x, double y, string anchor, FormattableString text) => Line(
        svg, $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\">{System.Security.SecurityElement.Escape(FormattableString.Invariant(text))}</text>");

    private sealed record Series(string Name, (double Eps, double Value, double Error)[] Points, RateFit? Fit);

    /// <summary>A logarithmic axis.</summary>
    private readonly record struct Scale(double Low, double High, double From, double To)
    {
        public static Scale Over(IEnumerable<double> values, double from, double to)
        {
            double[] all = [.. values];
            return new Scale(all.Min() / 1.2, all.Max() * 1.2, from, to);
        }

        public double At(double value) => From + (To - From) * Math.Log(value / Low) / Math.Log(High / Low);

        /// <summary>1, 2 and 5 times the powers of ten in the range.</summary>
        public IEnumerable<double> Ticks()
        {
            for (int power = (int)Math.Floor(Math.Log10(Low)); power <= (int)Math.Ceiling(Math.Log10(High)); power++)
            {
                foreach (int digit in (int[])[1, 2, 5])
                {
                    double tick = double.Parse(string.Create(CultureInfo.InvariantCulture, $"{digit}e{power}"), CultureInfo.InvariantCulture);
                    if (tick >= Low && tick <= High)
                    {
                        yield return tick;
                    }
                }
            }
        }
    }
}
