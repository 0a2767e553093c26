using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>Events by pair of species and by order.</summary>
internal static class CollisionsSection
{
    /// <summary>More keys than this are no diagram any more.</summary>
    private const int KeysShownMax = 24;

    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        Source[] finished = [.. sources.Where(source => source.Summary is not null)];
        if (finished.Length == 0)
        {
            return null;
        }

        List<ReportBlock> blocks = [];
        ImmutableArray<string> keys =
            [.. finished.SelectMany(source => source.Summary!.CollisionFrequency.Keys).Distinct().Take(KeysShownMax)];
        Plot rates = new Plot(
            "rates", "Rates of events", new PlotAxis("pair of species, or order") { Words = keys },
                new PlotAxis("events per particle and time"),
            [.. finished.SelectMany((source, k) => Rates(source, keys, k, finished.Length))])
        {
            Note = "Of a particle of the first-named species with those of the second; of order k and up per particle. Dashed: theory "
                + "in equilibrium.",
        }.Shown();
        if (!rates.IsEmpty)
        {
            blocks.Add(new PlotBlock(rates));
        }

        // Bookkeeping comes last.
        string[] events = [.. finished.SelectMany(source => source.Summary!.Events.Keys).Distinct()
            .OrderBy(name => name is SummaryKeys.Crossings).ThenBy(name => name, StringComparer.Ordinal)];
        List<TableRow> rows = [.. events
            .Select(name => Row(Spoken(name), $"events.{name}", source =>
            source.Summary!.Events.TryGetValue(name, out long count) ? count : null))];
        rows.Add(Row("several at the same time", "pathologies.multiple", source => source.Summary!.Pathologies.Multiple));
        rows.Add(Row("grazing", "pathologies.grazing", source => source.Summary!.Pathologies.Grazing));
        blocks.Add(new TableBlock(["events since time 0", .. finished.Select(source => source.Label)], [.. rows]));
        return new ReportSection("collisions", "Collisions", [.. blocks]);

        TableRow Row(string name, string key, Func<Source, long?> of) =>
            new(name, [.. finished.Select(
                source => of(source) is { } count ? new TableCell(Words.Count(count), key, count) : Words.Undefined)]);
    }

    private static string Spoken(string name) => name switch
    {
        SummaryKeys.Crossings => "crossings of cells (bookkeeping)",
        SummaryKeys.Walls => "with walls",
        "order2" => "of pairs (order 2)",
        _ => "of " + name.Replace("order", "order ", StringComparison.Ordinal),
    };

    private static IEnumerable<PlotSeries> Rates(Source source, ImmutableArray<string> keys, int color, int sourceCount)
    {
        string prefix = sourceCount > 1 ? $"{source.Label}: " : "";
        yield return new PlotSeries(
            $"{prefix}measured", PlotStyle.Points, color,
            [
                .. keys.Select((key, k) =>
                    (Value: source.Summary!.CollisionFrequency.GetValueOrDefault(key),
                    Error: source.StandardErrors?.GetValueOrDefault($"frequency_{key}"), k))
                    .Where(p => p.Value is not null).Select(p => new PlotPoint(p.k, p.Value!.Value, p.Error ?? 0)),
            ]);
        if (source.Expected is { } expected)
        {
            yield return new PlotSeries(
                $"{prefix}theory", PlotStyle.Theory, color,
                [.. keys.Select((key, k) => (Has: expected.Frequencies.TryGetValue(key, out double value), value, k)).Where(p => p.Has)
                    .Select(p => new PlotPoint(p.k, p.value))]);
        }
    }
}
