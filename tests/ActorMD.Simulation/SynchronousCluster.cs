using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Domains;
using ActorMD.Protocol.Messages;

namespace ActorMD.Simulation;

/// <summary>The simplest runtime: all actors in one thread, every message delivered at once and in order.</summary>
public sealed class SynchronousCluster : IDisposable
{
    private readonly List<Envelope> _effects = [];
    private readonly Queue<Envelope> _queue = new();
    private readonly CoordinatorCore _coordinator;
    private readonly DomainCore[] _domains;

    public SynchronousCluster(Gas gas, SystemState state, EventTally? tally, int domainCount, bool logsEvents = true)
    {
        Client = new ClientCore(domainCount, state, tally ?? new EventTally(gas.Species.Length, gas.OrderMax), logsEvents: logsEvents);
        _coordinator = new CoordinatorCore(gas);
        _domains = [.. Enumerable.Range(0, domainCount).Select(domain => new DomainCore(domain, gas))];
    }

    public ClientCore Client { get; }

    /// <summary>Events of the run that are known to be done, as progress is told from.</summary>
    public long EventCount => _coordinator.DoneEventCount;

    /// <summary>Sees every message, and may replace it.</summary>
    public Func<Envelope, Envelope>? Tamper { get; set; }

    /// <summary>Runs until the client has its state.</summary>
    public void Advance(double until)
    {
        Client.Request(until, _effects);
        Post();
        while (_queue.TryDequeue(out Envelope envelope))
        {
            Envelope delivered = Tamper is null ? envelope : Tamper(envelope);
            switch (delivered.To.Role)
            {
                case ActorRole.Client:
                    Client.Handle(delivered.Message, _effects);
                    break;
                case ActorRole.Coordinator:
                    _coordinator.Handle(delivered.Message, _effects);
                    break;
                default:
                    _domains[delivered.To.Index].Handle(delivered.Message, _effects);
                    break;
            }

            Post();
        }

        if (!Client.IsIdle)
        {
            throw new InvalidOperationException("no message is left, but the client still waits");
        }
    }

    public void Dispose()
    {
        foreach (DomainCore domain in _domains)
        {
            domain.Dispose();
        }
    }

    private void Post()
    {
        foreach (Envelope envelope in _effects)
        {
            _queue.Enqueue(envelope);
        }

        _effects.Clear();
    }
}
