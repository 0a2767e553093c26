using ActorMD.Engine.Execution;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>Nodes that share time slices by messages: the same trajectory as one engine's, bit for bit.</summary>
public class SharedNodeTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;

    public static TheoryData<string, Gas, int[], double> Cases => new()
    {
        { "fluid", Long(3, 60, 11, P, P, Gases.Light), [3600], 1.5 },
        { "dense mixture", Long(3, 80, 9, P, P, Gases.Light, Gases.Heavy), [3700, 2600], 1 },
        { "gas", Long(3, 130, 22, P, P, Gases.Light), [4000], 12 },
        { "gas in walls", Long(3, 130, 22, W, W, Gases.Light, Gases.Heavy), [2000, 2500], 12 },
        { "fluid in walls", Long(3, 60, 11, W, W, Gases.Light), [3300], 1.5 },
        { "channel", Long(3, 80, 13, P, W, Gases.Light, Gases.Heavy), [3000, 3000], 2 },
        { "disks", Long(2, 180, 40, P, P, Gases.Light), [3600], 3 },
        { "gas of disks in walls", Long(2, 330, 60, W, W, Gases.Light, Gases.Heavy), [1500, 2000], 12 },
        { "threes", Long(3, 130, 22, P, P, Gases.Light) with { Zones = [new Zone(3, 2)] }, [3000], 8 },
        {
            "threes and fours in walls", Long(2, 330, 60, W, W, Gases.Light, Gases.Heavy) with { Zones = [new Zone(3, 2), new Zone(4, 3)] },
            [1000, 1500], 8
        },
        { "threes of disks", Long(2, 280, 40, P, W, Gases.Light) with { Zones = [new Zone(3, 2)] }, [2000], 6 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Nodes_do_not_change_the_trajectory(string name, Gas gas, int[] counts, double until)
    {
        // Short epochs, so that several end on the way.
        SystemState state = WithEpoch(Gases.Lattice(gas, counts, seed: 12), Math.ScaleB(1, Math.ILogB(until) - 1));
        EventBatch log = new();
        using Simulator one = new(gas, state, log: log);
        one.Advance(until);
        byte[] events = log.Take();
        long shared = 0;
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            foreach ((int nodes, int depth) in ((int, int)[])[(2, 6), (2, 3), (3, 3)])
            {
                if (NodePlan.For(gas, state.Particles, 0, nodes, depth, method) is { } plan)
                {
                    using SharedNodes several = new(gas, state, plan);
                    while (!several.AdvanceSlice(until))
                    {
                        Assert.True(several.FirstDifference() is null, $"{plan}: {several.FirstDifference()}");
                    }

                    CheckSame(one, several);
                    Assert.Equal(events, several.Log);
                    shared += several.SliceCount - several.VoidCount;
                    if (depth == 6)
                    {
                        CheckWaypoints(gas, state, several.Passed);
                    }
                }
            }
        }

        Assert.True(shared > 20, $"{name}: {shared} slices were shared");
    }

    [Theory]
    [InlineData(SearchMethod.TimeSlices, 2, 3)]
    [InlineData(SearchMethod.TimeSlices, 2, 2)]
    [InlineData(SearchMethod.TimeSlicesWithLists, 3, 4)]
    [InlineData(SearchMethod.TimeSlicesWithLists, 2, 3)]
    public void Slices_that_reach_out_of_a_strip_are_void_and_run_again(SearchMethod method, int depth, double stretch)
    {
        Gas gas = Long(3, 80, 13, P, P, Gases.Light, Gases.Heavy);
        SystemState state = Gases.Lattice(gas, [3000, 3000], seed: 3);
        using Simulator one = new(gas, state);
        one.Advance(2);
        NodePlan plan = NodePlan.For(gas, state.Particles, 0, 2, depth, method)!;
        using SharedNodes two = new(gas, state, plan) { Stretch = stretch };
        two.Advance(2);
        CheckSame(one, two);
        Assert.True(two.VoidCount > 0, $"{two.VoidCount} of {two.SliceCount} slices were void");
    }

    [Fact]
    public void Events_that_were_wrong_because_of_the_other_node_are_rolled_back()
    {
        Gas gas = Long(3, 80, 13, P, P, Gases.Light);
        SystemState state = Gases.Lattice(gas, [7000]);
        EventBatch log = new();
        using Simulator one = new(gas, state, log: log);
        one.Advance(2);
        using SharedNodes two = new(gas, state, NodePlan.For(gas, state.Particles, 0, 2)!);
        two.Advance(2);
        CheckSame(one, two);
        Assert.Equal(log.Take(), two.Log);
        Assert.True(two.VoidCount <= two.SliceCount / 10, $"{two.VoidCount} of {two.SliceCount} slices were void");
        Assert.True(two.RolledBackEventCount > 2, $"{two.RolledBackEventCount} events were rolled back");
    }

    /// <summary>A slice that ended early, at a time that was asked for, was tried again with the same end.</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e3)]
    public void After_a_void_slice_the_next_is_at_most_half_as_long(double until)
    {
        Gas gas = Long(3, 80, 13, P, P, Gases.Light, Gases.Heavy);
        SystemState state = Gases.Lattice(gas, [3000, 3000], seed: 3);
        SliceSchedule schedule = new(gas, NodePlan.For(gas, state.Particles, 0, 2)!, 1 << 20);
        double last = double.PositiveInfinity;
        while (!schedule.IsStuck)
        {
            double end = schedule.Next(0, until).End;
            Assert.InRange(end, 0, 0.5 * last);
            last = end;
            schedule.Judge([new NodeVerdict(true, double.PositiveInfinity, 1, true), NodeVerdict.Done]);
        }
    }

    /// <summary>A void slice once made all room a quarter larger, whatever was wrong: sixty of them took as much memory as a machine has.</summary>
    [Theory]
    [InlineData(SearchMethod.TimeSlices)]
    [InlineData(SearchMethod.TimeSlicesWithLists)]
    public void Any_number_of_void_slices_takes_no_more_memory(SearchMethod method)
    {
        Gas gas = Long(3, 80, 13, P, P, Gases.Light, Gases.Heavy);
        SystemState state = Gases.Lattice(gas, [3000, 3000], seed: 3);
        using SharedNodes two = new(gas, state, NodePlan.For(gas, state.Particles, 0, 2, null, method)!) { Spoils = slice => slice % 2 == 0 };
        long before = Environment.WorkingSet;
        while (two.VoidCount < 60)
        {
            two.AdvanceSlice(1000);
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 400L << 20);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    public void Much_faster_particles_change_nothing(double factor)
    {
        Gas gas = Long(3, 80, 18, P, P, Gases.Light, Gases.Heavy);
        SystemState start = Gases.Lattice(gas, [3000, 3000], seed: 8);
        ParticleState[] particles = [.. start.Particles];
        for (int id = 0; id < particles.Length; id += 300)
        {
            particles[id].Velocity *= factor;
        }

        double until = 20 / factor;
        SystemState state = new(particles, Math.ScaleB(1, Math.ILogB(until)));
        using Simulator one = new(gas, state);
        one.Advance(until);
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            using SharedNodes two = new(gas, state, NodePlan.For(gas, state.Particles, 0, 2, 3, method)!);
            two.Advance(until);
            CheckSame(one, two);
            Assert.True(two.SliceCount > two.VoidCount, $"{method}: {two.VoidCount} of {two.SliceCount} slices were void");
        }
    }

    [Fact]
    public void Exact_ties_across_faces_are_decided_alike()
    {
        (Gas gas, SystemState state) = Gases.Ties(96, 24);
        using Simulator one = new(gas, state);
        one.Advance(6);
        Assert.True(one.Tally.MultipleCount > 100);
        long alone = 0;
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            using SharedNodes two = new(gas, state, NodePlan.For(gas, state.Particles, 0, 2, 3, method)!);
            two.Advance(6);
            CheckSame(one, two);
            alone += two.AloneCount;
        }

        Assert.True(alone > 0, "no tie at a face was met");
    }

    [Fact]
    public void A_dozen_random_gases_have_the_same_trajectory() => RandomGases(12);

    [Fact, Trait("Tier", "Validation")]
    public void Three_hundred_random_gases_have_the_same_trajectory() => RandomGases(300);

    private static void RandomGases(int gasCount)
    {
        CounterRandom random = new(22, RandomStream.Testing);
        long shared = 0, events = 0, voids = 0;
        for (int k = 0; k < gasCount; k++)
        {
            int dimension = 2 + random.NextInteger(2), count = 2000 + random.NextInteger(6000);
            double packing = 0.005 + 0.4 * random.NextUniform() * random.NextUniform();
            bool isMixture = random.NextInteger(2) == 0;
            Species[] species = isMixture ? [Gases.Light, Gases.Heavy] : [Gases.Light];
            int[] counts = isMixture ? [count / 2, count - count / 2] : [count];
            double cubes = counts.Select((n, a) => n * Math.Pow(species[a].Diameter, dimension)).Sum();
            double room = cubes * (dimension == 3 ? Math.PI / 6 : Math.PI / 4);
            double width = Math.Pow(room / packing / 9, 1.0 / dimension), length = 9 * width;
            Boundary along = random.NextInteger(3) == 0 ? W : P, across = random.NextInteger(3) == 0 ? W : P;
            Gas gas = Long(dimension, length, width, along, across, species);
            SystemState state = Gases.Lattice(gas, counts, seed: (ulong)k + 1);
            double until = 0.1 * width / Math.Pow(count / 9, 1.0 / dimension) / packing;
            state = WithEpoch(state, Math.ScaleB(1, Math.ILogB(until)));
            SearchMethod method = random.NextInteger(2) == 0 ? SearchMethod.TimeSlices : SearchMethod.TimeSlicesWithLists;
            if (NodePlan.For(gas, state.Particles, 0, 2 + random.NextInteger(3), 2 + random.NextInteger(4), method) is not { } plan)
            {
                continue;
            }

            using Simulator one = new(gas, state);
            one.Advance(until);
            using SharedNodes several = new(gas, state, plan);
            several.Advance(until);
            CheckSame(one, several);
            shared += several.SliceCount - several.VoidCount;
            voids += several.VoidCount;
            events += several.RolledBackEventCount;
        }

        Assert.True(shared > 5 * gasCount, $"{shared} slices were shared, {voids} were void");
        Assert.True(events > gasCount, $"{events} events were rolled back");
    }

    private static void CheckSame(Simulator one, SharedNodes several)
    {
        Assert.Null(several.FirstDifference());
        Assert.Equal(StateDigest.Of(one.Capture()), StateDigest.Of(several.Capture()));
        EventTally total = several.Tally;
        Assert.Equal(one.Tally.OrderCounts, total.OrderCounts);
        Assert.Equal(one.Tally.PairCounts, total.PairCounts);
        Assert.Equal(one.Tally.MultipleCount, total.MultipleCount);
        Assert.Equal(one.Tally.GrazingCount, total.GrazingCount);
        Assert.Equal(one.Tally.Virial.Export(), total.Virial.Export());
        Assert.Equal(one.Tally.WallImpulse.Export(), total.WallImpulse.Export());
    }

    private static void CheckWaypoints(Gas gas, SystemState state, List<Waypoint> passed)
    {
        Assert.True(passed.Count > 4, $"{passed.Count} waypoints");
        using Simulator one = new(gas, state);
        foreach (Waypoint waypoint in passed)
        {
            one.Advance(waypoint.Time);
            Assert.Equal(one.SumVelocities().Export(), waypoint.Sums.Export());
            Assert.Equal(one.Tally.OrderCounts, waypoint.Tally.OrderCounts);
            Assert.Equal(one.Tally.PairCounts, waypoint.Tally.PairCounts);
            Assert.Equal(one.Tally.Virial.Export(), waypoint.Tally.Virial.Export());
        }
    }

    private static SystemState WithEpoch(SystemState state, double length) => new(state.Particles, length);

    private static Gas Long(int dimension, double length, double width, Boundary along, Boundary across, params Species[] species) =>
        new(
            new Box(
                dimension,
                new Vec3(length, width, dimension == 3 ? 1.1 * width : 0),
                along,
                across,
                dimension == 3 ? across : Boundary.Open),
            [.. species],
            []);
}
