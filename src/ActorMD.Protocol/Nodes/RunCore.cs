using System.Collections.Immutable;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Nodes;

/// <summary>
/// The leading process's part of a run: client, coordinator and placement together. Asked for times, it brings the run there, however nodes
/// come and go.
/// </summary>
/// <remarks>
/// Messages to domains are held back until all domains are placed and the ways to them are known; a new placement makes those that are held
/// void. A pure state machine: its shell carries the effects out, in their order.
/// </remarks>
public sealed class RunCore
{
    private readonly PlacementCore _placement;
    private readonly int _incarnation;
    private readonly Queue<Envelope> _own = new(); // between client and coordinator
    private readonly List<Envelope> _held = []; // for domains that are not all there, or whose ways are not known yet
    private readonly List<Envelope> _messages = [];
    private readonly List<NodeEffect> _steps = [];
    private bool _isWired;
    private (double Until, bool SumsOnly, ImmutableArray<double> Waypoints)? _wanted; // what was asked for and the client was not asked for yet
    private long _collisionCountBefore;

    /// <param name="placement">Knows no node yet.</param>
    /// <param name="client">Has the state where the run begins.</param>
    /// <param name="coordinator">Knows nothing yet.</param>
    /// <param name="incarnation">That of the coordinator.</param>
    public RunCore(PlacementCore placement, ClientCore client, CoordinatorCore coordinator, int incarnation)
    {
        _placement = placement;
        _incarnation = incarnation;
        Client = client;
        Coordinator = coordinator;
        _collisionCountBefore = client.Tally.CollisionCount;
    }

    /// <summary>Has the last consistent cut.</summary>
    public ClientCore Client { get; }

    /// <summary>Knows what the run has cost.</summary>
    public CoordinatorCore Coordinator { get; }

    /// <summary>Where the domains are.</summary>
    public NodePacket.Placement Placement => _placement.Placement;

    /// <summary>How many nodes are there.</summary>
    public int MemberCount => _placement.Members.Count;

    /// <summary>How many nodes have domains.</summary>
    public int UsedNodeCount => Math.Max(1, _placement.UsedNodeCount);

    /// <summary>Whether the nodes that are wanted are not all there yet, and no domain is placed.</summary>
    public bool IsForming => _placement.IsForming;

    /// <summary>The time that all agree upon: a run that began anew is behind the client's cut at first.</summary>
    public double Time => Client.IsIdle ? Client.Time : Math.Max(Client.Time, Coordinator.Time);

    /// <summary>Events of order 2 and up so far.</summary>
    public long CollisionCount =>
        Client.IsIdle ? Client.Tally.CollisionCount : _collisionCountBefore + Coordinator.DoneEventCount;

    /// <summary>Whether the time that was asked for last is reached, or the physics was violated on the way there.</summary>
    public bool IsReached => Client.IsIdle && _wanted is null;

    /// <summary>Asks for the state at a time, or for -infinity where the next slice ends. Replaces the request before.</summary>
    /// <param name="until">The time.</param>
    /// <param name="effects">What is to be done.</param>
    /// <param name="sumsOnly">Whether the sums of the velocities will do.</param>
    /// <param name="waypoints">Times on the way at which sums are wanted: <see cref="ClientCore.TryTakePassed"/>.</param>
    public void Reach(double until, ICollection<NodeEffect> effects, bool sumsOnly = false, ImmutableArray<double> waypoints = default)
    {
        _wanted = (until, sumsOnly, waypoints);
        if (Client.IsIdle && Client.Sums is null && !IsForming) // domains that move elsewhere begin anew from the client's last state
        {
            _placement.OnCut(_steps);
        }

        Settle(effects);
    }

    /// <summary>A node has come.</summary>
    public void OnUp(NodeId node, ICollection<NodeEffect> effects)
    {
        _placement.OnUp(node, _steps);
        Settle(effects);
    }

    /// <summary>A node is gone for good.</summary>
    public void OnDown(NodeId node, ICollection<NodeEffect> effects)
    {
        _placement.OnDown(node, Time, _steps);
        Settle(effects);
    }

    /// <summary>The time to wait for nodes is over: go on with those that are there.</summary>
    public void Form(ICollection<NodeEffect> effects)
    {
        _placement.Form(_steps);
        Settle(effects);
    }

    /// <summary>Takes in what a node says about itself.</summary>
    public void OnSaid(NodeId from, NodePacket packet, ICollection<NodeEffect> effects)
    {
        _placement.Handle(from, packet, Time, _steps);
        Settle(effects);
    }

    /// <summary>The shell knows the ways to the domains of a placement.</summary>
    /// <returns>Whether it is the one that counts.</returns>
    public bool OnWired(NodePacket.Placement placement, ICollection<NodeEffect> effects)
    {
        if (placement != Placement)
        {
            return false;
        }

        _isWired = true;
        Settle(effects);
        return true;
    }

    /// <summary>Takes in a message for client or coordinator.</summary>
    public void OnMessage(Envelope envelope, ICollection<NodeEffect> effects)
    {
        _own.Enqueue(envelope);
        Settle(effects);
    }

    /// <summary>What was not answered may be lost: it is said again.</summary>
    public void OnReminder(ICollection<NodeEffect> effects)
    {
        _placement.OnReminder(_steps);
        Client.Handle(Message.Reminder.Instance, _messages);
        if (_placement.IsPlaced)
        {
            Coordinator.Handle(Message.Reminder.Instance, _messages);
        }

        Settle(effects);
    }

    // Until all that is left to send goes to nodes and domains.
    private void Settle(ICollection<NodeEffect> effects)
    {
        do
        {
            foreach (NodeEffect step in _steps)
            {
                Take(step, effects);
            }

            _steps.Clear();
            if (_wanted is { } wanted && !IsForming)
            {
                _wanted = null;
                Client.Request(wanted.Until, _messages, wanted.SumsOnly, wanted.Waypoints);
            }

            Exchange();
            Release(effects);
            if (!IsForming)
            {
                _placement.OnProgress(Time, _steps);
            }
        }
        while (_steps.Count > 0);
    }

    private void Take(NodeEffect step, ICollection<NodeEffect> effects)
    {
        if (step is NodeEffect.BeginAnew)
        {
            if (Client.Run > 0)
            {
                Client.Handle(new Message.RunLost(Client.Run, _incarnation, Client.Run), _messages);
            }

            return;
        }

        if (step is NodeEffect.Placing)
        {
            _isWired = false;
            _held.Clear();
        }

        effects.Add(step);
    }

    // Client and coordinator talk to each other here.
    private void Exchange()
    {
        while (true)
        {
            foreach (Envelope envelope in _messages)
            {
                if (envelope.Message is Message.Begin)
                {
                    _collisionCountBefore = Client.CollisionCountOfState;
                }

                if (envelope.To.Role == ActorRole.Domain)
                {
                    _held.Add(envelope);
                }
                else
                {
                    _own.Enqueue(envelope);
                }
            }

            _messages.Clear();
            if (!_own.TryDequeue(out Envelope next))
            {
                return;
            }

            if (next.To.Role == ActorRole.Client)
            {
                Client.Handle(next.Message, _messages);
            }
            else
            {
                Coordinator.Handle(next.Message, _messages);
            }
        }
    }

    private void Release(ICollection<NodeEffect> effects)
    {
        if (!_isWired || !_placement.IsPlaced)
        {
            return;
        }

        foreach (Envelope envelope in _held)
        {
            effects.Add(new NodeEffect.Deliver(envelope));
        }

        _held.Clear();
    }
}
