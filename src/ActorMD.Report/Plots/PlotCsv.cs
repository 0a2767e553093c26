using System.Globalization;
using System.Text;

namespace ActorMD.Report.Plots;

/// <summary>The numbers of a diagram with all digits: a row per point.</summary>
internal static class PlotCsv
{
    public static string Of(Plot plot)
    {
        StringBuilder text = new($"# {plot.Title}\nseries,{Column(plot.X.Label)},{Column(plot.Y.Label)},error\n");
        foreach (PlotSeries series in plot.Series)
        {
            foreach (PlotPoint point in series.Points)
            {
                string x = plot.X.Words is { } words ? words[(int)point.X] : point.X.ToString("R", CultureInfo.InvariantCulture);
                string error = point.Error > 0 ? point.Error.ToString("R", CultureInfo.InvariantCulture) : "";
                string y = plot.Y.Words is { } names ? names[(int)point.Y] : point.Y.ToString("R", CultureInfo.InvariantCulture);
                text.Append(CultureInfo.InvariantCulture, $"{Column(series.Name)},{Column(x)},{Column(y)},{error}\n");
            }
        }

        return text.ToString();
    }

    private static string Column(string text) =>
        text.AsSpan().IndexOfAny(",\"") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
