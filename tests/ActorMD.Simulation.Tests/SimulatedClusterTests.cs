namespace ActorMD.Simulation.Tests;

/// <summary>Clusters whose network loses, doubles, delays and reorders messages, and whose computers stop and die.</summary>
public class SimulatedClusterTests
{
    private const int SeedCount = 40;

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, SeedCount).Select(seed => (ulong)seed)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_faulty_cluster_ends_with_the_digest_of_the_serial_engine(ulong seed)
    {
        string? fault = Campaign.Fault(seed, new CampaignCount());
        Assert.True(fault is null, fault);
    }

    /// <summary>A late copy of a request asked once more for a waypoint that its client had had: the run was lost over it.</summary>
    [Fact]
    public void A_late_request_does_not_ask_for_what_was_passed() => Assert.Null(Campaign.Fault(seed: 605059, new CampaignCount()));

    /// <summary>Each of these ends well without the mistake, and not with it; the seeds are the first that find it.</summary>
    [Theory]
    [InlineData(Plant.TakesLateVerdicts, 65)]
    [InlineData(Plant.ForgetsGhost, 1)]
    [InlineData(Plant.HidesRollbacks, 1)]
    public void A_planted_mistake_is_found(Plant plant, ulong seed)
    {
        Assert.Null(Campaign.Fault(seed, new CampaignCount()));
        Assert.NotNull(Campaign.Fault(seed, new CampaignCount(), plant));
    }

    [Fact]
    public void The_seeds_bring_all_kinds_of_faults()
    {
        Faults[] faults = [.. Enumerable.Range(1, SeedCount).Select(seed => Faults.Draw((ulong)seed))];
        Assert.Contains(faults, f => f.DropShare == 0 && f.DoubleShare == 0);
        Assert.Contains(faults, f => f.DropShare > 0.1);
        Assert.Contains(faults, f => f.DoubleShare > 0.1);
        Assert.Contains(faults, f => f.PauseCount > 0);
        Assert.Contains(faults, f => f.NodeKillCount > 0);
        Assert.Contains(faults, f => f.CoordinatorKillCount > 0);
        Assert.Contains(faults, f => f.ClientKillCount > 0);
        Assert.Contains(faults, f => f.AreAllAlive);
    }

    [Fact]
    public void A_seed_replays_the_same_messages()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7), Trace(8));
    }

    [Fact]
    public void Lost_states_are_taken_from_the_last_checkpoint()
    {
        CampaignCount count = new();
        for (ulong seed = 100; seed < 110; seed++)
        {
            Assert.Null(Campaign.Fault(seed, count));
        }

        Assert.True(count.RestartedCount > 0);
        Assert.True(count.WaypointCount > 10, $"{count.WaypointCount} waypoints");
    }

    private static string Trace(ulong seed)
    {
        using StringWriter trace = new();
        Assert.Null(Campaign.Fault(seed, new CampaignCount(), trace: trace));
        return trace.ToString();
    }
}
