using ActorMD.Runs.Sessions;

namespace ActorMD.Testing;

/// <summary>An observer that only looks on.</summary>
public class Onlooker : IRunObserver
{
    public virtual void Advanced(RunPace pace)
    {
    }

    public void Checkpointed(double time)
    {
    }
}
