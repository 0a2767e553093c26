using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorMD.Actors;

/// <summary>A connection that speaks as <see cref="SealedSession"/> says, and ends with a warning in the log when the other end does not.</summary>
internal sealed class SealedAssociation : AssociationHandle, IHandleEventListener
{
    private const int HeldBackMax = 1000;

    private readonly AssociationHandle _inner;
    private readonly SealedSession _session;
    private readonly ILoggingAdapter _log;
    private readonly Lock _writing = new();

    // What is to be sent before the other end has greeted.
    private List<ByteString>? _heldBack = [];
    private bool _isRefused;
    private IHandleEventListener? _upper;

    public SealedAssociation(AssociationHandle inner, SealedSession session, ILoggingAdapter log)
        : base(inner.LocalAddress, inner.RemoteAddress)
    {
        _inner = inner;
        _session = session;
        _log = log;
        inner.Write(ByteString.CopyFrom(session.Greeting));
        _ = BeginReadingAsync();
    }

    public override bool Write(ByteString payload)
    {
        lock (_writing)
        {
            if (_heldBack is null)
            {
                return _inner.Write(UnsafeByteOperations.UnsafeWrap(_session.Seal(payload.Span)));
            }

            if (_heldBack.Count == HeldBackMax)
            {
                return false;
            }

            _heldBack.Add(payload);
            return true;
        }
    }

    /// <summary>Takes what the connection below reports, always on its own thread.</summary>
    public void Notify(IHandleEvent ev)
    {
        if (ev is not InboundPayload inbound)
        {
            _upper!.Notify(ev);
        }
        else if (!_isRefused)
        {
            try
            {
                Receive(inbound.Payload.Span);
            }
            catch (StrangerException stranger)
            {
                _isRefused = true;
                _log.Warning("Refused the connection with {0}: {1}", RemoteAddress, stranger.Message);
                Disassociate("it was refused", _log);
                _upper!.Notify(new Disassociated(DisassociateInfo.Unknown));
            }
        }
    }

#pragma warning disable CS0672, CS0618 // The base class declares the method so.
    public override void Disassociate() => _inner.Disassociate();
#pragma warning restore CS0672, CS0618

    private async Task BeginReadingAsync()
    {
        _upper = await ReadHandlerSource.Task.ConfigureAwait(false);
        _inner.ReadHandlerSource.TrySetResult(this);
    }

    private void Receive(ReadOnlySpan<byte> frame)
    {
        if (_session.IsOpen)
        {
            _upper!.Notify(new InboundPayload(ByteString.CopyFrom(_session.Open(frame))));
            return;
        }

        lock (_writing)
        {
            _session.TakeGreeting(frame);
            foreach (ByteString payload in _heldBack!)
            {
                _inner.Write(UnsafeByteOperations.UnsafeWrap(_session.Seal(payload.Span)));
            }

            _heldBack = null;
        }
    }
}
