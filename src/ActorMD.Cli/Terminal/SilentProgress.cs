using ActorMD.Runs;

namespace ActorMD.Cli;

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
