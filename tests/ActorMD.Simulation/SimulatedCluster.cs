using System.Buffers;
using System.Globalization;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Domains;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Wire;

namespace ActorMD.Simulation;

/// <summary>
/// A runtime that owns time, network and faults: one thread, everything determined by a seed. Messages travel as bytes.
/// </summary>
/// <remarks>
/// Only the client's checkpoint survives its death: the last state that it got, the counts, and the number of the run that it
/// has begun last. A coordinator that comes back knows no more than that it is a later incarnation; a node that comes back knows nothing.
/// </remarks>
public sealed class SimulatedCluster : IDisposable
{
    private const long ReminderTicks = 400;
    private const long PauseTicksMax = 3000;
    private const long DownTicksMax = 1500;

    private readonly RandomCase _case;
    private readonly Faults _faults;
    private readonly Plant _plant;
    private readonly TextWriter? _trace;
    private readonly PriorityQueue<Occurrence, (long Time, long Sequence)> _future = new();
    private readonly List<Envelope> _effects = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly List<byte> _log = [];
    private readonly Actor _client = new();
    private readonly Actor _coordinator = new();
    private readonly Actor[] _domains;
    private readonly double[] _stops;
    private CounterRandom _random;
    private ClientCore _clientCore;
    private CoordinatorCore _coordinatorCore;
    private DomainCore[] _domainCores;
    private Checkpoint _checkpoint;
    private int _incarnation = 1;
    private int _stopIndex;
    private SliceId _newest; // of all that were opened
    private int _askedCount; // answers since the stop before
    private readonly SumsCheck _sums;
    private long _now;
    private long _sequence;

    /// <param name="case">What the domains compute.</param>
    /// <param name="faults">What happens to them.</param>
    /// <param name="plant">A mistake to be found.</param>
    /// <param name="trace">Gets a line per delivery; null: it is not kept.</param>
    public SimulatedCluster(RandomCase @case, Faults faults, Plant plant = Plant.None, TextWriter? trace = null)
    {
        _case = @case;
        _sums = new SumsCheck(@case.Gas);
        _faults = faults;
        _plant = plant;
        _trace = trace;
        _random = new CounterRandom(@case.Seed, RandomStream.Testing, subject: 3);
        _checkpoint = new Checkpoint(@case.Initial, new EventTally(@case.Gas.Species.Length, @case.Gas.OrderMax), 0);
        _clientCore = CreateClient();
        _coordinatorCore = CreateCoordinator();
        _domainCores = [.. Enumerable.Range(0, _case.DomainCount).Select(CreateDomain)];
        _domains = [.. _domainCores.Select(_ => new Actor())];
        _stops = [.. Enumerable.Range(1, 4).Select(k => @case.EndTime * k / 4)];
    }

    /// <summary>Runs that were begun; more than one where state was lost.</summary>
    public int RunCount => _clientCore.Run;

    /// <summary>Messages that reached an actor.</summary>
    public long DeliveryCount { get; private set; }

    /// <summary>The state that the client has at the end.</summary>
    public SystemState State => _clientCore.State;

    /// <summary>The event log that the client has written, checkpoint by checkpoint.</summary>
    public IReadOnlyList<byte> Log => _log;

    /// <summary>The counts that the client has at the end.</summary>
    public EventTally Tally => _clientCore.Tally;

    /// <summary>Runs until the client has everything that it wants, or the coordinator does not get on any more.</summary>
    /// <param name="patience">More messages than any progress needs.</param>
    /// <returns>Whether it got it.</returns>
    public bool Run(long patience)
    {
        ScheduleFaults();
        Ask();
        foreach (ActorAddress address in AllAddresses())
        {
            Schedule(_random.NextInteger((int)ReminderTicks), new Occurrence.Remind(address));
        }

        double latest = double.NegativeInfinity;
        long progressAt = 0;
        while (DeliveryCount < progressAt + patience && _future.TryDequeue(out Occurrence? occurrence, out (long Time, long Sequence) at))
        {
            _now = at.Time;
            Happen(occurrence);
            if (_coordinatorCore.Time > latest)
            {
                (latest, progressAt) = (_coordinatorCore.Time, DeliveryCount);
            }

            if (_clientCore.Violation is not null)
            {
                return false;
            }

            if (_clientCore.IsIdle)
            {
                if (!TakeAnswer())
                {
                    return false;
                }

                if (_stopIndex == _stops.Length)
                {
                    return true;
                }

                Ask();
            }
        }

        return false;
    }

    // Sums before a stop and at it, and then the state.
    private void Ask()
    {
        double stop = _stops[_stopIndex];
        double until = _askedCount == 0 ? stop - 0.5 * _stops[0] : stop;
        _clientCore.Request(until, _effects, sumsOnly: _askedCount < 2, [until - 0.4 * _stops[0], until - 0.25 * _stops[0]]);
        Send();
    }

    // Whether the sums before were those of the state.
    private bool TakeAnswer()
    {
        _askedCount++;
        if (_sums.TakePassed(_clientCore) is { } wrong)
        {
            Trace(wrong);
            return false;
        }

        if (!_sums.Take(_clientCore))
        {
            Trace("the domains' sums are not those of the particles");
            return false;
        }

        if (_clientCore.Sums is not null)
        {
            return true;
        }

        _log.AddRange(_clientCore.TakeEvents());
        _checkpoint = new Checkpoint(_clientCore.State, _clientCore.Tally, _clientCore.Run);
        if (_clientCore.Time >= _stops[_stopIndex])
        {
            (_stopIndex, _askedCount) = (_stopIndex + 1, 0);
        }

        return true;
    }

    /// <summary>Whether slices were void however short they were, so that the run has begun anew with one domain.</summary>
    public bool HasRenounced => _coordinatorCore.HasRenounced;

    /// <summary>Waypoints that were gone past, and checked.</summary>
    public long WaypointCount => _sums.PassedCount;

    public void Dispose()
    {
        foreach (DomainCore domain in _domainCores)
        {
            domain.Dispose();
        }
    }

    private IEnumerable<ActorAddress> AllAddresses() =>
        [ActorAddress.Client, ActorAddress.Coordinator, .. Enumerable.Range(0, _domains.Length).Select(ActorAddress.Domain)];

    private ClientCore CreateClient() => new(_case.DomainCount, _checkpoint.State, _checkpoint.Tally, _checkpoint.Run, logsEvents: _case.LogsEvents);

    private CoordinatorCore CreateCoordinator() => new(_case.Gas, _incarnation);

    private DomainCore CreateDomain(int domain) => new(domain, _case.Gas);

    // Faults are spread over the time that the run will take, as far as one can know.
    private void ScheduleFaults()
    {
        double span = 400 * _faults.DelayMean;
        for (int k = 0; k < _faults.PauseCount; k++)
        {
            ActorAddress address = AllAddresses().ElementAt(_random.NextInteger(2 + _domains.Length));
            Schedule((long)(span * _random.NextUniform()), new Occurrence.Pause(address, 1 + _random.NextInteger((int)PauseTicksMax)));
        }

        for (int k = 0; k < _faults.NodeKillCount; k++)
        {
            Schedule((long)(span * _random.NextUniform()), new Occurrence.Kill(ActorRole.Domain, _random.NextInteger(_faults.NodeCount)));
        }

        for (int k = 0; k < _faults.CoordinatorKillCount; k++)
        {
            Schedule((long)(span * _random.NextUniform()), new Occurrence.Kill(ActorRole.Coordinator, 0));
        }

        for (int k = 0; k < _faults.ClientKillCount; k++)
        {
            Schedule((long)(span * _random.NextUniform()), new Occurrence.Kill(ActorRole.Client, 0));
        }
    }

    private void Happen(Occurrence occurrence)
    {
        switch (occurrence)
        {
            case Occurrence.Arrival arrival:
                Arrive(arrival);
                break;
            case Occurrence.Remind remind:
                Remind(remind.Address);
                break;
            case Occurrence.Pause pause:
                Trace($"{pause.Address} pauses for {pause.Ticks}");
                ActorAt(pause.Address).PausedUntil = _now + pause.Ticks;
                break;
            case Occurrence.Kill kill:
                Kill(kill);
                break;
        }
    }

    private void Arrive(Occurrence.Arrival arrival)
    {
        Actor actor = ActorAt(arrival.To);
        if (_now < actor.DownUntil)
        {
            return;
        }

        if (_now < actor.PausedUntil)
        {
            Schedule(actor.PausedUntil - _now, arrival);
            return;
        }

        DeliveryCount++;
        Deliver(arrival.To, Relabelled(WireFormat.Decode(arrival.Bytes)));
    }

    private void Remind(ActorAddress address)
    {
        Actor actor = ActorAt(address);
        if (_now >= actor.DownUntil && _now >= actor.PausedUntil)
        {
            Deliver(address, Message.Reminder.Instance);
        }

        Schedule(ReminderTicks, new Occurrence.Remind(address));
    }

    private void Deliver(ActorAddress to, Message message)
    {
        if (_trace is not null)
        {
            Trace($"{to} <- {Describe(message)}");
        }

        switch (to.Role)
        {
            case ActorRole.Client:
                _clientCore.Handle(message, _effects);
                break;
            case ActorRole.Coordinator:
                _coordinatorCore.Handle(message, _effects);
                break;
            default:
                _domainCores[to.Index].Handle(message, _effects);
                break;
        }

        Send();
    }

    private void Send()
    {
        foreach (Envelope envelope in _effects)
        {
            _buffer.ResetWrittenCount();
            WireFormat.Encode(Mistaken(Failing(envelope.Message)), _buffer);
            byte[] bytes = _buffer.WrittenSpan.ToArray();
            int copies = _random.NextUniform() < _faults.DropShare ? 0 : _random.NextUniform() < _faults.DoubleShare ? 2 : 1;
            for (int copy = 0; copy < copies; copy++)
            {
                double delay = -_faults.DelayMean * Math.Log(_random.NextPositiveUniform());
                // Now and then one comes very late.
                delay *= _random.NextInteger(50) == 0 ? 100 : 1;
                Schedule(1 + (long)delay, new Occurrence.Arrival(envelope.To, bytes));
            }
        }

        _effects.Clear();
    }

    // A domain may fail at any slice that is shared; one that fails too often is left to a domain alone.
    private Message Failing(Message message) =>
        message is Message.SliceDone { Id.Attempt: < 3 } done && _case.SharesSlices && _random.NextUniform() < _faults.VoidShare
            ? done with { Outcome = done.Outcome with { IsVoid = true } }
            : message;

    // What a domain with a mistake says.
    private Message Mistaken(Message message)
    {
        if (message is Message.OpenSlice open)
        {
            _newest = open.Id;
        }

        return (_plant, message) switch
        {
            (Plant.KeepsVoidSlices, Message.SliceDone done) => done with { Outcome = done.Outcome with { IsVoid = false } },
            (Plant.HidesRollbacks, Message.StripDone done) => done with { Report = done.Report with { RolledBack = [] } },
            (Plant.ForgetsGhost, Message.Ghosts { Particles: [.. var others, _] } ghosts) => ghosts with { Particles = others },
            _ => message,
        };
    }

    // What a coordinator with a mistake understands.
    private Message Relabelled(Message message) =>
        _plant == Plant.TakesLateVerdicts && message is Message.SliceDone done && done.Id.Run == _newest.Run
        && done.Id.Slice == _newest.Slice
            ? done with { Id = _newest }
            : message;

    private void Kill(Occurrence.Kill kill)
    {
        Trace($"{kill.Role} {kill.Node} dies");
        long down = _now + 1 + _random.NextInteger((int)DownTicksMax);
        switch (kill.Role)
        {
            case ActorRole.Client:
                _client.DownUntil = down;
                _checkpoint = _plant == Plant.ForgetsRunNumber ? _checkpoint : _checkpoint with { Run = _clientCore.Run };
                _clientCore = CreateClient();
                Ask(); // what it wanted, it wants again
                break;
            case ActorRole.Coordinator:
                _coordinator.DownUntil = down;
                _incarnation += _plant == Plant.KeepsIncarnation ? 0 : 1;
                _coordinatorCore = CreateCoordinator();
                break;
            default:
                for (int domain = kill.Node; domain < _domains.Length; domain += _faults.NodeCount)
                {
                    _domains[domain].DownUntil = down;
                    _domainCores[domain].Dispose();
                    _domainCores[domain] = CreateDomain(domain);
                }

                break;
        }
    }

    private Actor ActorAt(ActorAddress address) => address.Role switch
    {
        ActorRole.Client => _client,
        ActorRole.Coordinator => _coordinator,
        _ => _domains[address.Index],
    };

    private void Schedule(long delay, Occurrence occurrence) => _future.Enqueue(occurrence, (_now + delay, _sequence++));

    private void Trace(string line) => _trace?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_now,8} {line}"));

    private static string Describe(Message message) => message switch
    {
        Message.Begin m => $"Begin run {m.Run} at {m.Cut.Epoch}:{m.Cut.Time:R}",
        Message.Reached m => $"Reached run {m.Run} request {m.Request} at {m.Cut.Epoch}:{m.Cut.Time:R}",
        Message.Load m => $"Load run {m.Run}, {m.Particles.Length} particles",
        Message.Share m => $"{m.Step} {m.Id} from {m.From}, {m.Count} particles or flights",
        Message.Shard m => $"Shard {m.Run}.{m.Slice} of {m.Domain}, {m.Particles.Length} particles",
        _ => message.ToString()!,
    };

    private sealed class Actor
    {
        public long PausedUntil { get; set; }

        public long DownUntil { get; set; }
    }

    private sealed record Checkpoint(SystemState State, EventTally Tally, int Run);

    private abstract record Occurrence
    {
        public sealed record Arrival(ActorAddress To, byte[] Bytes) : Occurrence;

        public sealed record Remind(ActorAddress Address) : Occurrence;

        public sealed record Pause(ActorAddress Address, long Ticks) : Occurrence;

        public sealed record Kill(ActorRole Role, int Node) : Occurrence;
    }
}
