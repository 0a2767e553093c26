using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Simulation.Processes;

/// <summary>
/// The coordinator's part of a run in a process: does with the cores what the run actor does with them, and with the run folder what the
/// session of a run does.
/// </summary>
internal sealed class SimulatedLeader
{
    private readonly ProcessCluster _cluster;
    private readonly SimulatedProcess _process;
    private readonly ClientCore _client;
    private readonly CoordinatorCore _coordinator;
    private readonly PlacementCore _placement;
    private readonly Queue<Envelope> _own = new();
    private readonly List<Envelope> _effects = [];
    private readonly List<Envelope> _held = [];
    private readonly List<NodeEffect> _nodeEffects = [];
    private SimulatedWiring? _wiring;
    private int _stopIndex;
    private double? _wanted;
    private bool _isAwaited; // the session waits for the answer to its request
    private bool _isCheckpointAsked;
    private bool _isFailed;
    private double _reached = double.NegativeInfinity;
    private bool _isOnWay; // a loss is not made good yet

    public SimulatedLeader(ProcessCluster cluster, SimulatedProcess process, long session)
    {
        _cluster = cluster;
        _process = process;
        StoredCut cut = cluster.Store.Newest;
        _stopIndex = cut.StopIndex;
        RandomCase @case = cluster.Case;
        BlockGrid grid = BlockGrid.For(@case.Gas, cut.State, @case.Split);
        _client = new ClientCore(grid, cut.State, cut.Tally, incarnation: 1, logsEvents: true);
        _coordinator = new CoordinatorCore(@case.Gas, @case.Plan, 1, @case.CreatePolicy);
        NodePacket.Placement draft = new(session, 0, ProcessCluster.Version, "run", "folder", @case.Gas, [], []);
        _placement = new PlacementCore(process.Self, draft, grid.DomainCount, cluster.Faults.NodeCountWanted);
        cluster.Trace($"{process.Self} leads session {session} from {cut.State.AbsoluteTime:R}");
    }

    private double Time => _client.IsIdle ? _client.State.AbsoluteTime : Math.Max(_client.State.AbsoluteTime, _coordinator.Time);

    public void Start()
    {
        foreach (NodeId node in _process.Members)
        {
            _placement.OnUp(node, _nodeEffects);
        }

        CarryOut();
        Reach(_cluster.Stops[_stopIndex]);
        _cluster.After(ProcessCluster.FormationTicks, _process, () =>
        {
            if (!_isFailed)
            {
                _placement.Form(_nodeEffects);
                CarryOut();
            }
        });
    }

    public void OnUp(NodeId node) => Do(() => _placement.OnUp(node, _nodeEffects));

    public void OnDown(NodeId node) => Do(() =>
    {
        if (_cluster.Plant != Plant.KeepsPlaces)
        {
            _placement.OnDown(node, Time, _nodeEffects);
        }
    });

    public void OnSaid(NodeId from, NodePacket packet) => Do(() => _placement.Handle(from, packet, Time, _nodeEffects));

    public void OnDelivered(Envelope envelope) => Do(() => _own.Enqueue(envelope));

    public void OnHosted(SimulatedWiring wiring) => Do(() => _wiring = wiring.Placement == _placement.Placement ? wiring : _wiring);

    public void Remind() => Do(() =>
    {
        _placement.OnReminder(_nodeEffects);
        _client.Handle(Message.Reminder.Instance, _effects);
        if (_placement.IsPlaced)
        {
            _coordinator.Handle(Message.Reminder.Instance, _effects);
        }
    });

    /// <summary>Asked for by a person: written where the next window ends.</summary>
    public void OnCheckpointAsked()
    {
        if (!_isFailed && !_isCheckpointAsked && _isAwaited)
        {
            _isCheckpointAsked = true;
            Reach(double.NegativeInfinity);
        }
    }

    /// <summary>The run cannot go on here: the process ends, a little later.</summary>
    public void Fail(string reason)
    {
        if (!_isFailed)
        {
            _isFailed = true;
            _cluster.Trace($"{_process.Self} leads no more: {reason}");
            _cluster.OnLeaderFailed(_process);
        }
    }

    private void Do(Action action)
    {
        if (!_isFailed)
        {
            action();
            CarryOut();
        }
    }

    private void Reach(double until)
    {
        _isAwaited = true;
        _wanted = until;
        if (_client.IsIdle && !_placement.IsForming)
        {
            _placement.OnCut(_nodeEffects);
        }

        CarryOut();
    }

    private void CarryOut()
    {
        NodeEffect[] effects = [.. _nodeEffects];
        _nodeEffects.Clear();
        foreach (NodeEffect effect in effects)
        {
            switch (effect)
            {
                case NodeEffect.Send send:
                    _process.SendPacket(send.To, send.Packet);
                    break;
                case NodeEffect.Placing placing:
                    _wiring = null;
                    _held.Clear();
                    _cluster.Trace(
                        $"{_process.Self} places [{string.Join(' ', placing.Placement.NodeOfDomain)}] on {string.Join(' ', placing.Placement.Nodes)}, {placing.Placement.Session}.{placing.Placement.Number}");
                    break;
                case NodeEffect.BeginAnew when _client.Run > 0:
                    _client.Handle(new Message.RunLost(_client.Run, 1, _client.Run), _effects);
                    break;
                case NodeEffect.Lost lost:
                    _isOnWay = true;
                    _cluster.LossCount++;
                    _cluster.Trace($"{_process.Self} has lost {lost.Node} with [{string.Join(' ', lost.Domains)}] {lost.Reason}");
                    break;
                case NodeEffect.Recovered:
                    if (!_isOnWay)
                    {
                        throw new InvalidOperationException($"{_process.Self} has recovered from nothing");
                    }

                    _isOnWay = false;
                    _cluster.RecoveryCount++;
                    break;
                case NodeEffect.Refused refused:
                    _cluster.Trace($"{_process.Self} does without {refused.By}: {refused.Reason}");
                    break;
                case NodeEffect.GaveUp gaveUp:
                    Fail($"{gaveUp.Node} failed");
                    return;
                case NodeEffect.Overtaken when _cluster.Plant == Plant.RaisesForEver:
                    break;
                case NodeEffect.Overtaken overtaken:
                    Fail($"overtaken, says {overtaken.By}: {overtaken.Session}");
                    return;
            }
        }

        if (_wanted is { } until && !_placement.IsForming)
        {
            _wanted = null;
            _client.Request(until, _effects);
        }

        SendAll();
    }

    private void SendAll()
    {
        while (true)
        {
            foreach (Envelope envelope in _effects)
            {
                if (envelope.To.Role != ActorRole.Domain)
                {
                    _own.Enqueue(envelope);
                }
                else
                {
                    _held.Add(envelope);
                }
            }

            _effects.Clear();
            if (!_own.TryDequeue(out Envelope next))
            {
                break;
            }

            _cluster.CountDelivery();
            if (next.To.Role == ActorRole.Client)
            {
                _client.Handle(next.Message, _effects);
            }
            else
            {
                _coordinator.Handle(next.Message, _effects);
            }
        }

        if (_wiring is not null && (_placement.IsPlaced || _cluster.Plant == Plant.SendsEarly))
        {
            foreach (Envelope envelope in _held)
            {
                _process.Post(_wiring, envelope);
            }

            _held.Clear();
        }

        Answer();
    }

    private void Answer()
    {
        if (Time > _reached)
        {
            _reached = Time;
            _cluster.OnProgress();
        }

        if (!_placement.IsForming)
        {
            _placement.OnProgress(Time, _nodeEffects);
            if (_nodeEffects.Count > 0)
            {
                CarryOut();
                return;
            }
        }

        if (_isAwaited && _client.IsIdle && _wanted is null)
        {
            _isAwaited = false;
            if (_client.Violation is { } violation)
            {
                throw new InvalidOperationException(violation);
            }

            // The session takes its time, and may be paused meanwhile.
            _cluster.HandOver(_process, Write);
        }
    }

    private void Write()
    {
        if (_isFailed)
        {
            return;
        }

        bool isStop = _client.State.AbsoluteTime >= _cluster.Stops[_stopIndex];
        int stopIndex = _stopIndex + (isStop ? 1 : 0);
        bool isFenced = _cluster.Plant != Plant.WritesUnlocked;
        if (!_cluster.Store.TryWrite(
            _process.Self, _client.TakeEvents(),
            length => new StoredCut(_client.State, _client.Tally, length, stopIndex, _placement.Placement.Session), isFenced))
        {
            Fail("its lock is broken");
            return;
        }

        _cluster.OnWritten(_process);
        _cluster.Trace($"{_process.Self} writes a checkpoint of {_client.State.AbsoluteTime:R}");
        _isCheckpointAsked = false;
        _stopIndex = stopIndex;
        if (_stopIndex == _cluster.Stops.Length)
        {
            _cluster.OnFinished();
        }
        else
        {
            Reach(_cluster.Stops[_stopIndex]);
        }
    }
}
