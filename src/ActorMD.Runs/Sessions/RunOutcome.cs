using ActorMD.Files.RunFolders;

namespace ActorMD.Runs.Sessions;

/// <summary>How a session ended.</summary>
/// <param name="Time">Simulation time that was reached.</param>
/// <param name="Summary">Of the finished run; null when it was interrupted after writing a checkpoint.</param>
public sealed record RunOutcome(double Time, RunSummary? Summary)
{
    public bool IsFinished => Summary is not null;
}
