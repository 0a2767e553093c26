using System.Collections.Immutable;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Simulation.Processes;

/// <summary>
/// The coordinator's part of a run in a process: does with the <see cref="RunCore"/> what the run actor does with it, and with the run
/// folder what the session of a run does.
/// </summary>
internal sealed class SimulatedLeader
{
    private readonly ProcessCluster _cluster;
    private readonly SimulatedProcess _process;
    private readonly RunCore _core;
    private readonly List<NodeEffect> _effects = [];
    private SimulatedWiring? _wiring;
    private int _stopIndex;
    private bool _isAwaited; // the session waits for the answer to its request
    private bool _isCheckpointAsked;
    private bool _isFailed;
    private double _reached = double.NegativeInfinity;
    private bool _isOnWay; // a loss is not made good yet
    private readonly SumsCheck _sums;

    public SimulatedLeader(ProcessCluster cluster, SimulatedProcess process, long session)
    {
        _cluster = cluster;
        _process = process;
        StoredCut cut = cluster.Store.Newest;
        _stopIndex = cut.StopIndex;
        RandomCase @case = cluster.Case;
        _sums = new SumsCheck(@case.Gas);
        NodePacket.Placement draft = new(session, 0, ProcessCluster.Version, "run", "folder", @case.Gas, [], []);
        _core = new RunCore(
            new PlacementCore(process.Self, draft, @case.DomainCount, cluster.Faults.NodeCountWanted),
            new ClientCore(@case.DomainCount, cut.State, cut.Tally, incarnation: 1, logsEvents: @case.LogsEvents),
            new CoordinatorCore(@case.Gas), 1);
        cluster.Trace($"{process.Self} leads session {session} from {cut.State.AbsoluteTime:R}");
    }

    public void Start()
    {
        foreach (NodeId node in _process.Members)
        {
            OnUp(node);
        }

        Reach(_cluster.Stops[_stopIndex], sumsOnly: true);
        _cluster.After(ProcessCluster.FormationTicks, _process, () => Do(() => _core.Form(_effects)));
    }

    public void OnUp(NodeId node) => Do(() => _core.OnUp(node, _effects));

    public void OnDown(NodeId node) => Do(() =>
    {
        if (_cluster.Plant != Plant.KeepsPlaces)
        {
            _core.OnDown(node, _effects);
        }
    });

    public void OnSaid(NodeId from, NodePacket packet) => Do(() => _core.OnSaid(from, packet, _effects));

    public void OnDelivered(Envelope envelope) => Do(() =>
    {
        _cluster.CountDelivery();
        _core.OnMessage(envelope, _effects);
    });

    public void OnHosted(SimulatedWiring wiring) => Do(() => _wiring = _core.OnWired(wiring.Placement, _effects) ? wiring : _wiring);

    public void Remind() => Do(() => _core.OnReminder(_effects));

    /// <summary>Asked for by somebody: written where the next slice ends.</summary>
    public void OnCheckpointAsked()
    {
        if (!_isFailed && !_isCheckpointAsked && _isAwaited)
        {
            _isCheckpointAsked = true;
            Reach(double.NegativeInfinity, sumsOnly: false);
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

    private void Reach(double until, bool sumsOnly) => Do(() =>
    {
        _isAwaited = true;
        double step = _cluster.Stops[0], known = _core.Client.State.AbsoluteTime;
        ImmutableArray<double> waypoints = [until - 0.7 * step, until - 0.25 * step];
        _core.Reach(until, _effects, sumsOnly, sumsOnly ? [.. waypoints.Where(time => time > known)] : []);
    });

    private void CarryOut()
    {
        NodeEffect[] effects = [.. _effects];
        _effects.Clear();
        foreach (NodeEffect effect in effects)
        {
            switch (effect)
            {
                case NodeEffect.Deliver deliver:
                    _process.Post(_wiring!, deliver.Envelope);
                    break;
                case NodeEffect.Send send:
                    _process.SendPacket(send.To, send.Packet);
                    break;
                case NodeEffect.Placing placing:
                    OnPlacing(placing.Placement);
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
                default:
                    throw new InvalidOperationException($"a run has no use for {effect.GetType().Name}");
            }
        }

        Answer();
    }

    private void OnPlacing(NodePacket.Placement place)
    {
        _cluster.Trace(
            $"{_process.Self} places [{string.Join(' ', place.NodeOfDomain)}] on "
            + $"{string.Join(' ', place.Nodes)}, {place.Session}.{place.Number}");
        if (_cluster.Plant == Plant.SendsEarly)
        {
            // As if all had said already that their domains are there.
            foreach (NodeId node in place.Nodes)
            {
                _process.Act(() => OnSaid(node, new NodePacket.Placed(place.Session, place.Number)));
            }
        }
    }

    private void Answer()
    {
        if (_core.Time > _reached)
        {
            _reached = _core.Time;
            _cluster.OnProgress();
        }

        if (_isAwaited && _core.IsReached)
        {
            _isAwaited = false;
            if (_core.Client.Violation is { } violation)
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

        if (_sums.TakePassed(_core.Client) is { } wrong)
        {
            throw new InvalidOperationException(wrong);
        }

        if (!_sums.Take(_core.Client))
        {
            throw new InvalidOperationException("the domains' sums are not those of the particles");
        }

        if (_core.Client.Sums is not null)
        {
            Reach(_cluster.Stops[_stopIndex], sumsOnly: false);
            return;
        }

        bool isStop = _core.Client.State.AbsoluteTime >= _cluster.Stops[_stopIndex];
        int stopIndex = _stopIndex + (isStop ? 1 : 0);
        bool isFenced = _cluster.Plant != Plant.WritesUnlocked;
        if (!_cluster.Store.TryWrite(
            _process.Self, _core.Client.TakeEvents(),
            length => new StoredCut(_core.Client.State, _core.Client.Tally, length, stopIndex, _core.Placement.Session), isFenced))
        {
            Fail("its lock is broken");
            return;
        }

        _cluster.OnWritten(_process);
        _cluster.Trace($"{_process.Self} writes a checkpoint of {_core.Client.State.AbsoluteTime:R}");
        _isCheckpointAsked = false;
        _stopIndex = stopIndex;
        if (_stopIndex == _cluster.Stops.Length)
        {
            _cluster.OnFinished();
        }
        else
        {
            Reach(_cluster.Stops[_stopIndex], sumsOnly: true);
        }
    }
}
