using System.Collections.Immutable;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>A table of an observable, and how its curves are taken out of it.</summary>
/// <param name="Table">Its rows.</param>
/// <param name="File">Without folder and suffix, as in <c>observable-rdf</c>.</param>
/// <param name="Place">Before the ids of diagrams, where several folders stand side by side.</param>
/// <param name="Suffix">Behind titles, likewise.</param>
internal sealed record ObservableTable(CsvTable Table, string File, string Place, string Suffix)
{
    /// <summary>More points than this are a line.</summary>
    private const int PointsMax = 40;

    /// <summary>Delays whose steps grow more than this are shown on a logarithmic axis.</summary>
    private const double LogarithmicGrowth = 5;

    /// <summary>The table's, where the case gave it one of its own; it tells two observables of one kind apart.</summary>
    public string Named(string kind)
    {
        string name = File["observable-".Length..];
        return name.StartsWith(kind, StringComparison.Ordinal) ? Suffix : $" ({name}){Suffix}";
    }

    /// <summary>An axis of the delays in column time.</summary>
    public PlotAxis Delay()
    {
        double[] times = [.. Enumerable.Range(0, Table.Count).Select(row => Table.Number(row, "time")).Where(time => time > 0)];
        return new PlotAxis("delay", IsLog: times.Length > 3 && times[^2] - times[^3] > LogarithmicGrowth * (times[1] - times[0]));
    }

    /// <summary>A diagram of this table.</summary>
    public PlotBlock? Plot(string what, string title, PlotAxis x, PlotAxis y, IEnumerable<PlotSeries> series, string? note = null)
    {
        string id = string.Concat($"{Place}{File}-{what}".Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
        Plot plot = new Plot(id, title, x, y, [.. series]) { Note = note }.Shown();
        return plot.IsEmpty ? null : new PlotBlock(plot);
    }

    /// <summary>A curve of a column for each word of another one.</summary>
    public IEnumerable<PlotSeries> ByWord(
        string word, Func<int, double> x, Func<int, double> y, Func<int, double> error, Func<int, bool>? isShown = null) =>
        Enumerable.Range(0, Table.Count).Where(isShown ?? (_ => true)).GroupBy(row => Table.Text(row, word), StringComparer.Ordinal)
            .Select((curve, k) => Curve(curve.Key, k, curve, x, y, error));

    /// <summary>A curve for each column <c>prefix_(species)</c>.</summary>
    public IEnumerable<PlotSeries> BySpecies(string prefix) => Species(prefix).Select((species, k) => Curve(
        species, k, Enumerable.Range(0, Table.Count), Of("time"), Of($"{prefix}_{species}"), Of($"{prefix}_{species}_error")));

    /// <summary>A curve of one column over time.</summary>
    public PlotSeries Column(string name, string title, int color) =>
        Curve(title, color, Enumerable.Range(0, Table.Count), Of("time"), Of(name), Of($"{name}_error"));

    /// <summary>The species that have a column <c>prefix_(species)</c>.</summary>
    public ImmutableArray<string> Species(string prefix) =>
    [
        .. Table.Names.Where(name => name.StartsWith($"{prefix}_", StringComparison.Ordinal)
                && !name.EndsWith("_error", StringComparison.Ordinal) && !name.EndsWith("_maxwellian", StringComparison.Ordinal))
            .Select(name => name[(prefix.Length + 1)..]),
    ];

    /// <summary>A column as a function of the row.</summary>
    public Func<int, double> Of(string name) => row => Table.Number(row, name);

    /// <summary>The middle of a bin.</summary>
    public Func<int, double> Middle(string low, string high) => row => (Table.Number(row, low) + Table.Number(row, high)) / 2;

    /// <summary>A value of the table with its standard error.</summary>
    public string Value(int row, string name) =>
        Words.WithError(Table.Number(row, name), Table.Number(row, $"{name}_error") is > 0 and var error ? error : 0);

    private static PlotSeries Curve(
        string name, int color, IEnumerable<int> rows, Func<int, double> x, Func<int, double> y, Func<int, double> error)
    {
        ImmutableArray<PlotPoint> points = [.. rows.Select(row => new PlotPoint(x(row), y(row), error(row) is > 0 and var e ? e : 0))];
        return new PlotSeries(name, points.Length > PointsMax ? PlotStyle.Line : PlotStyle.Points, color, points);
    }
}
