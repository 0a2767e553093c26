using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Domains;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>Asks for the states at given times, and begins anew from the last one when an actor has lost its state.</summary>
/// <remarks>
/// Holds the last consistent cut; whoever keeps that safe (in memory, as a checkpoint) decides what the run survives. A pure
/// state machine, like <see cref="DomainCore"/>.
/// </remarks>
public sealed class ClientCore
{
    private readonly int _domainCount;
    private readonly bool _logsEvents;
    private readonly List<byte> _events = [];
    private long _logTaken; // bytes of this run's event log that are here
    private long _logOfState; // of these, up to the state
    private EventTally _tallyBefore; // that of the state from which the run began
    private EventTally _tallyOfState;
    private double _reachedTime = double.NegativeInfinity; // the latest that was asked for and answered by sums
    private RunWork _workBefore = RunWork.None;
    private RunWork _work = RunWork.None;
    private int _run;
    private int _incarnation;
    private long _request;
    private double _until;
    private bool _wantsSums;
    private ImmutableArray<double> _waypoints = []; // of the request
    private readonly Queue<PassedWaypoint> _passed = [];
    private bool _isBegun;
    private RetryClock _retry;

    /// <param name="domainCount">Domains that there are.</param>
    /// <param name="state">Where the system stands.</param>
    /// <param name="tally">Events so far.</param>
    /// <param name="run">
    /// The highest number of a run that any earlier client of these actors may have begun: a client that comes back after a crash must know
    /// it, from a record made before the run was begun or from a clock.
    /// </param>
    /// <param name="incarnation">Incarnation of the coordinator, as far as known.</param>
    /// <param name="logsEvents">Whether all events are wanted: see <see cref="TakeEvents"/>.</param>
    public ClientCore(
        int domainCount, SystemState state, EventTally tally, int run = 0, int incarnation = 1, bool logsEvents = false)
    {
        _logsEvents = logsEvents;
        _domainCount = domainCount;
        State = state;
        Tally = tally.Clone();
        (_tallyBefore, _tallyOfState, Time) = (Tally, Tally, state.AbsoluteTime);
        _run = run;
        _incarnation = incarnation;
    }

    /// <summary>Number of the run.</summary>
    public int Run => _run;

    /// <summary>The last consistent cut with all particles: a run that is lost begins anew from here.</summary>
    public SystemState State { get; private set; }

    /// <summary>Events of order 2 and up until <see cref="State"/>.</summary>
    public long CollisionCountOfState => _tallyOfState.CollisionCount;

    /// <summary>The absolute time of the last answer.</summary>
    public double Time { get; private set; }

    /// <summary>Sums over all particles at <see cref="Time"/>, if the last answer was sums; null if it was the <see cref="State"/>.</summary>
    public SumsRecord? Sums { get; private set; }

    /// <summary>Events up to <see cref="Time"/>.</summary>
    public EventTally Tally { get; private set; }

    /// <summary>What all runs have cost up to their last cut.</summary>
    public RunWork Work => _workBefore + _work;

    /// <summary>Whether the last request was answered, by a state or by a violation.</summary>
    public bool IsIdle { get; private set; } = true;

    /// <summary>What the physics violated, or null.</summary>
    public string? Violation { get; private set; }

    /// <summary>Events up to the cut that were not taken yet, in the order of the log: <see cref="EventRecord"/>s.</summary>
    public byte[] TakeEvents()
    {
        byte[] events = [.. _events];
        _events.Clear();
        return events;
    }

    /// <summary>
    /// Asks for the state at an absolute time, or wherever the next slice ends for -infinity. Replaces the request before.
    /// </summary>
    /// <param name="until">The time.</param>
    /// <param name="effects">Gets the messages.</param>
    /// <param name="sumsOnly">Whether <see cref="Sums"/> will do instead of the <see cref="State"/>.</param>
    /// <param name="waypoints">
    /// Times on the way at which sums are wanted (<see cref="TryTakePassed"/>). Those that were passed are not asked for again;
    /// a run with an event log has none.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A waypoint that was not passed is earlier than the state: no run that begins there would ever come to it.
    /// </exception>
    public void Request(double until, ICollection<Envelope> effects, bool sumsOnly = false, ImmutableArray<double> waypoints = default)
    {
        _waypoints = waypoints.IsDefault || _logsEvents ? [] : [.. waypoints.Where(time => time > _reachedTime)];
        if (_waypoints.Length > 0 && _waypoints[0] < State.AbsoluteTime)
        {
            throw new ArgumentException(
                $"the waypoint {_waypoints[0]:R} is earlier than the state, {State.AbsoluteTime:R}", nameof(waypoints));
        }

        _until = Math.Max(until, _reachedTime); // a run that began anew from an earlier state does not fall behind what was answered
        _wantsSums = sumsOnly;
        IsIdle = false;
        _request++;
        _retry.Progress();
        if (_isBegun)
        {
            SendRequest(effects);
        }
        else if (_request == 1)
        {
            BeginRun(effects);
        }
    }

    /// <summary>The next waypoint that the run has gone past.</summary>
    public bool TryTakePassed([NotNullWhen(true)] out PassedWaypoint? passed) => _passed.TryDequeue(out passed);

    /// <summary>Takes one message in; the answers are added to the effects.</summary>
    public void Handle(Message message, ICollection<Envelope> effects)
    {
        switch (message)
        {
            case Message.Begun begun:
                if (begun.Run == _run && !_isBegun)
                {
                    _isBegun = true;
                    _retry.Progress();
                    SendRequest(effects);
                }

                break;
            case Message.Passed passed:
                if (passed.Run == _run && passed.Time > _reachedTime)
                {
                    EventTally tally = _tallyBefore.Clone();
                    passed.Tally.AddTo(tally);
                    _passed.Enqueue(new PassedWaypoint(passed.Time, passed.Sums, tally));
                    _reachedTime = passed.Time;
                }

                break;
            case Message.Reached reached:
                if (reached.Run == _run && reached.Request == _request && !IsIdle)
                {
                    OnReached(reached, effects);
                }

                break;
            case Message.Halted halted:
                if (halted.Run == _run && !IsIdle)
                {
                    Violation = halted.Reason;
                    IsIdle = true;
                }

                break;
            case Message.RunLost lost:
                if (lost.Run == _run)
                {
                    _incarnation = Math.Max(_incarnation, lost.Incarnation);
                    _run = Math.Max(_run, lost.RunLast);
                    _workBefore += _work;
                    _work = RunWork.None;
                    _tallyBefore = _tallyOfState;
                    BeginRun(effects);
                }

                break;
            case Message.Reminder:
                OnReminder(effects);
                break;
            default:
                throw new ArgumentException($"a client has no use for {message.GetType().Name}", nameof(message));
        }
    }

    private void OnReminder(ICollection<Envelope> effects)
    {
        if (!_retry.IsDue())
        {
            return;
        }

        if (!_isBegun && _request > 0)
        {
            SendBegin(effects);
        }
        else if (!IsIdle)
        {
            SendRequest(effects);
        }
    }

    private void BeginRun(ICollection<Envelope> effects)
    {
        _run++;
        (_logTaken, _logOfState) = (_logTaken - _logOfState, 0); // what followed the state will come once more, the same to the last bit
        _isBegun = false;
        _retry.Progress();
        SendBegin(effects);
    }

    private void SendBegin(ICollection<Envelope> effects) => effects.Add(new Envelope(
        ActorAddress.Coordinator,
        new Message.Begin(
            _run, _incarnation, _domainCount, State.EpochLength, new Cut(State.Epoch, State.Time), _logsEvents,
            ImmutableCollectionsMarshal.AsImmutableArray(State.Particles))));

    private void SendRequest(ICollection<Envelope> effects) =>
        effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Advance(
            _run, _request, _until, _logTaken, _wantsSums, [.. _waypoints.Where(time => time > _reachedTime)])));

    private void OnReached(Message.Reached reached, ICollection<Envelope> effects)
    {
        Tally = _tallyBefore.Clone();
        reached.Tally.AddTo(Tally);
        Time = Epoch.TimeOf(reached.Cut.Epoch, State.EpochLength, reached.Cut.Time);
        _work = reached.Work;
        Sums = reached.Sums;
        int known = (int)Math.Clamp(_logTaken - reached.LogStart, 0, reached.Events.Length);
        _events.AddRange(reached.Events.AsSpan()[known..]);
        _logTaken = Math.Max(_logTaken, reached.LogStart + reached.Events.Length);
        bool isEarly = Time < _until && reached.Events.Length > 0; // for its events
        if (Sums is not null)
        {
            _reachedTime = Math.Max(_reachedTime, isEarly ? Time : _until);
            GoOnOrRest(isEarly, sumsOnly: true, effects);
            return;
        }

        ParticleState[] particles = ImmutableCollectionsMarshal.AsArray(reached.Particles)!;
        State = new SystemState(particles, State.EpochLength, reached.Cut.Epoch, reached.Cut.Time);
        (_tallyOfState, _logOfState) = (Tally, _logTaken);
        GoOnOrRest(isEarly, sumsOnly: false, effects);
    }

    private void GoOnOrRest(bool goesOn, bool sumsOnly, ICollection<Envelope> effects)
    {
        if (goesOn)
        {
            Request(_until, effects, sumsOnly);
        }
        else
        {
            IsIdle = true;
        }
    }
}
