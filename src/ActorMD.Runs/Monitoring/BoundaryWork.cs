namespace ActorMD.Runs.Monitoring;

/// <summary>What domains and nodes have cost so far beyond the events themselves, by the last line that says so.</summary>
/// <param name="Counted">Events that belong to the trajectory.</param>
/// <param name="Simulated">All that were simulated, undone ones included.</param>
/// <param name="Undone">Those that were rolled back.</param>
/// <param name="Messages">Between domains.</param>
/// <param name="Bytes">What these weighed.</param>
public sealed record BoundaryWork(double Counted, double Simulated, double Undone, double Messages, double Bytes)
{
    /// <summary>Share of the simulated events that did not count.</summary>
    public double RedundantShare => Simulated > 0 ? 1 - Counted / Simulated : 0;

    /// <summary>Of a line that reports it; null for any other.</summary>
    public static BoundaryWork? Of(LogEntry entry) =>
        entry.Number("Counted") is { } counted && entry.Number("Simulated") is { } simulated
            ? new BoundaryWork(counted, simulated, entry.Number("Undone") ?? 0, entry.Number("Messages") ?? 0, entry.Number("Bytes") ?? 0)
            : null;
}
