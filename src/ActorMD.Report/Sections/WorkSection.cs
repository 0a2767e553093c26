using System.Collections.Immutable;
using ActorMD.Files.RunFolders;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;
using ActorMD.Runs.Monitoring;

namespace ActorMD.Report.Sections;

/// <summary>How the work was shared, and where the time went.</summary>
internal static class WorkSection
{
    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        Source[] finished = [.. sources.Where(source => source.Summary is not null)];
        List<ReportBlock> blocks = [];
        if (finished.Length > 0)
        {
            IEnumerable<TableRow> known = Rows(finished).Where(row => row.Cells.Any(cell => cell.Text != Words.Undefined));
            blocks.Add(new TableBlock(["", .. finished.Select(source => source.Label)], [.. known]));
        }

        blocks.AddRange(new[] { Progress(sources), Speed(sources), Busy(sources), Memory(sources) }.Select(plot => plot.Shown())
            .Where(plot => !plot.IsEmpty).Select(plot => new PlotBlock(plot)));
        return blocks.Count == 0 ? null : new ReportSection("work", "How the work was shared, and where the time went", [.. blocks]);
    }

    /// <summary>Seconds since the first line of a source's logs.</summary>
    public static double SecondsOf(Source source, LogEntry entry) => (entry.At - source.Log[0].At).TotalSeconds;

    private static IEnumerable<TableRow> Rows(Source[] sources)
    {
        yield return Row("runtime, domains", s => $"{s.Runtime}, {s.Domains}");
        yield return Row("threads that worked, nodes", s =>
            s.Sharing is { } w ? FormattableString.Invariant($"{w.Workers}, {w.Nodes}") : FormattableString.Invariant($"{s.Workers}"));
        yield return Row("why not more", s => s.Sharing?.Reason ?? Words.Undefined);
        yield return new TableRow(
            "wall time", [.. sources
            .Select(s => new TableCell(Words.Seconds(s.Summary!.WallSeconds), "wall_seconds", s.Summary!.WallSeconds))]);
        yield return new TableRow(
            "processor time of all threads",
            [.. sources.Select(s => new TableCell(Words.Seconds(s.Summary!.CpuSeconds), "cpu_seconds", s.Summary!.CpuSeconds))]);
        yield return Row("cores kept busy", s =>
            s.WallSeconds > 0 ? Words.Number(Math.Round(s.CpuSeconds / s.WallSeconds, 2)) : Words.Undefined);
        yield return new TableRow(
            "collisions per second of processor time",
            [.. sources.Select(s => s.Summary!.CollisionsPerCpuSecond is { } rate
                ? new TableCell(Words.Count(rate), "collisions_per_cpu_second", rate) : Words.Undefined)]);
        yield return new TableRow(
            "largest memory", [.. sources
            .Select(s => new TableCell(Words.Bytes(s.Summary!.PeakRssBytes), "peak_rss_bytes", s.Summary!.PeakRssBytes))]);
        yield return Row("time slices shared, of them done again", s =>
            s.Sharing is { Slices: > 0 } w ? $"{Words.Count(w.Slices)}, {Words.Count(w.VoidSlices)}" : Words.Undefined);
        yield return Row("events simulated twice; rolled back", s =>
            s.Sharing is { EventsTwice: { } twice } w ? $"{Share(twice)}; {Share(w.RolledBack ?? 0)}" : Words.Undefined);
        yield return Row("sent between domains", s => s.Sharing is { BytesSent: > 0 } w ? Words.Bytes(w.BytesSent) : Words.Undefined);

        TableRow Row(string name, Func<RunSummary, string> text) =>
            new(name, [.. sources.Select(source => new TableCell(text(source.Summary!)))]);
    }

    private static Plot Progress(ImmutableArray<Source> sources) => new(
        "progress", "Simulation time over wall time", new PlotAxis("wall time, s"), new PlotAxis("simulation time"),
        [
            .. sources.Select((source, k) => new PlotSeries(
                sources.Length > 1 ? source.Label : "reached", PlotStyle.Line, k,
                [.. Reports(source).Where(entry => entry.Number("time") is not null)
                    .Select(entry => new PlotPoint(SecondsOf(source, entry), entry.Number("time")!.Value))])),
            .. sources.Select((source, k) => new PlotSeries(
                sources.Length > 1 ? $"{source.Label}: checkpoints" : "checkpoints", PlotStyle.Points, k + sources.Length,
                [
                    .. source.Log.Where(entry => entry.Says("Wrote a checkpoint") && entry.Number("time") is not null)
                        .Select(entry => new PlotPoint(SecondsOf(source, entry), entry.Number("time")!.Value)),
                ])),
        ])
    {
        Note = "From the logs. A steady run is a straight line; a step to the right is a pause, a step down a return to a checkpoint.",
    };

    private static Plot Speed(ImmutableArray<Source> sources) => new(
        "speed", "Speed", new PlotAxis("wall time, s"), new PlotAxis("collisions per second"),
        [.. sources.Select((source, k) =>
            new PlotSeries(sources.Length > 1 ? source.Label : "collisions per second", PlotStyle.Line, k, [.. Rates(source)]))]);

    private static Plot Busy(ImmutableArray<Source> sources) => PerNode(
        sources, "busy", "Load of each node", "share of its threads' time", entry =>
            entry.Number("BusyShare"), "The rest is waiting for other domains and for messages.");

    private static Plot Memory(ImmutableArray<Source> sources) => PerNode(
        sources, "memory", "Memory of each node", "MB", entry => entry.Number("PeakRssBytes") / 1e6, "Largest so far.");

    private static Plot PerNode(
        ImmutableArray<Source> sources, string id, string title, string label, Func<LogEntry, double?> of, string note)
    {
        int color = 0;
        return new Plot(
            id, title, new PlotAxis("wall time, s"), new PlotAxis(label),
            [
                .. sources.SelectMany(source => source.Log.Where(entry => entry.Says("Working on") && of(entry) is not null)
                    .GroupBy(entry => entry.Node, StringComparer.Ordinal).OrderBy(node => node.Key, StringComparer.Ordinal)
                    .Select(node => new PlotSeries(
                        sources.Length > 1 ? $"{source.Label}: {node.Key}" : node.Key, PlotStyle.Line, color++,
                        [.. node.Select(entry => new PlotPoint(SecondsOf(source, entry), of(entry)!.Value))]))),
            ])
        {
            Note = note,
        };
    }

    private static IEnumerable<LogEntry> Reports(Source source) => source.Log.Where(entry => entry.Number("Collisions") is not null);

    // Over a twentieth of the run, so that a fast run does not show the clock's grain.
    private static IEnumerable<PlotPoint> Rates(Source source)
    {
        LogEntry[] reports = [.. Reports(source)];
        if (reports.Length < 3)
        {
            yield break;
        }

        double span = (reports[^1].At - reports[0].At).TotalSeconds / 20;
        LogEntry start = reports[0];
        foreach (LogEntry entry in reports)
        {
            double seconds = (entry.At - start.At).TotalSeconds,
                count = entry.Number("Collisions")!.Value - start.Number("Collisions")!.Value;
            if (count < 0)
            {
                start = entry;
            }
            else if (seconds >= span && seconds > 0)
            {
                yield return new PlotPoint(SecondsOf(source, entry), count / seconds);
                start = entry;
            }
        }
    }

    private static string Share(double share) => FormattableString.Invariant($"{100 * share:0.##} %");
}
