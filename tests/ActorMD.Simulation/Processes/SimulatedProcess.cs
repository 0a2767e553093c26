using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;

namespace ActorMD.Simulation.Processes;

/// <summary>A process of a simulated cluster: does with its <see cref="NodeCore"/> what the node actor does with it.</summary>
internal sealed class SimulatedProcess
{
    private const long LockTicks = 20;

    private readonly ProcessCluster _cluster;
    private readonly NodeCore _core;
    private readonly List<NodeEffect> _effects = [];
    private readonly List<Envelope> _envelopes = [];
    private readonly List<NodeId> _members = [];
    private readonly Queue<Action> _inner = new(); // between node and coordinator of this process
    private readonly string _version;
    private NodeCore _obedient; // knows only what was said last, for a planted mistake
    private SimulatedLeader? _leader;
    private SimulatedWiring? _wiring;
    private bool _isActing;
    private bool _isWaiting; // for the lock

    public SimulatedProcess(ProcessCluster cluster, int slot, int generation, string version)
    {
        _cluster = cluster;
        _version = version;
        Slot = slot;
        Self = new NodeId(FormattableString.Invariant($"n{slot}-{generation}"));
        _core = new NodeCore(Self, version);
        _obedient = _core;
    }

    public NodeId Self { get; }

    /// <summary>The place in the network.</summary>
    public int Slot { get; }

    public bool IsStranger => _version != ProcessCluster.Version;

    public bool IsEnded { get; private set; }

    public long PausedUntil { get; set; }

    public IReadOnlyList<NodeId> Members => _members;

    /// <summary>Does something in this process, and then all that follows from it here.</summary>
    public void Act(Action action)
    {
        _inner.Enqueue(action);
        if (_isActing)
        {
            return;
        }

        _isActing = true;
        while (!IsEnded && _inner.TryDequeue(out Action? next))
        {
            next();
        }

        _isActing = false;
    }

    public void OnUp(NodeId node)
    {
        if (!_members.Contains(node))
        {
            _members.Add(node);
            Act(() => _leader?.OnUp(node));
        }
    }

    public void OnDown(NodeId node)
    {
        if (_members.Remove(node))
        {
            Act(() => _leader?.OnDown(node));
        }
    }

    /// <summary>The process dies, or leaves.</summary>
    public void End()
    {
        if (!IsEnded)
        {
            IsEnded = true;
            Retire();
            _cluster.OnEnded(this);
        }
    }

    /// <summary>
    /// The cluster wants this process to lead: it goes on from the newest checkpoint when it gets the lock of the run folder. One that led
    /// before may hold it until it ends.
    /// </summary>
    public void Lead()
    {
        if (!_cluster.Store.TryLock(Self))
        {
            if (!_isWaiting)
            {
                _isWaiting = true;
                _cluster.OnWaiting(this);
            }

            _cluster.After(LockTicks, this, Lead);
            return;
        }

        _leader = new SimulatedLeader(_cluster, this, _core.NextSession(_cluster.ClockOf(Slot)));
        Act(_leader.Start);
    }

    public void Arrive(NodeId from, ReadOnlyMemory<byte> bytes)
    {
        NodePacket packet = NodePacketFormat.Decode(bytes.Span);
        switch (packet)
        {
            case NodePacket.Deliver deliver:
                bool isTaken = _wiring is not null
                    && (_wiring.Placement.Session == deliver.Session || _cluster.Plant == Plant.TakesAnySession);
                if (isTaken)
                {
                    TakeIn(_wiring!, new Envelope(deliver.To, deliver.Message));
                }
                else
                {
                    Handle(from, packet);
                }

                break;
            case NodePacket.Placement or NodePacket.Dismiss or NodePacket.Ask:
                Handle(from, packet);
                break;
            default:
                _leader?.OnSaid(from, packet);
                break;
        }
    }

    public void Remind()
    {
        foreach (int domain in _wiring?.OwnDomains ?? [])
        {
            TakeIn(_wiring!, new Envelope(ActorAddress.Domain(domain), Message.Reminder.Instance));
        }

        _leader?.Remind();
    }

    /// <summary>One of the domains that are here meets what it cannot handle.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryFail()
    {
        if (_wiring is null || !_wiring.OwnDomains.Any())
        {
            return false;
        }

        SendPacket(_wiring.Leader, new NodePacket.Failed(_wiring.Placement.Session, _wiring.Placement.Number, "planned"));
        return true;
    }

    /// <summary>A person asks for a checkpoint here.</summary>
    public void Ask()
    {
        if (_leader is not null)
        {
            _leader.OnCheckpointAsked();
        }
        else if (_wiring is not null)
        {
            SendPacket(_wiring.Leader, new NodePacket.Ask(_core.SessionHighest, NodeRequest.Checkpoint));
        }
    }

    /// <summary>To a node, perhaps this one.</summary>
    public void SendPacket(NodeId to, NodePacket packet)
    {
        if (to != Self)
        {
            _cluster.Transmit(this, to, NodePacketFormat.Encode(packet));
        }
        else if (packet is NodePacket.Placement)
        {
            Act(() => Handle(Self, packet));
        }
        else
        {
            Act(() => _leader?.OnSaid(Self, packet));
        }
    }

    /// <summary>Sends a message of the cores to wherever its receiver is.</summary>
    public void Post(SimulatedWiring wiring, Envelope envelope)
    {
        NodeId to = wiring.NodeOf(envelope.To);
        if (to == Self)
        {
            _cluster.HandOver(this, () => TakeIn(wiring, envelope));
        }
        else
        {
            SendPacket(to, new NodePacket.Deliver(wiring.Placement.Session, envelope.To, envelope.Message));
        }
    }

    private void Handle(NodeId from, NodePacket packet)
    {
        if (_cluster.Plant == Plant.ObeysOlder && packet is NodePacket.Placement placement && placement.Session < _obedient.SessionHighest)
        {
            _obedient = new NodeCore(Self, _version);
        }

        _obedient.Handle(from, packet, _effects);
        NodeEffect[] effects = [.. _effects];
        _effects.Clear();
        foreach (NodeEffect effect in effects)
        {
            switch (effect)
            {
                case NodeEffect.Send send:
                    SendPacket(send.To, send.Packet);
                    break;
                case NodeEffect.Host host:
                    Retire();
                    _wiring = new SimulatedWiring(host.Placement, host.Leader, Self);
                    _cluster.Trace(
                        $"{Self} hosts [{string.Join(' ', _wiring.OwnDomains)}] of session "
                            + $"{host.Placement.Session}.{host.Placement.Number} of {host.Leader}");
                    if (host.Leader == Self)
                    {
                        SimulatedWiring wiring = _wiring;
                        Act(() => _leader?.OnHosted(wiring));
                    }

                    break;
                case NodeEffect.Deposed deposed:
                    Act(() => _leader?.Fail($"deposed by {deposed.By}"));
                    break;
                case NodeEffect.Asked:
                    Act(() => _leader?.OnCheckpointAsked());
                    break;
                case NodeEffect.Refused refused:
                    _cluster.Trace($"{Self} refuses: {refused.Reason}");
                    break;
            }
        }
    }

    private void TakeIn(SimulatedWiring wiring, Envelope envelope)
    {
        if (wiring.IsRetired)
        {
            return;
        }

        if (envelope.To.Role != ActorRole.Domain)
        {
            if (wiring.Leader == Self)
            {
                Act(() => _leader?.OnDelivered(envelope));
            }

            return;
        }

        if (wiring.CoreOf(envelope.To.Index) is { } core)
        {
            _cluster.CountDelivery();
            core.Handle(envelope.Message, _envelopes);
            foreach (Envelope effect in _envelopes)
            {
                Post(wiring, effect);
            }

            _envelopes.Clear();
        }
    }

    private void Retire()
    {
        _wiring?.Dispose();
        _wiring = null;
    }
}
