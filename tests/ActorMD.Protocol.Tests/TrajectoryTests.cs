using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Protocol.Comparison;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Simulation;
using ActorMD.Testing;

namespace ActorMD.Protocol.Tests;

/// <summary>Many domains against the serial engine: the same trajectory and the same sums, bit for bit.</summary>
public class TrajectoryTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 24).Select(seed => (ulong)seed)];

    [Theory, MemberData(nameof(Seeds))]
    public void The_split_does_not_change_the_trajectory(ulong seed) => Check(new RandomCase(seed, 1500));

    [Fact, Trait("Tier", "Validation")]
    public void Two_hundred_random_combinations_follow_the_serial_engine()
    {
        int cutCount = 0;
        for (ulong seed = 1000; seed < 1200; seed++)
        {
            cutCount += Check(new RandomCase(seed, 4000)) ? 1 : 0;
        }

        Assert.True(cutCount > 50, $"only {cutCount} combinations had windows that were cut");
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(1, 2, 3)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 2, 2)]
    [InlineData(3, 3, 3)]
    public void The_number_of_domains_does_not_change_the_trajectory(int x, int y, int z)
    {
        Gas gas = new(Box.Cube(14), [new Species("A", 1, 1)], []);
        SystemState state = Gases.Lattice(gas, [900], seed: 2);
        using Simulator serial = new(gas, state);
        serial.Advance(1.5);
        using SynchronousCluster cluster = new(
            gas, state, null, new Split(x, y, z), new WindowPlan(3, 1), new LedgerComparison());
        cluster.Advance(1.5);
        Assert.True(serial.Tally.OrderCounts[2] > 1000);
        AssertSame(serial.Capture(), serial.Tally, cluster.Client, "");
        if (x * y * z > 1)
        {
            Assert.True(cluster.Client.Work.CommittedWindowCount > 3);
        }
    }

    [Fact]
    public void A_stop_wherever_the_next_window_ends_can_be_resumed()
    {
        RandomCase @case = new(12, 1500);
        using SynchronousCluster first = new(
            @case.Gas, @case.Initial, null, @case.Split, @case.Plan, @case.Comparison, @case.CreatePolicy, @case.SharesSlices,
            @case.LogsEvents);
        first.Advance(@case.HalfTime);
        first.Advance(double.NegativeInfinity);
        using Simulator rest = new(@case.Gas, first.Client.State, first.Client.Tally);
        rest.Advance(@case.EndTime);
        Assert.Equal(StateDigest.Of(@case.EndState), StateDigest.Of(rest.Capture()));
        Assert.Equal(@case.EndTally.Virial.Export(), rest.Tally.Virial.Export());
    }

    // Whether any window was cut.
    private static bool Check(RandomCase @case)
    {
        using SynchronousCluster first = new(
            @case.Gas, @case.Initial, null, @case.Split, @case.Plan, @case.Comparison, @case.CreatePolicy, @case.SharesSlices,
            @case.LogsEvents);
        first.Advance(@case.HalfTime);
        Assert.True(first.Client.Violation is null, $"{@case}: {first.Client.Violation}");
        Assert.True(StateDigest.Of(@case.HalfState) == StateDigest.Of(first.Client.State), $"wrong at half time: {@case}");
        Assert.True(
            @case.EndLog.AsSpan(0, @case.HalfLogLength).SequenceEqual(first.Client.TakeEvents()), $"wrong log at half time: {@case}");

        using SynchronousCluster second = new(
            @case.Gas, first.Client.State, first.Client.Tally, @case.SplitAfterResume, @case.Plan, @case.Comparison,
            @case.CreatePolicy, @case.SharesSlices, @case.LogsEvents);
        second.Advance(@case.EndTime);
        Assert.True(second.Client.Violation is null, $"{@case}: {second.Client.Violation}");
        AssertSame(@case.EndState, @case.EndTally, second.Client, @case.ToString());
        Assert.True(@case.EndLog.AsSpan(@case.HalfLogLength).SequenceEqual(second.Client.TakeEvents()), $"wrong log: {@case}");
        RunWork work = first.Client.Work + second.Client.Work;
        Assert.InRange(work.UndoneEventCount, 0, work.SimulatedEventCount - @case.EndTally.EventCount);
        Assert.InRange(work.FrontDepthMax, 0, @case.Plan.Layers * 1000);
        return (first.Client.Work + second.Client.Work).ShortenedWindowCount > 0;
    }

    internal static void AssertSame(SystemState state, EventTally tally, ClientCore client, string name)
    {
        Assert.True(StateDigest.Of(state) == StateDigest.Of(client.State), $"wrong at the end: {name}");
        Assert.Equal(state.AbsoluteTime, client.State.AbsoluteTime);
        Assert.Equal(state.Epoch, client.State.Epoch);
        Assert.Equal(tally.OrderCounts, client.Tally.OrderCounts);
        Assert.Equal(tally.PairCounts, client.Tally.PairCounts);
        Assert.Equal(tally.MultipleCount, client.Tally.MultipleCount);
        Assert.Equal(tally.GrazingCount, client.Tally.GrazingCount);
        Assert.Equal(tally.Virial.Export(), client.Tally.Virial.Export());
        Assert.Equal(tally.WallImpulse.Export(), client.Tally.WallImpulse.Export());
    }
}
