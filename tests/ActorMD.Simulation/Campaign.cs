using ActorMD.Physics;

namespace ActorMD.Simulation;

/// <summary>Simulated clusters, one per seed, against the serial engine.</summary>
public static class Campaign
{
    private const int EventCount = 400;
    private const int ParticleCountMax = 160;
    private const int DomainCountMax = 12;
    private const long Patience = 1_000_000; // messages without progress

    /// <summary>Runs the cluster of a seed.</summary>
    /// <returns>What went wrong, with the command that replays it; null if it ended as it must.</returns>
    public static string? Fault(ulong seed, CampaignCount count, Plant plant = Plant.None, TextWriter? trace = null)
    {
        RandomCase @case = new(seed, EventCount, ParticleCountMax, DomainCountMax);
        Faults faults = Faults.Draw(seed);
        using SimulatedCluster cluster = new(@case, faults, plant, trace);
        string? fault;
        try
        {
            fault = !cluster.Run(Patience) ? $"no end after {cluster.DeliveryCount} messages in {cluster.RunCount} runs"
                : StateDigest.Of(cluster.State) != StateDigest.Of(@case.EndState) ? "wrong digest"
                : !SameCounts(cluster.Tally, @case.EndTally) ? "wrong counts"
                : !cluster.Log.SequenceEqual(@case.EndLog) ? "wrong event log"
                : cluster.RunCount > 1 && faults.AreAllAlive && !cluster.HasRenounced ? $"{cluster.RunCount} runs although no process died"
                : null;
        }
        catch (Exception error) when (trace is null)
        {
            fault = $"{error.GetType().Name}: {error.Message}";
        }

        count.Add(cluster, @case);
        return fault is null ? null : $"{fault}\n  {@case}\n  {faults}\n  replay: scripts/simulate --first {seed} --seeds 1 --trace";
    }

    internal static bool SameCounts(EventTally a, EventTally b) =>
        a.OrderCounts.SequenceEqual(b.OrderCounts) && a.PairCounts.SequenceEqual(b.PairCounts)
        && a.MultipleCount == b.MultipleCount && a.GrazingCount == b.GrazingCount
        && a.Virial.Export().SequenceEqual(b.Virial.Export()) && a.WallImpulse.Export().SequenceEqual(b.WallImpulse.Export());
}

/// <summary>What a campaign has been through.</summary>
public sealed class CampaignCount
{
    public int ClusterCount { get; private set; }

    /// <summary>Clusters that began anew from a checkpoint at least once.</summary>
    public int RestartedCount { get; private set; }

    /// <summary>Clusters whose domains shared time slices.</summary>
    public int SharingCount { get; private set; }

    public long DeliveryCount { get; private set; }

    /// <summary>Waypoints that were gone past, and checked.</summary>
    public long WaypointCount { get; private set; }

    internal void Add(SimulatedCluster cluster, RandomCase @case)
    {
        SharingCount += @case.SharesSlices ? 1 : 0;
        ClusterCount++;
        RestartedCount += cluster.RunCount > 1 ? 1 : 0;
        DeliveryCount += cluster.DeliveryCount;
        WaypointCount += cluster.WaypointCount;
    }
}
