using System.Globalization;
using ActorMD.Physics;

namespace ActorMD.Simulation.Processes;

/// <summary>Simulated clusters of processes, one per seed, against the serial engine.</summary>
public static class ProcessCampaign
{
    private const int EventCount = 600;
    private const int ParticleCountMax = 100;
    private const int DomainCountMax = 8;
    private const long TicksMax = 20_000_000;

    /// <summary>Runs the cluster of a seed.</summary>
    /// <returns>What went wrong, with the command that replays it; null if it ended as it must.</returns>
    public static string? Fault(ulong seed, ProcessCount count, Plant plant = Plant.None, TextWriter? trace = null) =>
        Fault(seed, ProcessFaults.Draw(seed), "--processes", count, plant, trace);

    /// <summary>Runs the cluster of a seed, of four processes of which two lose the other two from sight.</summary>
    /// <returns>What went wrong, also that both sides have gone on; null: nothing.</returns>
    public static string? PartingFault(ulong seed, ProcessCount count, Plant plant = Plant.None, TextWriter? trace = null) =>
        Fault(seed, ProcessFaults.Halves(seed), "--parting", count, plant, trace);

    private static string? Fault(ulong seed, ProcessFaults faults, string option, ProcessCount count, Plant plant, TextWriter? trace)
    {
        RandomCase @case = new(seed, EventCount, ParticleCountMax, DomainCountMax);
        using ProcessCluster cluster = new(@case, faults, plant, trace);
        string? fault;
        try
        {
            fault = !cluster.Run(TicksMax)
                    ? $"no end after {cluster.DeliveryCount} messages, {cluster.LeaderCount} leaders, {cluster.LossCount} losses"
                : StateDigest.Of(cluster.State) != StateDigest.Of(@case.EndState) ? "wrong digest"
                : !Campaign.SameCounts(cluster.Tally, @case.EndTally) ? "wrong counts"
                : !cluster.Log.SequenceEqual(@case.EndLog) ? "wrong event log"
                : cluster.LeaderCount > 1 && faults.AreAllAlive ? $"{cluster.LeaderCount} leaders although no process was lost"
                : cluster.PartingFault;
        }
        catch (Exception error) when (trace is null)
        {
            fault = $"{error.GetType().Name}: {error.Message}";
        }

        count.Add(cluster);
        return fault is null
            ? null
            : $"{fault}\n  {@case}\n  {faults}\n  replay: scripts/simulate {option} --first {seed} --seeds 1 --trace";
    }
}

/// <summary>What a campaign has been through.</summary>
public sealed class ProcessCount
{
    public int ClusterCount { get; private set; }

    public long DeliveryCount { get; private set; }

    public int LeaderCount { get; private set; }

    public int LossCount { get; private set; }

    public int RecoveryCount { get; private set; }

    public int DepositionCount { get; private set; }

    public int WaitCount { get; private set; }

    public int PartingCount { get; private set; }

    public int FencedCount { get; private set; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{ClusterCount} clusters, {LeaderCount} leaders ({DepositionCount} deposed or failed, {WaitCount} waited for the lock), "
        + $"{PartingCount} parted for good, {LossCount} losses of nodes with domains, ")
        + FormattableString.Invariant($"{RecoveryCount} recoveries, {FencedCount} late checkpoints refused, {DeliveryCount} messages");

    internal void Add(ProcessCluster cluster)
    {
        ClusterCount++;
        DeliveryCount += cluster.DeliveryCount;
        LeaderCount += cluster.LeaderCount;
        LossCount += cluster.LossCount;
        RecoveryCount += cluster.RecoveryCount;
        DepositionCount += cluster.DepositionCount;
        WaitCount += cluster.WaitCount;
        PartingCount += cluster.HasParted ? 1 : 0;
        FencedCount += cluster.FencedCount;
    }
}
