using ActorMD.Engine.Execution;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Runs.Simulations;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>Mixtures whose sizes differ by factors of 4 to 100, against the obvious simulator: the same trajectory, bit for bit.</summary>
public sealed class SizeRatioTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;
    private const Boundary O = Boundary.Open;

    private static readonly ThreadTeam _team = new(2); // gases with large species do not use it

    public static TheoryData<string, Gas, int[], double> Cases => new()
    {
        { "ratio 20, one large", Mixture(3, 50, P, (1, 1), (20, 100)), [60, 1], 240 },
        { "ratio 20, one large and light", Mixture(3, 50, P, (1, 1), (20, 1)), [60, 1], 160 },
        { "ratio 100", Mixture(3, 24, P, (0.1, 1), (10, 1000)), [60, 2], 80 },
        { "ratio 4, a third of all", Mixture(3, 22, P, (1, 1), (4, 9)), [40, 20], 12 },
        { "ratio 8 in walls", Mixture(3, 24, W, (1, 1), (8, 50)), [50, 3], 15 },
        { "as large as half the box", Mixture(3, 20, P, (0.5, 1), (9.4, 20)), [50, 1], 60 },
        { "three classes", Mixture(3, 30, P, (0.3, 1), (3, 10), (12, 100)), [40, 8, 1], 100 },
        { "a continuum", Mixture(3, 26, P, [.. Enumerable.Range(0, 20).Select(k => (0.4 + 0.02 * k * k, 1.0 + k))]),
            [20, 10, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 48 },
        { "a fluid of small ones", Mixture(3, 10, P, (1, 1), (4, 20)), [70, 1], 1.5 },
        { "disks", Mixture(2, 40, P, (0.5, 1), (12, 50)), [60, 2], 20 },
        { "disks in walls", Mixture(2, 40, W, (0.5, 1), (15, 50)), [60, 1], 15 },
        { "dense disks", Mixture(2, 13, P, (1, 1), (5, 20)), [80, 1], 1 },
        { "many large disks", Mixture(2, 50, P, (0.4, 1), (6, 5)), [40, 15], 15 },
        { "a channel", new Gas(new Box(3, new Vec3(24, 20, 22), P, W, P), [new("A", 1, 0.5), new("B", 60, 9)], []), [50, 2], 45 },
        { "a zone of small ones", new Gas(Gases.BoxOf(3, 20, P, P, P), [new("A", 1, 1), new("B", 50, 8)], [new(3, 2.4)]), [45, 1], 32 },
        { "zones of small ones in walls", new Gas(Gases.BoxOf(2, 20, W, W), [new("A", 1, 0.6), new("B", 50, 9)], [new(3, 1.8), new(4, 3)]),
            [24, 1], 24 },
        { "open sides", Mixture(3, 30, O, (1, 1), (12, 100)), [60, 2], 8 },
        { "open and periodic", new Gas(new Box(3, new Vec3(24, 26, 22), P, O, W), [new("A", 1, 0.5), new("B", 60, 9)], []), [60, 2], 12 },
        { "open disks", Mixture(2, 30, O, (0.5, 1), (9, 30)), [60, 2], 6 },
        { "a zone of small ones in open space", new Gas(Gases.BoxOf(3, 14, O, O, O), [new("A", 1, 1), new("B", 50, 6)], [new(3, 2.4)]),
            [30, 1], 3 },
        { "a narrow box of few", Mixture(3, 21, P, (1, 1), (10, 100)), [5, 1], 360 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Very_different_sizes_follow_the_obvious_simulator_bit_for_bit(string name, Gas gas, int[] counts, double until)
    {
        SystemState state = Start(gas, counts, 7, until);
        NaiveSimulator naive = new(gas, state);
        int splitCount = 0;
        naive.Advance(until);
        Assert.True(naive.Tally.OrderCounts[2] > (gas.Box.Has(Boundary.Open) ? 5 : 30), $"{name}: {naive.Tally.OrderCounts[2]} collisions");
        double[] diameters = [.. gas.Species.Select(s => s.Diameter).Order()];
        foreach (
            SearchMethod method in (SearchMethod[])[
                SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists, SearchMethod.Cells, SearchMethod.FilteredCells])
        {
            foreach (
                (double? width, double? smallMax) in ((double?, double?)[])[
                    (null, null), (null, diameters[0]), (0.8, diameters[^2]), (1.3, diameters[diameters.Length / 3])])
            {
                SearchSettings settings = new(method, width, SmallMax: smallMax) { Team = _team };
                SlicePlan? plan = SlicePlan.For(gas, state.Particles, 0, settings);
                Assert.True(smallMax is null || plan is null || plan.Split.HasLarge, $"{name}: {method} is not split");
                splitCount += plan is { Split.HasLarge: true } ? 1 : 0;
                using Simulator simulator = new(gas, state, null, settings);
                CounterRandom random = new(5, RandomStream.Testing);
                while (!simulator.Advance(until, 1 + random.NextInteger(200)))
                {
                    if (random.NextInteger(8) == 0)
                    {
                        simulator.Rebuild();
                    }
                }

                SystemState end = simulator.Capture();
                Assert.Equal(naive.Tally.OrderCounts, simulator.Tally.OrderCounts);
                Assert.True(
                    StateDigest.Of(naive.State) == StateDigest.Of(end), $"{name}: {method} with width {width}, small up to {smallMax}");
                long ofLargest = Enumerable.Range(0, gas.Species.Length)
                    .Sum(a => simulator.Tally.PairCounts[a * gas.Species.Length + gas.Species.Length - 1]);
                Assert.True(ofLargest > 2, $"{name}: {ofLargest} collisions of the largest");
            }
        }

        Assert.Equal(!gas.Box.Has(Boundary.Open) && !name.Contains("narrow", StringComparison.Ordinal), splitCount > 0);
    }

    // No filter may reject a true contact: few particles in narrow cells, some a hundred times as fast as others, some at rest, some that
    // fly along an axis; many gases, so that contacts happen at the ends of slices, across faces of cells and of the box.
    [Theory]
    [InlineData(SearchMethod.TimeSlices)]
    [InlineData(SearchMethod.TimeSlicesWithLists)]
    [InlineData(SearchMethod.Cells)]
    public void Random_gases_of_few_particles_lose_no_contact(SearchMethod method)
    {
        CounterRandom random = new(11, RandomStream.Testing, (uint)method);
        long events = 0;
        int splits = 0;
        for (int run = 0; run < 50; run++)
        {
            int dimension = 2 + random.NextInteger(2), small = 6 + random.NextInteger(20), large = 1 + random.NextInteger(3);
            double ratio = 4 * Math.Pow(25, random.NextUniform()), length = 10;
            Box box = new(
                dimension, new Vec3(length, 1.1 * length, dimension == 3 ? 0.97 * length : 0), AnyBoundary(ref random, method),
                AnyBoundary(ref random, method),
                dimension == 3 ? AnyBoundary(ref random, method) : O);
            double largest = (large == 1 ? 4.7 : 2.2) * (0.4 + 0.6 * random.NextUniform());
            Gas gas = new(
                box, [new("A", 1, largest / ratio), new("B", 1 + 99 * random.NextUniform(), largest), new("C", 3, largest / 3)], []);
            SystemState state = Gases.Start(gas, [small, large, 2], PositionMethod.Growth, (ulong)run);
            ParticleState[] particles = [.. state.Particles];
            foreach (ref ParticleState particle in particles.AsSpan())
            {
                particle.Velocity *= random.NextInteger(8) switch { 0 => 100, 1 => 0, 2 => 10, _ => 1 };
                particle.Velocity = random.NextInteger(6) == 0
                    ? particle.Velocity.With(random.NextInteger(dimension), 0)
                    : particle.Velocity;
            }

            SystemState start = new(particles, 0.5);
            NaiveSimulator naive = new(gas, start);
            naive.Advance(0.7);
            SearchSettings settings = new(
                method, 0.25 + random.NextUniform(), SmallMax: random.NextInteger(2) == 0 ? largest / ratio : largest / 3);
            splits += SlicePlan.For(gas, start.Particles, 0, settings) is { Split.HasLarge: true } ? 1 : 0;
            using Simulator simulator = new(gas, start, null, settings);
            simulator.Advance(0.7);
            Assert.True(StateDigest.Of(naive.State) == StateDigest.Of(simulator.Capture()), $"run {run}, {gas}, {settings}");
            events += naive.Tally.OrderCounts[2];
        }

        Assert.True(events > 300, $"{events} collisions");
        Assert.True(method == SearchMethod.Cells ? splits == 0 : splits > 25, $"{splits} splits");
    }

    private static Boundary AnyBoundary(ref CounterRandom random, SearchMethod method) =>
        random.NextInteger(3) == 0 ? method == SearchMethod.Cells && random.NextInteger(2) == 0 ? O : W : P;

    [Theory]
    [InlineData(3, 50, 2000, 1, 20, 100)]
    [InlineData(3, 40, 3000, 10, 10, 1000)]
    [InlineData(2, 120, 2000, 3, 20, 100)]
    public void The_split_is_chosen_where_it_pays_and_only_there(
        int dimension, double length, int count, int largeCount, double largest, double mass)
    {
        foreach (Boundary boundary in (Boundary[])[P, W, O])
        {
            Gas gas = Mixture(dimension, length, boundary, (1, 1), (largest, mass)),
                mild = Mixture(dimension, length, boundary, (1, 1), (1.9, mass));
            SystemState state = Start(gas, [count, largeCount], 1, 8);
            Assert.True(SizeSplit.ForCells(gas, state.Particles, gas.Box.Volume, SearchSettings.Automatic).HasLarge);
            Assert.False(SizeSplit.ForCells(mild, state.Particles, gas.Box.Volume, SearchSettings.Automatic).HasLarge);
            Assert.Equal(
                boundary != O,
                SlicePlan.For(gas, state.Particles, 0, SearchSettings.Automatic) is { Split.HasLarge: true });
            Assert.NotEqual(true, SlicePlan.For(mild, state.Particles, 0, SearchSettings.Automatic)?.Split.HasLarge);
            string expected = Digest(gas, state, 3, SearchSettings.Automatic);
            Assert.Equal(expected, Digest(gas, state, 3, new SearchSettings(SearchMethod.Cells, SmallMax: 1)));
            Assert.Equal(expected, Digest(gas, state, 3, new SearchSettings(SearchMethod.Cells, SmallMax: largest)));
        }
    }

    private static string Digest(Gas gas, SystemState state, double until, SearchSettings settings)
    {
        using Simulator simulator = new(gas, state, null, settings);
        simulator.Advance(until);
        return StateDigest.Of(simulator.Capture());
    }

    internal static Gas Mixture(int dimension, double length, Boundary boundary, params (double Diameter, double Mass)[] species) =>
        new(
            Gases.BoxOf(dimension, length, boundary, boundary, boundary),
            [.. species.Select((s, a) => new Species($"S{a}", s.Mass, s.Diameter))], []);

    internal static SystemState Start(Gas gas, int[] counts, ulong seed, double until)
    {
        SystemState start = Gases.Start(gas, counts, PositionMethod.Growth, seed);
        return new SystemState(start.Particles, Math.ScaleB(1, Math.ILogB(until) - 1));
    }
}
