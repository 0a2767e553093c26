using System.Collections.Immutable;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>The coordinator's part in time slices: which domains run them, how long they are, and what comes of them.</summary>
/// <param name="gas">What is simulated.</param>
internal sealed class SliceRounds(Gas gas)
{
    private SliceSchedule? _shared; // null: one domain computes all
    private SoleSchedule? _sole; // null: domains share slices
    private Message.SliceDone[] _dones = [];
    private double _start;
    private double _end;

    /// <summary>Domains that take part in the run: the first ones.</summary>
    public int DomainCount => _dones.Length;

    /// <summary>Whether several domains share the slices.</summary>
    public bool AreShared => _shared is not null;

    /// <summary>Whether slices were void however short they were: one domain computes all from then on.</summary>
    public bool IsRenounced { get; private set; }

    /// <summary>Whether slices are void however short they are.</summary>
    public bool AreStuck => _shared is { IsStuck: true };

    /// <summary>Where the present slice has to end at the latest: an offset in the epoch.</summary>
    public double Until { get; private set; }

    /// <summary>Why the physics was violated in the slice that is closed; null: it was not.</summary>
    public string? Violation => Array.Find(_dones, done => done.Violation is not null)?.Violation;

    /// <summary>What has changed in the slice that is closed, stretch by stretch, at all domains.</summary>
    public ImmutableArray<ImmutableArray<StretchRecord>> Stretches => [.. _dones.Select(done => done.Stretches)];

    /// <summary>Events of the slice that is closed, for the event log, domain by domain.</summary>
    public IEnumerable<ImmutableArray<byte>> Events => _dones.Select(done => done.Events);

    /// <summary>Events of the run that were done before the slice that is closed.</summary>
    public long DoneEventCount => _dones.Sum(done => done.Work.DoneEventCount);

    /// <summary>A run begins: how its domains share slices; null if one of them computes all.</summary>
    public SlicePartition? Begin(Message.Begin begin)
    {
        NodePlan? nodes = IsRenounced ? null : NodePlan.For(gas, begin.Particles.AsSpan(), begin.Cut.Time, begin.DomainCount);
        _shared = nodes is null ? null : new SliceSchedule(gas, nodes, begin.EpochLength);
        _sole = nodes is null ? new SoleSchedule(begin.EpochLength) : null;
        _dones = new Message.SliceDone[nodes?.NodeCount ?? 1];
        return nodes is null ? null : new SlicePartition(nodes, begin.Particles.Length);
    }

    /// <summary>All particles have been moved to the beginning of the next epoch.</summary>
    public void BeginEpoch() => _shared?.BeginEpoch();

    /// <summary>The next slice.</summary>
    /// <param name="start">Its beginning, an offset in the epoch.</param>
    /// <param name="until">Where it has to end at the latest.</param>
    /// <returns>Its end, and whether it begins with a renewal of the ghosts.</returns>
    public (double End, bool IsRenewed) Next(double start, double until)
    {
        (Until, _start) = (until, start);
        (_end, bool isRenewed) = _shared?.Next(start, until) ?? (_sole!.Next(start, until), false);
        return (_end, isRenewed);
    }

    /// <summary>A domain has done its part of the slice.</summary>
    /// <returns>Whether it takes part.</returns>
    public bool Take(Message.SliceDone done)
    {
        bool takesPart = done.Domain < DomainCount;
        if (takesPart)
        {
            _dones[done.Domain] = done;
        }

        return takesPart;
    }

    /// <summary>All domains have done their parts: the cost of the run so far, and whether the slice is done; otherwise it is void everywhere.</summary>
    public (RunWork Work, bool IsDone) Judge(RunWork work)
    {
        bool isDone = _shared?.Judge([.. _dones.Select(done => done.Outcome)]) ?? true;
        _sole?.Learn(_end - _start, _dones[0].Work.SimulatedEventCount);
        return (
            work with
            {
                SliceCount = work.SliceCount + (isDone ? 1 : 0),
                SharedSliceCount = work.SharedSliceCount + (isDone && AreShared ? 1 : 0),
                VoidSliceCount = work.VoidSliceCount + (isDone ? 0 : 1),
                SliceTime = work.SliceTime + (isDone ? _end - _start : 0),
                UndoneEventCount = _dones.Sum(done => done.Work.UndoneEventCount),
                SimulatedEventCount = work.SimulatedEventCount + _dones.Sum(done => done.Work.SimulatedEventCount),
                SentCount = work.SentCount + _dones.Sum(done => (long)done.Work.SentCount),
                MessageCount = work.MessageCount + _dones.Sum(done => (long)done.Work.MessageCount),
                SentByteCount = work.SentByteCount + _dones.Sum(done => done.Work.SentByteCount),
            },
            isDone);
    }

    /// <summary>From the next run on one domain computes all.</summary>
    public void Renounce() => IsRenounced = true;
}
