using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Protocol.Messages;
using ActorMD.Simulation;
using ActorMD.Testing;

namespace ActorMD.Protocol.Tests;

/// <summary>Domains that share time slices: the same trajectory and the same sums as the serial engine, bit for bit.</summary>
public class SliceTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;
    private static readonly Species Light = new("A", 1, 1);
    private static readonly Species Heavy = new("B", 4, 0.6);

    public static TheoryData<string, Gas, int[], double> Cases => new()
    {
        { "fluid", Long(3, 60, 11, P, P, Light), [3600], 1.5 },
        { "dense mixture", Long(3, 80, 9, P, P, Light, Heavy), [3700, 2600], 1 },
        { "gas", Long(3, 130, 22, P, P, Light), [4000], 12 },
        { "gas in walls", Long(3, 130, 22, W, W, Light, Heavy), [2000, 2500], 12 },
        { "disks", Long(2, 180, 40, P, P, Light), [3600], 3 },
        { "channel of disks", Long(2, 180, 40, W, P, Light), [3600], 3 },
        { "threes", Long(3, 130, 22, P, P, Light) with { Zones = [new Zone(3, 2)] }, [3000], 8 },
        {
            "threes and fours", Long(2, 330, 60, W, W, Light, Heavy) with { Zones = [new Zone(3, 2), new Zone(4, 3)] },
            [1000, 1500], 8
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Shared_slices_do_not_change_the_trajectory(string name, Gas gas, int[] counts, double until)
    {
        // Short epochs, so that several end on the way.
        SystemState state = new([.. Gases.Lattice(gas, counts, seed: 12).Particles], Math.ScaleB(1, Math.ILogB(until) - 1));
        EventBatch log = new();
        using Simulator one = new(gas, state, log: log);
        one.Advance(until);
        byte[] events = log.Take();
        long shared = 0;
        foreach ((int first, int second) in ((int, int)[])[(2, 3), (3, 2), (2, 2)])
        {
            bool logsEvents = first != 2 || second != 2;
            using SynchronousCluster before = Cluster(gas, state, null, first, logsEvents);
            before.Advance(until / 2);
            Assert.Null(before.Client.Violation);
            using SynchronousCluster after = Cluster(gas, before.Client.State, before.Client.Tally, second, logsEvents);
            after.Advance(0.8 * until);
            after.Advance(until);
            TrajectoryTests.AssertSame(one.Capture(), one.Tally, after.Client, $"{name}, {first} domains, then {second}");
            Assert.Equal<byte>(logsEvents ? events : [], (byte[])[.. before.Client.TakeEvents(), .. after.Client.TakeEvents()]);
            RunWork work = before.Client.Work + after.Client.Work;
            shared += work.SharedSliceCount;
            if (first == second)
            {
                Assert.Equal(work.SharedSliceCount, work.SliceCount);
                Assert.Equal(one.Tally.EventCount, work.SimulatedEventCount - work.UndoneEventCount);
            }
        }

        Assert.True(shared > 15, $"{name}: {shared} slices");
        Assert.Equal(!gas.Zones.IsEmpty, one.Tally.OrderCounts.Skip(3).Any(count => count > 0));
    }

    [Fact]
    public void A_gas_without_room_for_two_is_computed_by_one_domain()
    {
        Gas small = new(Box.Cube(14), [Light], []);
        SystemState state = Gases.Lattice(small, [900], seed: 2);
        using Simulator one = new(small, state);
        one.Advance(1);
        using SynchronousCluster cluster = new(small, state, null, 4);
        long known = 0; // on the way: progress is told from it
        cluster.Tamper = envelope =>
        {
            known = envelope.Message is Message.Gather ? cluster.EventCount : known;
            return envelope;
        };
        cluster.Advance(1);
        Assert.True(known > 0);
        TrajectoryTests.AssertSame(one.Capture(), one.Tally, cluster.Client, "small");
        Assert.Equal(0, cluster.Client.Work.SharedSliceCount);
        Assert.True(cluster.Client.Work.SliceCount > 0);
        Assert.Null(cluster.Client.Work.Method);
    }

    [Fact]
    public void Exact_ties_at_faces_are_left_to_one_domain()
    {
        // A square lattice of disks, each flying along one axis with the same speed: whole rows of simultaneous events.
        Gas gas = new(new Box(2, new Vec3(192, 48, 0), P, P, Boundary.Open), [Light], []);
        ParticleState[] particles = new ParticleState[96 * 24];
        for (int i = 0; i < particles.Length; i++)
        {
            int direction = (7 * i + i / 24) % 4;
            particles[i].Position = new Vec3(i / 24 * 2 + 1, i % 24 * 2 + 1, 0);
            particles[i].Velocity = new Vec3(direction == 0 ? 1 : direction == 1 ? -1 : 0, direction == 2 ? 1 : direction == 3 ? -1 : 0, 0);
        }

        SystemState state = new(particles, 16);
        using Simulator one = new(gas, state);
        one.Advance(4);
        using SynchronousCluster cluster = Cluster(gas, state, null, 2);
        cluster.Advance(4);
        TrajectoryTests.AssertSame(one.Capture(), one.Tally, cluster.Client, "ties");
    }

    /// <summary>
    /// A domain that leaves out some of what it has to say: the trajectory is another one, so these tests would see it; or all slices
    /// are void, and one domain goes on alone.
    /// </summary>
    [Theory]
    [InlineData(ShareStep.GhostsAbove)]
    [InlineData(ShareStep.GhostsBelow)]
    [InlineData(ShareStep.Block)]
    [InlineData(ShareStep.Strip)]
    public void What_is_left_out_of_a_message_is_found(ShareStep step)
    {
        Gas gas = Long(3, 130, 22, P, P, Light);
        SystemState state = Gases.Lattice(gas, [4000], seed: 12);
        using Simulator one = new(gas, state);
        one.Advance(6);
        int tampered = 0;
        using SynchronousCluster cluster = Cluster(gas, state, null, 2);
        cluster.Tamper = envelope =>
        {
            Message? less = envelope.Message is Message.Share share && share.Step == step ? WithLess(share) : null;
            tampered += less is null ? 0 : 1;
            return less is null ? envelope : envelope with { Message = less };
        };
        string digest;
        try
        {
            cluster.Advance(6);
            digest = StateDigest.Of(cluster.Client.State);
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException)
        {
            digest = error.Message; // a particle is spoken of that is not there, or missing in the end
        }

        Assert.True(tampered > 0);
        Assert.True(StateDigest.Of(one.Capture()) != digest || cluster.Client.Work.Method != RunWork.Slices, cluster.Client.Work.ToString());
    }

    private static Message? WithLess(Message.Share share) => share switch
    {
        Message.Ghosts { Particles.Length: > 0 } ghosts => ghosts with { Particles = ghosts.Particles[1..] },
        Message.BlockDone { Report.Flights.Length: > 0 } block => block with { Report = block.Report with { Flights = [], Events = [] } },
        Message.StripDone { Report.Changes.Length: > 0 } strip =>
            strip with { Report = strip.Report with { Changes = strip.Report.Changes[1..] } },
        _ => null,
    };

    private static SynchronousCluster Cluster(Gas gas, SystemState state, EventTally? tally, int count, bool logsEvents = false) => new(
        gas, state, tally, count, logsEvents);

    private static Gas Long(int dimension, double length, double width, Boundary x, Boundary y, params Species[] species) => new(
        new Box(dimension, new Vec3(length, width, dimension == 3 ? width : 0), x, y, dimension == 3 ? y : Boundary.Open), [.. species], []);
}
