using System.Collections.Immutable;
using ActorMD.Engine.Execution;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Runs.Simulations;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>
/// Particles with diameters and masses of their own, against a mixture of as many species as particles: the same trajectory, bit for bit.
/// The one looks sizes up by particle, the other in tables of all pairs of species.
/// </summary>
public sealed class OwnSizeTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;
    private const Boundary O = Boundary.Open;

    public static TheoryData<string, Box, SizeDistribution, double> Cases => new()
    {
        { "a fluid", Gases.BoxOf(3, 8, P, P, P), Sizes(SizeForm.LogNormal, [1, 0.2, 0.5, 2], 3, 300), 2 },
        { "a gas", Gases.BoxOf(3, 20, P, P, P), Sizes(SizeForm.Schulz, [1, 0.3, 0.3, 2.5], 0, 200), 8 },
        { "walls", Gases.BoxOf(3, 12, W, P, W), Sizes(SizeForm.Uniform, [0.5, 1.5], 2.5, 200), 5 },
        { "disks", Gases.BoxOf(2, 20, P, P), Sizes(SizeForm.Normal, [1, 0.15, 0.5, 1.5], 2, 200), 3 },
        { "disks in walls", Gases.BoxOf(2, 20, W, W), Sizes(SizeForm.Histogram, [0.5, 1, 1.4, 1, 2], 1, 150), 4 },
        { "a wide range", Gases.BoxOf(3, 30, P, P, P), Sizes(SizeForm.PowerLaw, [3.5, 0.4, 8], 3, 250), 60 },
        { "open", Gases.BoxOf(3, 10, O, O, O), Sizes(SizeForm.Values, [1, 1.2, 2, 1], 3, 100), 2 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Own_sizes_are_as_many_species_bit_for_bit(string name, Box box, SizeDistribution sizes, double until)
    {
        Gas gas = new(box, [Species.Of("A", sizes)], []);
        SystemState state = Gases.Start(gas, [sizes.Count], box.Has(Boundary.Open) ? PositionMethod.Conditioned : PositionMethod.Growth);
        Gas mixture = new(box, [.. gas.Kinds.Select((kind, k) => new Species($"A{k}", kind.Mass, kind.Diameter))], []);
        using Simulator expected = new(mixture, state);
        expected.Advance(until);
        SystemState end = expected.Capture();
        long collisions = expected.Tally.OrderCounts[2];
        Assert.True(collisions > (box.Has(Boundary.Open) ? 30 : 100), $"{name}: {collisions} collisions");
        Assert.Null(ActorMD.Physics.Overlaps.OverlapCheck.FindByBruteForce(gas, end).WorstOfOrders
            .Where(overlap => overlap.Relative > 1e-10).Cast<object>().FirstOrDefault());
        foreach (SearchMethod method in Enum.GetValues<SearchMethod>())
        {
            foreach (double? smallMax in (double?[])[null, 0.5 * (gas.DiameterMin + gas.DiameterMax)])
            {
                using Simulator simulator = new(gas, state, null, new SearchSettings(method, SmallMax: smallMax));
                simulator.Advance(until);
                Assert.Equal(expected.Tally.OrderCounts, simulator.Tally.OrderCounts);
                Assert.Equal(expected.Tally.Virial.Value, simulator.Tally.Virial.Value);
                Assert.Equal(expected.Tally.WallImpulse.Value, simulator.Tally.WallImpulse.Value);
                Assert.Equal(simulator.Tally.OrderCounts[2], simulator.Tally.PairCount(0, 0));
                Assert.True(StateDigest.Of(end) == StateDigest.Of(simulator.Capture()), $"{name}: {method}, small up to {smallMax}");
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_share_a_gas_of_own_sizes(int threads)
    {
        SizeDistribution sizes = Sizes(SizeForm.LogNormal, [1, 0.15, 0.6, 1.6], 3, 24_000);
        Gas gas = new(
            new Box(3, new Vec3(120, 16, 17), P, P, P), [Species.Of("A", sizes), new Species("B", 1, 0.8)], []);
        SystemState state = Gases.Start(gas, [24_000, 500], PositionMethod.Growth);
        using Simulator serial = new(gas, state), shared = new(gas, state, null, new SearchSettings { Team = new ThreadTeam(threads) });
        serial.Advance(0.3);
        shared.Advance(0.3);
        Assert.True(shared.Counters.SharedSliceCount > 5, $"{shared.Counters.SharedSliceCount} slices were shared");
        Assert.Equal(serial.Tally.PairCounts, shared.Tally.PairCounts);
        Assert.Equal(StateDigest.Of(serial.Capture()), StateDigest.Of(shared.Capture()));
    }

    private static SizeDistribution Sizes(SizeForm form, ImmutableArray<double> numbers, double massPower, int count) =>
        new(form, numbers, 1, massPower, count);
}
