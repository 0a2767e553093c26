using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

/// <summary>The conditioned law against plain rejection: whole configurations drawn and thrown away until one is valid.</summary>
public sealed class ConditionedTests
{
    private const int SampleCount = 2_000;

    // Dense enough that inserting particles one by one gives a visibly other law.
    public static TheoryData<string> Names => [.. Cases.Keys];

    private static readonly Dictionary<string, (Gas Gas, ImmutableArray<int> Counts)> Cases = new()
    {
        ["three disks"] = (new Gas(Box.Square(1), [new("A", 1, 0.42)], []), [3]),
        ["four disks"] = (new Gas(Box.Of(2, new Vec3(1, 1.3, 0), Boundary.Periodic), [new("A", 1, 0.38)], []), [4]),
        ["disks of two sizes between walls"] = (
            new Gas(Box.Square(1, Boundary.Reflecting), [new("A", 1, 0.2), new("B", 1, 0.4)], []), [2, 2]),
        ["four spheres"] = (new Gas(Box.Cube(1), [new("A", 1, 0.47)], []), [4]),
        ["a zone of order 3"] = (new Gas(Box.Square(1), [new("A", 1, 0.15)], [new Zone(3, 0.55)]), [4]),
        ["zones of orders 3 and 4"] = (new Gas(Box.Cube(1), [new("A", 1, 0.2)], [new Zone(3, 0.6), new Zone(4, 1.1)]), [5]),
    };

    [Theory, MemberData(nameof(Names))]
    public void Distances_have_the_law_of_plain_rejection(string name)
    {
        (Gas gas, ImmutableArray<int> counts) = Cases[name];
        double[] chain = new double[SampleCount], rejection = new double[SampleCount];
        CounterRandom random = new(1, RandomStream.Testing);
        for (int n = 0; n < SampleCount; n++)
        {
            SystemState state = InitialState.Build(
                gas, counts, new(new(PositionMethod.Conditioned), new([.. counts.Select(_ => new Maxwellian(0, Vec3.Zero))])), (ulong)n);
            chain[n] = Distance(gas.Box, Array.ConvertAll(state.Particles, p => p.Position));
            rejection[n] = Distance(gas.Box, Reject(ref random, gas, counts));
        }

        (double chiSquare, int freedom) = ChiSquare(chain, rejection);
        // The 0.001 quantile of chi-square with f degrees of freedom (Wilson, Hilferty): the seeds are fixed.
        double quantile = freedom * Math.Pow(1 - 2.0 / (9 * freedom) + 3.09 * Math.Sqrt(2.0 / (9 * freedom)), 3);
        Assert.True(chiSquare < quantile, $"chi-square {chiSquare} with {freedom} degrees of freedom");
    }

    [Fact]
    public void Inserting_particles_one_by_one_has_another_law()
    {
        // The test above would notice: no sweep leaves the sequential insertion as it is.
        (Gas gas, ImmutableArray<int> counts) = Cases["three disks"];
        double[] insertion = new double[SampleCount], rejection = new double[SampleCount];
        CounterRandom random = new(1, RandomStream.Testing);
        for (int n = 0; n < SampleCount; n++)
        {
            SystemState state = InitialState.Build(
                gas, counts, new(new(PositionMethod.Conditioned, Sweeps: 0), new([new Maxwellian(0, Vec3.Zero)])), (ulong)n);
            insertion[n] = Distance(gas.Box, Array.ConvertAll(state.Particles, p => p.Position));
            rejection[n] = Distance(gas.Box, Reject(ref random, gas, counts));
        }

        (double chiSquare, int freedom) = ChiSquare(insertion, rejection);
        Assert.True(chiSquare > 3 * freedom, $"chi-square {chiSquare} with {freedom} degrees of freedom");
    }

    [Fact]
    public void The_mixing_criterion_is_reported()
    {
        Gas gas = new(Box.Cube(1), [new("A", 1, 0.05)], []);
        SystemState state = InitialState.Build(gas, [500], Data(null), 1, out InitialReport report);
        Assert.Null(OverlapCheck.Find(gas, state).Worst);
        Assert.InRange(report.RedrawCountMean, 10, 12);
        // Low density: 1 - n (4 pi/3) eps^3 = 0.74; higher orders add 0.02.
        Assert.InRange(report.Acceptance, 0.72, 0.80);
        Assert.Equal(report.RedrawCountMean, report.Acceptance * report.SweepCount, 1e-9);
        InitialState.Build(gas, [500], Data(3), 1, out report);
        Assert.Equal(3, report.SweepCount);
    }

    [Fact]
    public void A_start_that_insertion_cannot_find_comes_from_a_lattice()
    {
        // 0.44 by insertion stops near 0.38; two sweeps are wanted only.
        Gas gas = new(Box.Cube(Math.Cbrt(500 * Math.PI / 6 / 0.44)), [new("A", 1, 1)], []);
        SystemState state = InitialState.Build(gas, [500], Data(2), 1);
        Assert.Null(OverlapCheck.Find(gas, state).Worst);
    }

    [Fact]
    public void A_gas_too_dense_for_the_chain_is_refused_with_the_acceptance()
    {
        Gas gas = new(Box.Cube(Math.Cbrt(108 * Math.PI / 6 / 0.6)), [new("A", 1, 1)], []);
        InitialStateException error = Assert.Throws<InitialStateException>(() => InitialState.Build(gas, [108], Data(null), 1));
        Assert.Contains("does not mix", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gas_that_cannot_be_is_refused()
    {
        Gas gas = new(Box.Cube(Math.Cbrt(100 * Math.PI / 6 / 0.8)), [new("A", 1, 1)], []);
        InitialStateException error = Assert.Throws<InitialStateException>(() => InitialState.Build(gas, [100], Data(null), 1));
        Assert.Contains("found no valid start", error.Message, StringComparison.Ordinal);
    }

    private static InitialData Data(int? sweeps) =>
        new(new PositionPlan(PositionMethod.Conditioned, sweeps), new VelocityPlan([new Maxwellian(1, Vec3.Zero)]));

    private static Vec3[] Reject(ref CounterRandom random, Gas gas, ImmutableArray<int> counts)
    {
        int[] species = [.. counts.SelectMany((count, a) => Enumerable.Repeat(a, count))];
        Vec3[] positions = new Vec3[species.Length];
        do
        {
            for (int id = 0; id < positions.Length; id++)
            {
                Vec3 l = gas.Box.Lengths;
                positions[id] = new(random.NextUniform() * l.X, random.NextUniform() * l.Y, random.NextUniform() * l.Z);
            }
        }
        while (OverlapCheck.FindByBruteForce(gas, positions, species).Worst is not null);
        return positions;
    }

    // Of the first and the last particle: of different species where there are two.
    private static double Distance(Box box, Vec3[] positions) =>
        Math.Sqrt(box.NearestImage(positions[^1] - positions[0]).LengthSquared);

    // Two samples in 20 bins with about equal numbers of both together.
    internal static (double ChiSquare, int Freedom) ChiSquare(double[] first, double[] second)
    {
        const int binCount = 20;
        double[] all = [.. first.Concat(second).Order()];
        double[] edges = [.. Enumerable.Range(1, binCount - 1).Select(bin => all[bin * all.Length / binCount])];
        int[] a = new int[binCount], b = new int[binCount];
        foreach (double x in first)
        {
            a[edges.Count(edge => edge <= x)]++;
        }

        foreach (double x in second)
        {
            b[edges.Count(edge => edge <= x)]++;
        }

        return (a.Zip(b, (m, n) => (double)(m - n) * (m - n) / (m + n)).Sum(), binCount - 1);
    }
}
