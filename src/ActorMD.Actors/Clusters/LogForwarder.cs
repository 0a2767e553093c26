using Akka.Actor;
using Akka.Event;

namespace ActorMD.Actors.Clusters;

/// <summary>Gives what Akka.NET logs to the node, which has the log of the run.</summary>
internal sealed class LogForwarder : UntypedActor
{
    private readonly LogSetup? _target = Context.System.Settings.Setup.Get<LogSetup>() is { HasValue: true } setup ? setup.Value : null;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            case LogEvent happened:
                _target?.Write(happened);
                break;
        }
    }
}
