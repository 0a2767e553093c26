using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>
/// Profiles and whatever else was measured: every table of the folder that no other section shows. The first column of numbers is drawn to
/// the right, a
/// column X_error is the error of X, columns of words tell curves apart.
/// </summary>
internal static class TablesSection
{
    private const int CurvesShownMax = 8;
    private const int TimesShownMax = 4;

    /// <summary>Shown by other sections, or without anything to draw.</summary>
    private static readonly string[] Elsewhere =
    [
        "thermo.csv", "thermo_errors.csv", "trajectory.csv", "temperatures.csv", "frequencies.csv", "replicas.csv", "convergence.csv",
            "chaos.csv", "cumulants.csv", "h.csv", "moments.csv", "fluctuations.csv", "terms.csv", "recollisions.csv", "bad-sets.csv",
    ];

    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        List<ReportBlock> blocks = [];
        foreach (Source source in sources)
        {
            foreach (string path in Directory.GetFiles(source.Folder.Directory, "*.csv").Order(StringComparer.Ordinal)
                .Where(path => !Elsewhere.Contains(Path.GetFileName(path))))
            {
                if (CsvTable.Read(path) is { Count: > 0 } table && !ObservablesSection.Shows(path, table))
                {
                    string place = sources.Length > 1 ? $"{sources.IndexOf(source) + 1}-" : "", suffix = sources.Length > 1
                        ? $" of {source.Label}" : "";
                    blocks.AddRange(Plots(table, Path.GetFileNameWithoutExtension(path), place, suffix).Select(plot => plot.Shown())
                        .Where(plot => !plot.IsEmpty).Select(plot => new PlotBlock(plot)));
                }
            }
        }

        return blocks.Count == 0 ? null : new ReportSection("measured", "Profiles and other measurements", [.. blocks]);
    }

    private static IEnumerable<Plot> Plots(CsvTable table, string file, string place, string suffix)
    {
        string[] numbers = [.. table.Names.Where(table.IsNumeric)],
            words = [.. table.Names.Where(name => !table.IsNumeric(name) && table.Text(0, name).Length > 0)];
        // Profiles: a curve for some times; elsewhere time is what is drawn to the right.
        bool hasTimes = numbers is ["time", _, _, ..] && words.Length > 0 && table.Names.IndexOf("x") >= 0;
        string[] axes = [.. numbers.Where(name => name is "x" or "y" or "z")];
        if (hasTimes && axes.Length > 1)
        {
            yield break; // a map, not a curve
        }

        string? x = hasTimes ? axes[0] : numbers.FirstOrDefault();
        double[] times = hasTimes ? Some([.. Enumerable.Range(0, table.Count).Select(row => table.Number(row, "time")).Distinct().Order()])
            : [];
        foreach (string y in numbers.Where(name => name != x && name != "time" && !IsError(table, name)))
        {
            string error = ErrorOf(table, y);
            var curves = Enumerable.Range(0, table.Count).Where(row => !hasTimes || times.Contains(table.Number(row, "time")))
                .GroupBy(row => string.Join(
                    ", ", words.Select(word => table.Text(row, word)).Append(
                    hasTimes ? $"t = {Words.Number(table.Number(row, "time"))}" : "").Where(word => word.Length > 0)))
                .ToArray();
            PlotStyle style = hasTimes || table.Count > 60 ? PlotStyle.Line : PlotStyle.Points;
            bool isLog = x is "eps" or "epsilon" or "eta" && y != x;
            yield return new Plot(
                $"{place}{Id(file)}-{Id(y)}", $"{file}: {y.Replace('_', ' ')}{suffix}", new PlotAxis(x!, isLog),
                    new PlotAxis(y.Replace('_', ' '), isLog),
                [
                    .. curves.Take(CurvesShownMax).Select((curve, k) => new PlotSeries(
                        curve.Key.Length == 0 ? y : curve.Key, style, k,
                        [.. curve.Select(row => new PlotPoint(
                            table.Number(row, x!), table.Number(row, y), error.Length > 0 && table.Number(row, error) is > 0 and var e ? e
                            : 0))])),
                ])
            {
                Note = curves.Length > CurvesShownMax
                    ? string.Create(CultureInfo.InvariantCulture,
                    $"The first {CurvesShownMax} of {curves.Length} curves; all are in {file}.csv.") : null,
            };
        }
    }

    private static bool IsError(CsvTable table, string name) =>
        name is "error" || name.EndsWith("_error", StringComparison.Ordinal) && table.Has(name[..^"_error".Length]);

    private static string ErrorOf(CsvTable table, string name) =>
        table.Has(name + "_error") ? name + "_error" : table.Has("error") ? "error" : "";

    private static double[] Some(double[] all) => all.Length <= TimesShownMax
        ? all
        : [.. Enumerable.Range(0, TimesShownMax).Select(k => all[k * (all.Length - 1) / (TimesShownMax - 1)]).Distinct()];

    private static string Id(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
}
