using System.Diagnostics;
using System.Threading.Channels;
using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>
/// The local runtime: domains on threads of this process, the coordinator in the caller's. Messages are handed over as they
/// are; nothing is lost, so nobody needs to be reminded.
/// </summary>
public sealed class DomainSimulation : ISimulation
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<Envelope> _inbox =
        Channel.CreateUnbounded<Envelope>(new UnboundedChannelOptions { SingleReader = true });

    private readonly List<Envelope> _effects = [];
    private readonly ClientCore _client;
    private readonly CoordinatorCore _coordinator;
    private readonly DomainCore[] _domains;
    private readonly DomainWorker[] _workers;
    private readonly int _domainCount;
    private readonly int _workersWanted;
    private readonly long _collisionCountBefore;
    private readonly RunContext _context;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuStarted = Environment.CpuUsage.TotalTime;
    private long _reported = Stopwatch.GetTimestamp();
    private Task<bool>? _arrival;
    private double _until = double.NaN;

    /// <exception cref="ArgumentException">An axis has no room for so many blocks.</exception>
    public DomainSimulation(Gas gas, SystemState state, EventTally? tally, ExecutionPlan plan, RunContext context)
    {
        _context = context;
        BlockGrid grid = BlockGrid.For(gas, state, plan.Domains);
        _client = new ClientCore(
            grid, state, tally ?? new EventTally(gas.Species.Length, gas.OrderMax), logsEvents: context.LogsEvents);
        _coordinator = new CoordinatorCore(gas, WindowPlan.For(gas, state));
        _collisionCountBefore = _client.Tally.CollisionCount;
        _domainCount = grid.DomainCount;
        _workersWanted = plan.Workers;
        _domains = new DomainCore[_domainCount];
        _workers = new DomainWorker[Math.Min(plan.Workers, _domainCount)];
        LedgerComparison comparison = new();
        for (int worker = 0; worker < _workers.Length; worker++)
        {
            Dictionary<int, DomainCore> domains = [];
            for (int domain = 0; domain < _domainCount; domain++)
            {
                if (WorkerOf(domain) == worker)
                {
                    _domains[domain] = new DomainCore(domain, gas, comparison);
                    domains[domain] = _domains[domain];
                }
            }

            _workers[worker] = new DomainWorker(domains, Send, error => _inbox.Writer.TryComplete(error));
        }
    }

    /// <inheritdoc/>
    public double Time => _client.IsIdle ? _client.State.AbsoluteTime : _coordinator.Time;

    /// <inheritdoc/>
    public EventTally Tally => _client.Tally;

    /// <inheritdoc/>
    public long CollisionCount => _client.IsIdle ? Tally.CollisionCount : _collisionCountBefore + _coordinator.CommittedEventCount;

    /// <inheritdoc/>
    public long CrossingCount => _domains.Sum(domain => domain.Counters.CrossingCount);

    /// <inheritdoc/>
    public int ThreadCount => _workers.Length;

    /// <inheritdoc/>
    public string? SharingObstacle => _workersWanted > _workers.Length ? $"each of {_domainCount} domains keeps one thread busy" : null;

    public RunWork Work => _client.Work;

    /// <inheritdoc/>
    public bool Advance(double until, long stepCountMax)
    {
        if (_client.IsIdle || until != _until)
        {
            _until = until;
            _client.Request(until, _effects);
            SendAll();
        }

        bool reached = Serve(Slice);
        if (Stopwatch.GetElapsedTime(_reported) >= ReportInterval)
        {
            _reported = Stopwatch.GetTimestamp();
            Report();
        }

        return reached;
    }

    /// <inheritdoc/>
    public byte[] TakeEvents() => _client.TakeEvents();

    /// <inheritdoc/>
    public SystemState Capture()
    {
        if (!_client.IsIdle)
        {
            _client.Request(double.NegativeInfinity, _effects);
            SendAll();
            Serve(Timeout.InfiniteTimeSpan);
        }

        return _client.State;
    }

    public void Dispose()
    {
        foreach (DomainWorker worker in _workers)
        {
            worker.Dispose();
        }
    }

    // What the windows have cost so far: scripts/scaling-model reads it.
    private void Report()
    {
        RunWork work = _coordinator.Work;
        _context.Log.Information(
            "Windows up to {time}: {Windows} committed, {Cut} cut, {Retried} tried again; {Counted} events counted of {Simulated} simulated, "
            + "{Undone} undone; {Copies} copies, {Messages} messages, {Bytes} bytes; {Cpu} s of processor time in {Wall} s; {Particles} particles, {Domains} domains, {Workers} workers",
            Time, work.CommittedWindowCount, work.CutWindowCount, work.RetryCount, _coordinator.CommittedEventCount, work.SimulatedEventCount,
            work.UndoneEventCount, work.CopyCount, work.MessageCount, work.SentByteCount,
            Math.Round((Environment.CpuUsage.TotalTime - _cpuStarted).TotalSeconds, 4), Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 4),
            _client.State.Particles.Length, _domainCount, _workers.Length);
    }

    // Handles what arrives for coordinator and client, until the client has its answer or the time is over.
    private bool Serve(TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        while (!_client.IsIdle)
        {
            if (_inbox.Reader.TryRead(out Envelope envelope))
            {
                Deliver(envelope);
            }
            else
            {
                TimeSpan left = time == Timeout.InfiniteTimeSpan ? time : time - Stopwatch.GetElapsedTime(started);
                _arrival ??= _inbox.Reader.WaitToReadAsync().AsTask();
                if ((left < TimeSpan.Zero && left != Timeout.InfiniteTimeSpan) || Task.WaitAny([_arrival], left) < 0)
                {
                    return false;
                }

                _arrival.GetAwaiter().GetResult(); // throws what a worker could not handle
                _arrival = null;
            }
        }

        return _client.Violation is null ? true : throw new PhysicsViolationException(_client.Violation);
    }

    private void Deliver(Envelope envelope)
    {
        if (envelope.To.Role == ActorRole.Client)
        {
            _client.Handle(envelope.Message, _effects);
        }
        else
        {
            _coordinator.Handle(envelope.Message, _effects);
        }

        SendAll();
    }

    private void SendAll()
    {
        foreach (Envelope envelope in _effects)
        {
            Send(envelope);
        }

        _effects.Clear();
    }

    private void Send(Envelope envelope)
    {
        if (envelope.To.Role == ActorRole.Domain)
        {
            _workers[WorkerOf(envelope.To.Index)].Post(envelope);
        }
        else
        {
            _inbox.Writer.TryWrite(envelope);
        }
    }

    // Neighbouring blocks go to the same worker.
    private int WorkerOf(int domain) => (int)((long)domain * _workers.Length / _domainCount);
}
