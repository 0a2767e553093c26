namespace ActorMD.Runtime.Tests;

/// <summary>An observer that only looks on.</summary>
internal class Onlooker : IRunObserver
{
    public virtual void Advanced(RunPace pace)
    {
    }

    public void Checkpointed(double time)
    {
    }
}
