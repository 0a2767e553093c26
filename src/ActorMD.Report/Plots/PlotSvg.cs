using ActorMD.Studies.Output;

namespace ActorMD.Report.Plots;

/// <summary>A diagram as SVG: for papers, for printing, and for readers without scripts.</summary>
internal static class PlotSvg
{
    public static string Of(Plot plot)
    {
        Picture picture = new(plot.Title, plot.X.Label, plot.Y.Label, plot.X.IsLog, plot.Y.IsLog);
        if (plot.X.Words is { } words)
        {
            picture.NameX(words);
        }

        if (plot.Y.Words is { } names)
        {
            picture.NameY(names);
        }

        if (plot.X.IsWhole)
        {
            picture.CountX();
        }

        foreach (PlotSeries series in plot.Series)
        {
            if (series.Style == PlotStyle.Points)
            {
                picture.AddPoints(series.Name, series.Points.Select(p => (p.X, p.Y, p.Error)), series.Color);
            }
            else if (plot.X.Words is not null)
            {
                AddDashes(picture, series);
            }
            else
            {
                picture.AddLine(series.Name, series.Points
                    .Select(p => (p.X, p.Y)), series.Color, isDashed: series.Style == PlotStyle.Theory);
            }
        }

        return picture.ToSvg();
    }

    // Between words there is nothing that a line could join.
    private static void AddDashes(Picture picture, PlotSeries series)
    {
        const double HalfWidth = 0.3;
        for (int k = 0; k < series.Points.Length; k++)
        {
            PlotPoint p = series.Points[k];
            picture.AddLine(k == 0 ? series.Name : null, [(p.X - HalfWidth, p.Y), (p.X + HalfWidth, p.Y)], series.Color, isDashed: true);
        }
    }
}
