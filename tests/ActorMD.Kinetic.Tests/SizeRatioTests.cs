using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

/// <summary>Starts of mixtures whose sizes differ by factors of 4 to 100.</summary>
public sealed class SizeRatioTests
{
    public static TheoryData<string, Gas, int[]> Mixtures => new()
    {
        { "2000 of 1, one of 20", Mixture(Box.Cube(50), (1, 1), (20, 100)), [2000, 1] },
        { "the large one first", Mixture(Box.Cube(50), (20, 100), (1, 1)), [1, 2000] },
        { "ratio 100", Mixture(Box.Cube(40), (0.1, 1), (10, 1000)), [4000, 10] },
        { "three classes", Mixture(Box.Cube(60), (0.5, 1), (4, 20), (24, 500)), [3000, 30, 2] },
        { "between walls", Mixture(Box.Cube(50, Boundary.Reflecting), (1, 1), (20, 100)), [1000, 2] },
        { "half the box", Mixture(Box.Cube(20), (0.4, 1), (9.9, 100)), [1500, 1] },
        { "disks", Mixture(Box.Square(80), (0.5, 1), (15, 100)), [800, 3] },
        { "disks between walls", Mixture(Box.Square(60, Boundary.Reflecting), (0.5, 1), (40, 100)), [200, 1] },
        { "a continuum", Mixture(Box.Cube(60), [.. Enumerable.Range(0, 12).Select(k => (Diameter: 0.5 + k * k * 0.04, Mass: 1.0 + k))]),
            [.. Enumerable.Range(0, 12).Select(k => 2000 / (1 + k * k))] },
        { "open sides", Mixture(Box.Cube(50, Boundary.Open), (1, 1), (20, 100)), [1000, 2] },
        { "with a zone of small ones", new Gas(Box.Cube(50), [new("S", 1, 1), new("L", 100, 20)], [new Zone(3, 2.4)]), [1500, 2] },
    };

    [Theory, MemberData(nameof(Mixtures))]
    public void Conditioned_starts_are_found_or_refused(string name, Gas gas, int[] counts)
    {
        if (gas.Box.Has(Boundary.Open))
        {
            InitialStateException error = Assert.Throws<InitialStateException>(() => Start(gas, counts, PositionMethod.Conditioned, out _));
            Assert.Contains("walls instead of open sides", error.Message, StringComparison.Ordinal);
            return;
        }

        SystemState state = Start(gas, counts, PositionMethod.Conditioned, out InitialReport report);
        Assert.Null(OverlapCheck.Find(gas, state).Worst);
        Assert.True(report.RedrawCountMean >= 9.9, $"{name}: {report.RedrawCountMean} redraws");
        Assert.Equal(state.Particles, Start(gas, counts, PositionMethod.Conditioned, out _).Particles);
    }

    [Theory, MemberData(nameof(Mixtures))]
    public void Growth_finds_a_start(string name, Gas gas, int[] counts)
    {
        SystemState state = Start(gas, counts, PositionMethod.Growth, out InitialReport report);
        Assert.Null(OverlapCheck.Find(gas, state).Worst);
        Assert.True(report.SweepCount < 3000, $"{name}: {report.SweepCount} sweeps");
    }

    [Fact]
    public void Large_disks_that_change_places_with_small_ones_have_the_conditioned_law()
    {
        const int Count = 31, SampleCount = 3000;
        const double Large = 0.45, Small = 0.05;
        Gas gas = Mixture(Box.Square(1), (Small, 1), (Large, 100));
        double[] chain = new double[SampleCount], rejection = new double[SampleCount], insertion = new double[SampleCount];
        CounterRandom random = new(1, RandomStream.Testing);
        for (int n = 0; n < SampleCount; n++)
        {
            chain[n] = LargeDistance(gas, Start(gas, [Count, 2], PositionMethod.Conditioned, out _, (ulong)n));
            insertion[n] = LargeDistance(gas, Start(gas, [Count, 2], PositionMethod.Conditioned, out _, (ulong)n, sweeps: 0));
            rejection[n] = RejectedDistance(ref random, gas, Count);
        }

        // The 0.001 quantile of chi-square with 19 degrees of freedom is 43.8: the seeds are fixed.
        Assert.InRange(ConditionedTests.ChiSquare(chain, rejection).ChiSquare, 0, 43.8);
        Assert.InRange(
            // The small ones draw the large ones together.
            ConditionedTests.ChiSquare(insertion, rejection).ChiSquare, 43.8, double.MaxValue);
    }

    [Fact]
    public void Density_profiles_are_those_of_the_conditioned_law_where_large_ones_change_places()
    {
        // One large disk between walls; its centre can only be near the middle, and small ones are denser on the right.
        const int Count = 31, SampleCount = 1500;
        Gas gas = new(Box.Of(2, new Vec3(1, 1, 0), Boundary.Reflecting), [new("S", 1, 0.02), new("L", 100, 0.5)], []);
        Profile density = new CosineProfile(0, 1, 0.9, 1, 0.75);
        double[] chain = new double[SampleCount], rejection = new double[SampleCount];
        CounterRandom random = new(2, RandomStream.Testing);
        for (int n = 0; n < SampleCount; n++)
        {
            PositionPlan plan = new(PositionMethod.Conditioned, Densities: [density, null]);
            chain[n] = InitialState.Build(gas, [Count, 1], new(plan, Rest(gas)), (ulong)n).Particles[^1].Position.X;
            rejection[n] = RejectedPlace(ref random, gas, density, Count);
        }

        Assert.InRange(ConditionedTests.ChiSquare(chain, rejection).ChiSquare, 0, 43.8);
        Assert.True(Math.Abs(rejection.Average() - 0.5) > 0.02, $"the law is not symmetric: mean {rejection.Average()}");
    }

    [Fact]
    public void A_gas_of_small_ones_too_dense_for_large_ones_to_move_is_refused_at_once()
    {
        Gas gas = Mixture(Box.Cube(30), (1, 1), (10, 100));
        InitialStateException error = Assert.Throws<InitialStateException>(() => Start(gas, [9000, 3], PositionMethod.Conditioned, out _));
        Assert.Contains("does not mix: large particles", error.Message, StringComparison.Ordinal);
        Assert.Contains("use method growth", error.Message, StringComparison.Ordinal);
        Assert.Null(OverlapCheck.Find(gas, Start(gas, [9000, 3], PositionMethod.Growth, out _)).Worst);
    }

    private static Gas Mixture(Box box, params (double Diameter, double Mass)[] species) =>
        new(box, [.. species.Select((s, a) => new Species($"S{a}", s.Mass, s.Diameter))], []);

    private static VelocityPlan Rest(Gas gas) => new([.. gas.Species.Select(_ => new Maxwellian(0, Vec3.Zero))]);

    private static SystemState Start(
        Gas gas, int[] counts, PositionMethod method, out InitialReport report, ulong seed = 1, int? sweeps = null) =>
        InitialState.Build(gas, [.. counts], new(new PositionPlan(method, sweeps), Rest(gas)), seed, out report);

    private static double LargeDistance(Gas gas, SystemState state) =>
        Math.Sqrt(gas.Box.NearestImage(state.Particles[^1].Position - state.Particles[^2].Position).LengthSquared);

    // Exact, and faster than plain rejection: two large disks are kept with the probability that all small ones miss them, against the
    // largest that there is; the small ones are drawn outside of them, and all is rejected if two of these overlap.
    private static double RejectedDistance(ref CounterRandom random, Gas gas, int count)
    {
        double contact = gas.ContactDistance(0, 1), large = gas.Species[1].Diameter;
        double disk = Math.PI * contact * contact, most = 1 - 2 * disk + Lens(large, contact);
        while (true)
        {
            Vec3 first = Draw(ref random), second = Draw(ref random);
            double distance = Math.Sqrt(gas.Box.NearestImage(second - first).LengthSquared);
            if (distance < large || random.NextUniform() > Math.Pow((1 - 2 * disk + Lens(distance, contact)) / most, count))
            {
                continue;
            }

            Vec3[] small = new Vec3[count];
            for (int n = 0; n < count; n++)
            {
                do
                {
                    small[n] = Draw(ref random);
                }
                while (IsNear(gas, small[n], first, contact) || IsNear(gas, small[n], second, contact));
            }

            if (AreApart(gas, small))
            {
                return distance;
            }
        }
    }

    private static double RejectedPlace(ref CounterRandom random, Gas gas, Profile density, int count)
    {
        double contact = gas.ContactDistance(0, 1), radius = 0.5 * gas.Species[1].Diameter, small = 0.5 * gas.Species[0].Diameter;
        Vec3[] places = new Vec3[count];
        while (true)
        {
            Vec3 large = new(radius + random.NextUniform() * (1 - 2 * radius), radius + random.NextUniform() * (1 - 2 * radius), 0);
            int placed = 0;
            while (placed < count)
            {
                Vec3 place = new(small + random.NextUniform() * (1 - 2 * small), small + random.NextUniform() * (1 - 2 * small), 0);
                if (random.NextUniform() * density.Range.Upper >= density.At(place, gas.Box))
                {
                    continue;
                }

                if (IsNear(gas, place, large, contact))
                {
                    break;
                }

                places[placed++] = place;
            }

            if (placed == count && AreApart(gas, places))
            {
                return large.X;
            }
        }
    }

    private static Vec3 Draw(ref CounterRandom random) => new(random.NextUniform(), random.NextUniform(), 0);

    private static bool IsNear(Gas gas, Vec3 a, Vec3 b, double distance) => gas.Box.NearestImage(a - b).LengthSquared < distance * distance;

    private static bool AreApart(Gas gas, Vec3[] places)
    {
        for (int i = 0; i < places.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (IsNear(gas, places[i], places[j], gas.Species[0].Diameter))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Common area of two disks of equal radius.
    private static double Lens(double distance, double radius) => distance >= 2 * radius
        ? 0
        : 2 * radius * radius * Math.Acos(distance / (2 * radius)) - 0.5 * distance * Math.Sqrt(4 * radius * radius - distance * distance);
}
