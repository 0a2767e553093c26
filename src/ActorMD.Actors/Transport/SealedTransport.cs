using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using AkkaTransport = Akka.Remote.Transport.Transport;

namespace ActorMD.Actors;

/// <summary>
/// A transport whose associations are <see cref="SealedSession"/>s: nothing from somebody who does not know the shared secret, or runs
/// another version, reaches Akka's own readers.
/// </summary>
internal sealed class SealedTransport : AkkaTransport
{
    private readonly AkkaTransport _inner;
    private readonly ILoggingAdapter _log;
    private readonly byte[] _secret;

    public SealedTransport(AkkaTransport inner, ExtendedActorSystem system)
    {
        _inner = inner;
        System = system;
        Config = inner.Config;
        _log = Logging.GetLogger(system, this);
        _secret = system.Settings.Setup.Get<SecretSetup>() is { HasValue: true } setup ? setup.Value.Secret : [];
    }

    public override string SchemeIdentifier => _inner.SchemeIdentifier;

    public override long MaximumPayloadBytes => _inner.MaximumPayloadBytes - SealedSession.Overhead;

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        (Address address, TaskCompletionSource<IAssociationEventListener> inner) = await _inner.Listen().ConfigureAwait(false);
        TaskCompletionSource<IAssociationEventListener> outer = new();
        _ = SetListenerAsync(outer.Task, inner);
        return (address, outer);
    }

    public override bool IsResponsibleFor(Address remote) => _inner.IsResponsibleFor(remote);

    public override async Task<AssociationHandle> Associate(Address remoteAddress) => new SealedAssociation(
        await _inner.Associate(remoteAddress).ConfigureAwait(false), new SealedSession(_secret, isInitiator: true), _log);

    public override Task<bool> Shutdown() => _inner.Shutdown();

    public override Task<bool> ManagementCommand(object message) => _inner.ManagementCommand(message);

    private async Task SetListenerAsync(
        Task<IAssociationEventListener> listener, TaskCompletionSource<IAssociationEventListener> inner) =>
        inner.TrySetResult(new Listener(this, await listener.ConfigureAwait(false)));

    private sealed class Listener(SealedTransport transport, IAssociationEventListener upper) : IAssociationEventListener
    {
        public void Notify(IAssociationEvent ev)
        {
            SealedSession session = new(transport._secret, isInitiator: false);
            upper.Notify(ev is InboundAssociation inbound
                ? new InboundAssociation(new SealedAssociation(inbound.Association, session, transport._log))
                : ev);
        }
    }
}
