using System.Globalization;
using ActorMD.Physics;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Simulation.Processes;

/// <summary>A checkpoint with what a run folder has besides: how long the event log was.</summary>
internal sealed record StoredCut(SystemState State, EventTally Tally, int LogLength, int StopIndex, long Session);

/// <summary>
/// The run folder: one checkpoint, an event log, and a lock that only one process holds. It ends with the process, or is broken when the
/// others give the process up: then it cannot write any more.
/// </summary>
internal sealed class SimulatedStore(StoredCut first)
{
    public StoredCut Newest { get; private set; } = first;

    public List<byte> Log { get; } = [];

    public NodeId? Holder { get; private set; }

    /// <summary>Checkpoints that were refused because the lock was broken.</summary>
    public int FencedCount { get; private set; }

    /// <summary>Takes the lock, and truncates the log at the checkpoint.</summary>
    public bool TryLock(NodeId node)
    {
        if (Holder is not null && Holder != node)
        {
            return false;
        }

        Holder = node;
        Log.RemoveRange(Newest.LogLength, Log.Count - Newest.LogLength);
        return true;
    }

    /// <summary>The holder has ended, or its lock is broken.</summary>
    public void Release(NodeId node) => Holder = Holder == node ? null : Holder;

    /// <summary>Writes a checkpoint, and the events up to it.</summary>
    /// <returns>Whether the process still holds the lock.</returns>
    /// <exception cref="InvalidOperationException">It is older than the one that is there.</exception>
    public bool TryWrite(NodeId node, byte[] events, Func<int, StoredCut> cut, bool isFenced)
    {
        if (isFenced && Holder != node)
        {
            FencedCount++;
            return false;
        }

        Log.AddRange(events);
        StoredCut next = cut(Log.Count);
        if (next.State.AbsoluteTime < Newest.State.AbsoluteTime || next.StopIndex < Newest.StopIndex)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{node} writes a checkpoint of {next.State.AbsoluteTime:R}, session {next.Session}, over one of "
                    + $"{Newest.State.AbsoluteTime:R}, session {Newest.Session}"));
        }

        Newest = next;
        return true;
    }
}
