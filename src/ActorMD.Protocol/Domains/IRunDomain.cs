using ActorMD.Engine.Execution;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Domains;

/// <summary>A domain's part in one run.</summary>
internal interface IRunDomain : IDisposable
{
    /// <summary>Work of the event loop.</summary>
    EngineCounters Counters { get; }

    /// <summary>Takes one message in; the answers are added to the effects.</summary>
    void Handle(Message message, ICollection<Envelope> effects);
}
