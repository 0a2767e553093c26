using System.Threading.Channels;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>A thread that lends itself to some domains, one message after the other.</summary>
internal sealed class DomainWorker : IDisposable
{
    private readonly Channel<Envelope> _mailbox =
        Channel.CreateUnbounded<Envelope>(new UnboundedChannelOptions { SingleReader = true });

    private readonly IReadOnlyDictionary<int, DomainCore> _domains;
    private readonly Action<Envelope> _send;
    private readonly Task _loop;

    /// <param name="domains">By index; they are the worker's alone.</param>
    /// <param name="send">Takes the domains' messages, from the worker's thread.</param>
    /// <param name="fail">Gets what a domain could not handle; then the worker has ended.</param>
    public DomainWorker(IReadOnlyDictionary<int, DomainCore> domains, Action<Envelope> send, Action<Exception> fail)
    {
        _domains = domains;
        _send = send;
        _loop = Task.Run(() => RunAsync(fail));
    }

    public void Post(Envelope envelope) => _mailbox.Writer.TryWrite(envelope);

    /// <summary>Ends after the message in hand.</summary>
    public void Dispose()
    {
        _mailbox.Writer.Complete();
        _loop.Wait();
        foreach (DomainCore domain in _domains.Values)
        {
            domain.Dispose();
        }
    }

    private async Task RunAsync(Action<Exception> fail)
    {
        try
        {
            List<Envelope> effects = [];
            await foreach (Envelope envelope in _mailbox.Reader.ReadAllAsync())
            {
                _domains[envelope.To.Index].Handle(envelope.Message, effects);
                foreach (Envelope effect in effects)
                {
                    _send(effect);
                }

                effects.Clear();
            }
        }
        catch (Exception error)
        {
            fail(error);
        }
    }
}
