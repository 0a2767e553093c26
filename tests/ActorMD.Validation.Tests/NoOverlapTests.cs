using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>No state ever leaves the phase space [Mix 2.5, High 1.24], tested by code that shares nothing with the engine.</summary>
[Trait("Tier", "Validation")]
public class NoOverlapTests(ITestOutputHelper output)
{
    /// <summary>Rounding of positions and times at contact, relative to the distance.</summary>
    private const double OverlapMax = 1e-12;

    /// <summary>Up to this number of particles all pairs and tuples are tried.</summary>
    private const int BruteForceMax = 200;

    private const int CheckCount = 5;

    private const double TimeMax = 1e4;

    private const Boundary Periodic = Boundary.Periodic;
    private const Boundary Reflecting = Boundary.Reflecting;
    private const Boundary Open = Boundary.Open;

    private static readonly Species A = new("A", 1, 1);
    private static readonly Species B = new("B", 4, 0.5);

    public static TheoryData<string, Gas, ImmutableArray<int>, PositionMethod, int> Cases => new()
    {
        { "dense spheres", KnownGases.OfPacking(3, 0.49, [A], [2000]), [2000], PositionMethod.Lattice, 400_000 },
        { "dilute spheres", KnownGases.OfPacking(3, 0.001, [A], [2000]), [2000], PositionMethod.Conditioned, 200_000 },
        { "dense disks", KnownGases.OfPacking(2, 0.65, [A], [2000]), [2000], PositionMethod.Lattice, 400_000 },
        { "mixture", KnownGases.OfPacking(3, 0.4, [A, B], [500, 1500]), [500, 1500], PositionMethod.Growth, 400_000 },
        { "200 spheres", KnownGases.OfPacking(3, 0.3, [A], [200]), [200], PositionMethod.Lattice, 400_000 },
        { "walls", KnownGases.OfPacking(3, 0.3, [A, B], [100, 100], Reflecting), [100, 100], PositionMethod.Growth, 400_000 },
        { "walls in the plane", KnownGases.OfPacking(2, 0.4, [A], [150], Reflecting), [150], PositionMethod.Lattice, 400_000 },
        { "open space", KnownGases.OfPacking(3, 0.3, [A, B], [500, 500], Open), [500, 500], PositionMethod.Growth, 400_000 },
        { "zone of order 3", WithZones(3, 200, 0.05, Periodic, new Zone(3, 2.6)), [200], PositionMethod.Lattice, 100_000 },
        { "order 3 in a mixture", new Gas(Box.Cube(15), [A, B], [new(3, 2.4)]), [100, 100], PositionMethod.Lattice, 100_000 },
        { "order 3 in open space", WithZones(3, 200, 0.05, Open, new Zone(3, 2.4)), [200], PositionMethod.Lattice, 100_000 },
        { "order 4 alone", WithZones(2, 90, 0.08, Periodic, new Zone(4, 4)), [90], PositionMethod.Lattice, 50_000 },
        { "orders 3 and 4", WithZones(2, 90, 0.1, Periodic, new(3, 2.2), new(4, 3.6)), [90], PositionMethod.Lattice, 100_000 },
        { "orders 3 to 5", WithZones(3, 50, 0.04, Reflecting, new(3, 2), new(4, 3.4), new(5, 5)), [50], PositionMethod.Lattice, 50_000 },
        { "2000 with zones", WithZones(3, 2000, 0.04, Periodic, new(3, 2.2), new(4, 3.6)), [2000], PositionMethod.Lattice, 50_000 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void No_tuple_of_any_order_is_closer_than_allowed(
        string name, Gas gas, ImmutableArray<int> counts, PositionMethod method, int stepCount)
    {
        using Simulator simulator = new(gas, KnownGases.Start(gas, counts, method, seed: 17));
        double largest = 0;
        for (int check = 0; check < CheckCount; check++)
        {
            // In open space the last event comes soon; everywhere else the steps are used up long before.
            simulator.Advance(TimeMax, stepCount / CheckCount);
            SystemState state = simulator.Capture();
            OverlapReport report = counts.Sum() <= BruteForceMax
                ? OverlapCheck.FindByBruteForce(gas, state)
                : OverlapCheck.Find(gas, state);
            largest = Math.Max(largest, report.Worst?.Relative ?? 0);
        }

        output.WriteLine(FormattableString.Invariant(
            $"{name}: largest overlap {largest:E1}, events by order {string.Join(", ", simulator.Tally.OrderCounts)}"));
        Assert.True(largest <= OverlapMax, FormattableString.Invariant($"{name}: relative overlap {largest:E2}"));
        foreach (int order in OrdersOf(gas))
        {
            Assert.True(simulator.Tally.OrderCounts[order] > 0, FormattableString.Invariant($"{name}: no event of order {order}"));
        }
    }

    private static IEnumerable<int> OrdersOf(Gas gas) =>
        [.. gas.Box.Has(Reflecting) ? (int[])[1] : [], 2, .. gas.Zones.Select(zone => zone.Order)];

    private static Gas WithZones(int dimension, int count, double density, Boundary boundary, params ImmutableArray<Zone> zones) =>
        new(KnownGases.BoxOf(dimension, Math.Pow(count / density, 1.0 / dimension), boundary), [A], zones);
}
