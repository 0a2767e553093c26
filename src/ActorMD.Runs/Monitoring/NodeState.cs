namespace ActorMD.Runs.Monitoring;

/// <summary>What the logs say of one process of a run.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Condition">How it is.</param>
/// <param name="Leads">Whether the run's coordinator is there.</param>
/// <param name="Domains">Its domains as in its log; null if it has said nothing of any.</param>
/// <param name="Slice">Number of the time slice that it was at.</param>
/// <param name="EventsPerSecond">Of its event loops.</param>
/// <param name="BusyShare">Share of its threads' time that it computed, 0 to 1.</param>
/// <param name="PeakRssBytes">Largest resident memory.</param>
/// <param name="LastSeen">Time of its last line, UTC.</param>
public sealed record NodeState(
    string Node, NodeCondition Condition, bool Leads, string? Domains, double? Slice, double? EventsPerSecond, double? BusyShare,
    double? PeakRssBytes,
    DateTime LastSeen);

/// <summary>How a node is, as far as logs tell.</summary>
public enum NodeCondition
{
    /// <summary>Has written a line not long ago.</summary>
    Working,

    /// <summary>Has written nothing for a while: dead, paused, or without a disk to write to.</summary>
    Silent,

    /// <summary>Others say that it is gone, and it has written nothing since.</summary>
    Lost,

    /// <summary>Has done its work.</summary>
    Done,
}
