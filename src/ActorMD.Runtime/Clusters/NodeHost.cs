using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Files;
using ActorMD.Protocol;
using Serilog;
using Serilog.Core;

namespace ActorMD.Runtime;

/// <summary>
/// One process of a cluster: hosts domains on its threads for whichever coordinator leads the highest session, and, in one
/// process at a time, the coordinator itself (<see cref="ClusterExecution"/>).
/// </summary>
/// <remarks>
/// The shell of the cores: takes frames from the transport, hands messages to cores, sends their effects. Frames that cannot be read,
/// or belong to another session, are logged and dropped; what is lost by that is repeated.
/// </remarks>
public sealed class NodeHost : IDisposable
{
    private static readonly LedgerComparison Comparison = new();

    private readonly INodeTransport _transport;
    private readonly NodeOptions _options;
    private readonly Action<string> _notice;
    private readonly object _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Timer _reminders;
    private readonly Timer _statuses;
    private readonly Task _pump;
    private ImmutableList<NodeId> _members = [];
    private volatile Assignment? _assignment;
    private BlockingCollection<CoordinatorInput>? _coordinator;
    private long _sessionHighest;
    private ILogger _log = Logger.None;
    private Logger? _ownLog;
    private TimeSpan _cpuBefore;
    private TimeSpan _busyAtStatus;
    private long _eventsAtStatus;
    private readonly long _startStamp = Stopwatch.GetTimestamp();
    private long _statusStamp = Stopwatch.GetTimestamp();
    private long _refusedCount;

    /// <param name="transport">Is disposed with the host.</param>
    /// <param name="options">How the node takes part.</param>
    /// <param name="notice">Gets sentences for people about what happens before there is a log; null: nobody listens.</param>
    public NodeHost(INodeTransport transport, NodeOptions options, Action<string>? notice = null)
    {
        _transport = transport;
        _options = options;
        _notice = notice ?? (_ => { });
        _pump = Task.Run(PumpAsync);
        _reminders = new Timer(_ => Remind(), null, transport.ReminderInterval, transport.ReminderInterval);
        _statuses = new Timer(_ => ReportStatus(), null, options.StatusInterval, options.StatusInterval);
    }

    /// <summary>This node.</summary>
    public NodeId Self => _transport.Self;

    /// <summary>Name of the transport.</summary>
    public string Runtime => _transport.Runtime;

    /// <summary>The nodes that are there, this one included.</summary>
    public IReadOnlyList<NodeId> Members => _members;

    /// <summary>Frames that could not be read or came from nodes of another version.</summary>
    public long RefusedCount => Interlocked.Read(ref _refusedCount);

    /// <summary>How this node takes part.</summary>
    public NodeOptions Options => _options;

    /// <summary>Whether a coordinator has placed the domains of a run, here or elsewhere, and told this node so.</summary>
    public bool HasServed => Interlocked.Read(ref _sessionHighest) > 0;

    /// <summary>How long this node is there.</summary>
    internal TimeSpan Age => Stopwatch.GetElapsedTime(_startStamp);

    internal TimeSpan ReminderInterval => _transport.ReminderInterval;

    /// <summary>Hosts domains until the coordinator dismisses the node.</summary>
    /// <exception cref="ClusterException">The transport has ended before that.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public void Serve(CancellationToken stop)
    {
        try
        {
            _ended.Task.Wait(stop);
        }
        catch (AggregateException error) when (error.InnerException is ClusterException inner)
        {
            throw inner;
        }
    }

    /// <summary>Tells all other nodes that the work is done: their <see cref="Serve"/> returns.</summary>
    public void Dismiss()
    {
        ReadOnlyMemory<byte> frame = NodeFrameFormat.Encode(new NodeFrame.Dismiss(_sessionHighest));
        foreach (NodeId node in _members)
        {
            if (node != Self)
            {
                _transport.Send(node, frame);
            }
        }
    }

    public void Dispose()
    {
        _reminders.Dispose();
        _statuses.Dispose();
        lock (_gate)
        {
            Retire();
        }

        _transport.Dispose();
        _pump.Wait();
        _ownLog?.Dispose();
    }

    /// <summary>From now on this node's coordinator gets what is meant for it, beginning with the nodes that are there.</summary>
    /// <returns>A number for its session that is higher than any that this node has heard of.</returns>
    internal long Attach(BlockingCollection<CoordinatorInput> inbox, ILogger log)
    {
        lock (_gate)
        {
            _coordinator = inbox;
            _log = log;
            foreach (NodeId node in _members)
            {
                inbox.Add(new CoordinatorInput.Up(node));
            }

            return Math.Max(_sessionHighest + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>The coordinator of this node has ended; the domains that it had placed are gone.</summary>
    internal void Detach()
    {
        lock (_gate)
        {
            _coordinator = null;
            Retire();
            _log = Logger.None;
        }
    }

    /// <summary>Sends to the place of an actor, as long as the session lasts.</summary>
    internal void Send(long session, Envelope envelope)
    {
        if (_assignment is { } assignment && assignment.Session == session)
        {
            Send(assignment, envelope);
        }
    }

    /// <summary>Tells one node where the domains are.</summary>
    internal void Place(NodeId node, NodeFrame.Place place)
    {
        if (node == Self)
        {
            Take(Self, place);
        }
        else
        {
            _transport.Send(node, NodeFrameFormat.Encode(place));
        }
    }

    /// <summary>What this node has spent in the session.</summary>
    internal NodeFrame.Status Spent(Assignment assignment) => new(
        assignment.Session, assignment.Domains.Sum(domain => domain.Counters.CrossingCount),
        (Environment.CpuUsage.TotalTime - _cpuBefore).TotalSeconds, ResourceMeter.PeakRssBytes);

    private async Task PumpAsync()
    {
        Exception? cause = null;
        try
        {
            await foreach (NodeEvent happened in _transport.Events.ReadAllAsync())
            {
                Handle(happened);
            }
        }
        catch (Exception error)
        {
            cause = error;
        }

        lock (_gate)
        {
            _coordinator?.Add(new CoordinatorInput.Ended(cause));
        }

        _ended.TrySetException(ClusterException.TransportEnded(_transport.Runtime, cause));
    }

    private void Handle(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.Up up:
                lock (_gate)
                {
                    _members = _members.Contains(up.Node) ? _members : _members.Add(up.Node);
                    _coordinator?.Add(new CoordinatorInput.Up(up.Node));
                }

                _log.Information("Node {member} is there", up.Node.Name);
                break;
            case NodeEvent.Down down:
                _log.Warning("Node {member} is gone", down.Node.Name);
                lock (_gate)
                {
                    _members = _members.Remove(down.Node);
                    _coordinator?.Add(new CoordinatorInput.Down(down.Node));
                }

                break;
            case NodeEvent.Arrived arrived:
                Read(arrived);
                break;
            case NodeEvent.Noticed noticed:
                if (noticed.IsWarning)
                {
                    _log.Warning("{Runtime}: {Text}", _transport.Runtime, noticed.Text);
                    _notice($"node {Self}: {noticed.Text}");
                }
                else
                {
                    _log.Information("{Runtime}: {Text}", _transport.Runtime, noticed.Text);
                }

                break;
        }
    }

    private void Read(NodeEvent.Arrived arrived)
    {
        NodeFrame frame;
        try
        {
            frame = NodeFrameFormat.Decode(arrived.Frame.Span);
        }
        catch (WireException error)
        {
            Interlocked.Increment(ref _refusedCount);
            _log.Warning("Refused {Length} bytes from {member}: {Reason}", arrived.Frame.Length, arrived.From.Name, error.Message);
            _notice(FormattableString.Invariant(
                $"node {Self} refused {arrived.Frame.Length} bytes from {arrived.From}: {error.Message}"));
            return;
        }

        switch (frame)
        {
            case NodeFrame.Deliver deliver:
                if (_assignment is { } assignment && assignment.Session == deliver.Session)
                {
                    Deliver(assignment, new Envelope(deliver.To, deliver.Message));
                }

                break;
            case NodeFrame.Place place:
                Take(arrived.From, place);
                break;
            case NodeFrame.Dismiss dismiss:
                if (dismiss.Session >= _sessionHighest)
                {
                    _log.Information("Dismissed by {member}", arrived.From.Name);
                    _ended.TrySetResult();
                }

                break;
            default:
                lock (_gate)
                {
                    _coordinator?.Add(new CoordinatorInput.Said(arrived.From, frame));
                }

                break;
        }
    }

    // Makes cores for the domains that are to be here, and forgets the old ones.
    private void Take(NodeId from, NodeFrame.Place place)
    {
        if (place.Version != ProductVersion.Text)
        {
            Interlocked.Increment(ref _refusedCount);
            string reason = $"node {Self} runs version {ProductVersion.Text}, not {place.Version}";
            _log.Error("Refused the domains of {member}: {Reason}", from.Name, reason);
            _notice(reason);
            Reply(from, new NodeFrame.Refused(_sessionHighest, reason));
            return;
        }

        lock (_gate)
        {
            if (place.Session < _sessionHighest)
            {
                Reply(from, new NodeFrame.Refused(_sessionHighest, null));
                return;
            }

            Assignment? before = _assignment;
            if (before is null || before.Session < place.Session || before.Number < place.Number)
            {
                if (_sessionHighest < place.Session)
                {
                    _sessionHighest = place.Session;
                    _cpuBefore = Environment.CpuUsage.TotalTime;
                    if (from != Self)
                    {
                        _coordinator?.Add(new CoordinatorInput.Deposed(from));
                    }

                    OpenLog(place);
                }

                Retire();
                Assignment assignment = new(place, from, Self);
                assignment.Employ(_options.Workers, Comparison, envelope => Send(assignment, envelope), error => Fail(assignment, error));
                _assignment = assignment;
                _log.Information(
                    "Placed here {domain} of {DomainCount} domains, placement {Number} of session {Session} by {member}",
                    assignment.OwnDomains, place.NodeOfDomain.Length, place.Number, place.Session, from.Name);
            }
        }

        Reply(from, new NodeFrame.Placed(place.Session, place.Number));
    }

    // The coordinator's process has the log of its run already.
    private void OpenLog(NodeFrame.Place place)
    {
        if (_coordinator is not null)
        {
            return;
        }

        _ownLog?.Dispose();
        _ownLog = null;
        _log = Logger.None;
        try
        {
            RunFolder folder = RunFolder.Make(place.Folder);
            _ownLog = RunLog.Open(folder.NodeLogPath(Self.Name), place.Run, Self.Name);
            _log = _ownLog;
        }
        catch (InputFaultException error)
        {
            _notice($"node {Self} writes no log: {error.Message}");
        }
    }

    private void Retire()
    {
        foreach (NodeWorker worker in _assignment?.Workers ?? [])
        {
            worker.Retire();
        }

        _assignment = null;
        _busyAtStatus = TimeSpan.Zero;
        _eventsAtStatus = 0;
    }

    private void Deliver(Assignment assignment, Envelope envelope)
    {
        if (envelope.To.Role != ActorRole.Domain)
        {
            lock (_gate)
            {
                _coordinator?.Add(new CoordinatorInput.Delivered(envelope));
            }
        }
        else
        {
            assignment.WorkerOf(envelope.To.Index)?.Post(envelope);
        }
    }

    private void Send(Assignment assignment, Envelope envelope)
    {
        NodeId to = assignment.NodeOf(envelope.To);
        if (to == Self)
        {
            Deliver(assignment, envelope);
        }
        else
        {
            _transport.Send(to, NodeFrameFormat.Encode(new NodeFrame.Deliver(assignment.Session, envelope.To, envelope.Message)));
        }
    }

    private void Reply(NodeId to, NodeFrame frame)
    {
        if (to != Self)
        {
            _transport.Send(to, NodeFrameFormat.Encode(frame));
            return;
        }

        lock (_gate)
        {
            _coordinator?.Add(new CoordinatorInput.Said(Self, frame));
        }
    }

    private void Fail(Assignment assignment, Exception error)
    {
        _log.Error(error, "A domain met what it cannot handle");
        Reply(assignment.Coordinator, new NodeFrame.Failed(assignment.Session, $"{error.GetType().Name}: {error.Message}"));
    }

    private void Remind()
    {
        foreach (NodeWorker worker in _assignment?.Workers ?? [])
        {
            worker.Remind();
        }
    }

    private void ReportStatus()
    {
        if (_assignment is not { } assignment)
        {
            return;
        }

        TimeSpan busy = TimeSpan.FromTicks(assignment.Workers.Sum(worker => worker.Busy.Ticks));
        long events = assignment.Workers.Sum(worker => worker.SimulatedEventCount);
        double seconds = Stopwatch.GetElapsedTime(_statusStamp).TotalSeconds;
        _statusStamp = Stopwatch.GetTimestamp();
        double share = (busy - _busyAtStatus).TotalSeconds / (seconds * Math.Max(1, assignment.Workers.Length));
        double rate = (events - _eventsAtStatus) / seconds;
        (_busyAtStatus, _eventsAtStatus) = (busy, events);
        NodeFrame.Status spent = Spent(assignment);
        _log.Information(
            "Working on {domain} in window {window}: {EventsPerSecond} events/s with copies, busy {BusyShare}, {PeakRssBytes} bytes",
            assignment.OwnDomains, assignment.Workers.Length == 0 ? 0 : assignment.Workers.Max(worker => worker.Window),
            Math.Round(rate), Math.Round(share, 3), spent.PeakRssBytes);
        Reply(assignment.Coordinator, spent);
    }
}
