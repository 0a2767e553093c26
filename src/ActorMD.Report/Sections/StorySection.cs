using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Sources;
using ActorMD.Runs.Monitoring;

namespace ActorMD.Report.Sections;

/// <summary>Failures and recoveries on a time line.</summary>
internal static class StorySection
{
    private const int RowsShownMax = 200;

    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        List<ReportBlock> blocks = [];
        foreach (Source source in sources)
        {
            LogEntry[] story = [.. source.Log.Where(Incidents.IsOne)];
            if (story.Length == 0)
            {
                continue;
            }

            string suffix = sources.Length > 1 ? $" of {source.Label}" : "";
            ImmutableArray<string> nodes = [.. story.Select(entry => entry.Node).Distinct().Order(StringComparer.Ordinal)];
            blocks.Add(new PlotBlock(new Plot(
                sources.Length > 1 ? $"story-{sources.IndexOf(source) + 1}"
                    : "story", $"Time line{suffix}", new PlotAxis("wall time, s"), new PlotAxis("node") { Words = nodes },
                [
                    .. story.GroupBy(KindOf).OrderBy(kind => kind.Key).Select(kind => new PlotSeries(
                        kind.Key switch { 0 => "failures", 1 => "recoveries", _ => "turns" }, PlotStyle.Points,
                            kind.Key switch { 0 => 1, 1 => 2, _ => 0 },
                        [.. kind.Select(entry => new PlotPoint(WorkSection.SecondsOf(source, entry), nodes.IndexOf(entry.Node)))])),
                ])));
            blocks.Add(new TableBlock(
                [$"wall time, s{suffix}", "node", "level", "what happened"],
                [
                    .. story.Take(RowsShownMax).Select(entry => new TableRow(
                        WorkSection.SecondsOf(source, entry).ToString("F1", CultureInfo.InvariantCulture),
                            [entry.Node, entry.Level.ToLowerInvariant(), entry.Render()])),
                ]));
            if (story.Length > RowsShownMax)
            {
                blocks.Add(new TextBlock(FormattableString.Invariant($"{story.Length - RowsShownMax} more are in the logs.")));
            }
        }

        return blocks.Count == 0 ? null : new ReportSection("story", "Failures and recoveries", [.. blocks]);
    }

    private static int KindOf(LogEntry entry) => Incidents.IsRecovery(entry) ? 1 : entry.Level == "Information" ? 2 : 0;
}
