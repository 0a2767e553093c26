using Akka.Actor;
using Akka.Remote.Transport;

namespace ActorMD.Actors;

/// <summary>Named in the configuration: puts <see cref="SealedTransport"/> over Akka.Remote's TCP.</summary>
public sealed class SealedTransportProvider : ITransportAdapterProvider
{
    public Akka.Remote.Transport.Transport Create(
        Akka.Remote.Transport.Transport wrappedTransport, ExtendedActorSystem system) => new SealedTransport(wrappedTransport, system);
}
