using ActorMD.Runs.Sessions;

namespace ActorMD.Examples.Tests;

/// <summary>Watches a run and does nothing.</summary>
internal class Onlooker : IRunObserver
{
    public virtual void Advanced(RunPace pace)
    {
    }

    public void Checkpointed(double time)
    {
    }
}
