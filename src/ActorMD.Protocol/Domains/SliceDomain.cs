using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine.Execution;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Domains;

/// <summary>A domain that shares time slices with the others: it runs the events of its block, and of the strip around the face above it.</summary>
/// <remarks>
/// <para>
/// A slice: perhaps neighbours exchange the ghosts that each needs now (<see cref="Message.Ghosts"/>); each runs its block and tells the
/// domain below (<see cref="Message.BlockDone"/>); then its strip, and tells the domain above (<see cref="Message.StripDone"/>); the
/// coordinator gets a verdict. The next request says whether the slice is done or void.
/// </para>
/// <para>Of one run, and a pure state machine like <see cref="DomainCore"/>. docs/decisions/035.</para>
/// </remarks>
internal sealed class SliceDomain : IRunDomain
{
    private readonly int _domain;
    private readonly Gas _gas;
    private readonly int _run;
    private readonly double _epochLength;
    private readonly NodePart _part;
    private readonly int _below, _above; // the neighbours, if there are any
    private readonly Dictionary<ShareStep, Message.Share> _arrived = []; // in this slice, by step of the sender
    private readonly Dictionary<ShareStep, Message.Share> _early = []; // of the next slice
    private readonly Dictionary<ShareStep, Message.Share> _sent = []; // in this slice

    private Phase _phase = Phase.Ready;
    private Cut _cut;
    private SliceId _id;
    private Message.OpenSlice? _open;
    private Message.SliceDone? _done;
    private long _undoneEventCount; // of void slices
    private RetryClock _retry;

    /// <param name="domain">Index of the block.</param>
    /// <param name="gas">The whole system's.</param>
    /// <param name="load">The run begins.</param>
    public SliceDomain(int domain, Gas gas, Message.Load load)
    {
        SlicePartition sharing = load.Sharing!;
        (_domain, _gas, _run, _epochLength, _cut) = (domain, gas, load.Run, load.EpochLength, load.Cut);
        _id = new SliceId(load.Run, 0, 0);
        int count = sharing.Nodes.NodeCount;
        (_below, _above) = ((domain + count - 1) % count, (domain + 1) % count);
        ImmutableArray<ParticleRecord> home = load.Particles;
        _part = new NodePart(
            gas, sharing.Nodes, domain, sharing.ParticleCount, home.Length,
            k => new SharedParticle { Id = home[k].Id, State = home[k].State }, load.Cut.Time)
        {
            LogsEvents = load.LogsEvents,
        };
    }

    private enum Phase
    {
        /// <summary>Holds its particles at the cut.</summary>
        Ready,

        /// <summary>Waits for the ghosts of the neighbours.</summary>
        Renewing,

        /// <summary>Has run its block; waits for that of the domain above.</summary>
        Following,

        /// <summary>Has run its strip; waits for that of the domain below.</summary>
        Taking,

        /// <summary>Has given its verdict.</summary>
        Judged,
    }

    /// <summary>Work of the event loop.</summary>
    public EngineCounters Counters => _part.Counters;

    /// <summary>Takes one message in; the answers are added to the effects.</summary>
    public void Handle(Message message, ICollection<Envelope> effects)
    {
        switch (message)
        {
            case Message.OpenSlice open:
                OnOpen(open, effects);
                break;
            case Message.Gather gather:
                OnGather(gather, effects);
                break;
            case Message.Share share:
                OnShare(share, effects);
                break;
            case Message.RepeatShare repeat:
                if (repeat.Id == _id && _sent.TryGetValue(repeat.Step, out Message.Share? sent) && repeat.From == ReceiverOf(repeat.Step))
                {
                    effects.Add(new Envelope(ActorAddress.Domain(repeat.From), sent));
                }

                break;
            case Message.Reminder:
                OnReminder(effects);
                break;
            default:
                throw new ArgumentException($"a domain has no use for {message.GetType().Name}", nameof(message));
        }
    }

    public void Dispose() => _part.Dispose();

    private void OnOpen(Message.OpenSlice open, ICollection<Envelope> effects)
    {
        switch (RequestOrder.OfOpening(open.Id, _id, _phase == Phase.Ready, _phase == Phase.Judged))
        {
            case RequestPlace.Repeated:
                effects.Add(new Envelope(ActorAddress.Coordinator, _done!));
                break;
            case RequestPlace.Next:
                Commit(open.Start);
                Begin(open, effects);
                break;
            case RequestPlace.Retry:
                long events = _part.SliceEventCount, rolledBack = _part.Counters.RolledBackEventCount;
                _part.Undo();
                _undoneEventCount += events - (_part.Counters.RolledBackEventCount - rolledBack); // those are counted by the engine
                Begin(open, effects);
                break;
            case RequestPlace.Lost:
                Lose(open.Id.Run, effects);
                break;
        }
    }

    private void Begin(Message.OpenSlice open, ICollection<Envelope> effects)
    {
        (_id, _open) = (open.Id, open);
        _sent.Clear();
        _arrived.Clear();
        foreach (Message.Share early in _early.Values)
        {
            if (early.Id == _id)
            {
                _arrived[early.Step] = early;
            }
        }

        _early.Clear();
        _retry.Progress();
        _phase = Phase.Renewing;
        if (open.IsRenewed)
        {
            GhostReport report = _part.Renew(_cut.Time);
            if (_part.HasBelow)
            {
                Send(new Message.Ghosts(_id, _domain, ShareStep.GhostsBelow, report.Below), effects);
            }

            if (_part.HasAbove)
            {
                Send(new Message.Ghosts(_id, _domain, ShareStep.GhostsAbove, report.Above), effects);
            }
        }

        GoOn(effects);
    }

    private void OnShare(Message.Share share, ICollection<Envelope> effects)
    {
        if (share.From != SenderOf(share.Step))
        {
            throw new InvalidDataException($"domain {share.From} is no neighbour for a message '{share.Step}': do all nodes run the same case?");
        }

        if (share.Id == _id && _phase is Phase.Renewing or Phase.Following or Phase.Taking)
        {
            if (_arrived.TryAdd(share.Step, share))
            {
                _retry.Progress();
                GoOn(effects);
            }
        }
        else if (share.Id.CompareTo(_id) > 0)
        {
            _early[share.Step] = share; // the neighbour has heard of the next slice already; it cannot be further ahead than that
        }
    }

    // Does what the messages that have come allow.
    private void GoOn(ICollection<Envelope> effects)
    {
        if (!Missing().IsEmpty)
        {
            return;
        }

        switch (_phase)
        {
            case Phase.Renewing:
                RunBlock(effects);
                break;
            case Phase.Following:
                RunStrip(effects);
                break;
            case Phase.Taking:
                Judge(effects);
                break;
        }
    }

    private void RunBlock(ICollection<Envelope> effects)
    {
        if (_open!.IsRenewed)
        {
            foreach (ShareStep step in (ReadOnlySpan<ShareStep>)[ShareStep.GhostsBelow, ShareStep.GhostsAbove])
            {
                if (_arrived.TryGetValue(step, out Message.Share? ghosts))
                {
                    ReadOnlySpan<SharedParticle> particles = ((Message.Ghosts)ghosts).Particles.AsSpan();
                    Check(particles);
                    _part.Arrive(particles);
                }
            }

            _part.Settle();
        }

        BlockReport report = _part.RunBlock(_cut.Time, _open.End, [.. _open.Waypoints]);
        if (_part.HasBelow)
        {
            Send(new Message.BlockDone(_id, _domain, report), effects);
        }

        _phase = Phase.Following;
        GoOn(effects);
    }

    private void RunStrip(ICollection<Envelope> effects)
    {
        BlockReport? above = _part.HasAbove ? ((Message.BlockDone)_arrived[ShareStep.Block]).Report : null;
        if (above is not null)
        {
            ParticleCheck.Check(above);
        }

        StripReport report = _part.RunStrip(above);
        if (_part.HasAbove)
        {
            Send(new Message.StripDone(_id, _domain, report), effects);
        }

        _phase = Phase.Taking;
        GoOn(effects);
    }

    private void Judge(ICollection<Envelope> effects)
    {
        if (_part.HasBelow)
        {
            StripReport below = ((Message.StripDone)_arrived[ShareStep.Strip]).Report;
            Check(below.Changes.AsSpan());
            _part.Take(below);
        }

        long events = _part.SliceEventCount, rolledBack = _part.Counters.RolledBackEventCount;
        DomainWork work = new(
            _part.Count, _sent.Values.Sum(share => share.Count), events, _part.Tally.EventCount, rolledBack + _undoneEventCount,
            _sent.Count, _sent.Values.Sum(share => share.ByteCount));
        _done = new Message.SliceDone(
            _id, _domain, _part.Verdict, null, work,
            [.. _part.Stretches().Select(stretch => new StretchRecord(SumsRecord.Of(stretch.Gains), TallyRecord.Of(stretch.Tally)))],
            ImmutableCollectionsMarshal.AsImmutableArray(_part.TakeEvents(_cut.Epoch)));
        _phase = Phase.Judged;
        effects.Add(new Envelope(ActorAddress.Coordinator, _done));
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
                _run, gather.Slice, _domain, gather.SumsOnly ? [] : Home(),
                gather.SumsOnly ? SumsRecord.Of(_part.SumVelocities(_cut.Time)) : null,
                TallyRecord.Of(_part.Tally), _part.Counters.RolledBackEventCount + _undoneEventCount)));
    }

    private ImmutableArray<ParticleRecord> Home() => ImmutableCollectionsMarshal.AsImmutableArray(_part.Home(
        _cut.Time, particle => new ParticleRecord { Id = particle.Id, Owner = _domain, State = particle.State }));

    // The slice before is done everywhere; at the end of an epoch all particles are re-based.
    private void Commit(Cut cut)
    {
        if (_phase == Phase.Judged)
        {
            _part.End();
        }

        if (cut.Epoch != _cut.Epoch)
        {
            _part.Rebase(_epochLength);
        }

        (_cut, _phase) = (cut, Phase.Ready);
    }

    private void OnReminder(ICollection<Envelope> effects)
    {
        if (!_retry.IsDue())
        {
            return;
        }

        foreach (ShareStep step in Missing())
        {
            effects.Add(new Envelope(ActorAddress.Domain(SenderOf(step)), new Message.RepeatShare(_id, _domain, step)));
        }
    }

    // What this domain waits for.
    private ImmutableArray<ShareStep> Missing()
    {
        ImmutableArray<ShareStep> wanted = _phase switch
        {
            Phase.Renewing when _open!.IsRenewed => [ShareStep.GhostsBelow, ShareStep.GhostsAbove],
            Phase.Following => [ShareStep.Block],
            Phase.Taking => [ShareStep.Strip],
            _ => [],
        };
        return [.. wanted.Where(step => HasSender(step) && !_arrived.ContainsKey(step))];
    }

    // What is for the domain below comes from the one above.
    private static bool IsForBelow(ShareStep step) => step is ShareStep.GhostsBelow or ShareStep.Block;

    private bool HasSender(ShareStep step) => IsForBelow(step) ? _part.HasAbove : _part.HasBelow;

    private int SenderOf(ShareStep step) => IsForBelow(step) ? _above : _below;

    private int ReceiverOf(ShareStep step) => IsForBelow(step) ? _below : _above;

    private void Send(Message.Share share, ICollection<Envelope> effects)
    {
        _sent[share.Step] = share;
        effects.Add(new Envelope(ActorAddress.Domain(ReceiverOf(share.Step)), share));
    }

    private void Lose(int run, ICollection<Envelope> effects) =>
        effects.Add(new Envelope(ActorAddress.Coordinator, new Message.Lost(run, _domain, _run)));

    private void Check(ReadOnlySpan<SharedParticle> particles)
    {
        foreach (ref readonly SharedParticle particle in particles)
        {
            ParticleCheck.Check(_gas, particle.Id, particle.State);
        }
    }
}
