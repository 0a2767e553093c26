using ActorMD.Files;
using ActorMD.Runtime;

namespace ActorMD.Akka;

/// <summary>What the command line finds when this program was built where no package source offered Akka.NET.</summary>
public static class AkkaRuntime
{
    /// <summary>Whether this build has the runtime.</summary>
    public static bool IsAvailable => false;

    /// <exception cref="InputFaultException">Always.</exception>
    public static IClusterTransport Join(AkkaOptions options) => throw new InputFaultException(new InputFault(
        "--runtime", null, null, "this program was built without Akka.NET, since the package source did not offer it",
        "build it where packages of Akka.NET can be had (docs/akka.md), or use --runtime local or mpi"));
}
