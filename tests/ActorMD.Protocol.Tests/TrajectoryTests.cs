using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Protocol.Coordination;
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
    public void Three_hundred_random_combinations_follow_the_serial_engine()
    {
        int sharedCount = 0;
        for (ulong seed = 1000; seed < 1300; seed++)
        {
            sharedCount += Check(new RandomCase(seed, 4000)) ? 1 : 0;
        }

        Assert.True(sharedCount > 200, $"only {sharedCount} combinations shared slices");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(27)]
    public void The_number_of_domains_does_not_change_the_trajectory(int count)
    {
        Gas gas = new(Box.Of(3, new Vec3(260, 22, 22), Boundary.Periodic), [new Species("A", 1, 1)], []);
        SystemState state = Gases.Lattice(gas, [8000], seed: 2);
        using Simulator serial = new(gas, state);
        serial.Advance(1.5);
        using SynchronousCluster cluster = new(gas, state, null, count);
        cluster.Advance(1.5);
        Assert.True(serial.Tally.OrderCounts[2] > 1000);
        AssertSame(serial.Capture(), serial.Tally, cluster.Client, "");
        Assert.Equal(count > 1 ? cluster.Client.Work.SliceCount : 0, cluster.Client.Work.SharedSliceCount);
    }

    [Fact]
    public void A_stop_wherever_the_next_slice_ends_can_be_resumed()
    {
        RandomCase @case = new(13, 1500);
        using SynchronousCluster first = new(@case.Gas, @case.Initial, null, @case.DomainCount, @case.LogsEvents);
        first.Advance(@case.HalfTime);
        first.Advance(double.NegativeInfinity);
        using Simulator rest = new(@case.Gas, first.Client.State, first.Client.Tally);
        rest.Advance(@case.EndTime);
        Assert.Equal(StateDigest.Of(@case.EndState), StateDigest.Of(rest.Capture()));
        Assert.Equal(@case.EndTally.Virial.Export(), rest.Tally.Virial.Export());
    }

    // Whether slices were shared.
    private static bool Check(RandomCase @case)
    {
        using SynchronousCluster first = new(@case.Gas, @case.Initial, null, @case.DomainCount, @case.LogsEvents);
        first.Advance(@case.HalfTime);
        Assert.True(first.Client.Violation is null, $"{@case}: {first.Client.Violation}");
        Assert.True(StateDigest.Of(@case.HalfState) == StateDigest.Of(first.Client.State), $"wrong at half time: {@case}");
        Assert.True(
            @case.EndLog.AsSpan(0, @case.HalfLogLength).SequenceEqual(first.Client.TakeEvents()), $"wrong log at half time: {@case}");

        using SynchronousCluster second = new(
            @case.Gas, first.Client.State, first.Client.Tally, @case.DomainCountAfterResume, @case.LogsEvents);
        second.Advance(@case.EndTime);
        Assert.True(second.Client.Violation is null, $"{@case}: {second.Client.Violation}");
        AssertSame(@case.EndState, @case.EndTally, second.Client, @case.ToString());
        Assert.True(@case.EndLog.AsSpan(@case.HalfLogLength).SequenceEqual(second.Client.TakeEvents()), $"wrong log: {@case}");
        RunWork work = first.Client.Work + second.Client.Work;
        Assert.InRange(work.UndoneEventCount, 0, work.SimulatedEventCount - @case.EndTally.EventCount);
        return work.SharedSliceCount > 0;
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
