using ActorMD.Runs.Sessions;

namespace ActorMD.Cli.Terminal;

/// <summary>No progress: --quiet.</summary>
internal sealed class SilentProgress : IRunObserver
{
    public void Advanced(RunPace pace)
    {
    }

    public void Checkpointed(double time)
    {
    }
}
