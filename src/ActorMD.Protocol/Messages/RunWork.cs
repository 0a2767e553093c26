namespace ActorMD.Protocol.Messages;

/// <summary>What one window has cost a domain.</summary>
/// <param name="OwnCount">Particles that it owns; with time slices those that are here, ghosts included.</param>
/// <param name="CopyCount">Copies of other domains' particles; with time slices what was sent of particles and flights.</param>
/// <param name="SimulatedEventCount">Events of the window, those of copies included.</param>
/// <param name="CommittedEventCount">Events that count here and were committed in all windows of the run before this one.</param>
/// <param name="UndoneEventCount">Events that were rolled back in all windows of the run before this one, those of copies included.</param>
/// <param name="MessageCount">Messages to other domains in this window.</param>
/// <param name="SentByteCount">What they weigh: particles, paths and events.</param>
/// <param name="FrontDepth">
/// How deep false histories reached into the halo, in layers from its rim; 0 if none was seen where paths are compared. At the thickness
/// of the halo they have reached the block.
/// </param>
public readonly record struct DomainWork(
    int OwnCount, int CopyCount, long SimulatedEventCount, long CommittedEventCount, long UndoneEventCount, int MessageCount,
    long SentByteCount, double FrontDepth);

/// <summary>What a run has cost so far.</summary>
/// <param name="CommittedWindowCount">Windows that went forward.</param>
/// <param name="ShortenedWindowCount">Those of them that ended early because domains differed.</param>
/// <param name="RetryCount">Attempts that did not go forward at all and were made again with a thicker halo.</param>
/// <param name="WindowTime">Simulation time of all committed windows.</param>
/// <param name="SimulatedEventCount">Events, those of copies and those undone included.</param>
/// <param name="UndoneEventCount">Events that were rolled back, those of copies included.</param>
/// <param name="CopyCount">Copies of particles, added up over windows and domains.</param>
/// <param name="MessageCount">Messages between domains.</param>
/// <param name="SentByteCount">What they weighed.</param>
/// <param name="FrontDepthSum">Largest <see cref="DomainWork.FrontDepth"/> of each attempt, added up.</param>
/// <param name="FrontDepthMax">The largest of all.</param>
/// <param name="SliceCount">Of the windows that went forward, how many were time slices that domains shared: without a halo.</param>
public sealed record RunWork(
    long CommittedWindowCount, long ShortenedWindowCount, long RetryCount, double WindowTime, long SimulatedEventCount,
    long UndoneEventCount,
    long CopyCount, long MessageCount, long SentByteCount, double FrontDepthSum, double FrontDepthMax, long SliceCount = 0)
{
    public static RunWork None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Time slices are shared: each event is run once.</summary>
    public const string Slices = "slices";

    /// <summary>How domains have shared the run: in slices, in windows, or both; null if they have not begun.</summary>
    public string? Method => CommittedWindowCount == 0 ? null
        : SliceCount == CommittedWindowCount ? Slices
        : SliceCount > 0 ? "slices and windows"
        : "windows";

    /// <summary>Windows that were simulated, again and again those that were tried again.</summary>
    public long AttemptCount => CommittedWindowCount + RetryCount;

    public static RunWork operator +(RunWork a, RunWork b) => new(
        a.CommittedWindowCount + b.CommittedWindowCount, a.ShortenedWindowCount + b.ShortenedWindowCount, a.RetryCount + b.RetryCount,
        a.WindowTime + b.WindowTime, a.SimulatedEventCount + b.SimulatedEventCount, a.UndoneEventCount + b.UndoneEventCount,
        a.CopyCount + b.CopyCount, a.MessageCount + b.MessageCount, a.SentByteCount + b.SentByteCount,
        a.FrontDepthSum + b.FrontDepthSum, Math.Max(a.FrontDepthMax, b.FrontDepthMax), a.SliceCount + b.SliceCount);
}
