using ActorMD.Simulation.Processes;

namespace ActorMD.Simulation.Tests;

/// <summary>
/// Processes that die, come, pause, part and lead in turn, over a network that loses, doubles, delays and reorders packets.
/// </summary>
public class ProcessClusterTests
{
    private const int SeedCount = 20;
    private const int PartingSeedCount = 20;

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, SeedCount).Select(seed => (ulong)seed)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_cluster_of_processes_ends_with_the_digest_of_the_serial_engine(ulong seed)
    {
        string? fault = ProcessCampaign.Fault(seed, new ProcessCount());
        Assert.True(fault is null, fault);
    }

    /// <summary>
    /// A process that takes the lead with a checkpoint behind a waypoint once asked for that waypoint again, without end.
    /// </summary>
    [Fact]
    public void A_new_leader_does_not_ask_for_what_lies_before_its_checkpoint() =>
        Assert.Null(ProcessCampaign.Fault(seed: 402649, new ProcessCount()));

    /// <summary>
    /// A checkpoint was asked for before the first slice, and the run began anew from it: a domain that computed alone once did the events at
    /// time 0 for that checkpoint already, which then were missing in the event log.
    /// </summary>
    [Fact]
    public void The_first_checkpoint_is_of_the_state_before_all_events()
    {
        Assert.Null(ProcessCampaign.Fault(seed: 911716, new ProcessCount()));
        Assert.Null(ProcessCampaign.Fault(seed: 916804, new ProcessCount()));
        Assert.Null(ProcessCampaign.PartingFault(917000, new ProcessCount()));
    }

    /// <summary>
    /// Two of four lose the other two from sight: one side goes on, and only one. <c>scripts/simulate --parting</c> tries more seeds.
    /// </summary>
    [Fact]
    public void When_four_are_parted_in_the_middle_exactly_one_side_goes_on()
    {
        ProcessCount count = new();
        for (ulong seed = 1; seed <= PartingSeedCount; seed++)
        {
            string? fault = ProcessCampaign.PartingFault(seed, count);
            Assert.True(fault is null, $"seed {seed}: {fault}");
        }

        Assert.True(count.PartingCount > PartingSeedCount / 2, count.ToString());
    }

    /// <summary>Each of these ends well without the mistake, and not with it.</summary>
    [Theory]
    [InlineData(Plant.KeepsPlaces, 13)]
    [InlineData(Plant.TakesAnySession, 1474)]
    [InlineData(Plant.WritesUnlocked, 2173)]
    public void A_planted_mistake_is_found(Plant plant, ulong seed)
    {
        Assert.Null(ProcessCampaign.Fault(seed, new ProcessCount()));
        Assert.NotNull(ProcessCampaign.Fault(seed, new ProcessCount(), plant));
    }

    [Fact]
    public void A_mistake_that_lets_both_sides_write_is_found()
    {
        Assert.Null(ProcessCampaign.PartingFault(39, new ProcessCount()));
        Assert.NotNull(ProcessCampaign.PartingFault(39, new ProcessCount(), Plant.WritesUnlocked));
    }

    [Fact]
    public void The_seeds_bring_all_kinds_of_faults()
    {
        ProcessFaults[] faults = [.. Enumerable.Range(1, SeedCount).Select(seed => ProcessFaults.Draw((ulong)seed))];
        Assert.Contains(faults, f => f.DropShare == 0 && f.DoubleShare == 0);
        Assert.Contains(faults, f => f.DropShare > 0.1 && f.DoubleShare > 0.1);
        Assert.Contains(faults, f => f.ProcessCount == 1);
        Assert.Contains(faults, f => f.KillCount > 2);
        Assert.Contains(faults, f => f.PauseCount > 2);
        Assert.Contains(faults, f => f.PartCount > 0);
        Assert.Contains(faults, f => f.FailureCount > 0);
        Assert.Contains(faults, f => f.StrangerCount > 0);
        Assert.Contains(faults, f => f.AskCount > 0);
        Assert.Contains(faults, f => f.BreaksLocks);
        Assert.Contains(faults, f => !f.BreaksLocks);
        Assert.Contains(faults, f => f.ClockSkew == 0);
    }

    [Fact]
    public void A_seed_tells_the_same_story_again()
    {
        Assert.Equal(Trace(8), Trace(8));
        Assert.NotEqual(Trace(8), Trace(9));
    }

    private static string Trace(ulong seed)
    {
        using StringWriter trace = new();
        Assert.Null(ProcessCampaign.Fault(seed, new ProcessCount(), trace: trace));
        return trace.ToString();
    }
}
