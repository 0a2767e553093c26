using System.Globalization;
using ActorMD.Report.Pages;
using ActorMD.Report.Tables;
using ActorMD.Runs.Monitoring;

namespace ActorMD.Report.Monitoring;

/// <summary>The page of <c>actormd monitor --serve</c>.</summary>
internal static class MonitorPage
{
    private const int IncidentsShownMax = 30;

    // Asks for the frame every two seconds; without scripts the page loads itself anew.
    private const string Script = """
        (() => {
          const main = document.querySelector('main');
          const refresh = async () => {
            try {
              const answer = await fetch('/frame', { cache: 'no-store' });
              if (answer.ok) { main.innerHTML = await answer.text(); document.body.classList.remove('stale'); return; }
            } catch { /* said below */ }
            document.body.classList.add('stale');
          };
          setInterval(refresh, 2000);
        })();
        """;

    private const string Style = """
        progress { width: 100%; height: 18px; accent-color: var(--c2); }
        .stale main { opacity: 0.5; }
        .stale::after { content: 'actormd monitor does not answer any more'; color: var(--c1); }
        .warning td { color: var(--c4); }
        .error td, .fatal td { color: var(--c1); }
        """;

    public static string Whole(RunPicture picture) => new HtmlWriter()
        .Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n")
        .Raw("<link rel=\"icon\" href=\"data:,\">\n<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>\n<title>").Text(
            picture.Name)
        .Raw(" – ActorMD monitor</title>\n<style>\n").Raw(Asset.Text("report.css")).Raw(Style)
            .Raw("\n</style>\n</head>\n<body>\n<header><h1>").Text(picture.Name)
        .Raw("</h1><p><a href=\"/metrics\">metrics for Prometheus</a></p></header>\n<main>").Raw(Frame(picture)).Raw("</main>\n<script>\n")
            .Raw(Script)
        .Raw("\n</script>\n</body>\n</html>\n").ToString();

    public static string Frame(RunPicture picture)
    {
        HtmlWriter html = new();
        string share = (100 * picture.Fraction).ToString("F1", CultureInfo.InvariantCulture);
        html.Raw($"<section><progress max=\"100\" value=\"{share}\"></progress>\n<div class=\"table\"><table><tbody>\n");
        foreach ((string name, string value) in Lines(picture, share))
        {
            html.Raw("<tr><th scope=\"row\">").Text(name).Raw("</th><td>").Text(value).Raw("</td></tr>\n");
        }

        html.Raw("</tbody></table></div></section>\n<section><h2>Nodes</h2><div class=\"table\"><table><thead><tr>");
        foreach (string title in (string[])["node", "state", "domains", "events/s", "busy", "memory", "last line (UTC)"])
        {
            html.Raw("<th>").Text(title).Raw("</th>");
        }

        html.Raw("</tr></thead><tbody>\n");
        foreach (NodeState node in picture.Nodes)
        {
            html.Raw("<tr>");
            foreach (string cell in Cells(node))
            {
                html.Raw("<td>").Text(cell).Raw("</td>");
            }

            html.Raw("</tr>\n");
        }

        html.Raw("</tbody></table></div></section>\n");
        if (!picture.Incidents.IsEmpty)
        {
            html.Raw("<section><h2>Placements, failures and recoveries</h2><div class=\"table\"><table><tbody>\n");
            foreach (LogEntry entry in picture.Incidents.TakeLast(IncidentsShownMax).Reverse())
            {
                html.Raw("<tr class=\"").Text(entry.Level.ToLowerInvariant()).Raw("\"><td>").Text(Clock(entry.At))
                    .Raw("</td><td>").Text(entry.Node).Raw("</td><td>")
                    .Text(entry.Render()).Raw("</td></tr>\n");
            }

            html.Raw("</tbody></table></div></section>\n");
        }

        return html.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Lines(RunPicture picture, string share)
    {
        yield return ("state", picture.Condition switch
        {
            RunCondition.Finished => "finished",
            RunCondition.Interrupted => "interrupted: 'actormd resume' goes on",
            RunCondition.Violated => "the physics was violated: diagnosis.json says how",
            RunCondition.Silent => "not finished, and nobody writes: 'actormd resume' goes on from the last checkpoint",
            _ => "running",
        });
        string left = picture.SecondsLeft is { } seconds && picture.Condition == RunCondition.Running
            ? $", {Words.Seconds(Math.Ceiling(seconds))} left" : "";
        yield return ("progress", share + " %" + left);
        yield return picture.Replicas is { } replicas
            ? ("replicas", FormattableString.Invariant($"{replicas.Done} of {replicas.All}"))
            : ("simulation time", $"{Words.Number(picture.Time)} of {Words.Number(picture.Until)}");
        string rate = picture.CollisionsPerSecond is { } perSecond ? $", {Words.Count(perSecond)} a second" : "";
        yield return ("collisions", Words.Count(picture.Collisions) + rate);
        yield return ("energy drift", Words.Number(picture.EnergyDrift));
        if (picture.LastCheckpoint is { } checkpoint)
        {
            yield return ("last checkpoint", $"of time {Words.Number(checkpoint.Time)}, at {Clock(checkpoint.At)} UTC");
        }

        if (picture.Boundary is { } work)
        {
            yield return ("redundant events",
                FormattableString.Invariant($"{100 * work.RedundantShare:F1} %, of them undone {Words.Count(work.Undone)}"));
            yield return ("sent between domains", $"{Words.Count(work.Messages)} messages, {Words.Bytes(work.Bytes)}");
        }

        yield return ("warnings, errors", FormattableString.Invariant($"{picture.WarningCount}, {picture.ErrorCount}"));
        if (picture.Digest is { } digest)
        {
            yield return ("digest", digest);
        }
    }

    private static IEnumerable<string> Cells(NodeState node) =>
    [
        node.Node, node.Condition.ToString().ToLowerInvariant() + (node.Leads ? ", leads" : ""), node.Domains ?? Words.Undefined,
        node.EventsPerSecond is { } rate ? Words.Count(rate) : Words.Undefined,
        node.BusyShare is { } busy ? FormattableString.Invariant($"{100 * busy:F0} %") : Words.Undefined,
        node.PeakRssBytes is { } bytes ? Words.Bytes(bytes) : Words.Undefined, Clock(node.LastSeen),
    ];

    private static string Clock(DateTime at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
