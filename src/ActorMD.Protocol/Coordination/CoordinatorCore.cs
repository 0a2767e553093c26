using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Domains;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>Opens time slices, collects the domains' verdicts and declares slices done or void.</summary>
/// <remarks>
/// <para>
/// A slice ends at the latest where the epoch ends, and where the client wants a state. If all domains have succeeded it is done, and
/// the next one begins where it ends; otherwise it is void everywhere, and tried again, half as long. Slices that stay void however short
/// they are (exact ties between blocks) end the run: it begins anew from the client's last state, and one domain computes all.
/// </para>
/// <para>A pure state machine, like <see cref="DomainCore"/>.</para>
/// </remarks>
public sealed class CoordinatorCore
{
    // With so many bytes of events the client gets its state early, so that memory does not grow with what is logged.
    private const int LogByteCountMax = 1 << 26;

    private readonly Gas _gas;
    private readonly int _incarnation;

    private Phase _phase = Phase.Empty;
    private int _run;
    private Message.Begin? _begin; // without its particles
    private int _particleCount;
    private Cut _cut;
    private SliceId _id;
    private double _end;
    private readonly DomainRequests _requests = new();
    private Gathering? _gathering;
    private Message.Advance? _advance;
    private Message? _answer;
    private readonly RunLog _log = new(); // what the client may not have yet
    private readonly SliceRounds _slices;
    private readonly WaypointRounds _waypoints = new();
    private readonly DoneEvents _doneEvents = new();

    /// <param name="gas">What is simulated.</param>
    /// <param name="incarnation">Higher than that of every earlier coordinator of the same domains, from 1.</param>
    public CoordinatorCore(Gas gas, int incarnation = 1)
    {
        (_gas, _incarnation) = (gas, incarnation);
        _slices = new SliceRounds(gas);
    }

    private enum Phase
    {
        /// <summary>Knows nothing.</summary>
        Empty,

        /// <summary>Waits for the domains to take over their particles.</summary>
        Loading,

        /// <summary>At the cut, with nothing to do.</summary>
        Ready,

        /// <summary>Waits for verdicts.</summary>
        Open,

        /// <summary>Waits for the particles.</summary>
        Gathering,

        /// <summary>The run is over: a domain was lost or the physics violated.</summary>
        Over,
    }

    /// <summary>Simulation time up to which everything is done.</summary>
    public double Time => Epoch.TimeOf(_cut.Epoch, _begin?.EpochLength ?? 0, _cut.Time);

    /// <summary>Events of the run that are known to be done; those of the last slice come with the next verdicts.</summary>
    public long DoneEventCount => _doneEvents.Count;

    /// <summary>Whether slices were void however short they were: one domain computes all from then on.</summary>
    public bool HasRenounced => _slices.IsRenounced;

    /// <summary>What the run has cost so far.</summary>
    public RunWork Work { get; private set; } = RunWork.None;

    /// <summary>Takes one message in; the answers are added to the effects.</summary>
    public void Handle(Message message, ICollection<Envelope> effects)
    {
        switch (message)
        {
            case Message.Begin begin:
                OnBegin(begin, effects);
                break;
            case Message.Advance advance:
                OnAdvance(advance, effects);
                break;
            case Message.Loaded loaded:
                if (loaded.Run == _run && _phase == Phase.Loading && _requests.Answer(loaded.Domain))
                {
                    _phase = Phase.Ready;
                    effects.Add(new Envelope(ActorAddress.Client, new Message.Begun(_run)));
                    Proceed(effects);
                }

                break;
            case Message.SliceDone done:
                if (done.Id == _id && _phase == Phase.Open && _slices.Take(done) && _requests.Answer(done.Domain))
                {
                    CloseSlice(effects);
                }

                break;
            case Message.Shard shard:
                if (shard.Run == _run && shard.Slice == _id.Slice + 1 && _phase == Phase.Gathering
                    && _gathering!.Take(shard) && _requests.Answer(shard.Domain))
                {
                    Report(effects);
                }

                break;
            case Message.Lost lost:
                if (lost.Run == _run && _phase is Phase.Loading or Phase.Open or Phase.Gathering)
                {
                    End(new Message.RunLost(_run, _incarnation, Math.Max(_run, lost.RunLast)), effects);
                }

                break;
            case Message.Reminder:
                OnReminder(effects);
                break;
            default:
                throw new ArgumentException($"the coordinator has no use for {message.GetType().Name}", nameof(message));
        }
    }

    private void OnBegin(Message.Begin begin, ICollection<Envelope> effects)
    {
        if (begin.Incarnation != _incarnation || begin.Run < _run)
        {
            effects.Add(new Envelope(ActorAddress.Client, new Message.RunLost(begin.Run, _incarnation, _run)));
            return;
        }

        if (begin.Run == _run)
        {
            if (_phase != Phase.Loading)
            {
                effects.Add(new Envelope(ActorAddress.Client, new Message.Begun(_run)));
            }

            return;
        }

        _run = begin.Run;
        _begin = begin with { Particles = [] };
        _particleCount = begin.Particles.Length;
        _cut = begin.Cut;
        _id = new SliceId(_run, 0, 0);
        _advance = null;
        _answer = null;
        _waypoints.Begin();
        _log.Clear();
        _doneEvents.Begin(begin.EpochLength, _particleCount, Time);
        Work = RunWork.None;
        _phase = Phase.Loading;
        SlicePartition? sharing = _slices.Begin(begin);
        ImmutableArray<ParticleRecord>[] parts = LoadParts.Of(
            begin.Particles.AsSpan(), _slices.DomainCount, _cut.Time, position => sharing?.Nodes.HomeOf(_gas, position) ?? 0);
        Ask(domain => new Message.Load(_run, begin.EpochLength, _cut, begin.LogsEvents, sharing, parts[domain]), effects);
    }

    private void OnAdvance(Message.Advance advance, ICollection<Envelope> effects)
    {
        if (advance.Run > _run)
        {
            effects.Add(new Envelope(ActorAddress.Client, new Message.RunLost(advance.Run, _incarnation, _run)));
            return;
        }

        if (advance.Run < _run || advance.Request < _advance?.Request)
        {
            return;
        }

        bool isNew = _advance is null || advance.Request > _advance.Request;
        if (isNew)
        {
            _advance = advance;
            _log.Drop(advance.LogTaken);
        }

        foreach (Message passed in _waypoints.Ask(advance.Waypoints, isNew))
        {
            effects.Add(new Envelope(ActorAddress.Client, passed));
        }

        if (_phase == Phase.Over || (!isNew && _answer is not null))
        {
            effects.Add(new Envelope(ActorAddress.Client, _answer!));
        }
        else if (_phase == Phase.Ready)
        {
            Proceed(effects);
        }
    }

    // At a cut: reports it if it was asked for, or opens the next slice.
    private void Proceed(ICollection<Envelope> effects)
    {
        if (_advance is null)
        {
            return;
        }

        double epochLength = _begin!.EpochLength;
        double until = Epoch.OffsetOf(_cut.Epoch, epochLength, _advance.Until), waypoint = _waypoints.Next(_cut.Epoch, epochLength);
        for (; waypoint == _cut.Time && _waypoints.AreKnown; waypoint = _waypoints.Next(_cut.Epoch, epochLength))
        {
            effects.Add(new Envelope(ActorAddress.Client, _waypoints.Pass(_run)));
        }

        if (waypoint < _cut.Time)
        {
            End(new Message.RunLost(_run, _incarnation, _run), effects); // asked for when a slice had gone past it
            return;
        }

        bool isClose = _slices.AreShared && !_waypoints.AreKnown && _waypoints.IsClose(_cut.Time, waypoint);
        if (waypoint == _cut.Time || isClose)
        {
            Gather(new Gathering(_slices.DomainCount, sumsOnly: true, isOnTheWay: true), effects);
            return;
        }

        if (_cut.Time >= until || _log.Count > LogByteCountMax)
        {
            _answer = null;
            Gather(new Gathering(_slices.DomainCount, _advance.SumsOnly), effects);
            return;
        }

        if (_cut.Time >= epochLength)
        {
            _cut = new Cut(_cut.Epoch + 1, 0);
            _slices.BeginEpoch();
            until = Epoch.OffsetOf(_cut.Epoch, epochLength, _advance.Until);
            waypoint = _waypoints.Next(_cut.Epoch, epochLength);
        }

        until = _slices.AreShared && _waypoints.AreKnown ? until : Math.Min(until, waypoint);
        _id = new SliceId(_run, _id.Slice + 1, 0);
        OpenSlice(until, effects);
    }

    private void Gather(Gathering gathering, ICollection<Envelope> effects)
    {
        _phase = Phase.Gathering;
        _gathering = gathering;
        Ask(_ => new Message.Gather(_run, _id.Slice + 1, _cut, gathering.SumsOnly), effects);
    }

    private void OpenSlice(double until, ICollection<Envelope> effects)
    {
        _phase = Phase.Open;
        (_end, bool isRenewed) = _slices.Next(_cut.Time, until);
        _waypoints.Open(_cut, _end, _begin!.EpochLength);
        Ask(_ => new Message.OpenSlice(_id, _cut, _end, isRenewed, _waypoints.InSlice), effects);
    }

    private void CloseSlice(ICollection<Envelope> effects)
    {
        (Work, bool isDone) = _slices.Judge(Work);
        bool isStorm = _doneEvents.IsStorm(_slices.DoneEventCount, Time);
        if (_slices.Violation is { } violation)
        {
            End(new Message.Halted(_run, _cut, violation), effects);
        }
        else if (_slices.AreShared && (isStorm || _slices.AreStuck))
        {
            // Exact ties at a face, or the physics is violated: one domain computes from the client's last state on, and finds out.
            _slices.Renounce();
            End(new Message.RunLost(_run, _incarnation, _run), effects);
        }
        else if (isDone)
        {
            double length = _end - _cut.Time;
            Log(_slices.Events);
            foreach (Message passed in _waypoints.Close(_run, length, _slices.Stretches))
            {
                effects.Add(new Envelope(ActorAddress.Client, passed));
            }

            _cut = _cut with { Time = _end };
            _phase = Phase.Ready;
            Proceed(effects);
        }
        else
        {
            _id = _id with { Attempt = _id.Attempt + 1 };
            OpenSlice(_slices.Until, effects);
        }
    }

    private void Report(ICollection<Envelope> effects)
    {
        Gathering gathering = _gathering!;
        (ImmutableArray<ParticleState> particles, SumsRecord? sums, EventTally tally) = gathering.Join(_gas, _particleCount);
        Work = Work with { UndoneEventCount = gathering.UndoneEventCount };
        _phase = Phase.Ready;
        _gathering = null;
        if (gathering.IsOnTheWay)
        {
            VelocitySums known = new(_gas);
            sums!.AddTo(known);
            _waypoints.Know(known, tally);
            Proceed(effects);
            return;
        }

        double epochLength = _begin!.EpochLength;
        double until = Epoch.OffsetOf(_cut.Epoch, epochLength, _advance!.Until);
        if ((_cut.Time < until && _log.Count <= LogByteCountMax) || _advance.SumsOnly != gathering.SumsOnly)
        {
            Proceed(effects); // a new request came while the old one was answered
            return;
        }

        _doneEvents.Know(tally.EventCount);
        _answer = new Message.Reached(
            _run, _advance.Request, _cut, particles, sums, TallyRecord.Of(tally), Work, _log.Start, _log.ToArray());
        effects.Add(new Envelope(ActorAddress.Client, _answer));
    }

    // One slice's events of all domains.
    private void Log(IEnumerable<ImmutableArray<byte>> events)
    {
        if (_begin!.LogsEvents)
        {
            _log.Add(EventBatch.Merge([.. events.Select(batch => batch.AsMemory())]));
        }
    }

    private void End(Message answer, ICollection<Envelope> effects)
    {
        _phase = Phase.Over;
        _answer = answer;
        effects.Add(new Envelope(ActorAddress.Client, answer));
    }

    private void Ask(Func<int, Message> request, ICollection<Envelope> effects) => _requests.Ask(_slices.DomainCount, request, effects);

    private void OnReminder(ICollection<Envelope> effects)
    {
        if (_requests.IsDue() && _phase is Phase.Loading or Phase.Open or Phase.Gathering)
        {
            // A domain that has given its verdict may have died since, and its neighbours may still need what it has told them.
            _requests.AskAgain(toAll: _phase == Phase.Open, effects);
        }
    }
}
