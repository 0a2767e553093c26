using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Actors.Networks;
using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using ActorMD.Runs;
using ActorMD.Runs.Output;
using ActorMD.Runs.Simulations;
using Akka.Actor;

namespace ActorMD.Actors.Hosting;

/// <summary>
/// The shell of the <see cref="RunCore"/>, in one process at a time: the session that writes the run folder asks it for times.
/// </summary>
/// <remarks>
/// The client keeps the last consistent cut. The session sees nothing of nodes that die and come. When this process dies, the next
/// coordinator begins from the newest checkpoint.
/// </remarks>
internal sealed class RunActor : UntypedActor, IWithTimers, IWithUnboundedStash
{
    private const double StateAgePerParticle = 2e-5; // seconds

    private readonly INodeNetwork _network;
    private readonly NodeOptions _options;
    private readonly IActorRef _node;
    private readonly RunSetup _setup;
    private readonly RunContext _context;
    private readonly RunBoard _board;
    private readonly TimeSpan _formationTime;
    private readonly List<NodeEffect> _effects = [];
    private readonly Dictionary<NodeId, NodePacket.Status> _spent = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuStarted = Environment.CpuUsage.TotalTime;
    private readonly PulseClock _pulse;
    private RunCore _core = null!; // as soon as the node has answered
    private IActorRef _gateway = ActorRefs.Nobody;
    private Wiring? _wiring;
    private IActorRef? _asker;
    private Reach _reach = new(double.NegativeInfinity, SumsOnly: false, WaypointPlan.None); // what it has asked for
    private WaypointPlan _pursued = WaypointPlan.None; // what the domains are on their way to
    private PassedWaypoint? _passed; // the next one that was gone past
    private Exception? _error;
    private bool _hasRenounced; // and has said so
    private long _lossStamp;
    private long _stateStamp = Stopwatch.GetTimestamp();

    public RunActor(INodeNetwork network, NodeOptions options, TimeSpan formationTime, IActorRef node, RunSetup setup)
    {
        _network = network;
        _options = options;
        _formationTime = formationTime;
        _node = node;
        _setup = setup;
        _board = setup.Board;
        _context = setup.Context;
        _pulse = new PulseClock(options.StatusInterval);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        ClientCore client = _setup.Client;
        _board.Standing = new RunStanding(client.State.AbsoluteTime, client.Tally.CollisionCount, 0, 0, 1, ThreadCountOf(1));
        _node.Tell(new Attach(_context.Log));
        Timers.StartPeriodicTimer(Tick.Remind, Tick.Remind, _network.ReminderInterval);
        Timers.StartPeriodicTimer(Tick.Report, Tick.Report, _options.StatusInterval);
        Timers.StartSingleTimer(Tick.Form, Tick.Form, _formationTime > TimeSpan.Zero ? _formationTime : TimeSpan.Zero);
    }

    // Until the node has answered.
    protected override void OnReceive(object message)
    {
        if (message is Attached attached)
        {
            Become(Lead);
            OnAttached(attached);
            Stash.UnstashAll();
        }
        else
        {
            Stash.Stash();
        }
    }

    private void Lead(object message)
    {
        // One that has failed, or was deposed, places no more domains: it could take nodes from who leads now.
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
            _effects.Clear();
            Fail(error);
        }
    }

    private void Act(object message)
    {
        switch (message)
        {
            case Reach reach:
                OnReach(reach);
                break;
            case Delivered delivered:
                _core.OnMessage(delivered.Envelope, _effects);
                break;
            case Said { Packet: NodePacket.Status status } said:
                OnStatus(said.From, status);
                break;
            case Said said:
                _core.OnSaid(said.From, said.Packet, _effects);
                break;
            case Hosted hosted:
                _wiring = _core.OnWired(hosted.Wiring.Placement, _effects) ? hosted.Wiring : _wiring;
                break;
            case NodeEvent.Up up:
                _core.OnUp(up.Node, _effects);
                break;
            case NodeEvent.Down down:
                _core.OnDown(down.Node, _effects);
                break;
            case ClusterException error:
                Fail(error);
                break;
            case DeposedBy deposed:
                Fail(ClusterException.Deposed(_network.Self, deposed.Node));
                break;
            case Requested { Request: NodeRequest.Stop }:
                _context.Requests.AskStop();
                break;
            case Requested:
                _context.Requests.AskCheckpoint();
                break;
            case Tick tick:
                OnTick(tick);
                break;
            default:
                Unhandled(message);
                break;
        }

        CarryOut();
    }

    private void OnAttached(Attached attached)
    {
        _gateway = attached.Gateway;
        _context.Log.Information(
            "Node {member} leads session {Session}: {NodeCount} of {NodeCountWanted} nodes are there, {Members}", _network.Self.Name,
            attached.Session, attached.Members.Count, _options.NodeCount, attached.Members.Select(node => node.Name));
        NodePacket.Placement draft = new(attached.Session, 0, ProductVersion.Text, _context.Run, _context.Folder, _setup.Gas, [], []);
        _core = new RunCore(
            new PlacementCore(_network.Self, draft, _setup.DomainCount, _options.NodeCount), _setup.Client,
            _setup.Coordinator, RunSetup.Incarnation);
        foreach (NodeId node in attached.Members)
        {
            _core.OnUp(node, _effects);
        }

        CarryOut();
    }

    private void OnReach(Reach reach)
    {
        _asker?.Tell(RunAnswer.Replaced.Instance);
        (_asker, _reach) = (Sender, reach);
        if (_error is not null)
        {
            Fail(_error);
        }
        else if (!IsPassed() && !IsPursued())
        {
            Pursue();
        }
    }

    // Whether a waypoint that was gone past is what is asked for; earlier ones are not wanted any more.
    private bool IsPassed()
    {
        while (_passed is null || _passed.Time < _reach.Until)
        {
            if (!_core.Client.TryTakePassed(out _passed))
            {
                return false;
            }
        }

        return _reach.SumsOnly && _passed.Time == _reach.Until;
    }

    private bool IsPursued() => _reach.SumsOnly && !_core.IsReached && _pursued.Times.Contains(_reach.Until) && !IsStateOld();

    // With a plan the domains go on to its end without a stop; but not when there should be a state soon.
    private void Pursue()
    {
        bool isAhead = _reach.SumsOnly && !_context.LogsEvents && _reach.Plan.Times.Count > 0;
        _pursued = isAhead ? _reach.Plan : WaypointPlan.None;
        ImmutableArray<double> times = [.. _pursued.Times];
        if (!isAhead)
        {
            _core.Reach(_reach.Until, _effects, _reach.SumsOnly && !IsStateOld());
        }
        else if (IsStateOld())
        {
            _core.Reach(double.NegativeInfinity, _effects, sumsOnly: false, times);
        }
        else
        {
            _core.Reach(_pursued.Limit, _effects, sumsOnly: true, times);
        }
    }

    private void OnStatus(NodeId from, NodePacket.Status status)
    {
        if (status.Session == _core.Placement.Session)
        {
            _spent[from] = status;
        }
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Form when _core.IsForming:
                _context.Log.Information("Beginning with {NodeCount} of {NodeCountWanted} nodes", _core.MemberCount, _options.NodeCount);
                _core.Form(_effects);
                break;
            case Tick.Remind:
                _core.OnReminder(_effects);
                break;
            case Tick.Report when !_core.Client.IsIdle && _pulse.IsDue():
                Report();
                break;
        }
    }

    private void CarryOut()
    {
        foreach (NodeEffect effect in _effects)
        {
            CarryOut(effect);
        }

        _effects.Clear();
        if (_core.Coordinator.HasRenounced && !_hasRenounced)
        {
            _hasRenounced = true;
            _context.Log.Warning(
                "Time slices stay void however short they are: one domain goes on alone from {CutTime}", _core.Client.State.AbsoluteTime);
        }

        _board.AddEvents(_core.Client.TakeEvents());
        Post();
        Answer();
    }

    private void CarryOut(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Deliver deliver:
                _wiring!.Post(deliver.Envelope);
                break;
            case NodeEffect.Send send when send.To == _network.Self:
                _node.Tell(new Said(_network.Self, send.Packet));
                break;
            case NodeEffect.Send send:
                _gateway.Tell(new Outgoing(send.To, NodePacketFormat.Encode(send.Packet)));
                break;
            case NodeEffect.Placing placing:
                _context.Log.Information(
                    "Placing {DomainCount} domains on {NodeCount} nodes, placement {Number} of session {Session}", _setup.DomainCount,
                    _core.UsedNodeCount, placing.Placement.Number, placing.Placement.Session);
                break;
            case NodeEffect.Lost lost:
                _lossStamp = Stopwatch.GetTimestamp();
                _context.Log.Warning(
                    "Lost node {member} with {domain} at {time}: going back to {CutTime}{Reason}", lost.Node.Name, lost.Domains, lost.Time,
                    _core.Client.State.AbsoluteTime, lost.Reason is null ? "" : $" ({lost.Reason})");
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
            default:
                throw new InvalidOperationException($"a run has no use for {effect.GetType().Name}");
        }
    }

    // What the session may see at any time.
    private void Post() => _board.Standing = new RunStanding(
        _core.Time, _core.CollisionCount, _spent.Values.Sum(status => status.CrossingCount),
        _spent.Where(pair => pair.Key != _network.Self).Sum(pair => pair.Value.CpuSeconds), _core.UsedNodeCount,
        ThreadCountOf(_core.UsedNodeCount));

    private int ThreadCountOf(int nodeCount) => Math.Min(_options.Workers * nodeCount, _setup.DomainCount);

    private void Answer()
    {
        ClientCore client = _core.Client;
        if (client.IsIdle)
        {
            _stateStamp = client.Sums is null ? Stopwatch.GetTimestamp() : _stateStamp;
        }

        if (_asker is null)
        {
            return;
        }

        if (client.Violation is null && IsPassed())
        {
            _asker.Tell(new RunAnswer.Reached(_passed!.Time, null, SumsOf(_passed.Sums), _passed.Tally, client.Work));
            _asker = null;
        }
        else if (_core.IsReached && client.Violation is null && client.Time < _reach.Until)
        {
            Pursue(); // it has stopped on the way, for its state
            CarryOut();
        }
        else if (_core.IsReached)
        {
            _asker.Tell(
                client.Violation is { } violation ? new RunAnswer.Failed(new PhysicsViolationException(violation))
                : new RunAnswer.Reached(
                    client.Time, client.Sums is null ? client.State : null, SumsOf(client.Sums), client.Tally, client.Work));
            _asker = null;
        }
    }

    private VelocitySums? SumsOf(SumsRecord? record)
    {
        if (record is null)
        {
            return null;
        }

        VelocitySums sums = new(_setup.Gas);
        record.AddTo(sums);
        return sums;
    }

    // After the loss of a node all is computed again from the last state: so there is a new one from time to time, whoever wants it.
    // To gather one takes about half a microsecond a particle.
    private bool IsStateOld() => Stopwatch.GetElapsedTime(_stateStamp).TotalSeconds > StateAgePerParticle * _core.Client.State.Particles.Length;

    private void Fail(Exception error)
    {
        _error = error;
        _asker?.Tell(new RunAnswer.Failed(error));
        _asker = null;
    }

    private void Report()
    {
        RunWork work = _core.Coordinator.Work;
        _context.Log.Information(
            "Committed up to {time}: {Collisions} collisions, slice {slice}, {Void} void; {Counted} events counted of "
            + "{Simulated} simulated, {Undone} undone; {Sent} particles and flights in {Messages} messages, {Bytes} bytes; "
            + "{Cpu} s of processor time in {Wall} s; "
            + "{Particles} particles, {Domains} domains, {Workers} workers; again within {NextSeconds} s",
            _core.Time, _board.Standing.CollisionCount, work.SliceCount, work.VoidSliceCount, _core.Coordinator.DoneEventCount,
            work.SimulatedEventCount, work.UndoneEventCount,
            work.SentCount, work.MessageCount, work.SentByteCount,
            Math.Round((Environment.CpuUsage.TotalTime - _cpuStarted).TotalSeconds + _board.Standing.RemoteCpuSeconds, 4),
            Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 4), _core.Client.State.Particles.Length, _setup.DomainCount,
            _board.Standing.ThreadCount, _pulse.NextSeconds);
    }

    private enum Tick
    {
        Form,
        Remind,
        Report,
    }
}
