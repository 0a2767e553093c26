using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

// Time slices that domains share, instead of windows: docs/decisions/035.
public sealed partial class CoordinatorCore
{
    private bool _sharesSlices; // where they can
    private SliceSchedule? _slices; // null: windows
    private Message.SliceDone[] _dones = [];
    private double _until; // where slices have to end, an offset in the epoch

    // Whether the domains of a run share slices, and how: blocks along x only, and no event log.
    private SlicePartition? PlanSlices(Message.Begin begin)
    {
        _slices = null;
        bool isPossible = _sharesSlices && !begin.LogsEvents && begin.Bounds[1].Length == 2 && begin.Bounds[2].Length == 2;
        if (!isPossible)
        {
            return null;
        }

        ParticleState[] states = new ParticleState[begin.Particles.Length];
        for (int k = 0; k < states.Length; k++)
        {
            states[k] = begin.Particles[k].State;
        }

        if (NodePlan.For(_gas, states, _cut.Time, _grid!.DomainCount) is not { } nodes)
        {
            return null;
        }

        _slices = new SliceSchedule(_gas, nodes, begin.EpochLength);
        _dones = new Message.SliceDone[nodes.NodeCount];
        return new SlicePartition(nodes, states.Length);
    }

    private void OpenSlice(double until, ICollection<Envelope> effects)
    {
        _until = until;
        _phase = Phase.Open;
        (_end, bool isRenewed) = _slices!.Next(_cut.Time, until);
        Ask(_ => new Message.OpenSlice(_id, _cut, _end, isRenewed), effects);
    }

    private void CloseSlice(ICollection<Envelope> effects)
    {
        long committedBefore = _committedEventCount;
        _committedEventCount = _dones.Sum(done => done.Work.CommittedEventCount);
        Work = Work with
        {
            UndoneEventCount = _dones.Sum(done => done.Work.UndoneEventCount),
            SimulatedEventCount = Work.SimulatedEventCount + _dones.Sum(done => done.Work.SimulatedEventCount),
            CopyCount = Work.CopyCount + _dones.Sum(done => (long)done.Work.CopyCount),
            MessageCount = Work.MessageCount + _dones.Sum(done => (long)done.Work.MessageCount),
            SentByteCount = Work.SentByteCount + _dones.Sum(done => done.Work.SentByteCount),
        };
        bool isDone = _slices!.Judge([.. _dones.Select(done => done.Outcome)]);
        if (IsStorm(committedBefore) || _slices.IsStuck)
        {
            // Exact ties at a face, or the physics is violated: from the client's last state on there are windows, which find out.
            _sharesSlices = false;
            End(new Message.RunLost(_run, _incarnation, _run), effects);
        }
        else if (isDone)
        {
            Work = Work with
            {
                CommittedWindowCount = Work.CommittedWindowCount + 1,
                SliceCount = Work.SliceCount + 1,
                WindowTime = Work.WindowTime + (_end - _cut.Time),
            };
            _cut = _cut with { Time = _end };
            _phase = Phase.Ready;
            Proceed(effects);
        }
        else
        {
            Work = Work with { RetryCount = Work.RetryCount + 1 };
            _id = _id with { Attempt = _id.Attempt + 1 };
            OpenSlice(_until, effects);
        }
    }
}
