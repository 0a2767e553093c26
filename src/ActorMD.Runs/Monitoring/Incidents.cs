namespace ActorMD.Runs.Monitoring;

/// <summary>Which lines of a log belong to the story of a run: failures and recoveries, nodes that come and go, placements.</summary>
public static class Incidents
{
    /// <summary>The message of a node that begins to lead.</summary>
    internal const string Lead = "Node {member} leads";

    // Beginnings of messages that belong to the story although nothing is wrong with them.
    private static readonly string[] Turns = ["Recovered", "Resumed", "Interrupted", "Placing", Lead, "Node {member} is there"];

    private static readonly string[] Recoveries = ["Recovered", "Resumed", "Started node", "Relaunching"];

    /// <summary>Whether a line belongs to it.</summary>
    public static bool IsOne(LogEntry entry) =>
        entry.Level != "Information" || Array.Exists(Turns, entry.Says) || IsOfLease(entry) || IsRecovery(entry);

    /// <summary>Whether a line tells of work that goes on after a failure or an interruption.</summary>
    public static bool IsRecovery(LogEntry entry) => Array.Exists(Recoveries, entry.Says);

    private static bool IsOfLease(LogEntry entry) => entry.Text("Text") is { } text && text.StartsWith("Lease", StringComparison.Ordinal);
}
