using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests.Dsmc;

/// <summary>Collisions of the DSMC solver in a homogeneous gas.</summary>
public class DsmcCollisionTests
{
    private const double SigmaMax = 4;

    /// <summary>Dimension, masses, orders of the zones.</summary>
    public static TheoryData<int, double[], int[]> Mixtures => new()
    {
        { 3, [1], [] },
        { 2, [1], [] },
        { 3, [1, 4], [3, 4] },
        { 2, [4, 1], [3, 4] },
        { 3, [1, 3, 10], [3] },
    };

    [Theory, MemberData(nameof(Mixtures))]
    public void Every_pair_and_order_collides_as_often_as_the_closed_form_says(int dimension, double[] masses, int[] orders)
    {
        (Gas gas, ImmutableArray<int> counts, double[] temperatures) = Mixture(dimension, masses, orders);
        const double Weight = 1e-3;
        DsmcSolver solver = new(
            gas, DsmcGrid.Homogeneous(gas.Box), Weight, DsmcGases.Maxwellians(gas, counts, temperatures, 1, exactEnergy: true), seed: 5);
        double[] variances = [.. masses.Zip(temperatures, (m, t) => t / m)];
        double[] densities = [.. counts.Select(n => n * Weight)];
        double[] rates = [.. solver.Channels.Select(c => CollisionFrequency.Composition(
            dimension, DistanceOf(gas, c), [.. c.Multiplicities], densities, variances) / Weight)];
        double time = 400_000 / rates.Sum();
        solver.Advance(time / 4, 4);
        for (int c = 0; c < rates.Length; c++)
        {
            double expected = rates[c] * time;
            Assert.True(expected > 1000, "the channel is too rare to be tested");
            // The counts of a Poisson process; (k choose 2)/N: sets of distinct particles are fewer than n^k.
            double allowance = 0.5 * solver.Channels[c].Order * (solver.Channels[c].Order - 1) / counts.Min() * expected;
            Assert.Equal(expected, solver.Tally.Collisions[c], SigmaMax * Math.Sqrt(expected) + allowance);
        }
    }

    [Theory, MemberData(nameof(Mixtures))]
    public void Collisions_conserve_momentum_and_energy_to_rounding(int dimension, double[] masses, int[] orders)
    {
        (Gas gas, ImmutableArray<int> counts, double[] temperatures) = Mixture(dimension, masses, orders);
        counts = [.. counts.Select(n => n / 100)];
        const double Weight = 0.1;
        DsmcSolver solver = new(gas, DsmcGrid.Homogeneous(gas.Box), Weight, DsmcGases.Maxwellians(gas, counts, temperatures, 2), seed: 3);
        double before = solver.MeanEnergy(gas);
        while (solver.Tally.Collisions.Sum() < 20 * counts.Sum())
        {
            solver.Advance(0.5, 20);
        }

        Assert.Equal(before, solver.MeanEnergy(gas), 1e-12 * before);
        Vec3 momentum = Vec3.Zero;
        double scale = 0;
        foreach (ParticleState particle in solver.Particles())
        {
            double mass = gas.Species[particle.Kind].Mass;
            momentum += mass * particle.Velocity;
            scale += mass * Math.Sqrt(particle.Velocity.LengthSquared);
        }

        Assert.True(Math.Sqrt(momentum.LengthSquared) < 1e-13 * scale);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    public void Two_temperatures_approach_each_other_at_the_rate_of_the_closed_form(int dimension, int order)
    {
        // Without zones only pairs of unlike species exchange energy; with a zone the diameters are too small to matter.
        double diameter = order == 2 ? 0.1 : 1e-9;
        Gas gas = DsmcGases.Unit(
            dimension, [new Species("A", 1, diameter), new Species("B", 4, diameter)], order == 2 ? [] : [new Zone(3, 0.5)]);
        ImmutableArray<int> counts = [150_000, 150_000];
        const double Weight = 1e-5;
        double[] temperatures = [2, 0.5];
        DsmcSolver solver = new(gas, DsmcGrid.Homogeneous(gas.Box), Weight, DsmcGases.Maxwellians(gas, counts, temperatures, 3), seed: 4);
        double[] start = [solver.MeanEnergy(gas, 0), solver.MeanEnergy(gas, 1)];
        double[] measuredStart = [.. start.Select(e => 2 * e / dimension)];
        double density = counts[0] * Weight;
        double rate = Gain(measuredStart) / start[0];
        double time = -0.05 / rate;
        solver.Advance(time, 1);

        // The temperatures move a few percent in this time: the law is integrated (Heun). The velocities stay so close to
        // Maxwellians that nothing is seen of the difference.
        double first = Gain(measuredStart);
        double halfway = first * time;
        double second = Gain([2 * (start[0] + halfway) / dimension, 2 * (start[1] - halfway) / dimension]);
        double expected = 0.5 * (first + second) * time;
        double measured = solver.MeanEnergy(gas, 0) - start[0];
        long events = solver.Tally.Collisions.Sum();
        double error = Math.Abs(expected) * 2.5 / Math.Sqrt(events); // one collision's gain spreads at most 2.5 times its mean here
        Assert.Equal(expected, measured, SigmaMax * error);
        Assert.True(error < 0.02 * Math.Abs(expected));

        // Energy that one A gains per unit time.
        double Gain(double[] t)
        {
            double[] variances = [t[0], t[1] / 4];
            if (order == 2)
            {
                return EnergyExchange.OfFirst(
                    dimension, diameter, density * density, [1, 4], variances) / density;
            }

            // AAA and BBB exchange nothing; AAB has two A, ABB one.
            double aab = EnergyExchange.OfFirst(
                dimension, 0.5, density * density * density / 2, [1, 1, 4], [variances[0], variances[0], variances[1]]);
            double abb = EnergyExchange.OfFirst(
                dimension, 0.5, density * density * density / 2, [1, 4, 4], [variances[0], variances[1], variances[1]]);
            return (2 * aab + abb) / density;
        }
    }

    [Fact]
    public void Energy_exchange_of_pairs_in_space_is_the_textbook_formula()
    {
        const double Ta = 3, Tb = 1, Ma = 2, Mb = 5, Contact = 0.3;
        double reduced = Ma * Mb / (Ma + Mb);
        double expected = -8 * Math.Sqrt(Math.PI * 2) * Contact * Contact * reduced / (Ma + Mb)
            * Math.Sqrt(Ta / Ma + Tb / Mb) * (Ta - Tb);
        Assert.Equal(expected, EnergyExchange.OfFirst(3, Contact, 1, [Ma, Mb], [Ta / Ma, Tb / Mb]), 1e-12 * Math.Abs(expected));
    }

    [Fact]
    public void What_one_species_gains_from_triples_the_others_lose()
    {
        double[] masses = [1, 4, 9], variances = [2, 0.5, 0.2];
        double sum = 0, size = 0;
        for (int first = 0; first < 3; first++)
        {
            double gain = EnergyExchange.OfFirst(
                3, 1, 1, [masses[first], masses[(first + 1) % 3], masses[(first + 2) % 3]],
                [variances[first], variances[(first + 1) % 3], variances[(first + 2) % 3]]);
            sum += gain;
            size += Math.Abs(gain);
        }

        Assert.Equal(0, sum, 1e-7 * size);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    public void Tuples_meet_on_the_ellipsoid_in_proportion_to_their_approach(int order, int dimension)
    {
        StreamRandom random = new(new StepKey(9, RandomStream.Testing, 0, 0), order);
        Vec3[] deviations = new Vec3[order], directions = new Vec3[order];
        CounterRandom draw = new(1, RandomStream.Testing);
        for (int m = 0; m < order; m++)
        {
            deviations[m] = draw.NextNormalVector(dimension);
        }

        Vec3 mean = deviations.Aggregate(Vec3.Zero, (sum, v) => sum + v) * (1.0 / order);
        double spread = 0;
        for (int m = 0; m < order; m++)
        {
            deviations[m] -= mean;
            spread += deviations[m].LengthSquared;
        }

        const int SampleCount = 100_000;
        double sumOfSquares = 0, sumOfFirst = 0;
        double alongFirst = deviations[0].LengthSquared / spread;
        for (int n = 0; n < SampleCount; n++)
        {
            TupleDirection.Draw(deviations, dimension, ref random, directions);
            Vec3 centre = directions.Aggregate(Vec3.Zero, (sum, u) => sum + u);
            Assert.True(centre.LengthSquared < 1e-25);
            double component = 0, squared = 0;
            for (int m = 0; m < order; m++)
            {
                component += Vec3.Dot(directions[m], deviations[m]);
                squared += directions[m].LengthSquared;
            }

            component /= Math.Sqrt(squared * spread);
            Assert.True(component >= 0);
            sumOfSquares += component * component;
            sumOfFirst += directions[0].LengthSquared / squared;
        }

        // Weighted with b_+ a squared component has the mean 2/(n+1), n = (k-1)d, and each of the others 1/(n+1). The first
        // particle's place is (1 - 1/k) d of these, of which the direction e takes its share.
        int relative = (order - 1) * dimension;
        double expectedFirst = ((1 - 1.0 / order) * dimension + alongFirst) / (relative + 1);
        Assert.Equal(2.0 / (relative + 1), sumOfSquares / SampleCount, SigmaMax * 0.5 / Math.Sqrt(SampleCount));
        Assert.Equal(expectedFirst, sumOfFirst / SampleCount, SigmaMax * 0.5 / Math.Sqrt(SampleCount));
    }

    private static (Gas Gas, ImmutableArray<int> Counts, double[] Temperatures) Mixture(int dimension, double[] masses, int[] orders)
    {
        ImmutableArray<Species> species = [.. masses.Select((m, a) => new Species($"S{a}", m, 0.05 * (a + 1)))];
        ImmutableArray<Zone> zones = [.. orders.Select(k => new Zone(k, dimension == 3 ? 0.09 * k : 0.05 * k * k / 3))];
        Gas gas = DsmcGases.Unit(dimension, species, zones);
        ImmutableArray<int> counts = [.. masses.Select((_, a) => 20_000 + 4000 * a)];
        return (gas, counts, [.. masses.Select(_ => 1.0)]);
    }

    private static double DistanceOf(Gas gas, CollisionChannel channel) => channel.Order == 2
        ? gas.ContactDistance(channel.Members[0], channel.Members[1])
        : gas.ZoneOf(channel.Order)!.Distance;
}
