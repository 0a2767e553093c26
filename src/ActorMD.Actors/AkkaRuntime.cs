using ActorMD.Files;
using ActorMD.Runtime;

namespace ActorMD.Actors;

/// <summary>The entrance to the akka runtime.</summary>
public static class AkkaRuntime
{
    /// <summary>Starts this process as a node; it asks the seeds for admission until they answer.</summary>
    /// <exception cref="InputFaultException">The settings are wrong.</exception>
    public static IClusterTransport Join(AkkaOptions options) => AkkaNode.Join(AkkaSettings.Load(options));
}
