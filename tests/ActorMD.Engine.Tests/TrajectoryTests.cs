using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>The engine against the obvious simulator: the same trajectory, bit for bit.</summary>
public class TrajectoryTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;
    private const Boundary O = Boundary.Open;

    public static TheoryData<string, Gas, int[], double> Cases => new()
    {
        { "fluid", Periodic3D(4.2, Gases.Light), [50], 1.5 },
        { "dilute, few cells", Periodic3D(5, Gases.Light), [6], 20 },
        { "two reaches wide", Periodic3D(2.2, Gases.Light), [4], 10 },
        { "mixture", Periodic3D(4, Gases.Light, Gases.Heavy), [20, 40], 1.5 },
        { "disks", new Gas(Gases.BoxOf(2, 8, P, P), [Gases.Light], []), [30], 3 },
        { "disk mixture in walls", new Gas(Gases.BoxOf(2, 8, W, W), [Gases.Light, Gases.Heavy], []), [15, 20], 3 },
        { "walls", new Gas(Gases.BoxOf(3, 4.5, W, W, W), [Gases.Light, Gases.Heavy], []), [20, 20], 2 },
        { "gas of disks", new Gas(Gases.BoxOf(2, 30, P, P), [Gases.Light, Gases.Heavy], []), [25, 25], 12 },
        { "gas in a channel", new Gas(Gases.BoxOf(3, 14, P, W, P), [Gases.Light, Gases.Heavy], []), [40, 40], 8 },
        { "channel", new Gas(Gases.BoxOf(3, 4.5, P, W, P), [Gases.Light], []), [30], 2 },
        { "open", new Gas(Gases.BoxOf(3, 4.5, O, O, O), [Gases.Light, Gases.Heavy], []), [20, 20], 6 },
        { "half open", new Gas(Gases.BoxOf(3, 4.5, P, W, O), [Gases.Light], []), [30], 3 },
        { "one particle in walls", new Gas(Gases.BoxOf(3, 2, W, W, W), [Gases.Light], []), [1], 100 },
        { "one particle, periodic", Periodic3D(2.1, Gases.Light), [1], 100 },
        { "zone of order 3", WithZones(3, 5, P, (3, 2.4)), [20], 5 },
        { "zone of order 3 in a mixture", new Gas(Gases.BoxOf(3, 4.5, P, P, P), [Gases.Light, Gases.Heavy], [new(3, 2.4)]), [10, 10], 4 },
        { "zones of order 3 and 4", WithZones(3, 5.5, P, (3, 2.2), (4, 3.8)), [14], 6 },
        { "zones of order 3, 4, 5 in walls", WithZones(3, 5, W, (3, 2.0), (4, 3.6), (5, 5.6)), [11], 16 },
        { "zones in two dimensions", WithZones(2, 8, P, (3, 2.2), (4, 3.6)), [14], 8 },
        { "zone of order 3, three reaches wide", WithZones(3, 8, P, (3, 2.4)), [45], 2 },
        { "zones of order 3 and 4, three reaches wide", WithZones(2, 13, P, (3, 2.2), (4, 3.8)), [26], 14 },
        { "zones of a mixture in walls", new Gas(Gases.BoxOf(2, 12, W, P), [Gases.Light, Gases.Heavy], [new(3, 2.4), new(4, 4.0)]),
            [12, 12], 14 },
        { "zone in open space", WithZones(3, 4.2, O, (3, 2.4)), [15], 3 },
        { "order 4 alone", WithZones(2, 8, P, (4, 4.0)), [14], 6 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void The_engine_follows_the_obvious_simulator_bit_for_bit(string name, Gas gas, int[] counts, double until)
    {
        SystemState start = Gases.Lattice(gas, counts, seed: 3);
        // Short epochs, so that several end on the way.
        SystemState state = new(start.Particles, Math.ScaleB(1, Math.ILogB(until) - 1));
        NaiveSimulator naive = new(gas, state);
        naive.Advance(until);
        foreach (
            SearchMethod method in (SearchMethod[])[
                SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists, SearchMethod.Cells, SearchMethod.FilteredCells])
        {
            CheckAgainst(naive, gas, state, until, method);
        }

        IEnumerable<int> orders = gas.Zones.Select(z => z.Order)
            .Concat(counts.Sum() > 1 ? [2] : [])
            .Concat(gas.Box.Has(Boundary.Reflecting) ? [1] : []);
        Assert.All(orders, order => Assert.True(naive.Tally.OrderCounts[order] > 0, $"{name}: no event of order {order}"));
    }

    [Theory]
    [InlineData(SearchMethod.FilteredCells, 66)]
    [InlineData(SearchMethod.FilteredCells, -66)]
    [InlineData(SearchMethod.FilteredCells, 150)]
    [InlineData(SearchMethod.FilteredCells, -150)]
    [InlineData(SearchMethod.TimeSlices, 66)]
    [InlineData(SearchMethod.TimeSlicesWithLists, 66)]
    [InlineData(SearchMethod.TimeSlices, -66)]
    [InlineData(SearchMethod.TimeSlicesWithLists, -66)]
    [InlineData(SearchMethod.TimeSlices, 150)]
    [InlineData(SearchMethod.TimeSlices, -150)]
    public void Other_units_do_not_change_the_trajectory(SearchMethod method, int exponent)
    {
        // A power of two scales every length and velocity without rounding.
        double unit = Math.ScaleB(1, exponent);
        Gas gas = new(Gases.BoxOf(3, 12, P, P, P), [Gases.Light, Gases.Heavy], []);
        Gas scaled = new(
            Gases.BoxOf(3, 12 * unit, P, P, P), [.. gas.Species.Select(s => s with { Diameter = unit * s.Diameter })], []);
        SystemState state = Gases.Lattice(gas, [150, 150], seed: 4);
        ParticleState[] particles = [.. state.Particles];
        foreach (ref ParticleState particle in particles.AsSpan())
        {
            particle.Position *= unit;
            particle.Velocity *= unit;
        }

        SearchSettings settings = new(method);
        using Simulator plain = new(gas, state, null, settings);
        using Simulator other = new(scaled, new SystemState(particles, state.EpochLength), null, settings);
        plain.Advance(5);
        other.Advance(5);

        Assert.True(plain.Tally.OrderCounts[2] > 100);
        Assert.Equal(plain.Tally.OrderCounts, other.Tally.OrderCounts);
        Assert.Equal(
            plain.Capture().Particles.Select(p => unit * p.Position), other.Capture().Particles.Select(p => p.Position));
    }

    private static void CheckAgainst(NaiveSimulator naive, Gas gas, SystemState state, double until, SearchMethod method)
    {
        using Simulator simulator = new(gas, state, null, new SearchSettings(method));
        simulator.Advance(until);
        SystemState end = simulator.Capture();
        Assert.Equal(naive.Tally.OrderCounts, simulator.Tally.OrderCounts);
        Assert.Equal(naive.Tally.Virial.Value, simulator.Tally.Virial.Value);
        Assert.Equal(naive.State.Epoch, end.Epoch);
        Assert.Equal(StateDigest.Of(naive.State), StateDigest.Of(end));
    }

    [Theory]
    [InlineData(SearchMethod.Cells, 0.7)]
    [InlineData(SearchMethod.Cells, 1.6)]
    [InlineData(SearchMethod.FilteredCells, 0.7)]
    [InlineData(SearchMethod.FilteredCells, 2.5)]
    [InlineData(SearchMethod.TimeSlices, 0.7)]
    [InlineData(SearchMethod.TimeSlices, 2.2)]
    [InlineData(SearchMethod.TimeSlicesWithLists, 0.7)]
    [InlineData(SearchMethod.TimeSlicesWithLists, 1.6)]
    public void The_search_structure_does_not_change_the_trajectory(SearchMethod method, double cellWidth)
    {
        Gas gas = new(Gases.BoxOf(3, 9, P, W, P), [Gases.Light, Gases.Heavy], []);
        SystemState state = Gases.Lattice(gas, [250, 250]);
        Assert.Equal(Digest(gas, state, 8, null), Digest(gas, state, 8, new SearchSettings(method, cellWidth)));
    }

    [Fact]
    public void Rebuilding_the_caches_at_any_moment_does_not_change_the_trajectory()
    {
        foreach (Gas gas in (Gas[])[Periodic3D(8, Gases.Light, Gases.Heavy), WithZones(3, 12, P, (3, 2.2), (4, 3.8))])
        {
            SystemState state = Gases.Lattice(gas, gas.Species.Length == 2 ? [150, 150] : [150]);
            using Simulator interrupted = new(gas, state);
            CounterRandom random = new(5, RandomStream.Testing);
            while (!interrupted.Advance(6, 1 + random.NextInteger(400)))
            {
                interrupted.Rebuild();
            }

            Assert.Equal(Digest(gas, state, 6, null), StateDigest.Of(interrupted.Capture()));
        }
    }

    [Fact]
    public void A_run_in_two_parts_ends_like_a_run_in_one()
    {
        Gas gas = Periodic3D(8, Gases.Light, Gases.Heavy);
        SystemState state = Gases.Lattice(gas, [150, 150]);
        using Simulator first = new(gas, state);
        first.Advance(2.3);
        using Simulator second = new(gas, first.Capture(), first.Tally);
        second.Advance(6);
        using Simulator whole = new(gas, state);
        whole.Advance(6);
        Assert.Equal(StateDigest.Of(whole.Capture()), StateDigest.Of(second.Capture()));
        Assert.Equal(whole.Tally.OrderCounts, second.Tally.OrderCounts);
        Assert.Equal(whole.Tally.Virial.Value, second.Tally.Virial.Value);
    }

    [Fact]
    public void Exact_ties_are_decided_alike_by_all_search_structures()
    {
        (Gas gas, SystemState state) = Gases.Ties(12, 12);
        NaiveSimulator naive = new(gas, state);
        naive.Advance(10);
        foreach (
            SearchMethod method in (SearchMethod[])[
                SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists, SearchMethod.Cells, SearchMethod.FilteredCells])
        {
            using Simulator simulator = new(gas, state, null, new SearchSettings(method));
            simulator.Advance(10);
            Assert.True(simulator.Tally.MultipleCount > 0);
            Assert.Equal(StateDigest.Of(naive.State), StateDigest.Of(simulator.Capture()));
        }
    }

    [Theory]
    [InlineData(3, Boundary.Periodic, 30)]
    [InlineData(3, Boundary.Periodic, 3000)]
    [InlineData(3, Boundary.Reflecting, 300)]
    [InlineData(2, Boundary.Periodic, 300)]
    public void A_much_faster_particle_misses_nobody(int dimension, Boundary boundary, double factor)
    {
        // Its flight spans many cells, and in the last cases many boxes, within the time that the others need for one.
        Gas gas = new(Gases.BoxOf(dimension, 9, boundary, boundary, boundary), [Gases.Light, Gases.Heavy], []);
        SystemState state = Gases.Lattice(gas, dimension == 3 ? [60, 60] : [15, 15], seed: 8);
        ParticleState[] particles = [.. state.Particles];
        particles[7].Velocity *= factor;
        double until = 30 / factor;
        SystemState start = new(particles, Math.ScaleB(1, Math.ILogB(until)));
        NaiveSimulator naive = new(gas, start);
        naive.Advance(until);

        Assert.True(naive.Tally.OrderCounts[2] > 10);
        CheckAgainst(naive, gas, start, until, SearchMethod.TimeSlices);
        CheckAgainst(naive, gas, start, until, SearchMethod.TimeSlicesWithLists);
    }

    [Fact]
    public void Tuples_of_a_much_faster_particle_are_found_in_time_slices()
    {
        Gas gas = new(Gases.BoxOf(3, 9, P, P, P), [Gases.Light, Gases.Heavy], [new(3, 2.3)]);
        SystemState state = Gases.Lattice(gas, [25, 20], seed: 8);
        ParticleState[] particles = [.. state.Particles];
        particles[7].Velocity *= 40;
        SystemState start = new(particles, 1);
        NaiveSimulator naive = new(gas, start);
        naive.Advance(3);

        Assert.True(naive.Tally.OrderCounts[3] > 3);
        CheckAgainst(naive, gas, start, 3, SearchMethod.TimeSlices);
    }

    [Fact]
    public void Zones_in_time_slices_and_in_cells_give_the_same_trajectory()
    {
        foreach (Gas gas in (Gas[])[WithZones(3, 26, P, (3, 2.4), (4, 4.4)), WithZones(2, 70, W, (3, 2.4), (4, 4.2), (5, 6.2))])
        {
            SystemState state = Gases.Lattice(gas, [900], seed: 10);
            using Simulator slices = new(gas, state, null, new SearchSettings(SearchMethod.TimeSlices));
            slices.Advance(6);
            Assert.All(gas.Zones, zone => Assert.True(slices.Tally.OrderCounts[zone.Order] > 10));
            Assert.Equal(Digest(gas, state, 6, new SearchSettings(SearchMethod.FilteredCells)), StateDigest.Of(slices.Capture()));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void Slices_find_the_events_of_a_long_narrow_gas(double factor)
    {
        // Dozens of cells along one axis, a number that is no multiple of eight, and few along the others.
        Gas gas = new(new Box(3, new Vec3(310, 21, 23), P, W, P), [Gases.Light, Gases.Heavy], []);
        SystemState state = Gases.Lattice(gas, [200, 200], seed: 12);
        ParticleState[] particles = [.. state.Particles];
        particles[7].Velocity *= factor;
        SystemState start = new(particles, 16);
        using Simulator slices = new(gas, start, null, new SearchSettings(SearchMethod.TimeSlices));
        slices.Advance(60);

        Assert.True(slices.Tally.OrderCounts[2] > 100);
        Assert.Equal(Digest(gas, start, 60, new SearchSettings(SearchMethod.Cells)), StateDigest.Of(slices.Capture()));
    }

    [Fact]
    public void Many_slices_and_renumberings_do_not_change_the_trajectory()
    {
        Gas gas = new(Gases.BoxOf(3, 60, P, P, P), [Gases.Light, Gases.Heavy], []);
        SystemState state = Gases.Lattice(gas, [7000, 5000], seed: 9);
        string cells = Digest(gas, state, 12, new SearchSettings(SearchMethod.Cells));
        Assert.Equal(cells, Digest(gas, state, 12, new SearchSettings(SearchMethod.TimeSlices)));
        Assert.Equal(cells, Digest(gas, state, 12, new SearchSettings(SearchMethod.TimeSlicesWithLists)));
    }

    private static string Digest(Gas gas, SystemState state, double until, SearchSettings? settings)
    {
        using Simulator simulator = new(gas, state, null, settings);
        simulator.Advance(until);
        return StateDigest.Of(simulator.Capture());
    }

    private static Gas Periodic3D(double length, params Species[] species) =>
        new(Gases.BoxOf(3, length, P, P, P), [.. species], []);

    private static Gas WithZones(int dimension, double length, Boundary boundary, params (int Order, double Distance)[] zones) =>
        new(
            Gases.BoxOf(dimension, length, boundary, boundary, boundary),
            [Gases.Light],
            [.. zones.Select(z => new Zone(z.Order, z.Distance))]);
}
