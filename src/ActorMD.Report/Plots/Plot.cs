using System.Collections.Immutable;

namespace ActorMD.Report.Plots;

/// <summary>A diagram as data: the page draws it, and files hold it as SVG and CSV.</summary>
/// <param name="Id">Name of its files and anchors: letters, digits and dashes.</param>
/// <param name="Title">Above it.</param>
/// <param name="X">What is drawn to the right.</param>
/// <param name="Y">What is drawn upwards.</param>
/// <param name="Series">Curves and points.</param>
internal sealed record Plot(string Id, string Title, PlotAxis X, PlotAxis Y, ImmutableArray<PlotSeries> Series)
{
    /// <summary>A sentence under it: what is seen, and where the theory comes from.</summary>
    public string? Note { get; init; }

    /// <summary>Whether anything can be shown.</summary>
    public bool IsEmpty => Series.All(series => series.Points.IsEmpty);

    /// <summary>The same without series that have no point, and on logarithmic axes without points that such an axis cannot show.</summary>
    public Plot Shown() => this with
    {
        Series =
        [
            .. Series.Select(series => series with
            {
                Points = [.. series.Points
                    .Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y) && (!X.IsLog || p.X > 0) && (!Y.IsLog || p.Y > 0)).OrderBy(
                    p => p.X)],
            }).Where(series => !series.Points.IsEmpty),
        ],
    };
}

/// <summary>An axis of a diagram.</summary>
/// <param name="Label">What it measures, with its unit.</param>
/// <param name="IsLog">Whether it is logarithmic.</param>
internal sealed record PlotAxis(string Label, bool IsLog = false)
{
    /// <summary>Words at 0, 1, 2, ... in place of numbers; null: numbers.</summary>
    public ImmutableArray<string>? Words { get; init; }

    /// <summary>Whether only whole numbers make sense.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>A curve or a set of points.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Color">Number of its colour; the same number means the same thing in a diagram.</param>
/// <param name="Points">By rising x.</param>
internal sealed record PlotSeries(string Name, PlotStyle Style, int Color, ImmutableArray<PlotPoint> Points);

/// <summary>A point, with its standard error; 0: none is shown.</summary>
internal readonly record struct PlotPoint(double X, double Y, double Error = 0);

/// <summary>How a series is drawn.</summary>
internal enum PlotStyle
{
    /// <summary>What was measured, as a line.</summary>
    Line,

    /// <summary>What was measured, as points with error bars.</summary>
    Points,

    /// <summary>What theory says, as a dashed line.</summary>
    Theory,
}
