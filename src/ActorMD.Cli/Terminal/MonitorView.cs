using System.Globalization;
using ActorMD.Runs.Monitoring;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorMD.Cli.Terminal;

/// <summary>One screen that tells how a run stands.</summary>
internal static class MonitorView
{
    /// <summary>Columns that it needs where the output has no width of its own.</summary>
    public const int WidthMin = 110;

    private const int IncidentCountMax = 15;
    private const int BarWidth = 40;

    public static IRenderable Of(RunPicture picture)
    {
        Grid grid = new();
        grid.AddColumn();
        grid.AddRow(new Rule($"[bold]{Markup.Escape(picture.Name)}[/]") { Justification = Justify.Left });
        grid.AddRow(Progress(picture));
        grid.AddRow(Nodes(picture));
        if (!picture.Incidents.IsEmpty)
        {
            grid.AddRow(Incidents(picture));
        }

        return grid;
    }

    private static Markup Progress(RunPicture picture)
    {
        double share = picture.Fraction;
        int filled = (int)(share * BarWidth);
        string bar = $"[green]{new string('#', filled)}[/]{new string('.', BarWidth - filled)}";
        string drift = picture.EnergyDrift is { } value
            ? value.ToString(value == 0 ? "0" : "0.0e+0", CultureInfo.InvariantCulture) : Numbers.Undefined;
        string progress = picture.Replicas is { } replicas
            ? $"replicas {Numbers.Count(replicas.Done)} of {Numbers.Count(replicas.All)}"
            : $"time {Numbers.Short(picture.Time)} of {Numbers.Short(picture.Until)}";
        string left = picture.Condition == RunCondition.Running && picture.SecondsLeft is { } seconds ? $", {Numbers.Span(seconds)} left" : "";
        string rate = picture.CollisionsPerSecond is { } perSecond ? $", {Numbers.Rate(perSecond)} a second" : "";
        List<string> lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"{bar} {100 * share:F1} %   {progress}{left}"),
            $"collisions {Numbers.Count(picture.Collisions)}{rate}   energy drift {drift}",
        ];
        if (picture.Boundary is { } work)
        {
            string slices = $"slices {Numbers.Count(picture.Slices)}, {Numbers.Count(picture.VoidSlices)} void";
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{slices}   redundant events {100 * work.RedundantShare:F1} %   {Numbers.Rate(work.Messages)} messages, {work.Bytes / 1e6:F1} MB"));
        }

        if (picture.Phase is { } phase)
        {
            lines.Add(Markup.Escape(phase));
        }

        string checkpoint = picture.LastCheckpoint is { } last
            ? $"last checkpoint of time {Numbers.Short(last.Time)} at {last.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
            : "no checkpoint yet";
        lines.Add($"{checkpoint}   {Alarms("warning", picture.WarningCount, "yellow")}, {Alarms("error", picture.ErrorCount, "red")}");
        lines.Add(Condition(picture));
        return new Markup(string.Join('\n', lines));
    }

    private static string Alarms(string name, int count, string color)
    {
        string text = $"{Numbers.Count(count)} {name}{(count == 1 ? "" : "s")}";
        return count > 0 ? $"[{color}]{text}[/]" : text;
    }

    private static string Condition(RunPicture picture) => picture.Condition switch
    {
        RunCondition.Finished => $"[green]finished[/], digest {picture.Digest}",
        RunCondition.Interrupted => "[yellow]interrupted[/]: 'actormd resume' goes on",
        RunCondition.Violated => "[red]the physics was violated[/]: diagnosis.json says how",
        RunCondition.Silent => "[red]not finished, and nobody writes[/]: 'actormd resume' goes on from the last checkpoint",
        _ => "running, not finished",
    };

    private static Table Nodes(RunPicture picture)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumns("node", "state", "domains");
        foreach (string column in (string[])["slice", "events/s", "busy", "memory", "last line (UTC)"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (NodeState node in picture.Nodes)
        {
            string color = node.Condition switch
            {
                NodeCondition.Working => "green",
                NodeCondition.Done => "grey",
                NodeCondition.Silent => "yellow",
                _ => "red",
            };
            table.AddRow(
                Markup.Escape(node.Node),
                $"[{color}]{node.Condition.ToString().ToLowerInvariant()}{(node.Leads ? ", leads" : "")}[/]",
                Markup.Escape(node.Domains ?? Numbers.Undefined),
                node.Slice is { } slice ? Numbers.Count((long)slice) : Numbers.Undefined,
                Numbers.Rate(node.EventsPerSecond),
                node.BusyShare is { } busy ? busy.ToString("P0", CultureInfo.InvariantCulture) : Numbers.Undefined,
                node.PeakRssBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB") : Numbers.Undefined,
                node.LastSeen.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static Markup Incidents(RunPicture picture)
    {
        IEnumerable<string> lines = picture.Incidents.TakeLast(IncidentCountMax).Select(entry =>
        {
            string color = entry.Level switch { "Information" => "default", "Warning" => "yellow", _ => "red" };
            string time = entry.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            return $"{time} [{color}]{Markup.Escape(entry.Node)}: {Markup.Escape(entry.Render())}[/]";
        });
        return new Markup(string.Join('\n', ["members, leader, lease, placements, failures and recoveries", .. lines]));
    }
}
