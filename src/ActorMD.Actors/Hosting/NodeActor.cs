using System.Collections.Immutable;
using System.Diagnostics;
using ActorMD.Actors.Networks;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using ActorMD.Runs;
using ActorMD.Runs.Output;
using ActorMD.Runs.Sessions;
using Akka.Actor;
using Serilog;
using Serilog.Core;

namespace ActorMD.Actors.Hosting;

/// <summary>
/// One per process: the shell of the <see cref="NodeCore"/>. Makes the domains that are to be here, hands them what the gateway brings,
/// and says what this process is doing.
/// </summary>
/// <remarks>
/// Packets that cannot be read, or belong to another session, are logged and dropped; what is lost by that is repeated.
/// </remarks>
internal sealed class NodeActor : UntypedActor, IWithTimers
{

    private readonly INodeNetwork _network;
    private readonly NodeOptions _options;
    private readonly NodeBoard _board;
    private readonly Action<string> _notice;
    private readonly NodeCore _core;
    private readonly IActorRef _gateway;
    private readonly PulseClock _pulse;
    private readonly List<NodeEffect> _effects = [];
    private IActorRef? _run;
    private Wiring? _wiring;
    private ImmutableArray<DomainMeter> _meters = [];
    private ILogger _log = Logger.None;
    private Logger? _ownLog;
    private TimeSpan _cpuBefore;
    private TimeSpan _busyAtStatus;
    private long _eventsAtStatus;
    private long _statusStamp = Stopwatch.GetTimestamp();
    private NodeRequest? _request; // came when no session was known that could take it

    public NodeActor(INodeNetwork network, NodeOptions options, NodeBoard board, Action<string> notice)
    {
        _network = network;
        _options = options;
        _board = board;
        _notice = notice;
        _pulse = new PulseClock(options.StatusInterval);
        _core = new NodeCore(network.Self, ProductVersion.Text);
        _gateway = Context.ActorOf(network.Gateway(Self).WithDispatcher(HostConfig.ControlDispatcher), "gateway");
        Context.Watch(_gateway);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Remind, Tick.Remind, _network.ReminderInterval);
        Timers.StartPeriodicTimer(Tick.Status, Tick.Status, _options.StatusInterval);
    }

    // A domain that fails ends; what follows is the coordinator's to decide. A gateway that fails has lost the other nodes.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(error =>
    {
        Self.Tell(error is DomainException failed ? failed : new NodeEvent.Ended(error));
        return Directive.Stop;
    });

    protected override void PostStop()
    {
        Retire();
        _ownLog?.Dispose();
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Act(message);
        }
        catch (Exception error)
        {
            // Begun anew by its supervisor it would know nothing, and all would wait for it.
            End(ClusterException.NodeFailed(_network.Self, $"{error.GetType().Name}: {error.Message}"));
        }
    }

    private void Act(object message)
    {
        switch (message)
        {
            case NodeEvent happened:
                OnEvent(happened);
                break;
            case Said said:
                _core.Handle(said.From, said.Packet, _effects);
                CarryOut();
                break;
            case Attach attach:
                OnAttach(attach);
                break;
            case Terminated ended when ended.ActorRef.Equals(_run):
                OnDetached();
                break;
            case DomainException failed:
                OnFailed(failed);
                break;
            case Requested requested:
                OnRequested(requested.Request);
                break;
            case Dismiss:
                OnDismiss();
                break;
            case ActorIdentity { MessageId: IActorRef asker }:
                asker.Tell(Dismiss.Instance);
                break;
            case Tick tick:
                OnTick(tick);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnEvent(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.Up up:
                if (!_board.Members.Contains(up.Node))
                {
                    _board.Members = _board.Members.Add(up.Node);
                    _log.Information("Node {member} is there", up.Node.Name);
                    _run?.Tell(up);
                }

                break;
            case NodeEvent.Down down:
                if (_board.Members.Contains(down.Node))
                {
                    _board.Members = _board.Members.Remove(down.Node);
                    _board.HasLostNodes = true;
                    _log.Warning("Node {member} is gone", down.Node.Name);
                    _run?.Tell(down);
                }

                break;
            case NodeEvent.Arrived arrived:
                Read(arrived);
                break;
            case NodeEvent.Noticed noticed:
                OnNoticed(noticed);
                break;
            case NodeEvent.Ended ended:
                End(ClusterException.NetworkEnded(_network.Runtime, ended.Error));
                break;
        }
    }

    private void End(ClusterException error)
    {
        Timers.CancelAll();
        Retire();
        _board.Ended.TrySetException(error);
        _run?.Tell(error);
    }

    private void OnNoticed(NodeEvent.Noticed noticed)
    {
        if (noticed.IsWarning)
        {
            _log.Warning("{Runtime}: {Text}", _network.Runtime, noticed.Text);
            _notice($"node {_network.Self}: {noticed.Text}");
        }
        else
        {
            _log.Information("{Runtime}: {Text}", _network.Runtime, noticed.Text);
        }
    }

    private void Read(NodeEvent.Arrived arrived)
    {
        NodePacket packet;
        using ArrivedPacket bytes = arrived.Packet;
        int length = bytes.Bytes.Length;
        try
        {
            packet = NodePacketFormat.Decode(bytes.Bytes.Span);
        }
        catch (WireException error)
        {
            _board.CountRefused();
            _log.Warning("Refused {Length} bytes from {member}: {Reason}", length, arrived.From.Name, error.Message);
            _notice(FormattableString.Invariant(
                $"node {_network.Self} refused {length} bytes from {arrived.From}: {error.Message}"));
            return;
        }

        switch (packet)
        {
            case NodePacket.Deliver deliver:
                if (_wiring?.Placement.Session == deliver.Session)
                {
                    _wiring.PostHere(new Envelope(deliver.To, deliver.Message));
                }
                else
                {
                    _core.Handle(arrived.From, packet, _effects);
                    CarryOut();
                }

                break;
            case NodePacket.Placement or NodePacket.Dismiss or NodePacket.Ask:
                _core.Handle(arrived.From, packet, _effects);
                CarryOut();
                break;
            default:
                _run?.Tell(new Said(arrived.From, packet));
                break;
        }
    }

    private void CarryOut()
    {
        foreach (NodeEffect effect in _effects)
        {
            switch (effect)
            {
                case NodeEffect.Send send:
                    Send(send.To, send.Packet);
                    break;
                case NodeEffect.Refused refused:
                    _board.CountRefused();
                    _log.Error("Refused the domains of {member}: {Reason}", refused.By.Name, refused.Reason);
                    _notice(refused.Reason);
                    break;
                case NodeEffect.Enter enter:
                    OnEnter(enter.Placement);
                    break;
                case NodeEffect.Host host:
                    OnHost(host);
                    break;
                case NodeEffect.Deposed deposed:
                    _run?.Tell(new DeposedBy(deposed.By));
                    break;
                case NodeEffect.Dismissed dismissed:
                    _log.Information("Dismissed by {member}", dismissed.By.Name);
                    _network.Finish();
                    _board.Ended.TrySetResult();
                    break;
                case NodeEffect.Asked asked:
                    _log.Information("Node {member} was asked to {Request}", asked.By.Name, asked.Request);
                    _run?.Tell(new Requested(asked.Request));
                    break;
                default:
                    throw new InvalidOperationException($"a node has no use for {effect.GetType().Name}");
            }
        }

        _effects.Clear();
    }

    private void Send(NodeId to, NodePacket packet)
    {
        if (to == _network.Self)
        {
            _run?.Tell(new Said(to, packet));
        }
        else
        {
            _gateway.Tell(new Outgoing(to, NodePacketFormat.Encode(packet)));
        }
    }

    private void OnAttach(Attach attach)
    {
        _run = Sender;
        _log = attach.Log;
        Context.Watch(_run);
        _run.Tell(new Attached(_core.NextSession(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), _board.Members, _gateway));
    }

    // The coordinator of this node has ended; the domains that it had placed are gone.
    private void OnDetached()
    {
        _run = null;
        _log = Logger.None;
        _core.Forget();
        Retire();
    }

    private void OnFailed(DomainException failed)
    {
        if (failed.Wiring != _wiring)
        {
            return;
        }

        Exception cause = failed.InnerException!;
        _log.Error(cause, "A domain met what it cannot handle");
        Send(_wiring.Leader, new NodePacket.Failed(_wiring.Placement.Session, _wiring.Placement.Number, $"{cause.GetType().Name}: {cause.Message}"));
    }

    // The coordinator decides, wherever it is; without one the request waits for it.
    private void OnRequested(NodeRequest request)
    {
        if (_run is not null)
        {
            _run.Tell(new Requested(request));
        }
        else if (_wiring is not null)
        {
            Send(_wiring.Leader, new NodePacket.Ask(_core.SessionHighest, request));
        }
        else
        {
            _request = request;
        }
    }

    private void OnDismiss()
    {
        foreach (NodeId node in _board.Members)
        {
            if (node != _network.Self)
            {
                Send(node, new NodePacket.Dismiss(_core.SessionHighest));
            }
        }

        _network.Finish();
        // The gateway answers in its turn, when it has taken the packets: what it had not would be lost with the actor system.
        _gateway.Tell(new Identify(Sender));
    }

    // The coordinator's process has the log of its run already.
    private void OnEnter(NodePacket.Placement placement)
    {
        _board.HasServed = true;
        _cpuBefore = Environment.CpuUsage.TotalTime;
        if (_run is not null)
        {
            return;
        }

        _ownLog?.Dispose();
        _ownLog = null;
        _log = Logger.None;
        try
        {
            RunFolder folder = RunFolder.Make(placement.Folder);
            _ownLog = RunLog.Open(folder.NodeLogPath(_network.Self.Name), placement.Run, _network.Self.Name);
            _log = _ownLog;
        }
        catch (InputFaultException error)
        {
            _notice($"node {_network.Self} writes no log: {error.Message}");
        }
    }

    private void OnHost(NodeEffect.Host host)
    {
        Retire();
        NodePacket.Placement placement = host.Placement;
        Wiring wiring = new(placement, host.Leader, _network.Self, _run, _gateway);
        var meters = ImmutableArray.CreateBuilder<DomainMeter>();
        foreach (int domain in wiring.OwnDomains)
        {
            DomainMeter meter = new();
            meters.Add(meter);
            wiring.Connect(domain, Context.ActorOf(
                DomainActor.Props(domain, wiring, meter),
                FormattableString.Invariant($"domain-{domain}-{placement.Session}-{placement.Number}")));
        }

        (_wiring, _meters) = (wiring, meters.ToImmutable());
        _log.Information(
            "Placed here {domain} of {DomainCount} domains, placement {Number} of session {Session} by {member}",
            wiring.OwnDomains, placement.NodeOfDomain.Length, placement.Number, placement.Session, host.Leader.Name);
        if (host.Leader == _network.Self)
        {
            _run?.Tell(new Hosted(wiring));
        }

        if (_request is { } request)
        {
            _request = null;
            OnRequested(request);
        }
    }

    private void Retire()
    {
        if (_wiring is not null)
        {
            _wiring.Retire();
            foreach (IActorRef domain in _wiring.OwnActors)
            {
                Context.Stop(domain);
            }
        }

        (_wiring, _meters, _busyAtStatus, _eventsAtStatus) = (null, [], TimeSpan.Zero, 0);
    }

    private void OnTick(Tick tick)
    {
        if (tick == Tick.Remind)
        {
            Remind();
        }
        else
        {
            ReportStatus();
        }
    }

    private void Remind()
    {
        foreach ((IActorRef domain, DomainMeter meter) in (_wiring?.OwnActors ?? []).Zip(_meters))
        {
            if (meter.TryRemind())
            {
                domain.Tell(Message.Reminder.Instance);
            }
        }
    }

    private void ReportStatus()
    {
        if (_wiring is null)
        {
            return;
        }

        NodePacket.Status status = new(
            _wiring.Placement.Session, _meters.Sum(meter => meter.CrossingCount), (Environment.CpuUsage.TotalTime - _cpuBefore).TotalSeconds,
            ResourceMeter.PeakRssBytes);
        Send(_wiring.Leader, status);
        if (_pulse.IsDue())
        {
            WriteStatus(_wiring, status);
        }
    }

    private void WriteStatus(Wiring wiring, NodePacket.Status status)
    {
        TimeSpan busy = TimeSpan.FromTicks(_meters.Sum(meter => meter.Busy.Ticks));
        long events = _meters.Sum(meter => meter.SimulatedEventCount);
        double seconds = Stopwatch.GetElapsedTime(_statusStamp).TotalSeconds;
        _statusStamp = Stopwatch.GetTimestamp();
        int threads = Math.Max(1, Math.Min(_options.Workers, _meters.Length));
        double share = (busy - _busyAtStatus).TotalSeconds / (seconds * threads);
        double rate = (events - _eventsAtStatus) / seconds;
        (_busyAtStatus, _eventsAtStatus) = (busy, events);
        _log.Information(
            "Working on {domain} in slice {slice}: {EventsPerSecond} events/s, busy {BusyShare}, {PeakRssBytes} bytes; "
            + "so far {BusySeconds} s in domains, {CpuSeconds} s of processor time, {GcSeconds} s stopped for garbage collection; "
            + "again within {NextSeconds} s",
            wiring.OwnDomains, _meters.IsEmpty ? 0 : _meters.Max(meter => meter.Slice), Math.Round(rate), Math.Round(share, 3),
            status.PeakRssBytes, Math.Round(busy.TotalSeconds, 3), Math.Round(status.CpuSeconds, 3),
            Math.Round(GC.GetTotalPauseDuration().TotalSeconds, 3), _pulse.NextSeconds);
    }

    private enum Tick
    {
        Remind,
        Status,
    }
}
