using System.Collections.Concurrent;
using System.Diagnostics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>A thread of its own that lends itself to some domains, one message after the other.</summary>
/// <remarks>Not a thread of the pool: there computing would hold up the transports.</remarks>
internal sealed class NodeWorker
{
    private static readonly Envelope Reminder = new(ActorAddress.Client, Message.Reminder.Instance);

    private readonly BlockingCollection<Envelope> _mailbox = [];
    private readonly IReadOnlyDictionary<int, DomainCore> _domains;
    private readonly Action<Envelope> _send;
    private readonly Action<Exception> _fail;
    private readonly Thread _thread;
    private volatile bool _isRetired;
    private int _isReminded;
    private long _busyTicks;
    private long _simulatedEventCount;
    private long _window;

    /// <param name="domains">By index; they are the worker's alone, and are disposed by it.</param>
    /// <param name="send">Takes the domains' messages, on the worker's thread.</param>
    /// <param name="fail">Gets what a domain could not handle; then the worker has ended.</param>
    public NodeWorker(IReadOnlyDictionary<int, DomainCore> domains, Action<Envelope> send, Action<Exception> fail)
    {
        _domains = domains;
        _send = send;
        _fail = fail;
        _thread = new Thread(Run) { IsBackground = true, Name = $"domains {string.Join(' ', domains.Keys)}" };
        _thread.Start();
    }

    /// <summary>Time spent on messages so far.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busyTicks));

    /// <summary>Events of all windows so far, those of copies included.</summary>
    public long SimulatedEventCount => Interlocked.Read(ref _simulatedEventCount);

    /// <summary>Number of the last window that was opened.</summary>
    public long Window => Interlocked.Read(ref _window);

    public void Post(Envelope envelope)
    {
        try
        {
            _mailbox.Add(envelope);
        }
        catch (InvalidOperationException)
        {
            // Retired: what still comes is void.
        }
    }

    /// <summary>Reminds all domains, unless they have not yet come to the last reminder.</summary>
    public void Remind()
    {
        if (Interlocked.Exchange(ref _isReminded, 1) == 0)
        {
            Post(Reminder);
        }
    }

    /// <summary>From now on nothing is sent; the thread ends after the message in hand.</summary>
    public void Retire()
    {
        _isRetired = true;
        _mailbox.CompleteAdding();
    }

    public void Join() => _thread.Join();

    private void Run()
    {
        try
        {
            List<Envelope> effects = [];
            foreach (Envelope envelope in _mailbox.GetConsumingEnumerable())
            {
                if (_isRetired)
                {
                    break;
                }

                long started = Stopwatch.GetTimestamp();
                Handle(envelope, effects);
                Interlocked.Add(ref _busyTicks, Stopwatch.GetTimestamp() - started);
            }
        }
        catch (Exception error)
        {
            if (!_isRetired)
            {
                _fail(error);
            }
        }
        finally
        {
            foreach (DomainCore domain in _domains.Values)
            {
                domain.Dispose();
            }
        }
    }

    private void Handle(Envelope envelope, List<Envelope> effects)
    {
        if (ReferenceEquals(envelope.Message, Message.Reminder.Instance))
        {
            Volatile.Write(ref _isReminded, 0);
            foreach (DomainCore domain in _domains.Values)
            {
                domain.Handle(Message.Reminder.Instance, effects);
            }
        }
        else
        {
            if (envelope.Message is Message.OpenWindow open)
            {
                Interlocked.Exchange(ref _window, open.Id.Window);
            }

            _domains[envelope.To.Index].Handle(envelope.Message, effects);
        }

        foreach (Envelope effect in effects)
        {
            if (effect.Message is Message.Verdict verdict)
            {
                Interlocked.Add(ref _simulatedEventCount, verdict.Work.SimulatedEventCount);
            }

            if (!_isRetired)
            {
                _send(effect);
            }
        }

        effects.Clear();
    }
}
