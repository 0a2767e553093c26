using System.Collections.Immutable;
using System.Text.Json;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;
using ActorMD.Studies.Convergence;

namespace ActorMD.Report.Sections;

/// <summary>Convergence, chaos, H, moments, fluctuations; terms, recollisions and bad sets of hierarchies.</summary>
internal static class StudySection
{
    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        List<ReportBlock> blocks = [];
        foreach (Source source in sources.Where(source => source.Kind is SourceKind.Study or SourceKind.Hierarchy))
        {
            string place = sources.Length > 1 ? $"-{sources.IndexOf(source) + 1}" : "", suffix = sources.Length > 1 ? $" of {source.Label}"
                : "";
            blocks.AddRange(Answers(source).Select(text => new TextBlock(text)));
            if (Fits(source, suffix) is { } fits)
            {
                blocks.Add(fits);
            }

            blocks.AddRange(Plots(source, place, suffix).Select(plot => plot.Shown()).Where(plot => !plot.IsEmpty)
                .Select(plot => new PlotBlock(plot)));
            if (source.Json is { } json)
            {
                blocks.AddRange(new[] { HierarchyPlots.Sums(json, suffix), HierarchyPlots.Powers(json) }.OfType<TableBlock>());
            }
        }

        return blocks.Count == 0 ? null : new ReportSection("studies", "Convergence, chaos, hierarchies", [.. blocks]);
    }

    private static IEnumerable<string> Answers(Source source)
    {
        if (source.Json is not { } json)
        {
            yield return $"{source.Label} is not finished: what is computed so far is kept, and 'actormd resume' goes on.";
            yield break;
        }

        if (json.TryGetProperty("verdict", out JsonElement verdict) && verdict.ValueKind == JsonValueKind.Object)
        {
            yield return $"{source.Label}: {verdict.GetProperty("outcome")}: {verdict.GetProperty("reason")}.";
        }

        if (json.TryGetProperty("theorem", out JsonElement theorem))
        {
            string proved = theorem.ToString();
            yield return proved.StartsWith("proved", StringComparison.Ordinal) ? $"P{proved[1..]}." : $"Proved: {proved}.";
        }

        if (json.TryGetProperty("notes", out JsonElement notes) && notes.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement note in notes.EnumerateArray())
            {
                yield return note.ToString();
            }
        }
    }

    // The fitted powers of the last time; null: none could be fitted.
    private static TableBlock? Fits(Source source, string suffix)
    {
        if (source.Json is not { } json)
        {
            return null;
        }

        (string Of, JsonElement Fit)[] fits =
        [
            .. Last(json, "fits").Select(fit => (fit.GetProperty("of").ToString() is "corrected" ? "difference after the corrections"
                : fit.GetProperty("of").ToString(), fit)),
            .. Last(json, "chaos_fits").Select(fit => ($"correlations of {fit.GetProperty("of")}", fit)),
        ];
        fits = [.. fits.Where(each => each.Fit.GetProperty("exponent").ValueKind == JsonValueKind.Number)];
        return fits.Length == 0 ? null : new TableBlock(
            [$"fitted power of eps at the last time{suffix}", "power", "95 percent interval"],
            [
                .. fits.Select(each =>
                {
                    double low = each.Fit.GetProperty("lower").GetDouble(), high = each.Fit.GetProperty("upper").GetDouble();
                    return new TableRow(
                        each.Of,
                        [
                            FormattableString.Invariant($"{each.Fit.GetProperty("exponent").GetDouble():F2}"),
                            FormattableString.Invariant($"{low:F2} to {high:F2}") + Open(low, high),
                        ]);
                }),
            ]);
    }

    private static IEnumerable<JsonElement> Last(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement fits) || fits.ValueKind != JsonValueKind.Array || fits.GetArrayLength() == 0)
        {
            return [];
        }

        double last = fits.EnumerateArray().Max(fit => fit.GetProperty("time").GetDouble());
        return fits.EnumerateArray().Where(fit => fit.GetProperty("time").GetDouble() == last);
    }

    // At an end of the range of powers that are tried the true one may lie beyond.
    private static string Open(double low, double high) =>
        low <= 0 || high >= RateFit.PowerMax
            ? FormattableString.Invariant($" (powers are sought from 0 to {RateFit.PowerMax}: it may reach further)") : "";

    private static IEnumerable<Plot> Plots(Source source, string place, string suffix)
    {
        if (Table(source, "convergence.csv") is { } differences)
        {
            double last = Last(differences);
            yield return new Plot(
                $"convergence{place}", $"Difference from the kinetic equation at time {Words.Number(last)}{suffix}",
                    new PlotAxis("eps, interaction distance", IsLog: true), new PlotAxis("difference", IsLog: true),
                Curves(differences, "epsilon", "difference", row =>
                    differences.Number(row, "time") == last && IsWhole(differences.Text(row, "observable")), row =>
                    Spoken(differences.Text(row, "observable")), PlotStyle.Points))
            {
                Note = "Root mean square over all observables and bins; points below their error are left out. Also: how large each "
                    + "effect of finite N is, and the largest difference over narrow bins.",
            };
            // So few in a diagram that their colours can be told apart.
            foreach (var species in Enumerable.Range(0, differences.Count)
                .Where(row => differences.Number(row, "time") == last && IsOfSpecies(differences.Text(row, "observable")))
                .GroupBy(row => differences.Text(row, "observable").Split('_')[^1], StringComparer.Ordinal))
            {
                HashSet<int> rows = [.. species];
                yield return new Plot(
                    $"observables-{species.Key}{place}", $"Observables of {species.Key} at time {Words.Number(last)}{suffix}",
                        new PlotAxis("eps, interaction distance", IsLog: true), new PlotAxis("difference", IsLog: true),
                    Curves(differences, "epsilon", "difference", rows.Contains, row =>
                        differences.Text(row, "observable")[..^(species.Key.Length + 1)].Replace('_', ' '), PlotStyle.Points));
            }
        }

        if (Table(source, "chaos.csv") is { } chaos)
        {
            double last = Last(chaos);
            yield return new Plot(
                $"chaos{place}", $"Correlations of two particles in separated bins, time {Words.Number(last)}{suffix}",
                    new PlotAxis("eps, interaction distance", IsLog: true), new PlotAxis("correlation", IsLog: true),
                Curves(chaos, "epsilon", "correlation", row => chaos.Number(row, "time") == last && chaos.Text(row, "phi") == "all", row =>
                    chaos.Text(row, "pair"), PlotStyle.Points))
            {
                Note = "Root mean square over all pairs of observables; zero in the limit, if chaos propagates. Points below their "
                    + "error are left out.",
            };
        }

        if (Table(source, "h.csv") is { } h)
        {
            yield return new Plot(
                $"h{place}", $"H per particle{suffix}", new PlotAxis("time"), new PlotAxis("H"),
                Curves(h, "time", "h", _ => true, row =>
                    h.Text(row, "particles").Length > 0 ? $"N = {h.Text(row, "particles")}" : "kinetic equation", PlotStyle.Points));
        }

        if (Table(source, "moments.csv") is { } moments)
        {
            // Moments differ by powers of ten: each order of each case has a diagram of its own.
            foreach (var moment in Enumerable.Range(0, moments.Count)
                .GroupBy(row => (moments.Text(row, "case"), moments.Text(row, "power"))))
            {
                HashSet<int> rows = [.. moment];
                (string @case, string power) = moment.Key;
                yield return new Plot(
                    $"moments-{@case}-{power}{place}", $"{@case}: velocity moment of order {power}{suffix}", new PlotAxis("time"),
                    new PlotAxis("ratio to equilibrium", IsLog: true),
                    Curves(moments, "time", "ratio", rows.Contains, row =>
                        $"collisions of order {moments.Text(row, "orders")}, rates {moments.Text(row, "rates")}", PlotStyle.Line));
            }
        }

        if (Table(source, "terms.csv") is { } terms)
        {
            double last = Last(terms);
            yield return new Plot(
                $"terms{place}", $"Terms of the series at time {Words.Number(last)}{suffix}",
                    new PlotAxis("k, particles added") { IsWhole = true }, new PlotAxis("size of the term", IsLog: true),
                [
                    .. Curves(terms, "k", "estimate", row => IsAll(row) && !IsRounding(row), row => terms.Text(row, "observable"),
                        PlotStyle.Points, Math.Abs),
                    .. Curves(terms, "k", "unsigned", IsAll, row =>
                        $"{terms.Text(row, "observable")}, all signs +", PlotStyle.Theory, Math.Abs),
                ])
            {
                Note = "Points: absolute values with their errors; terms that cancel to rounding are left out. Dashed: the same with all "
                    + "signs +.",
            };

            bool IsAll(int row) => terms.Number(row, "time") == last && terms.Text(row, "steps") == "all";

            bool IsRounding(int row) => Math.Abs(terms.Number(row, "estimate")) < 1e-12 * terms.Number(row, "unsigned");
        }

        if (Table(source, "recollisions.csv") is { Count: > 0 } recollisions)
        {
            foreach (Plot plot in HierarchyPlots.Recollisions(recollisions, place, suffix))
            {
                yield return plot;
            }
        }

        if (Table(source, "bad-sets.csv") is { Count: > 0 } sets)
        {
            foreach (Plot plot in HierarchyPlots.BadSets(sets, place, suffix))
            {
                yield return plot;
            }
        }

        if (Table(source, "fluctuations.csv") is { Count: > 0 } fluctuations)
        {
            yield return HierarchyPlots.Fluctuations(fluctuations, place, suffix);
        }
    }

    private static bool IsWhole(string observable) =>
        observable is "all" or "largest" or "largest_corrected" || observable.StartsWith("size_", StringComparison.Ordinal);

    private static bool IsOfSpecies(string observable) =>
        !IsWhole(observable) && !observable.StartsWith("after_", StringComparison.Ordinal);

    private static string Spoken(string observable) => observable switch
    {
        "all" => "difference",
        "largest" => "largest",
        "largest_corrected" => "largest after the corrections",
        _ => $"effect of {observable["size_".Length..].Replace('_', ' ')}",
    };

    private static ImmutableArray<PlotSeries> Curves(
        CsvTable table, string x, string y, Func<int, bool> isShown, Func<int, string> name, PlotStyle style, Func<double,
            double>? of = null) =>
    [
        .. Enumerable.Range(0, table.Count).Where(isShown).GroupBy(name, StringComparer.Ordinal).Select((curve, k) => new PlotSeries(
            curve.Key, style, k,
            [.. curve.Select(row => new PlotPoint(
                table.Number(row, x), (of ?? (v => v))(table.Number(row, y)),
                table.Number(row, table.Has($"{y}_error") ? $"{y}_error" : "error") is > 0 and var e ? e : 0))])),
    ];

    private static CsvTable? Table(Source source, string name) => CsvTable.Read(Path.Combine(source.Folder.Directory, name));

    private static double Last(CsvTable table) =>
        Enumerable.Range(0, table.Count).Select(row => table.Number(row, "time")).DefaultIfEmpty(0).Max();
}
