namespace ActorMD.Protocol;

/// <summary>What one window has cost a domain.</summary>
/// <param name="OwnCount">Particles that it owns.</param>
/// <param name="CopyCount">Copies of other domains' particles.</param>
/// <param name="SimulatedEventCount">Events of the window, those of copies included.</param>
/// <param name="CommittedEventCount">Events that count here and were committed in all windows of the run before this one.</param>
public readonly record struct DomainWork(int OwnCount, int CopyCount, long SimulatedEventCount, long CommittedEventCount);

/// <summary>What a run has cost so far.</summary>
/// <param name="CommittedWindowCount">Windows that went forward.</param>
/// <param name="CutWindowCount">Those of them that ended early because domains differed.</param>
/// <param name="RetryCount">Attempts that did not go forward at all and were made again with a thicker halo.</param>
/// <param name="WindowTime">Simulation time of all committed windows.</param>
/// <param name="SimulatedEventCount">Events, those of copies and those undone included.</param>
public sealed record RunWork(
    long CommittedWindowCount, long CutWindowCount, long RetryCount, double WindowTime, long SimulatedEventCount)
{
    public static RunWork None { get; } = new(0, 0, 0, 0, 0);

    public static RunWork operator +(RunWork a, RunWork b) => new(
        a.CommittedWindowCount + b.CommittedWindowCount, a.CutWindowCount + b.CutWindowCount, a.RetryCount + b.RetryCount,
        a.WindowTime + b.WindowTime, a.SimulatedEventCount + b.SimulatedEventCount);
}
