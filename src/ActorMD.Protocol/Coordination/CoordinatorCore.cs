using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Domains;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>Opens windows, collects the domains' verdicts and commits what all of them agree on.</summary>
/// <remarks>
/// <para>
/// A window ends at the latest where the epoch ends, and where the client wants a state. When a domain saw a first difference at
/// T_v, everything before T_v is exact everywhere, and the next window begins at the number before T_v: all events up to there
/// are done. When that is no progress, because the difference is at the very beginning (exact ties), the window is tried again
/// with a thicker halo; with halos that are the whole box every domain knows everything, so this ends.
/// </para>
/// <para>A pure state machine, like <see cref="DomainCore"/>.</para>
/// </remarks>
public sealed class CoordinatorCore
{
    // With so many bytes of events the client gets its state early, so that memory does not grow with what is logged.
    private const int LogByteCountMax = 1 << 26;

    private readonly Gas _gas;
    private readonly WindowPlan _plan;
    private readonly int _incarnation;
    private readonly Func<double, IWindowPolicy> _createPolicy;

    private Phase _phase = Phase.Empty;
    private int _run;
    private Message.Begin? _begin; // without its particles
    private int _particleCount;
    private BlockGrid? _grid;
    private IWindowPolicy? _policy;
    private Cut _cut;
    private WindowId _id;
    private int _extraLayers;
    private double _end;
    private double _spareLayers;
    private readonly DomainRequests _requests = new();
    private Message.Verdict[] _verdicts = [];
    private Gathering? _gathering;
    private Message.Advance? _advance;
    private Message? _answer;
    private readonly RunLog _log = new(); // what the client may not have yet
    private readonly SliceRounds _slices;
    private readonly WaypointRounds _waypoints = new();
    private readonly CommittedEvents _committed = new();

    /// <param name="gas">What is simulated.</param>
    /// <param name="plan">Layers.</param>
    /// <param name="incarnation">Higher than that of every earlier coordinator of the same domains, from 1.</param>
    /// <param name="policy">Makes a policy for the epoch length of a run; null for adaptive windows.</param>
    /// <param name="sharesSlices">Whether domains share time slices where they can; otherwise they always have windows.</param>
    public CoordinatorCore(
        Gas gas, WindowPlan plan, int incarnation = 1, Func<double, IWindowPolicy>? policy = null, bool sharesSlices = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Drift, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(plan.Layers, plan.Drift);
        _gas = gas;
        _plan = plan;
        _incarnation = incarnation;
        _slices = new SliceRounds(gas, sharesSlices);
        _createPolicy = policy ?? (epochLength => new AdaptiveWindows(epochLength));
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

    /// <summary>Simulation time up to which everything is committed.</summary>
    public double Time => Epoch.TimeOf(_cut.Epoch, _begin?.EpochLength ?? 0, _cut.Time);

    /// <summary>Events of the run that are known to be committed; those of the last window come with the next verdicts.</summary>
    public long CommittedEventCount => _committed.Count;

    /// <summary>What the run has cost so far.</summary>
    public RunWork Work { get; private set; } = RunWork.None;

    private int LayersNow => Math.Min(_plan.Layers + _extraLayers, Math.Max(_plan.Layers, _grid!.LayersOfWhole));

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
            case Message.Verdict verdict:
                if (verdict.Id == _id && _phase == Phase.Open)
                {
                    _verdicts[verdict.Domain] = verdict;
                    if (_requests.Answer(verdict.Domain))
                    {
                        CloseWindow(effects);
                    }
                }

                break;
            case Message.SliceDone done:
                if (done.Id == _id && _phase == Phase.Open && _slices.Take(done) && _requests.Answer(done.Domain))
                {
                    CloseSlice(effects);
                }

                break;
            case Message.Shard shard:
                if (shard.Run == _run && shard.Window == _id.Window + 1 && _phase == Phase.Gathering
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
        _grid = new BlockGrid(_gas.Box, begin.Bounds);
        _policy = _createPolicy(begin.EpochLength);
        _cut = begin.Cut;
        _id = new WindowId(_run, 0, 0);
        _extraLayers = 0;
        _advance = null;
        _answer = null;
        _waypoints.Begin();
        _log.Clear();
        _committed.Begin(begin.EpochLength, _particleCount, Time);
        Work = RunWork.None;
        _verdicts = new Message.Verdict[_grid.DomainCount];
        _phase = Phase.Loading;
        SlicePartition? sharing = _slices.Begin(begin, _grid.DomainCount);
        ImmutableArray<ParticleRecord>[] parts = LoadParts.Of(
            begin.Particles.AsSpan(), _grid.DomainCount, _cut.Time,
            position => sharing?.Nodes.HomeOf(_gas, position) ?? _grid.OwnerOf(_grid.CellOf(position)));
        Ask(domain => new Message.Load(_run, begin.Bounds, begin.EpochLength, _cut, begin.LogsEvents, sharing, parts[domain]), effects);
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

        foreach (Message passed in _waypoints.Ask(advance.Waypoints))
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

    // At a cut: reports it if it was asked for, or opens the next window.
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
            Gather(new Gathering(_grid!.DomainCount, sumsOnly: true, isOnTheWay: true), effects);
            return;
        }

        if (_cut.Time >= until || _log.Count > LogByteCountMax)
        {
            _answer = null;
            Gather(new Gathering(_grid!.DomainCount, _advance.SumsOnly), effects);
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
        _id = new WindowId(_run, _id.Window + 1, 0);
        if (_slices.AreShared)
        {
            OpenSlice(until, effects);
            return;
        }

        double end = Math.Max(_cut.Time + _policy!.NextLength(), Math.BitIncrement(_cut.Time));
        _end = Math.Min(Math.Min(end, until), epochLength);
        OpenWindow(effects);
    }

    private void Gather(Gathering gathering, ICollection<Envelope> effects)
    {
        _phase = Phase.Gathering;
        _gathering = gathering;
        Ask(_ => new Message.Gather(_run, _id.Window + 1, _cut, gathering.SumsOnly), effects);
    }

    private void OpenWindow(ICollection<Envelope> effects)
    {
        _phase = Phase.Open;
        int layers = LayersNow;
        Ask(_ => new Message.OpenWindow(_id, _cut, _end, layers, _plan.Drift), effects);
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
        if (_committed.IsStorm(_slices.CommittedEventCount, Time) || _slices.AreStuck)
        {
            // Exact ties at a face, or the physics is violated: from the client's last state on there are windows, which find out.
            _slices.Renounce();
            End(new Message.RunLost(_run, _incarnation, _run), effects);
        }
        else if (isDone)
        {
            double length = _end - _cut.Time;
            Log(_slices.Events);
            Work = Work with { WindowTime = Work.WindowTime + length };
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

    private void CloseWindow(ICollection<Envelope> effects)
    {
        Message.Verdict first = _verdicts[0];
        long committed = 0;
        RunWork work = Work with { UndoneEventCount = 0 };
        double front = 0;
        foreach (Message.Verdict verdict in _verdicts)
        {
            front = Math.Max(front, verdict.Work.FrontDepth);
            work = work with
            {
                SimulatedEventCount = work.SimulatedEventCount + verdict.Work.SimulatedEventCount,
                UndoneEventCount = work.UndoneEventCount + verdict.Work.UndoneEventCount,
                CopyCount = work.CopyCount + verdict.Work.CopyCount,
                MessageCount = work.MessageCount + verdict.Work.MessageCount,
                SentByteCount = work.SentByteCount + verdict.Work.SentByteCount,
            };
            committed += verdict.Work.CommittedEventCount;
            if (verdict.FirstDifference < first.FirstDifference)
            {
                first = verdict;
            }
        }

        Work = work with { FrontDepthSum = work.FrontDepthSum + front, FrontDepthMax = Math.Max(work.FrontDepthMax, front) };
        _spareLayers = LayersNow - front;
        Log(_verdicts.Select(verdict => verdict.Events));
        if (_committed.IsStorm(committed, Time))
        {
            End(
                new Message.Halted(
                    _run, _cut, FormattableString.Invariant($"event storm: time {Time:R} hardly advances any more although events go on")),
                effects);
            return;
        }

        bool isAccepted = first.FirstDifference > _end;
        double commit = isAccepted ? _policy!.AcceptedEnd(_cut.Time, _end) : Math.BitDecrement(first.FirstDifference);
        if (commit > _cut.Time)
        {
            Commit(commit, isAccepted, effects);
        }
        else if (_plan.Layers + _extraLayers < _grid!.LayersOfWhole)
        {
            Work = Work with { RetryCount = Work.RetryCount + 1 };
            _extraLayers = 2 * _extraLayers + 1;
            _id = _id with { Attempt = _id.Attempt + 1 };
            OpenWindow(effects);
        }
        else
        {
            string reason = first.Violation ?? string.Create(
                CultureInfo.InvariantCulture,
                $"the domains' simulations differ at {first.FirstDifference:R} of the epoch although each of them knows all particles: a "
                    + $"computer or its memory does not work reliably");
            End(new Message.Halted(_run, _cut, reason), effects);
        }
    }

    private void Commit(double commit, bool isAccepted, ICollection<Envelope> effects)
    {
        double length = _end - _cut.Time, committed = commit - _cut.Time;
        if (isAccepted)
        {
            _policy!.Accepted(length, _spareLayers);
        }
        else
        {
            _policy!.Shortened(length, committed);
        }

        Work = Work with
        {
            CommittedWindowCount = Work.CommittedWindowCount + 1,
            ShortenedWindowCount = Work.ShortenedWindowCount + (commit < _end ? 1 : 0),
            WindowTime = Work.WindowTime + committed,
        };
        _cut = _cut with { Time = commit };
        _waypoints.Forget();
        _extraLayers = 0;
        _phase = Phase.Ready;
        Proceed(effects);
    }

    private void Report(ICollection<Envelope> effects)
    {
        Gathering gathering = _gathering!;
        (ImmutableArray<ParticleState> particles, SumsRecord? sums, EventTally tally) = gathering.Join(_gas, _particleCount);
        if (_log.IsFirstGathering(_id.Window))
        {
            Log(gathering.Events);
        }

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

        _committed.Know(tally.EventCount);
        _answer = new Message.Reached(
            _run, _advance.Request, _cut, particles, sums, TallyRecord.Of(tally), Work, _log.Start, _log.ToArray());
        effects.Add(new Envelope(ActorAddress.Client, _answer));
    }

    // One window's or slice's events of all domains.
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

    private void Ask(Func<int, Message> request, ICollection<Envelope> effects) => _requests.Ask(_grid!.DomainCount, request, effects);

    private void OnReminder(ICollection<Envelope> effects)
    {
        if (_requests.IsDue() && _phase is Phase.Loading or Phase.Open or Phase.Gathering)
        {
            // A domain that has given its verdict may have died since, and its neighbours may still need its ledger.
            _requests.AskAgain(toAll: _phase == Phase.Open, effects);
        }
    }
}
