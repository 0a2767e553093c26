using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine.Events;
using ActorMD.Engine.Execution;
using ActorMD.Engine.Regions;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Comparison;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;

namespace ActorMD.Protocol.Domains;

/// <summary>
/// One domain: owns the particles of its block and simulates them, with copies of those around it, window by window.
/// </summary>
/// <remarks>
/// <para>
/// A window: neighbours exchange the states of particles near their blocks (<see cref="Message.Boundary"/>); each simulates
/// alone; they exchange what happened near their blocks (<see cref="Message.Ledger"/>) and compare; the coordinator gets the
/// first moment of difference. What it commits comes with its next request; the rest is undone then.
/// </para>
/// <para>
/// The core is a pure state machine: a message in, messages out. It knows no clock; its runtime reminds it
/// at regular intervals.
/// </para>
/// </remarks>
public sealed partial class DomainCore : IDisposable
{
    private readonly int _domain;
    private readonly Gas _gas;
    private readonly RegionEngine _region;
    private readonly IComparison _comparison;
    private readonly WindowExchange _exchange = new();
    private readonly Dictionary<int, Message.Boundary> _earlyBoundaries = []; // of the next window

    private Phase _phase = Phase.Empty;
    private int _run;
    private WindowId _id;
    private BlockGrid? _grid;
    private Cut _cut;
    private readonly RegionMembers _members;
    private EventTally _tally;
    private long _committedEventCount;
    private long _undoneEventCount;
    private EventBatch? _log; // null: no event log is written
    private ImmutableArray<byte> _events = []; // of the last window that was committed
    private Message.OpenWindow? _open;
    private ImmutableArray<int> _neighbors = [];
    private RegionWindow? _window;
    private SliceDomain? _slices; // instead of windows
    private RegionViolation? _violation;
    private Message.Verdict? _verdict;
    private RetryClock _retry;

    /// <param name="domain">Index of the block.</param>
    /// <param name="gas">The whole system's.</param>
    /// <param name="comparison">The rule by which windows are judged.</param>
    public DomainCore(int domain, Gas gas, IComparison comparison)
    {
        _domain = domain;
        _gas = gas;
        _region = new RegionEngine(gas);
        _members = new RegionMembers(_region, domain);
        _comparison = comparison;
        _tally = new EventTally(gas.Species.Length, gas.OrderMax);
    }

    private enum Phase
    {
        /// <summary>Knows nothing.</summary>
        Empty,

        /// <summary>Holds its particles at the cut.</summary>
        Ready,

        /// <summary>Waits for the neighbours' boundary particles.</summary>
        Exchanging,

        /// <summary>Has simulated; waits for the neighbours' ledgers.</summary>
        Comparing,

        /// <summary>Has given its verdict.</summary>
        Judged,
    }

    /// <summary>Work of the event loop.</summary>
    public EngineCounters Counters => _slices?.Counters ?? _region.Counters;

    /// <summary>Takes one message in; the answers are added to the effects.</summary>
    public void Handle(Message message, ICollection<Envelope> effects)
    {
        if (message is Message.Load load)
        {
            OnLoad(load, effects);
            return;
        }

        if (_slices is { } slices)
        {
            slices.Handle(message, effects);
            return;
        }

        switch (message)
        {
            case Message.OpenWindow open:
                OnOpenWindow(open, effects);
                break;
            case Message.Gather gather:
                OnGather(gather, effects);
                break;
            case Message.Boundary boundary:
                OnBoundary(boundary, effects);
                break;
            case Message.Ledger ledger:
                OnLedger(ledger, effects);
                break;
            case Message.Repeat repeat:
                OnRepeat(repeat, effects);
                break;
            case Message.Reminder:
                OnReminder(effects);
                break;
            case Message.OpenSlice slice:
                if (slice.Id.Run >= _run)
                {
                    Lose(slice.Id.Run, effects);
                }

                break;
            case Message.Share or Message.RepeatShare:
                break; // of a run that is not loaded, or over
            default:
                throw new ArgumentException($"a domain has no use for {message.GetType().Name}", nameof(message));
        }
    }

    public void Dispose()
    {
        _slices?.Dispose();
        _region.Dispose();
    }

    private void OnLoad(Message.Load load, ICollection<Envelope> effects)
    {
        if (load.Run < _run)
        {
            Lose(load.Run, effects);
            return;
        }

        if (load.Run > _run)
        {
            CheckParticles(load.Particles);
            _run = load.Run;
            _slices?.Dispose();
            _slices = null;
            _grid = new BlockGrid(_gas.Box, load.Bounds);
            _region.EpochLength = load.EpochLength;
            _cut = load.Cut;
            _members.Reset(load.Sharing is null ? load.Particles.AsSpan() : []);
            _tally = new EventTally(_gas.Species.Length, _gas.OrderMax);
            (_committedEventCount, _undoneEventCount) = (0, 0);
            _log = load.LogsEvents ? new EventBatch() : null;
            _events = [];
            _id = new WindowId(load.Run, 0, 0);
            _phase = Phase.Ready;
            _window = null;
            _earlyBoundaries.Clear();
            _slices = load.Sharing is null ? null : new SliceDomain(_domain, _gas, load);
        }

        effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Loaded(_run, _domain)));
    }

    private void OnOpenWindow(Message.OpenWindow open, ICollection<Envelope> effects)
    {
        switch (RequestOrder.OfOpening(open.Id, _id, _phase == Phase.Ready, _phase == Phase.Judged))
        {
            case RequestPlace.Repeated:
                effects.Add(new Envelope(ActorAddress.Coordinator, _verdict!));
                break;
            case RequestPlace.Next:
                _events = _window is null ? [] : _events; // a shard had them
                Commit(open.Start);
                Begin(open, effects);
                break;
            case RequestPlace.Retry:
                Undo(double.NegativeInfinity);
                _events = []; // the first attempt's verdict had them
                Begin(open, effects);
                break;
            case RequestPlace.Lost:
                Lose(open.Id.Run, effects);
                break;
        }
    }

    private void Begin(Message.OpenWindow open, ICollection<Envelope> effects)
    {
        _id = open.Id;
        _open = open;
        _phase = Phase.Exchanging;
        _retry.Progress();
        SendBoundaries(effects);
        SimulateIfReady(effects);
    }

    private void OnGather(Message.Gather gather, ICollection<Envelope> effects)
    {
        RequestPlace place = RequestOrder.OfGathering(gather, _id, _phase == Phase.Ready, _phase == Phase.Judged);
        if (place == RequestPlace.Lost)
        {
            Lose(gather.Run, effects);
        }

        if (place != RequestPlace.Next)
        {
            return;
        }

        Commit(gather.Cut);
        effects.Add(new Envelope(
            ActorAddress.Coordinator,
            new Message.Shard(
                _run, gather.Window, _domain, gather.SumsOnly ? [] : _members.Own(), gather.SumsOnly ? SumsRecord.Of(_members.SumVelocities(_gas)) : null,
                TallyRecord.Of(_tally), _undoneEventCount, _events)));
    }

    private void OnBoundary(Message.Boundary boundary, ICollection<Envelope> effects)
    {
        CheckParticles(boundary.Particles);
        if (boundary.Id == _id && _phase == Phase.Exchanging)
        {
            if (_exchange.Boundaries.TryAdd(boundary.From, boundary))
            {
                _retry.Progress();
            }

            SimulateIfReady(effects);
        }
        else if (boundary.Id.CompareTo(_id) > 0)
        {
            // A neighbour has heard of the next window already. It cannot be further ahead than that.
            _earlyBoundaries[boundary.From] = boundary;
        }
    }

    private void Lose(int run, ICollection<Envelope> effects) =>
        effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Lost(run, _domain, _run)));

    private void CheckParticles(ImmutableArray<ParticleRecord> particles)
    {
        foreach (ref readonly ParticleRecord particle in particles.AsSpan())
        {
            ParticleCheck.Check(_gas, particle.Owner < 0 ? particle.Owner : particle.Id, particle.State);
        }
    }

    private void OnLedger(Message.Ledger ledger, ICollection<Envelope> effects)
    {
        if (ledger.Id == _id && _phase is Phase.Exchanging or Phase.Comparing)
        {
            if (_exchange.Ledgers.TryAdd(ledger.From, ledger))
            {
                _retry.Progress();
            }

            JudgeIfReady(effects);
        }
    }

    private void OnRepeat(Message.Repeat repeat, ICollection<Envelope> effects)
    {
        if (repeat.Id != _id)
        {
            return;
        }

        if (repeat.IsLedger && _phase is Phase.Comparing or Phase.Judged
            && _exchange.SentLedgers.TryGetValue(repeat.From, out Message.Ledger? ledger))
        {
            effects.Add(new Envelope(ActorAddress.Domain(repeat.From), ledger));
        }
        else if (!repeat.IsLedger && _exchange.SentBoundaries.TryGetValue(repeat.From, out Message.Boundary? boundary))
        {
            effects.Add(new Envelope(ActorAddress.Domain(repeat.From), boundary));
        }
    }

    private void OnReminder(ICollection<Envelope> effects)
    {
        if (!_retry.IsDue() || _phase is not (Phase.Exchanging or Phase.Comparing))
        {
            return;
        }

        bool isLedger = _phase == Phase.Comparing;
        foreach (int neighbor in _neighbors)
        {
            if (isLedger ? !_exchange.Ledgers.ContainsKey(neighbor) : !_exchange.Boundaries.ContainsKey(neighbor))
            {
                effects.Add(new Envelope(ActorAddress.Domain(neighbor), new Message.Repeat(_id, _domain, isLedger)));
            }
        }
    }

    // Makes the window before true up to the cut and forgets the rest; at the end of an epoch all particles are re-based.
    private void Commit(Cut cut)
    {
        double until = cut.Epoch == _cut.Epoch ? cut.Time : _region.EpochLength;
        if (_window is { } window)
        {
            _window = null;
            Undo(until);
            Count(window);
        }

        if (cut.Epoch != _cut.Epoch)
        {
            _region.Rebase(_region.EpochLength);
        }

        _cut = cut;
        _phase = Phase.Ready;
    }

    private void Undo(double until)
    {
        int before = _region.Ledger.Events.Length;
        _region.Undo(until);
        _undoneEventCount += before - _region.Ledger.Events.Length;
    }

    // An event counts, and is logged, where its participant of the lowest id belongs.
    private void Count(RegionWindow window)
    {
        RegionLedger ledger = window.Ledger;
        Span<int> ids = stackalloc int[GasValidation.OrderLimit];
        ReadOnlySpan<int> participants = ledger.Participants, owners = window.Owners;
        foreach (ref readonly RegionEvent happened in ledger.Events)
        {
            if (owners[participants[happened.First]] != _domain)
            {
                continue;
            }

            _committedEventCount++;
            // Of a single species nothing has to be looked up.
            bool isMixture = _tally.SpeciesCount > 1 && happened.Order == 2;
            int first = isMixture ? _gas.Kinds[ledger.KindOf(happened.First)].Species : 0;
            int second = isMixture ? _gas.Kinds[ledger.KindOf(happened.First + 1)].Species : 0;
            _tally.Count(happened.Order, first, second, happened.Impulse, happened.IsMultiple, happened.IsGrazing);
            if (_log is not null)
            {
                for (int k = 0; k < happened.Count; k++)
                {
                    ids[k] = window.Ids[participants[happened.First + k]];
                }

                ledger.AddTo(_log, _gas, _cut.Epoch, happened, ids[..happened.Count]);
            }
        }

        _events = _log is null ? [] : ImmutableCollectionsMarshal.AsImmutableArray(_log.Take());
    }
}
