namespace ActorMD.Akka;

/// <summary>What the command line asks for when this program was built where no package source offered Akka.NET.</summary>
public static class AkkaRuntime
{
    /// <summary>Whether this build has the runtime.</summary>
    public static bool IsAvailable => false;
}
