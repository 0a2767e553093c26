using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Runs.Simulations;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>Threads that share time slices: the same trajectory as one thread's, bit for bit.</summary>
public class SharedSliceTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;

    private static readonly ImmutableArray<Zone> _zones = [new Zone(3, 2.2), new Zone(4, 3.6)];

    private static readonly Dictionary<int, ThreadTeam> _teams = []; // the tests of a class run one after the other

    public static TheoryData<string, Gas, int[], double> Cases => new()
    {
        { "fluid", Long(3, 60, 11, P, P, Gases.Light), [3600], 1.5 },
        { "dense mixture", Long(3, 54, 9, P, P, Gases.Light, Gases.Heavy), [2500, 1800], 1 },
        { "gas", Long(3, 130, 22, P, P, Gases.Light), [4000], 12 },
        { "gas in walls", Long(3, 130, 22, W, W, Gases.Light, Gases.Heavy), [2000, 2500], 12 },
        { "fluid in walls", Long(3, 60, 11, W, W, Gases.Light), [3300], 1.5 },
        { "channel", Long(3, 66, 13, P, W, Gases.Light, Gases.Heavy), [2500, 2500], 2 },
        { "disks", Long(2, 180, 40, P, P, Gases.Light), [3600], 3 },
        { "gas of disks in walls", Long(2, 330, 60, W, W, Gases.Light, Gases.Heavy), [1500, 2000], 12 },
        { "zones of order 3", Long(3, 130, 22, P, P, Gases.Light) with { Zones = [new Zone(3, 2.4)] }, [4000], 12 },
        { "zones of orders 3 and 4 in walls", Long(3, 130, 22, W, W, Gases.Light, Gases.Heavy) with { Zones = _zones }, [2000, 2500], 12 },
        { "disks with zones", Long(2, 330, 60, W, P, Gases.Light, Gases.Heavy) with { Zones = [new Zone(3, 2.6)] }, [1500, 2000], 12 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Threads_do_not_change_the_trajectory(string name, Gas gas, int[] counts, double until)
    {
        // Short epochs, so that several end on the way.
        SystemState state = WithEpoch(Gases.Lattice(gas, counts, seed: 12), Math.ScaleB(1, Math.ILogB(until) - 1));
        using Simulator one = Run(gas, state, until, new SearchSettings());
        Assert.True(one.Tally.OrderCounts[2] > 3000, name);
        long shared = 0;
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            foreach (int threads in (int[])[2, 3])
            {
                using Simulator several = Run(gas, state, until, Shared(method, threads, 4));
                CheckSame(one, several);
                shared += several.Counters.SharedSliceCount - several.Counters.RolledBackSliceCount;
            }
        }

        Assert.True(shared > 20, $"{name}: {shared} slices were shared");
    }

    [Theory, MemberData(nameof(Cases))]
    public void Threads_write_the_event_log_of_one_thread(string name, Gas gas, int[] counts, double until)
    {
        SystemState state = WithEpoch(Gases.Lattice(gas, counts, seed: 12), Math.ScaleB(1, Math.ILogB(until) - 1));
        EventBatch expected = new();
        using Simulator one = Run(gas, state, until, new SearchSettings(), expected);
        byte[] log = expected.Take();
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            EventBatch actual = new();
            using Simulator two = new(gas, state, null, Shared(method, 2, 4), actual);
            List<byte> bytes = [];
            while (!two.Advance(until, 3000))
            {
                bytes.AddRange(actual.Lend(withLastInstant: false).Span);
            }

            bytes.AddRange(actual.Take());
            CheckSame(one, two);
            Assert.True(two.Counters.SharedSliceCount > two.Counters.RolledBackSliceCount, $"{name}: no slice was shared");
            Assert.True(
                log.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(bytes)), $"{name}, {method}: {log.Length} and {bytes.Count} bytes");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Waypoints_that_slices_go_past_have_the_sums_and_counts_of_a_stop(string name, Gas gas, int[] counts, double until)
    {
        const int WaypointCount = 60;
        SystemState state = WithEpoch(Gases.Lattice(gas, counts, seed: 12), Math.ScaleB(1, Math.ILogB(until) - 1));
        double[] times = [.. Enumerable.Range(1, WaypointCount).Select(k => until * Math.Sqrt(k / (double)WaypointCount))];
        int passed = 0;
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            using Simulator one = new(gas, state);
            using Simulator two = new(gas, state, null, Shared(method, 2, 4));
            Queue<Waypoint> waypoints = [];
            foreach (double time in times)
            {
                bool isThere = waypoints.TryPeek(out _);
                while (!isThere && !two.Advance(time, 3000, new WaypointPlan([.. times.Where(t => t >= time)], until)))
                {
                    isThere = Take();
                }

                one.Advance(time);
                if (isThere || Take())
                {
                    Waypoint waypoint = waypoints.Dequeue();
                    Assert.Equal(time, waypoint.Time);
                    CheckSame(one.Tally, waypoint.Tally);
                    CheckSame(one.SumVelocities(), waypoint.Sums);
                    passed++;
                }
                else
                {
                    CheckSame(one.Tally, two.Tally);
                    CheckSame(one.SumVelocities(), two.SumVelocities());
                }
            }

            CheckSame(one, two);

            bool Take()
            {
                while (two.TryTakeWaypoint(out Waypoint? waypoint))
                {
                    waypoints.Enqueue(waypoint);
                }

                return waypoints.Count > 0;
            }
        }

        Assert.True(passed > WaypointCount / 2, $"{name}: {passed} waypoints were gone past");
    }

    [Fact]
    public void Events_that_were_wrong_because_of_the_other_block_are_rolled_back()
    {
        Gas gas = Long(3, 60, 13, P, P, Gases.Light);
        SystemState state = Gases.Lattice(gas, [5000]);
        using Simulator one = Run(gas, state, 2, new SearchSettings());
        using Simulator two = Run(gas, state, 2, Shared(SearchMethod.Automatic, 2, 7));
        CheckSame(one, two);
        Assert.True(two.Counters.SharedSliceCount > 10, $"{two.Counters.SharedSliceCount} slices were shared");
        Assert.True(two.Counters.RolledBackSliceCount <= 1, $"{two.Counters.RolledBackSliceCount} slices were rolled back");
        Assert.True(two.Counters.RolledBackEventCount > 8, $"{two.Counters.RolledBackEventCount} events were rolled back");
    }

    [Fact]
    public void Events_of_zones_are_shared_and_rolled_back()
    {
        Gas gas = Long(3, 130, 40, P, P, Gases.Light) with { Zones = _zones };
        SystemState state = Gases.Lattice(gas, [14_000]);
        using Simulator one = Run(gas, state, 14, new SearchSettings());
        using Simulator two = Run(gas, state, 14, Shared(SearchMethod.Automatic, 2, 4));
        CheckSame(one, two);
        long[] orders = one.Tally.OrderCounts;
        Assert.True(orders[3] > 1000 && orders[4] > 20, $"{orders[3]}, {orders[4]}");
        EngineCounters work = two.Counters;
        Assert.True(work.SharedSliceCount > 10, $"{work.SharedSliceCount} slices were shared");
        Assert.True(work.RolledBackSliceCount <= work.SharedSliceCount / 4, $"{work.RolledBackSliceCount} slices were rolled back");
        Assert.True(work.StripEventCount > 300 && work.RolledBackEventCount > 8, $"{work.StripEventCount}, {work.RolledBackEventCount}");
    }

    [Fact]
    public void A_strip_without_room_is_noticed_and_its_slice_run_by_one_thread()
    {
        Gas gas = Long(3, 60, 13, P, P, Gases.Light);
        SystemState state = Gases.Lattice(gas, [5000]);
        using Simulator one = Run(gas, state, 4, new SearchSettings());
        using Simulator two = Run(gas, state, 4, Shared(SearchMethod.Automatic, 2, 1));
        CheckSame(one, two);
        Assert.True(two.Counters.RolledBackSliceCount > 0, $"{two.Counters.RolledBackSliceCount} slices were rolled back");
    }

    [Fact]
    public void Strips_that_are_too_shallow_become_deeper()
    {
        Gas gas = Long(3, 180, 13, P, P, Gases.Light);
        SystemState state = Gases.Lattice(gas, [24_000]);
        using Simulator one = Run(gas, state, 4, new SearchSettings());
        using Simulator two = Run(gas, state, 4, Shared(SearchMethod.TimeSlices, 2, null));
        CheckSame(one, two);
        Assert.InRange(two.Counters.RolledBackSliceCount, 1, two.Counters.SharedSliceCount / 2);
        Assert.InRange(two.StripDepth, 4, 6); // three at first
    }

    [Theory]
    [InlineData(SearchMethod.TimeSlices)]
    [InlineData(SearchMethod.TimeSlicesWithLists)]
    public void Stops_and_new_caches_at_any_moment_do_not_change_the_trajectory(SearchMethod method)
    {
        Gas gas = Long(3, 100, 9, P, P, Gases.Light, Gases.Heavy);
        SystemState state = Gases.Lattice(gas, [1500, 1500]);
        using Simulator one = Run(gas, state, 4, new SearchSettings());
        using Simulator interrupted = new(gas, state, null, Shared(method, 2, 4));
        CounterRandom random = new(6, RandomStream.Testing);
        for (double time = 0; time < 4;)
        {
            time = Math.Min(4, time + 0.4 * random.NextUniform());
            while (!interrupted.Advance(time, 1 + random.NextInteger(6000)))
            {
                if (random.NextInteger(4) == 0)
                {
                    interrupted.Rebuild();
                }
            }
        }

        CheckSame(one, interrupted);
        Assert.True(interrupted.Counters.SharedSliceCount > 0, $"{interrupted.Counters.SharedSliceCount} slices were shared");
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

        double until = 120 / factor; // some slices
        SystemState state = new(particles, Math.ScaleB(1, Math.ILogB(until)));
        using Simulator one = Run(gas, state, until, new SearchSettings());
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            using Simulator two = Run(gas, state, until, Shared(method, 2, 4));
            CheckSame(one, two);
            Assert.True(two.Counters.SharedSliceCount > 0, $"{method}: {two.Counters.SharedSliceCount} slices were shared");
        }
    }

    [Fact]
    public void Exact_ties_across_boundaries_are_decided_alike()
    {
        (Gas gas, SystemState state) = Gases.Ties(96, 24);
        using Simulator one = Run(gas, state, 10, new SearchSettings());
        Assert.True(one.Tally.MultipleCount > 100);
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            using Simulator two = Run(gas, state, 10, Shared(method, 3, 4));
            CheckSame(one, two);
            Assert.True(two.Counters.SharedSliceCount > 0);
        }
    }

    [Fact]
    public void Random_gases_have_the_same_trajectory_with_any_number_of_threads() => CheckRandomGases(18, seed: 22);

    [Fact, Trait("Tier", "Validation")]
    public void Three_hundred_random_gases_have_the_same_trajectory_with_any_number_of_threads() => CheckRandomGases(300, seed: 21);

    private static void CheckRandomGases(int gasCount, ulong seed)
    {
        CounterRandom random = new(seed, RandomStream.Testing);
        long shared = 0, events = 0, zones = 0;
        for (int k = 0; k < gasCount; k++)
        {
            int dimension = 2 + random.NextInteger(2), count = 2000 + random.NextInteger(6000);
            double packing = 0.005 + 0.4 * random.NextUniform() * random.NextUniform();
            bool isMixture = random.NextInteger(2) == 0;
            Species[] species = isMixture ? [Gases.Light, Gases.Heavy] : [Gases.Light];
            int[] counts = isMixture ? [count / 2, count - count / 2] : [count];
            double room = counts.Select((n, a) => n * Math.Pow(species[a].Diameter, dimension)).Sum() * (dimension == 3 ? Math.PI / 6 : Math.PI / 4);
            double width = Math.Pow(room / packing / 6, 1.0 / dimension), length = 6 * width;
            Boundary along = random.NextInteger(3) == 0 ? W : P, across = random.NextInteger(3) == 0 ? W : P;
            Gas gas = Long(dimension, length, width, along, across, species);
            if (packing < 0.08 && random.NextInteger(2) == 0)
            {
                gas = gas with { Zones = random.NextInteger(2) == 0 ? [new Zone(3, 2 + 0.5 * random.NextUniform())] : _zones };
                zones++;
            }

            SystemState state = Gases.Lattice(gas, counts, seed: (ulong)k + 1);
            double until = 0.1 * width / Math.Pow(count / 6, 1.0 / dimension) / packing;
            SearchMethod method = random.NextInteger(2) == 0 ? SearchMethod.TimeSlices : SearchMethod.TimeSlicesWithLists;
            using Simulator one = Run(gas, state, until, new SearchSettings());
            using Simulator several = Run(gas, state, until, Shared(method, 2 + random.NextInteger(3), 3 + random.NextInteger(4)));
            CheckSame(one, several);
            shared += several.Counters.SharedSliceCount - several.Counters.RolledBackSliceCount;
            events += several.Counters.RolledBackEventCount;
        }

        Assert.True(shared > 10 * gasCount, $"{shared} slices were shared");
        Assert.True(events > 3 * gasCount, $"{events} events were rolled back");
        Assert.True(zones >= gasCount / 10, $"{zones} gases had zones");
    }

    private static SearchSettings Shared(SearchMethod method, int threads, int? depth)
    {
        if (!_teams.TryGetValue(threads, out ThreadTeam? team))
        {
            _teams[threads] = team = new ThreadTeam(threads);
        }

        return new SearchSettings(method, StripDepth: depth) { Team = team };
    }

    private static Simulator Run(Gas gas, SystemState state, double until, SearchSettings settings, EventBatch? log = null)
    {
        Simulator simulator = new(gas, state, null, settings, log);
        simulator.Advance(until);
        return simulator;
    }

    private static void CheckSame(VelocitySums expected, VelocitySums actual)
    {
        Assert.Equal(expected.ExportCounts(), actual.ExportCounts());
        Assert.Equal(expected.Export(), actual.Export());
    }

    private static void CheckSame(EventTally expected, EventTally actual)
    {
        Assert.Equal(expected.OrderCounts, actual.OrderCounts);
        Assert.Equal(expected.PairCounts, actual.PairCounts);
        Assert.Equal(expected.MultipleCount, actual.MultipleCount);
        Assert.Equal(expected.GrazingCount, actual.GrazingCount);
        Assert.Equal(expected.Virial.Export(), actual.Virial.Export());
        Assert.Equal(expected.WallImpulse.Export(), actual.WallImpulse.Export());
    }

    private static void CheckSame(Simulator expected, Simulator actual)
    {
        CheckSame(expected.Tally, actual.Tally);
        Assert.Equal(StateDigest.Of(expected.Capture()), StateDigest.Of(actual.Capture()));
    }

    private static SystemState WithEpoch(SystemState state, double length) => new(state.Particles, length);

    private static Gas Long(int dimension, double length, double width, Boundary along, Boundary across, params Species[] species) =>
        new(
            new Box(dimension, new Vec3(length, width, dimension == 3 ? 1.1 * width : 0), along, across, dimension == 3 ? across : Boundary.Open),
            [.. species],
            []);
}
