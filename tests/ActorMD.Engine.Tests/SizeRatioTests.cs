using ActorMD.Kinetic;
using ActorMD.Physics;

namespace ActorMD.Engine.Tests;

/// <summary>Mixtures whose sizes differ by factors of 4 to 100, against the obvious simulator: the same trajectory, bit for bit.</summary>
public sealed class SizeRatioTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;
    private const Boundary O = Boundary.Open;

    public static TheoryData<string, Gas, int[], double> Cases => new()
    {
        { "ratio 20, one large", Mixture(3, 50, P, (1, 1), (20, 100)), [60, 1], 240 },
        { "ratio 20, one large and light", Mixture(3, 50, P, (1, 1), (20, 1)), [60, 1], 160 },
        { "ratio 100", Mixture(3, 24, P, (0.1, 1), (10, 1000)), [60, 2], 80 },
        { "ratio 4, a third of all", Mixture(3, 22, P, (1, 1), (4, 9)), [40, 20], 12 },
        { "ratio 8 in walls", Mixture(3, 24, W, (1, 1), (8, 50)), [50, 3], 15 },
        { "as large as half the box", Mixture(3, 20, P, (0.5, 1), (9.4, 20)), [50, 1], 60 },
        { "three classes", Mixture(3, 30, P, (0.3, 1), (3, 10), (12, 100)), [40, 8, 1], 100 },
        { "a continuum", Mixture(3, 26, P, [.. Enumerable.Range(0, 20).Select(k => (0.4 + 0.02 * k * k, 1.0 + k))]), [20, 10, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 48 },
        { "a fluid of small ones", Mixture(3, 10, P, (1, 1), (4, 20)), [70, 1], 1.5 },
        { "disks", Mixture(2, 40, P, (0.5, 1), (12, 50)), [60, 2], 20 },
        { "disks in walls", Mixture(2, 40, W, (0.5, 1), (15, 50)), [60, 1], 15 },
        { "dense disks", Mixture(2, 13, P, (1, 1), (5, 20)), [80, 1], 1 },
        { "many large disks", Mixture(2, 50, P, (0.4, 1), (6, 5)), [40, 15], 15 },
        { "a channel", new Gas(new Box(3, new Vec3(24, 20, 22), P, W, P), [new("A", 1, 0.5), new("B", 60, 9)], []), [50, 2], 45 },
        { "a zone of small ones", new Gas(Gases.BoxOf(3, 20, P, P, P), [new("A", 1, 1), new("B", 50, 8)], [new(3, 2.4)]), [45, 1], 32 },
        { "zones of small ones in walls", new Gas(Gases.BoxOf(2, 20, W, W), [new("A", 1, 0.6), new("B", 50, 9)], [new(3, 1.8), new(4, 3)]), [24, 1], 24 },
        { "open sides", Mixture(3, 30, O, (1, 1), (12, 100)), [60, 2], 8 },
        { "open and periodic", new Gas(new Box(3, new Vec3(24, 26, 22), P, O, W), [new("A", 1, 0.5), new("B", 60, 9)], []), [60, 2], 12 },
        { "open disks", Mixture(2, 30, O, (0.5, 1), (9, 30)), [60, 2], 6 },
        { "a zone of small ones in open space", new Gas(Gases.BoxOf(3, 14, O, O, O), [new("A", 1, 1), new("B", 50, 6)], [new(3, 2.4)]), [30, 1], 3 },
        { "a narrow box of few", Mixture(3, 21, P, (1, 1), (10, 100)), [5, 1], 360 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Very_different_sizes_follow_the_obvious_simulator_bit_for_bit(string name, Gas gas, int[] counts, double until)
    {
        SystemState state = Start(gas, counts, 7, until);
        NaiveSimulator naive = new(gas, state);
        naive.Advance(until);
        Assert.True(naive.Tally.OrderCounts[2] > (gas.Box.Has(Boundary.Open) ? 5 : 30), $"{name}: {naive.Tally.OrderCounts[2]} collisions");
        foreach (SearchMethod method in (SearchMethod[])[SearchMethod.Slabs, SearchMethod.SlabsWithNeighbors, SearchMethod.Cells, SearchMethod.FilteredCells])
        {
            foreach (double? width in (double?[])[null, 0.8])
            {
                using Simulator simulator = new(gas, state, null, new SearchSettings(method, width, Threads: 2));
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
                Assert.True(StateDigest.Of(naive.State) == StateDigest.Of(end), $"{name}: {method} with width {width}");
                long ofLargest = Enumerable.Range(0, gas.Species.Length).Sum(a => simulator.Tally.PairCounts[a * gas.Species.Length + gas.Species.Length - 1]);
                Assert.True(ofLargest > 2, $"{name}: {ofLargest} collisions of the largest");
            }
        }
    }

    internal static Gas Mixture(int dimension, double length, Boundary boundary, params (double Diameter, double Mass)[] species) =>
        new(Gases.BoxOf(dimension, length, boundary, boundary, boundary), [.. species.Select((s, a) => new Species($"S{a}", s.Mass, s.Diameter))], []);

    internal static SystemState Start(Gas gas, int[] counts, ulong seed, double until)
    {
        SystemState start = Gases.Start(gas, counts, PositionMethod.Growth, seed);
        return new SystemState(start.Particles, Math.ScaleB(1, Math.ILogB(until) - 1));
    }
}
