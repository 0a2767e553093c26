using Akka.Actor.Setup;
using Akka.Event;

namespace ActorMD.Actors.Clusters;

/// <summary>Where <see cref="LogForwarder"/> writes.</summary>
internal sealed class LogSetup(Action<LogEvent> write) : Setup
{
    public void Write(LogEvent happened) => write(happened);
}
