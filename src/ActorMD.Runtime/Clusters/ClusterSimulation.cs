using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>
/// The coordinator's part of a cluster, on the thread of the run session: coordinator and client core, and the placement of the
/// domains.
/// </summary>
/// <remarks>
/// The client keeps the last consistent cut. When a node that has domains dies, or a new one is there and the client has just got a cut,
/// the domains are placed anew and a new run begins from the cut; the session that asks for times and writes the files sees
/// nothing of it. When this process dies, the next coordinator begins from the newest checkpoint.
/// </remarks>
internal sealed class ClusterSimulation : ISimulation
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.1);

    // The core's incarnations are told apart by the session.
    private const int Incarnation = 1;

    private readonly BlockingCollection<CoordinatorInput> _inbox = [];
    private readonly Queue<Envelope> _own = new();
    private readonly List<Envelope> _effects = [];
    private readonly List<NodeId> _members = [];
    private readonly HashSet<NodeId> _silent = [];
    private readonly Dictionary<NodeId, NodeFrame.Status> _spent = [];
    private readonly NodeHost _host;
    private readonly Gas _gas;
    private readonly RunContext _context;
    private readonly ClientCore _client;
    private readonly CoordinatorCore _coordinator;
    private readonly int _domainCount;
    private NodeFrame.Place _place;
    private bool _isPlacementDue;
    private long _collisionCountBefore;
    private double _until = double.NaN;
    private long _reminded = Stopwatch.GetTimestamp();
    private long _reported = Stopwatch.GetTimestamp();
    private long _lossStamp;
    private double _lossTime = double.NaN;
    private bool _isReplaying;

    /// <summary>Waits for the nodes and places the domains.</summary>
    /// <exception cref="ArgumentException">An axis has no room for so many blocks.</exception>
    public ClusterSimulation(NodeHost host, Gas gas, SystemState state, EventTally? tally, Split split, RunContext context)
    {
        _host = host;
        _gas = gas;
        _context = context;
        BlockGrid grid = BlockGrid.For(gas, state, split);
        _domainCount = grid.DomainCount;
        _client = new ClientCore(
            grid, state, tally ?? new EventTally(gas.Species.Length, gas.OrderMax), coordinator: Incarnation, logsEvents: context.LogsEvents);
        _coordinator = new CoordinatorCore(gas, WindowPlan.For(gas, state), Incarnation);
        _collisionCountBefore = _client.Tally.CollisionCount;
        long session = host.Attach(_inbox, context.Log);
        _place = new NodeFrame.Place(session, 0, ProductVersion.Text, context.Run, context.Folder, gas, [], []);
        try
        {
            WaitForNodes();
            Place();
        }
        catch
        {
            host.Detach();
            throw;
        }
    }

    /// <inheritdoc/>
    public double Time => _client.IsIdle ? _client.State.AbsoluteTime : Math.Max(_client.State.AbsoluteTime, _coordinator.Time);

    /// <inheritdoc/>
    public EventTally Tally => _client.Tally;

    /// <inheritdoc/>
    public long CollisionCount => _client.IsIdle ? Tally.CollisionCount : _collisionCountBefore + _coordinator.CommittedEventCount;

    /// <inheritdoc/>
    public long CrossingCount => _spent.Values.Sum(status => status.CrossingCount);

    /// <inheritdoc/>
    public double RemoteCpuSeconds => _spent.Where(pair => pair.Key != _host.Self).Sum(pair => pair.Value.CpuSeconds);

    /// <inheritdoc/>
    public int ThreadCount => Math.Min(_host.Options.Workers * _host.Options.NodeCount, _domainCount);

    public RunWork Work => _client.Work;

    /// <inheritdoc/>
    public bool Advance(double until, long stepCountMax)
    {
        while (_inbox.TryTake(out CoordinatorInput? input))
        {
            Take(input);
        }

        if (_client.IsIdle || until != _until)
        {
            if (_client.IsIdle && _isPlacementDue)
            {
                Place();
                BeginAnew();
            }

            _until = until;
            _client.Request(until, _effects);
            SendAll();
        }

        return Serve(Slice);
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
        _host.Detach();
        _inbox.Dispose();
    }

    // From when this node came, so that one that takes over from another that died does not wait for what may be dead, too.
    private void WaitForNodes()
    {
        while (_inbox.TryTake(out CoordinatorInput? input))
        {
            Take(input);
        }

        TimeSpan left = _host.Options.FormationTime - _host.Age;
        while (_members.Count < _host.Options.NodeCount && left > TimeSpan.Zero)
        {
            if (_inbox.TryTake(out CoordinatorInput? input, left))
            {
                Take(input);
            }

            left = _host.Options.FormationTime - _host.Age;
        }

        if (_members.Count < _host.Options.NodeCount)
        {
            _context.Log.Warning("Only {NodeCount} of {NodeCountWanted} nodes came", _members.Count, _host.Options.NodeCount);
        }
    }

    // Serves until the client has its answer or the time is over.
    private bool Serve(TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        while (!_client.IsIdle)
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (time != Timeout.InfiniteTimeSpan && elapsed >= time)
            {
                return false;
            }

            if (_inbox.TryTake(out CoordinatorInput? input, time == Timeout.InfiniteTimeSpan ? Slice : time - elapsed))
            {
                Take(input);
            }

            RemindIfDue();
            Report();
        }

        return _client.Violation is null ? true : throw new PhysicsViolationException(_client.Violation);
    }

    private void Take(CoordinatorInput input)
    {
        switch (input)
        {
            case CoordinatorInput.Delivered delivered:
                Deliver(delivered.Envelope);
                break;
            case CoordinatorInput.Said said:
                Hear(said.From, said.Frame);
                break;
            case CoordinatorInput.Up up:
                if (!_members.Contains(up.Node))
                {
                    _members.Add(up.Node);
                    _isPlacementDue = true;
                }

                break;
            case CoordinatorInput.Down down:
                Lose(down.Node);
                break;
            case CoordinatorInput.Deposed deposed:
                throw ClusterException.Deposed(_host.Self, deposed.By);
            case CoordinatorInput.Ended ended:
                throw ClusterException.TransportEnded(_host.Runtime, ended.Error);
        }
    }

    private void Hear(NodeId from, NodeFrame frame)
    {
        switch (frame)
        {
            case NodeFrame.Placed placed:
                if (placed.Session == _place.Session && placed.Number == _place.Number)
                {
                    _silent.Remove(from);
                }

                break;
            case NodeFrame.Refused { Reason: { } reason }:
                _context.Log.Error("Node {member} refuses its domains: {Reason}", from.Name, reason);
                Lose(from);
                break;
            case NodeFrame.Refused refused:
                if (refused.Session >= _place.Session)
                {
                    _place = _place with { Session = refused.Session + 1 };
                    Place();
                    BeginAnew();
                }

                break;
            case NodeFrame.Status status:
                if (status.Session == _place.Session)
                {
                    _spent[from] = status;
                }

                break;
            case NodeFrame.Failed failed:
                if (failed.Session == _place.Session)
                {
                    throw ClusterException.NodeFailed(from, failed.Reason);
                }

                break;
        }
    }

    private void Lose(NodeId node)
    {
        if (!_members.Remove(node) || !_place.Nodes.Contains(node))
        {
            return;
        }

        int index = _place.Nodes.IndexOf(node);
        ImmutableArray<int> domains = [.. Enumerable.Range(0, _domainCount).Where(domain => _place.NodeOfDomain[domain] == index)];
        _context.Log.Warning(
            "Lost node {member} with {domain} at {time}: going back to {CutTime}", node.Name, domains, Time, _client.State.AbsoluteTime);
        _lossTime = Math.Max(Time, _isReplaying ? _lossTime : 0);
        _lossStamp = _isReplaying ? _lossStamp : Stopwatch.GetTimestamp();
        Place();
        BeginAnew();
        _isReplaying = true;
    }

    // All domains to all nodes that are there; this one first, so that it has some even when there are few.
    private void Place()
    {
        _isPlacementDue = false;
        NodeId[] nodes = [_host.Self, .. _members.Where(node => node != _host.Self).OrderBy(node => node.Name, StringComparer.Ordinal)];
        _place = _place with
        {
            Number = _place.Number + 1,
            Nodes = [.. nodes],
            NodeOfDomain = Placement.Even(_domainCount, nodes.Length),
        };
        _silent.Clear();
        _silent.UnionWith(nodes);
        _context.Log.Information(
            "Placing {DomainCount} domains on {NodeCount} nodes, placement {Number} of session {Session}", _domainCount,
            _place.NodeOfDomain.Distinct().Count(), _place.Number, _place.Session);
        foreach (NodeId node in nodes)
        {
            _host.Place(node, _place);
        }
    }

    // From the client's last cut, if it has begun at all.
    private void BeginAnew()
    {
        if (_client.Run > 0)
        {
            _client.Handle(new Message.RunLost(_client.Run, Incarnation, _client.Run), _effects);
            SendAll();
        }
    }

    private void RemindIfDue()
    {
        if (Stopwatch.GetElapsedTime(_reminded) < _host.ReminderInterval)
        {
            return;
        }

        _reminded = Stopwatch.GetTimestamp();
        foreach (NodeId node in _silent)
        {
            _host.Place(node, _place);
        }

        _client.Handle(Message.Reminder.Instance, _effects);
        _coordinator.Handle(Message.Reminder.Instance, _effects);
        SendAll();
    }

    private void Report()
    {
        if (_isReplaying && _coordinator.Time >= _lossTime)
        {
            _isReplaying = false;
            _context.Log.Information(
                "Recovered: back at {time} after {Seconds} s", _lossTime, Math.Round(Stopwatch.GetElapsedTime(_lossStamp).TotalSeconds, 3));
        }

        if (Stopwatch.GetElapsedTime(_reported) >= _host.Options.StatusInterval)
        {
            _reported = Stopwatch.GetTimestamp();
            _context.Log.Information(
                "Committed up to {time}: {Collisions} collisions, window {window}, {Cut} cut, {Retried} tried again", Time, CollisionCount,
                _coordinator.Work.CommittedWindowCount, _coordinator.Work.CutWindowCount, _coordinator.Work.RetryCount);
        }
    }

    private void Deliver(Envelope envelope)
    {
        _own.Enqueue(envelope);
        SendAll();
    }

    // Coordinator and client talk to each other here; the rest goes to the nodes.
    private void SendAll()
    {
        while (true)
        {
            foreach (Envelope envelope in _effects)
            {
                if (envelope.Message is Message.Begin)
                {
                    _collisionCountBefore = _client.Tally.CollisionCount;
                }

                if (envelope.To.Role == ActorRole.Domain)
                {
                    _host.Send(_place.Session, envelope);
                }
                else
                {
                    _own.Enqueue(envelope);
                }
            }

            _effects.Clear();
            if (!_own.TryDequeue(out Envelope next))
            {
                return;
            }

            if (next.To.Role == ActorRole.Client)
            {
                _client.Handle(next.Message, _effects);
            }
            else
            {
                _coordinator.Handle(next.Message, _effects);
            }
        }
    }
}
