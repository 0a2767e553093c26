using System.Collections.Immutable;
using System.Text.Json;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>Recollisions, bad sets and fluctuations: diagrams, and the fitted powers beside the proved ones.</summary>
internal static class HierarchyPlots
{
    private const int CurvesPerPlot = 6;

    /// <summary>recollisions.csv: a diagram for each number of additions, and for times apart, a curve for each kind.</summary>
    public static IEnumerable<Plot> Recollisions(CsvTable table, string place, string suffix) =>
        from row in Enumerable.Range(0, table.Count)
        group row by (K: table.Number(row, "k"), IsApart: table.Number(row, "separation") > 0) into part
        orderby part.Key
        select new Plot(
            FormattableString.Invariant($"recollisions-{part.Key.K}{(part.Key.IsApart ? "-apart" : "")}{place}"),
            FormattableString.Invariant($"Recollisions of trees with {part.Key.K} addition{(part.Key.K == 1 ? "" : "s")}")
                + (part.Key.IsApart ? ", times apart" : "") + suffix,
            new PlotAxis("largest reach, in flights of a mean free time", IsLog: true),
            new PlotAxis("share of the unsigned weight", IsLog: true),
            Curves(table, part, "eps", "share", row => table.Text(row, "kind"), PlotStyle.Points));

    /// <summary>bad-sets.csv: for each order so many diagrams that the curves can be told apart, with the closed forms.</summary>
    public static IEnumerable<Plot> BadSets(CsvTable table, string place, string suffix)
    {
        foreach (var order in Enumerable.Range(0, table.Count).GroupBy(row => table.Number(row, "order")).OrderBy(o => o.Key))
        {
            IGrouping<string, int>[][] parts = [.. order.GroupBy(row => table.Text(row, "set")).Chunk(CurvesPerPlot)];
            for (int part = 0; part < parts.Length; part++)
            {
                int[] shown = [.. parts[part].SelectMany(set => set)], closed = [.. shown.Where(row => table.Text(row, "closed").Length > 0)];
                string number = parts.Length > 1 ? $", {part + 1} of {parts.Length}" : "";
                yield return new Plot(
                    FormattableString.Invariant($"bad-sets-{order.Key}-{part + 1}{place}"),
                    FormattableString.Invariant($"Bad sets of order {order.Key}{number}{suffix}"),
                    new PlotAxis("eta", IsLog: true), new PlotAxis("share of all draws", IsLog: true),
                    [
                        .. Curves(table, shown, "eta", "share", row => table.Text(row, "set"), PlotStyle.Points),
                        .. Curves(table, closed, "eta", "closed", row => $"{table.Text(row, "set")}, closed form", PlotStyle.Theory,
                            row => Array.FindIndex(parts[part], set => set.Key == table.Text(row, "set"))),
                    ])
                {
                    Note = "Points: what was drawn. Dashed: closed forms, where there are any.",
                };
            }
        }
    }

    /// <summary>fluctuations.csv at the largest N: the particles as points, the linearised equation dashed.</summary>
    public static Plot Fluctuations(CsvTable table, string place, string suffix)
    {
        double largest = Enumerable.Range(0, table.Count).Max(row => table.Number(row, "particles"));
        int[] rows = [.. Enumerable.Range(0, table.Count).Where(row => table.Number(row, "particles") == largest)];
        string[] names = [.. rows.Select(Name).Distinct()];
        return new Plot(
            $"fluctuations{place}", FormattableString.Invariant($"Covariance of the density field at equilibrium, N = {largest}{suffix}"),
            new PlotAxis("time between both moments"), new PlotAxis("covariance"),
            [
                .. Curves(table, rows, "time", "covariance", Name, PlotStyle.Points),
                .. Curves(table, rows, "time", "linear", row => $"{Name(row)}, linear equation", PlotStyle.Theory,
                    row => Array.IndexOf(names, Name(row))),
            ]);

        string Name(int row) => $"{table.Text(row, "pair")}, wave number {table.Text(row, "waves")}";
    }

    /// <summary>The sums of all terms; null: no series was computed.</summary>
    public static TableBlock? Sums(JsonElement json, string suffix) =>
        json.TryGetProperty("sums", out JsonElement sums) && sums.ValueKind == JsonValueKind.Array && sums.GetArrayLength() > 0
            ? new TableBlock(
                [$"sum of the series{suffix}", "time", "value", "largest k"],
                [
                    .. sums.EnumerateArray().Where(sum => sum.GetProperty("estimate").ValueKind == JsonValueKind.Number)
                        .Select(sum => new TableRow(
                        sum.GetProperty("observable").ToString(),
                        [
                            Words.Number(sum.GetProperty("time").GetDouble()),
                            Words.WithError(sum.GetProperty("estimate").GetDouble(), sum.GetProperty("error").GetDouble()),
                            sum.GetProperty("terms").ToString(),
                        ])),
                ])
            : null;

    /// <summary>The fitted power of every bad set beside that of its closed form and the proved one; null: none were measured.</summary>
    public static TableBlock? Powers(JsonElement json)
    {
        if (!json.TryGetProperty("bad_sets", out JsonElement sets) || sets.ValueKind != JsonValueKind.Array || sets.GetArrayLength() == 0)
        {
            return null;
        }

        return new TableBlock(
            ["bad set", "order", "fitted power of eta", "closed form", "proved", "source"],
            [
                .. sets.EnumerateArray().Select(set => new TableRow(
                    set.GetProperty("set").ToString(),
                    [
                        set.GetProperty("order").ToString(),
                        FormattableString.Invariant(
                            $"{Number(set, "exponent"):F2} ({Number(set, "lower"):F2} to {Number(set, "upper"):F2})"),
                        Number(set, "expected") is { } expected ? Words.Number(expected) : "",
                        Number(set, "proved") is { } proved ? Words.Number(Math.Round(proved, 3)) : "",
                        set.GetProperty("source").ToString(),
                    ])),
            ]);

        static double? Number(JsonElement set, string name) =>
            set.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }

    private static ImmutableArray<PlotSeries> Curves(
        CsvTable table, IEnumerable<int> rows, string x, string y, Func<int, string> name, PlotStyle style, Func<int, int>? color = null) =>
    [
        .. rows.GroupBy(name, StringComparer.Ordinal).Select((curve, k) => new PlotSeries(
            curve.Key, style, color?.Invoke(curve.First()) ?? k,
            [.. curve.Select(row => new PlotPoint(
                table.Number(row, x), table.Number(row, y),
                style == PlotStyle.Points && table.Number(row, "error") is > 0 and var e ? e : 0))])),
    ];
}
