namespace ActorMD.Protocol.Messages;

/// <summary>What one time slice has cost a domain.</summary>
/// <param name="Count">Particles that are here, ghosts included.</param>
/// <param name="SentCount">Particles and flights that neighbours were told of.</param>
/// <param name="SimulatedEventCount">Events of the slice that were run here.</param>
/// <param name="DoneEventCount">Events that count here, of all slices of the run before this one.</param>
/// <param name="UndoneEventCount">Events that were rolled back here since the run began.</param>
/// <param name="MessageCount">Messages to other domains in this slice.</param>
/// <param name="SentByteCount">What they weigh.</param>
public readonly record struct DomainWork(
    int Count, int SentCount, long SimulatedEventCount, long DoneEventCount, long UndoneEventCount, int MessageCount, long SentByteCount);

/// <summary>What a run on domains has cost so far.</summary>
/// <param name="SliceCount">Time slices that are done.</param>
/// <param name="SharedSliceCount">Those of them that several domains have shared; the others were run by one domain alone.</param>
/// <param name="VoidSliceCount">Slices that were undone everywhere and tried again.</param>
/// <param name="SliceTime">Simulation time of all slices that are done.</param>
/// <param name="SimulatedEventCount">Events, those undone included.</param>
/// <param name="UndoneEventCount">Events that were rolled back.</param>
/// <param name="SentCount">Particles and flights that domains told each other of.</param>
/// <param name="MessageCount">Messages between domains.</param>
/// <param name="SentByteCount">What they weighed.</param>
public sealed record RunWork(
    long SliceCount, long SharedSliceCount, long VoidSliceCount, double SliceTime, long SimulatedEventCount, long UndoneEventCount,
    long SentCount, long MessageCount, long SentByteCount)
{
    public static RunWork None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Time slices are shared: each event is run once.</summary>
    public const string Slices = "slices";

    /// <summary>How domains have shared the run: in slices, in slices at times; null if one domain has computed alone.</summary>
    public string? Method => SharedSliceCount == 0 ? null
        : SharedSliceCount == SliceCount ? Slices
        : "slices and alone";

    public static RunWork operator +(RunWork a, RunWork b) => new(
        a.SliceCount + b.SliceCount, a.SharedSliceCount + b.SharedSliceCount, a.VoidSliceCount + b.VoidSliceCount,
        a.SliceTime + b.SliceTime, a.SimulatedEventCount + b.SimulatedEventCount, a.UndoneEventCount + b.UndoneEventCount, a.SentCount + b.SentCount,
        a.MessageCount + b.MessageCount, a.SentByteCount + b.SentByteCount);
}
