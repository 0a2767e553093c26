using System.Diagnostics;
using ActorMD.Actors.Networks;
using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using ActorMD.Runs;
using ActorMD.Runs.Simulations;
using Akka.Actor;

namespace ActorMD.Actors.Hosting;

/// <summary>
/// The coordinator's part of a run, in one process at a time: the shell of coordinator, client and placement core. The session that writes
/// the run folder asks it for times.
/// </summary>
/// <remarks>
/// The client keeps the last consistent cut. The session sees nothing of nodes that die and come. When this process dies, the next
/// coordinator begins from the newest checkpoint.
/// </remarks>
internal sealed class RunActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan AttachTime = TimeSpan.FromMilliseconds(20);

    private readonly INodeNetwork _network;
    private readonly NodeOptions _options;
    private readonly IActorRef _node;
    private readonly RunContext _context;
    private readonly RunBoard _board;
    private readonly Gas _gas;
    private readonly int _domainCount;
    private readonly TimeSpan _formationTime;
    private readonly ClientCore _client;
    private readonly CoordinatorCore _coordinator;
    private readonly Queue<Envelope> _own = new();
    private readonly List<Envelope> _effects = [];
    private readonly List<Envelope> _held = []; // for domains that are not all there, or whose ways are not known yet
    private readonly List<NodeEffect> _nodeEffects = [];
    private readonly Dictionary<NodeId, NodePacket.Status> _spent = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuStarted = Environment.CpuUsage.TotalTime;
    private PlacementCore? _placement;
    private IActorRef _gateway = ActorRefs.Nobody;
    private Wiring? _wiring;
    private IActorRef? _asker;
    private double? _wanted; // a time that was asked for and that the client was not asked for yet
    private Exception? _error;
    private long _collisionCountBefore;
    private long _lossStamp;

    public RunActor(INodeNetwork network, NodeOptions options, TimeSpan formationTime, IActorRef node, RunSetup setup)
    {
        _network = network;
        _options = options;
        _formationTime = formationTime;
        _node = node;
        _board = setup.Board;
        _context = setup.Context;
        _gas = setup.Gas;
        _domainCount = setup.DomainCount;
        _client = setup.Client;
        _coordinator = setup.Coordinator;
        _collisionCountBefore = _client.Tally.CollisionCount;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    // The time that all agree upon: a run that began anew is behind the client's cut at first.
    private double Time => _client.IsIdle ? _client.State.AbsoluteTime : Math.Max(_client.State.AbsoluteTime, _coordinator.Time);

    private int NodeCount => Math.Max(1, _placement?.UsedNodeCount ?? 1);

    protected override void PreStart()
    {
        Post();
        _node.Tell(new Attach(_context.Log));
        Timers.StartPeriodicTimer(Tick.Remind, Tick.Remind, _network.ReminderInterval);
        Timers.StartPeriodicTimer(Tick.Report, Tick.Report, _options.StatusInterval);
        Timers.StartSingleTimer(Tick.Form, Tick.Form, _formationTime > TimeSpan.Zero ? _formationTime : TimeSpan.Zero);
    }

    protected override void OnReceive(object message)
    {
        // One that has failed, or was deposed, places no more domains: it could take nodes from the one that leads now.
        if (_error is not null && message is not Reach)
        {
            return;
        }

        try
        {
            Act(message);
        }
        catch (Exception error)
        {
            // It was the coordinator's own core that failed: no other can decide what follows.
            Fail(error);
        }
    }

    private void Act(object message)
    {
        switch (message)
        {
            case Reach reach:
                OnReach(reach.Until);
                break;
            case Delivered delivered:
                _own.Enqueue(delivered.Envelope);
                SendAll();
                break;
            case Said said:
                OnSaid(said.From, said.Packet);
                break;
            case Hosted hosted:
                OnHosted(hosted.Wiring);
                break;
            case Attached attached:
                OnAttached(attached);
                break;
            case NodeEvent.Up up:
                _placement!.OnUp(up.Node, _nodeEffects);
                CarryOut();
                break;
            case NodeEvent.Down down:
                _placement!.OnDown(down.Node, Time, _nodeEffects);
                CarryOut();
                break;
            case NodeEvent.Ended ended:
                Fail(ClusterException.NetworkEnded(_network.Runtime, ended.Error));
                break;
            case DeposedBy deposed:
                Fail(ClusterException.Deposed(_network.Self, deposed.Node));
                break;
            case Requested requested:
                OnRequested(requested.Request);
                break;
            case Tick tick:
                OnTick(tick);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnReach(double until)
    {
        _asker?.Tell(RunAnswer.Replaced.Instance);
        _asker = Sender;
        if (_error is not null)
        {
            Fail(_error);
        }
        else
        {
            _wanted = until;
            if (_client.IsIdle && _placement is { IsForming: false })
            {
                _placement.OnCut(_nodeEffects);
            }

            CarryOut();
        }
    }

    private void OnAttached(Attached attached)
    {
        _gateway = attached.Gateway;
        _context.Log.Information(
            "Node {member} leads session {Session}: {NodeCount} of {NodeCountWanted} nodes are there, {Members}", _network.Self.Name,
            attached.Session, attached.Members.Length, _options.NodeCount, attached.Members.Select(node => node.Name));
        NodePacket.Placement draft = new(attached.Session, 0, ProductVersion.Text, _context.Run, _context.Folder, _gas, [], []);
        _placement = new PlacementCore(_network.Self, draft, _domainCount, _options.NodeCount);
        foreach (NodeId node in attached.Members)
        {
            _placement.OnUp(node, _nodeEffects);
        }

        CarryOut();
    }

    private void OnSaid(NodeId from, NodePacket packet)
    {
        if (packet is NodePacket.Status status)
        {
            if (status.Session == _placement!.Placement.Session)
            {
                _spent[from] = status;
                Post();
            }
        }
        else
        {
            _placement!.Handle(from, packet, Time, _nodeEffects);
            CarryOut();
        }
    }

    private void OnHosted(Wiring wiring)
    {
        if (wiring.Placement != _placement!.Placement)
        {
            return;
        }

        _wiring = wiring;
        SendAll();
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Form when _placement is null:
                Timers.StartSingleTimer(Tick.Form, Tick.Form, AttachTime);
                break;
            case Tick.Form when _placement.IsForming:
                _context.Log.Information("Beginning with {NodeCount} of {NodeCountWanted} nodes", _placement.Members.Count, _options.NodeCount);
                _placement.Form(_nodeEffects);
                CarryOut();
                break;
            case Tick.Remind:
                _placement?.OnReminder(_nodeEffects);
                CarryOut();
                _client.Handle(Message.Reminder.Instance, _effects);
                if (_placement is { IsPlaced: true })
                {
                    _coordinator.Handle(Message.Reminder.Instance, _effects);
                }

                SendAll();
                break;
            case Tick.Report when !_client.IsIdle:
                Report();
                break;
        }
    }

    private void OnRequested(NodeRequest request)
    {
        if (request == NodeRequest.Stop)
        {
            _context.Requests.AskStop();
        }
        else
        {
            _context.Requests.AskCheckpoint();
        }
    }

    private void CarryOut()
    {
        foreach (NodeEffect effect in _nodeEffects.ToArray())
        {
            switch (effect)
            {
                case NodeEffect.Send send when send.To == _network.Self:
                    _node.Tell(new Said(_network.Self, send.Packet));
                    break;
                case NodeEffect.Send send:
                    _gateway.Tell(new Outgoing(send.To, NodePacketFormat.Encode(send.Packet)));
                    break;
                case NodeEffect.Placing placing:
                    _wiring = null;
                    _held.Clear();
                    _context.Log.Information(
                        "Placing {DomainCount} domains on {NodeCount} nodes, placement {Number} of session {Session}", _domainCount,
                        _placement!.UsedNodeCount, placing.Placement.Number, placing.Placement.Session);
                    break;
                case NodeEffect.BeginAnew when _client.Run > 0:
                    _client.Handle(new Message.RunLost(_client.Run, RunSetup.Incarnation, _client.Run), _effects);
                    break;
                case NodeEffect.Lost lost:
                    _lossStamp = Stopwatch.GetTimestamp();
                    _context.Log.Warning(
                        "Lost node {member} with {domain} at {time}: going back to {CutTime}{Reason}", lost.Node.Name, lost.Domains, Time,
                        _client.State.AbsoluteTime, lost.Reason is null ? "" : $" ({lost.Reason})");
                    break;
                case NodeEffect.Refused refused:
                    _context.Log.Error("Node {member} refuses its domains: {Reason}", refused.By.Name, refused.Reason);
                    break;
                case NodeEffect.Recovered recovered:
                    _context.Log.Information(
                        "Recovered: back at {time} after {Seconds} s", recovered.Time,
                        Math.Round(Stopwatch.GetElapsedTime(_lossStamp).TotalSeconds, 3));
                    break;
                case NodeEffect.GaveUp gaveUp:
                    Fail(ClusterException.NodeFailed(gaveUp.Node, gaveUp.Reason));
                    break;
                case NodeEffect.Overtaken overtaken:
                    Fail(ClusterException.Overtaken(_network.Self, overtaken.By));
                    break;
            }
        }

        _nodeEffects.Clear();
        if (_wanted is { } until && _placement is { IsForming: false })
        {
            _wanted = null;
            _client.Request(until, _effects);
        }

        SendAll();
    }

    // Coordinator and client talk to each other here; the rest goes to the domains.
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

            if (next.To.Role == ActorRole.Client)
            {
                _client.Handle(next.Message, _effects);
                _board.AddEvents(_client.TakeEvents());
            }
            else
            {
                _coordinator.Handle(next.Message, _effects);
            }
        }

        SendHeld();
        Post();
        Answer();
    }

    // The domains must all be there, and the ways to them known.
    private void SendHeld()
    {
        if (_wiring is not null && _placement!.IsPlaced)
        {
            foreach (Envelope envelope in _held)
            {
                _wiring.Post(envelope);
            }

            _held.Clear();
        }
    }

    // What the session may see at any time.
    private void Post() => _board.Standing = new RunStanding(
        Time,
        _client.IsIdle ? _client.Tally.CollisionCount : _collisionCountBefore + _coordinator.CommittedEventCount,
        _spent.Values.Sum(status => status.CrossingCount),
        _spent.Where(pair => pair.Key != _network.Self).Sum(pair => pair.Value.CpuSeconds),
        NodeCount, Math.Min(_options.Workers * NodeCount, _domainCount));

    private void Answer()
    {
        if (_placement is { IsForming: false })
        {
            _placement.OnProgress(Time, _nodeEffects);
            if (_nodeEffects.Count > 0)
            {
                CarryOut();
            }
        }

        if (_asker is not null && _client.IsIdle && _wanted is null)
        {
            IActorRef asker = _asker;
            _asker = null;
            asker.Tell(
                _client.Violation is { } violation ? new RunAnswer.Failed(new PhysicsViolationException(violation))
                : new RunAnswer.Reached(_client.State, _client.Tally, _client.Work));
        }
    }

    private void Fail(Exception error)
    {
        _error = error;
        _asker?.Tell(new RunAnswer.Failed(error));
        _asker = null;
    }

    private void Report()
    {
        RunWork work = _coordinator.Work;
        _context.Log.Information(
            "Committed up to {time}: {Collisions} collisions, window {window}, {Shortened} shortened, {Retried} tried again; {Counted} events counted of "
            + "{Simulated} simulated, {Undone} undone; {Copies} copies, {Messages} messages, {Bytes} bytes; {Cpu} s of processor time in {Wall} s; "
            + "{Particles} particles, {Domains} domains, {Workers} workers",
            Time, _board.Standing.CollisionCount, work.CommittedWindowCount, work.ShortenedWindowCount, work.RetryCount,
            _coordinator.CommittedEventCount, work.SimulatedEventCount, work.UndoneEventCount, work.CopyCount, work.MessageCount,
            work.SentByteCount,
            Math.Round((Environment.CpuUsage.TotalTime - _cpuStarted).TotalSeconds + _board.Standing.RemoteCpuSeconds, 4),
            Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 4), _client.State.Particles.Length, _domainCount,
            _board.Standing.ThreadCount);
    }

    private enum Tick
    {
        Form,
        Remind,
        Report,
    }
}
