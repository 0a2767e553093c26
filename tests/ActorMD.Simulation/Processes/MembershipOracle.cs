using System.Collections.Immutable;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Simulation.Processes;

/// <summary>
/// Stands for a cluster with a split-brain resolver: says which processes are members and which one leads. Each process hears of it in its
/// own time; only what it hears of one other node is in order.
/// </summary>
internal sealed class MembershipOracle(ProcessCluster cluster)
{
    private const int TellTicksMax = 400;
    private const int AdmitTicksMax = 400;
    private const int HandoverTicksMax = 800;
    private const int FarewellTicksMax = 4000; // how long one that is removed may go on

    private readonly List<SimulatedProcess> _members = []; // the oldest first
    private readonly Dictionary<(NodeId To, NodeId About), long> _told = [];
    private SimulatedProcess? _leader;
    private bool _isElecting;

    /// <summary>The process that leads, as far as the cluster knows.</summary>
    public SimulatedProcess? Leader => _leader;

    public int LeaderCount { get; private set; }

    /// <summary>A process wants to become a member; it must wait while it is not known which side goes on.</summary>
    public void Admit(SimulatedProcess process)
    {
        if (process.IsEnded)
        {
            return;
        }

        if (cluster.IsParted)
        {
            cluster.After(1 + cluster.Draw(AdmitTicksMax), null, () => Admit(process));
            return;
        }

        cluster.Trace($"{process.Self} is a member");
        _members.Add(process);
        foreach (SimulatedProcess member in _members)
        {
            Tell(member, process.Self, () => member.OnUp(process.Self));
            if (member != process)
            {
                Tell(process, member.Self, () => process.OnUp(member.Self));
            }
        }

        Elect();
    }

    /// <summary>A process is no member any more; if it lives it ends when it hears of it.</summary>
    public void Remove(SimulatedProcess process, bool isLeaving = false)
    {
        if (!_members.Remove(process))
        {
            return;
        }

        cluster.Trace($"{process.Self} is removed");
        foreach (SimulatedProcess member in _members)
        {
            Tell(member, process.Self, () => member.OnDown(process.Self));
        }

        if (!isLeaving)
        {
            cluster.After(1 + cluster.Draw(FarewellTicksMax), process, process.End);
        }

        if (cluster.Faults.BreaksLocks)
        {
            cluster.Store.Release(process.Self);
        }

        if (_leader == process)
        {
            _leader = null;
            Elect();
        }
    }

    /// <summary>The network is parted for too long: one side goes on, whichever got the lease, and the others are removed.</summary>
    /// <returns>Those that are removed.</returns>
    public ImmutableArray<SimulatedProcess> Decide(Func<SimulatedProcess, bool> isOnSideA)
    {
        ImmutableArray<SimulatedProcess> a = [.. _members.Where(isOnSideA)], b = [.. _members.Except(a)];
        if (a.IsEmpty || b.IsEmpty)
        {
            return [];
        }

        bool isAFirst = cluster.Draw(2) == 0;
        cluster.Trace($"the side of {(isAFirst ? a : b)[0].Self} goes on");
        ImmutableArray<SimulatedProcess> losers = isAFirst ? b : a;
        foreach (SimulatedProcess loser in losers)
        {
            Remove(loser);
        }

        return losers;
    }

    // The oldest member, as Akka's singleton; it may be dead, which is found out later.
    private void Elect()
    {
        if (_leader is not null || _isElecting)
        {
            return;
        }

        _isElecting = true;
        cluster.After(1 + cluster.Draw(HandoverTicksMax), null, () =>
        {
            _isElecting = false;
            _leader = _members.Find(member => !member.IsStranger);
            if (_leader is { } leader)
            {
                LeaderCount++;
                cluster.After(1, leader, leader.Lead);
            }
        });
    }

    private void Tell(SimulatedProcess to, NodeId about, Action action)
    {
        long time = cluster.Now + 1 + cluster.Draw(TellTicksMax);
        if (_told.TryGetValue((to.Self, about), out long before))
        {
            time = Math.Max(time, before + 1);
        }

        _told[(to.Self, about)] = time;
        cluster.After(time - cluster.Now, to, action);
    }
}
