using System.Collections.Immutable;
using ActorMD.Physics.Overlaps;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

/// <summary>The fast search against brute force over all pairs and subsets, on random states with planted overlaps.</summary>
public sealed class OverlapCheckTests
{
    public static TheoryData<int, Boundary, int, int> Cases
    {
        get
        {
            TheoryData<int, Boundary, int, int> data = [];
            foreach (Boundary boundary in Enum.GetValues<Boundary>())
            {
                data.Add(2, boundary, 100, 3);
                data.Add(3, boundary, 100, 3);
                data.Add(2, boundary, 36, 4);
                data.Add(3, boundary, 36, 4);
                data.Add(2, boundary, 20, 5);
                data.Add(3, boundary, 20, 5);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void It_finds_what_brute_force_finds(int dimension, Boundary boundary, int count, int orderMax)
    {
        CounterRandom random = new(1, RandomStream.Testing, (uint)(100 * orderMax + 10 * dimension + (int)boundary));
        HashSet<int> ordersFound = [];
        for (int run = 0; run < 24; run++)
        {
            Gas gas = DilutedGas(dimension, boundary, count, orderMax);
            (Vec3[] positions, int[] species) = Scatter(ref random, gas, count);
            Plant(ref random, gas, positions, 1 + run % orderMax);
            OverlapReport fast = OverlapCheck.Find(gas, positions, species);
            OverlapReport brute = OverlapCheck.FindByBruteForce(gas, positions, species);
            Assert.Equal(brute.WorstOfOrders.Select(Text), fast.WorstOfOrders.Select(Text));
            Assert.Equal(brute.WorstOfOrders.IsEmpty ? null : brute.WorstOfOrders.Max(o => o.Relative), fast.Worst?.Relative);
            ordersFound.UnionWith(brute.WorstOfOrders.Select(o => o.Order));
        }

        IEnumerable<int> expected = Enumerable.Range(
            boundary == Boundary.Reflecting ? 1 : 2, orderMax - (boundary == Boundary.Reflecting ? 0 : 1));
        Assert.Superset(expected.ToHashSet(), ordersFound);
    }

    [Theory]
    [InlineData(2, Boundary.Periodic)]
    [InlineData(3, Boundary.Periodic)]
    [InlineData(2, Boundary.Reflecting)]
    [InlineData(3, Boundary.Open)]
    public void It_finds_what_brute_force_finds_among_very_different_sizes(int dimension, Boundary boundary)
    {
        CounterRandom random = new(3, RandomStream.Testing, (uint)(10 * dimension + (int)boundary));
        Box box = Box.Of(dimension, new Vec3(10, 11, 12), boundary);
        double small = dimension == 3 ? 0.1 : 0.01;
        Gas gas = new(box, [new Species("L", 1, 4.9), new("M", 1, 10 * small), new("S", 1, small)], [new Zone(3, 1.5 * small)]);
        int found = 0;
        for (int run = 0; run < 40; run++)
        {
            Vec3[] positions = new Vec3[60];
            int[] species = [.. Enumerable.Range(0, positions.Length).Select(i => i < run % 2 ? 0 : i < 8 ? 1 : 2)];
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] = new Vec3(
                    random.NextUniform() * 10, random.NextUniform() * 11, dimension == 3 ? random.NextUniform() * 12 : 0);
            }

            OverlapReport fast = OverlapCheck.Find(gas, positions, species), brute = OverlapCheck.FindByBruteForce(gas, positions, species);
            Assert.Equal(brute.WorstOfOrders.Select(Text), fast.WorstOfOrders.Select(Text));
            found += brute.Worst is null ? 0 : 1;
        }

        Assert.InRange(found, 20, 40);
    }

    [Theory]
    [InlineData(1.05)]
    [InlineData(1.7)]
    [InlineData(2.5)]
    [InlineData(3.4)]
    public void The_worst_pair_is_found_in_a_box_hardly_wider_than_the_reach(double length)
    {
        CounterRandom random = new(2, RandomStream.Testing);
        Box box = new(3, new Vec3(length, 1.3 * length, 1.1 * length), Boundary.Periodic, Boundary.Open, Boundary.Periodic);
        Gas gas = new(box, [new Species("A", 1, 1)], []);
        int found = 0;
        for (int run = 0; run < 300; run++)
        {
            Vec3[] positions = new Vec3[2 + run % 4];
            foreach (ref Vec3 position in positions.AsSpan())
            {
                position = new Vec3(length * random.NextUniform(), length * random.NextUniform(), length * random.NextUniform());
            }

            Overlap? expected = OverlapCheck.FindByBruteForce(gas, positions, new int[positions.Length]).Worst;
            Overlap? actual = OverlapCheck.Find(gas, positions, new int[positions.Length]).Worst;
            Assert.Equal(expected is null ? "none" : Text(expected), actual is null ? "none" : Text(actual));
            found += expected is null ? 0 : 1;
        }

        Assert.InRange(found, 30, 300);
    }

    [Fact]
    public void A_valid_state_has_no_overlap()
    {
        Gas gas = new(Box.Cube(10), [new Species("A", 1, 1)], [new Zone(3, 2)]);
        OverlapReport report = OverlapCheck.Find(gas, [new(1, 1, 1), new(2, 1, 1), new(9.99, 1, 1), new(5, 5, 5)], [0, 0, 0, 0]);
        Assert.Null(report.Worst);
        Assert.Null(report.WorstOf(2));
    }

    [Fact]
    public void Overlaps_are_measured_relative_to_their_distance()
    {
        Gas gas = new(
            Box.Of(3, new Vec3(10, 10, 10), Boundary.Periodic) with { BoundaryZ = Boundary.Reflecting },
            [new Species("A", 1, 1), new Species("B", 1, 2)],
            [new Zone(3, 6)]);
        Vec3[] positions =
        [
            new(9.9, 5, 5), new(0.2, 5, 5), // across the face: 0.3 apart instead of 1
            new(5, 5, 9.5), // of species B: 0.5 beyond the wall
            new(5, 0.5, 2), new(7, 0.5, 2), new(5, 2.5, 2), // d_3 = 4 instead of 6
        ];
        OverlapReport report = OverlapCheck.Find(gas, positions, [0, 0, 1, 0, 0, 0]);
        Assert.Equal([1, 2, 3], report.WorstOfOrders.Select(o => o.Order));
        Assert.Equal([2], report.WorstOf(1)!.Ids.AsEnumerable());
        Assert.Equal(0.25, report.WorstOf(1)!.Relative, 14);
        Assert.Equal([0, 1], report.WorstOf(2)!.Ids.AsEnumerable());
        Assert.Equal(0.7, report.WorstOf(2)!.Relative, 14);
        Assert.Equal([3, 4, 5], report.WorstOf(3)!.Ids.AsEnumerable());
        Assert.Equal(1.0 / 3, report.WorstOf(3)!.Relative, 14);
        Assert.Equal(2, report.Worst!.Order);
    }

    [Fact]
    public void A_state_is_checked_at_its_own_time()
    {
        Gas gas = new(Box.Cube(10), [new Species("A", 1, 1)], []);
        ParticleState[] particles =
        [
            new() { Position = new Vec3(9, 5, 5), Velocity = new Vec3(1, 0, 0), Time = -1 },
            new() { Position = new Vec3(2, 5, 5), Time = 0 },
        ];
        Assert.Null(OverlapCheck.Find(gas, new SystemState(particles, 8, 0, 0.9)).Worst);
        Assert.Equal(0.5, OverlapCheck.Find(gas, new SystemState(particles, 8, 0, 1.5)).Worst!.Relative, 14);
        Assert.Equal(0.5, OverlapCheck.FindByBruteForce(gas, new SystemState(particles, 8, 0, 1.5)).Worst!.Relative, 14);
    }

    [Fact]
    public void A_hopeless_state_is_still_checked_in_no_time()
    {
        // 2 10^8 pairs and 10^17 subsets of four particles, all at one place.
        Gas gas = new(Box.Cube(1), [new Species("A", 1, 0.01)], [new Zone(3, 0.04), new Zone(4, 0.08)]);
        OverlapReport report = OverlapCheck.Find(gas, new Vec3[20_000], new int[20_000]);
        Assert.Equal([(2, 1.0), (3, 1.0), (4, 1.0)], report.WorstOfOrders.Select(o => (o.Order, o.Relative)));
    }

    private static string Text(Overlap overlap) =>
        FormattableString.Invariant($"order {overlap.Order}: {overlap.Relative:R} of {string.Join(",", overlap.Ids)}");

    // Distances at which a random state has about one overlap of each order.
    private static Gas DilutedGas(int dimension, Boundary boundary, int count, int orderMax)
    {
        double spacing = Math.Pow(count, -1.0 / dimension);
        double diameter = 0.25 * spacing;
        ImmutableArray<Zone> zones = [];
        for (int order = 3; order <= orderMax; order++)
        {
            zones = zones.Add(new Zone(order, diameter * order * (order == 3 ? 0.8 : order == 4 ? 1.1 : 1.3)));
        }

        Box box = Box.Of(dimension, new Vec3(1, 1.3, 0.9), boundary);
        return new Gas(box, [new Species("A", 1, diameter), new Species("B", 1, 0.6 * diameter)], zones);
    }

    private static (Vec3[] Positions, int[] Species) Scatter(ref CounterRandom random, Gas gas, int count)
    {
        Vec3[] positions = new Vec3[count];
        int[] species = new int[count];
        for (int id = 0; id < count; id++)
        {
            species[id] = random.NextInteger(2);
            Vec3 position = Vec3.Zero;
            for (int axis = 0; axis < gas.Dimension; axis++)
            {
                // Open sides: some fly beyond the box.
                double u = random.NextUniform();
                u = gas.Box.IsOpen(axis) ? 3 * u - 1 : gas.Box.IsReflecting(axis) ? 0.02 + 0.96 * u : u;
                position = position.With(axis, u * gas.Box.Lengths[axis]);
            }

            positions[id] = position;
        }

        return (positions, species);
    }

    // Gathers as many particles as the order about a random one, across faces too; order 1 goes to a wall.
    private static void Plant(ref CounterRandom random, Gas gas, Vec3[] positions, int order)
    {
        int id = random.NextInteger(positions.Length);
        if (order == 1)
        {
            positions[id] = positions[id].With(0, random.NextUniform() < 0.5 ? 0 : gas.Box.Lengths.X * (1 - 1e-9));
            return;
        }

        double distance = order == 2 ? 0.6 * gas.DiameterMax : gas.ZoneOf(order)!.Distance / order;
        for (int member = 1; member < order; member++)
        {
            positions[(id + 7 * member) % positions.Length] = positions[id]
                + distance / Math.Sqrt(2) * random.NextNormalVector(gas.Dimension);
        }
    }
}
