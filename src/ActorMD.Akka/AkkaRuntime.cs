namespace ActorMD.Akka;

public static class AkkaRuntime
{
    /// <summary>Whether this build has the runtime.</summary>
    public static bool IsAvailable => true;
}
