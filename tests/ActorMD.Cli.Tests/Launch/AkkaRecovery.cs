namespace ActorMD.Cli.Tests.Launch;

/// <summary>How long it took until a run got on after a node was killed, in seconds, by the logs.</summary>
/// <param name="WasLeading">Whether the node that was killed led the run.</param>
/// <param name="Detection">From the kill until another node noticed it.</param>
/// <param name="Removal">Until the cluster had agreed that it is gone.</param>
/// <param name="Election">Until another node led; 0 for a worker.</param>
/// <param name="Reading">Until that one had the run folder and the checkpoint; 0 for a worker.</param>
/// <param name="Placement">Until the domains were placed.</param>
/// <param name="Replay">Until the run was further than before.</param>
internal sealed record AkkaRecovery(
    bool WasLeading, double Detection, double Removal, double Election, double Reading, double Placement, double Replay)
{
    public double Together => Detection + Removal + Election + Reading + Placement + Replay;

    /// <summary>From the logs; null where the node had no domains, or another kill came before the run got on.</summary>
    /// <param name="kill">When the node was killed.</param>
    /// <param name="port">Its port.</param>
    /// <param name="wasLeading">Whether it led.</param>
    /// <param name="next">When the next one was killed.</param>
    /// <param name="logs">All that was logged.</param>
    public static AkkaRecovery? Of(DateTime kill, int port, bool wasLeading, DateTime next, List<LoggedEvent> logs)
    {
        string name = $"127.0.0.1-{port}-";
        double before = logs.Where(logged => logged.At <= kill && logged.Says("Sampled")).Select(logged => logged.Time).DefaultIfEmpty(0)
            .Max();
        LoggedEvent? noticed = First(kill, logged => logged.Text.Contains($"Node {name}", StringComparison.Ordinal));
        LoggedEvent? gone = First(
            noticed?.At, logged => logged.Says("Node {member} is gone") && logged.Member.StartsWith(name, StringComparison.Ordinal));
        LoggedEvent? leads = wasLeading ? First(gone?.At, logged => logged.Text == "leads from now on") : gone;
        LoggedEvent? begun = wasLeading ? First(leads?.At, logged => logged.Says("Resumed") || logged.Says("Started")) : leads;
        LoggedEvent? lost = wasLeading
            ? begun
            : First(kill, logged => logged.Says("Lost node") && logged.Member.StartsWith(name, StringComparison.Ordinal));
        LoggedEvent? placed = First(lost?.At, logged => logged.Says("Placed here"));
        LoggedEvent? back = First(placed?.At, logged => logged.Says("Sampled") && logged.Time > before);
        return back is null || back.At > next
            ? null
            : new AkkaRecovery(
                wasLeading, Seconds(kill, noticed!), Seconds(noticed!.At, gone!), Seconds(gone!.At, leads!), Seconds(leads!.At, begun!),
                Seconds(begun!.At, placed!), Seconds(placed!.At, back));

        LoggedEvent? First(DateTime? after, Predicate<LoggedEvent> isIt) =>
            after is { } at ? logs.Find(logged => logged.At >= at && isIt(logged)) : null;
    }

    private static double Seconds(DateTime from, LoggedEvent to) => (to.At - from).TotalSeconds;
}
