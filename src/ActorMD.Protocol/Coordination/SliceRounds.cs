using System.Collections.Immutable;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>The coordinator's part in time slices that domains share, instead of windows: docs/decisions/035.</summary>
/// <param name="gas">What is simulated.</param>
/// <param name="isWanted">Whether domains share slices where they can.</param>
internal sealed class SliceRounds(Gas gas, bool isWanted)
{
    private bool _isWanted = isWanted;
    private SliceSchedule? _schedule; // null: windows
    private Message.SliceDone[] _dones = [];

    /// <summary>Whether the domains of the present run share slices.</summary>
    public bool AreShared => _schedule is not null;

    /// <summary>Whether slices are void however short they are.</summary>
    public bool AreStuck => _schedule!.IsStuck;

    /// <summary>Where the present slice has to end at the latest: an offset in the epoch.</summary>
    public double Until { get; private set; }

    /// <summary>What has changed in the slice that is closed, stretch by stretch, at all domains.</summary>
    public ImmutableArray<ImmutableArray<StretchRecord>> Stretches => [.. _dones.Select(done => done.Stretches)];

    /// <summary>Events of the slice that is closed, for the event log, domain by domain.</summary>
    public IEnumerable<ImmutableArray<byte>> Events => _dones.Select(done => done.Events);

    /// <summary>Events of the run that were committed before the slice that is closed.</summary>
    public long CommittedEventCount => _dones.Sum(done => done.Work.CommittedEventCount);

    /// <summary>A run begins: how its domains share slices; null if they have windows.</summary>
    /// <remarks>Blocks along x only, and what <see cref="NodePlan.For"/> asks for.</remarks>
    public SlicePartition? Begin(Message.Begin begin, int domainCount)
    {
        _schedule = null;
        if (!_isWanted || begin.Bounds[1].Length != 2 || begin.Bounds[2].Length != 2)
        {
            return null;
        }

        if (NodePlan.For(gas, begin.Particles.AsSpan(), begin.Cut.Time, domainCount) is not { } nodes)
        {
            return null;
        }

        _schedule = new SliceSchedule(gas, nodes, begin.EpochLength);
        _dones = new Message.SliceDone[domainCount];
        return new SlicePartition(nodes, begin.Particles.Length);
    }

    /// <summary>All particles have been moved to the beginning of the next epoch.</summary>
    public void BeginEpoch() => _schedule?.BeginEpoch();

    /// <summary>The next slice.</summary>
    /// <param name="start">Its beginning, an offset in the epoch.</param>
    /// <param name="until">Where it has to end at the latest.</param>
    /// <returns>Its end, and whether it begins with a renewal of the ghosts.</returns>
    public (double End, bool IsRenewed) Next(double start, double until)
    {
        Until = until;
        return _schedule!.Next(start, until);
    }

    /// <summary>A domain has done its part of the slice.</summary>
    /// <returns>Whether slices are shared.</returns>
    public bool Take(Message.SliceDone done)
    {
        if (AreShared)
        {
            _dones[done.Domain] = done;
        }

        return AreShared;
    }

    /// <summary>All domains have done their parts: the cost of the run so far, and whether the slice is done; otherwise it is void everywhere.</summary>
    public (RunWork Work, bool IsDone) Judge(RunWork work)
    {
        bool isDone = _schedule!.Judge([.. _dones.Select(done => done.Outcome)]);
        return (
            work with
            {
                CommittedWindowCount = work.CommittedWindowCount + (isDone ? 1 : 0),
                SliceCount = work.SliceCount + (isDone ? 1 : 0),
                RetryCount = work.RetryCount + (isDone ? 0 : 1),
                UndoneEventCount = _dones.Sum(done => done.Work.UndoneEventCount),
                SimulatedEventCount = work.SimulatedEventCount + _dones.Sum(done => done.Work.SimulatedEventCount),
                CopyCount = work.CopyCount + _dones.Sum(done => (long)done.Work.CopyCount),
                MessageCount = work.MessageCount + _dones.Sum(done => (long)done.Work.MessageCount),
                SentByteCount = work.SentByteCount + _dones.Sum(done => done.Work.SentByteCount),
            },
            isDone);
    }

    /// <summary>From the next run on there are windows.</summary>
    public void Renounce() => _isWanted = false;
}
