using ActorMD.Kinetic.Linear;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Tests;

/// <summary>The linearised collision operator and density waves by it, against closed forms.</summary>
public sealed class LinearCollisionsTests
{
    private const int Samples = 400_000;

    /// <summary>d, order, rate of the fourth moment's excess per collision of a particle: docs/kinetic.md.</summary>
    public static TheoryData<int, int, double> Rates =>
        new() { { 3, 2, 8.0 / 15 }, { 2, 2, 0.5 }, { 3, 3, 248.0 / 405 }, { 2, 3, 19.0 / 27 } };

    [Theory, MemberData(nameof(Rates))]
    public void The_fourth_moment_relaxes_at_the_known_rate(int d, int order, double rate)
    {
        Gas gas = Alone(d, order);
        LinearCollisions collisions = new(gas, [1000], 1, 4, Samples, 1);
        double frequency = CollisionFrequency.Tuple(order, d, 1000, order == 2 ? gas.Species[0].Diameter : gas.Zones[0].Distance, 1);
        // Laguerre's second polynomial of c^2/2 with index d/2 - 1, normed by its mean square (d/2)(d/2 + 1)/2.
        double half = 0.5 * d, norm = Math.Sqrt(half * (half + 1) / 2);
        double[] vector = Coefficients(collisions.Basis, d, c =>
        {
            double x = 0.5 * c.LengthSquared;
            return (0.5 * x * x - (half + 1) * x + half * (half + 1) / 2) / norm;
        });
        double[] blocks = [.. collisions.Blocks(2).Select(m => -Form(m, vector, vector) / frequency)];
        (double mean, double error) = MeanOf(blocks);
        Assert.InRange(error / rate, 0, 0.025);
        Assert.Equal(rate, mean, 4 * error);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Mass_momentum_and_energy_are_kept_to_rounding_by_pairs_and_triples_of_unlike_particles(int d)
    {
        Gas gas = Mixture(d);
        LinearCollisions collisions = new(gas, [600, 300], 1.5, 6, 2000, 1);
        double[] matrix = LinearCollisions.Mean(collisions.Blocks(3));
        int functions = collisions.Basis.Functions.Length;
        double[] counts = [600, 300];
        foreach (Func<Vec3, double, double> kept in (Func<Vec3, double, double>[])[(v, m) => m * v.X, (v, m) => m * v.LengthSquared])
        {
            double[] vector = new double[collisions.Size];
            for (int a = 0; a < 2; a++)
            {
                double mass = gas.Species[a].Mass, speed = Math.Sqrt(1.5 / mass);
                double[] own = Coefficients(collisions.Basis, d, c => kept(speed * c, mass));
                for (int k = 0; k < functions; k++)
                {
                    vector[a * functions + k] = Math.Sqrt(counts[a]) * own[k];
                }
            }

            double scale = matrix.Max(Math.Abs) * vector.Max(Math.Abs);
            for (int i = 0; i < collisions.Size; i++)
            {
                Assert.InRange(Math.Abs(Row(matrix, i, vector)) / scale, 0, 1e-11);
            }
        }

        for (int a = 0; a < 2; a++)
        {
            Assert.All(Enumerable.Range(0, collisions.Size), i => Assert.Equal(0.0, matrix[i * collisions.Size + a * functions]));
        }
    }

    [Fact]
    public void Unlike_temperatures_approach_at_the_closed_rate()
    {
        Gas gas = new(Box.Cube(1), [new("A", 1, 0.02), new("B", 4, 0.03)], []);
        LinearCollisions collisions = new(gas, [600, 300], 1, 4, Samples, 1);
        double[] own = Coefficients(collisions.Basis, 3, c => 0.5 * c.LengthSquared - 1.5), vector = new double[collisions.Size];
        for (int k = 0; k < own.Length; k++)
        {
            vector[k] = Math.Sqrt(600) * own[k];
        }

        (double mean, double error) = MeanOf([.. collisions.Blocks(2).Select(m => Form(m, vector, vector))]);
        const double Small = 1e-4;
        double exact = (Gain(1 + Small) - Gain(1 - Small)) / (2 * Small);
        Assert.InRange(error / -exact, 0, 0.02);
        Assert.Equal(exact, mean, 4 * error);

        static double Gain(double temperature) => EnergyExchange.OfFirst(3, 0.025, 600.0 * 300, [1, 4], [temperature, 0.25]);
    }

    [Fact]
    public void A_wave_of_a_gas_that_hardly_collides_flies_apart()
    {
        Gas gas = new(Box.Cube(1), [new("A", 1, 1e-6), new("B", 4, 1e-6)], []);
        LinearCollisions collisions = new(gas, [10, 10], 1, 12, 100, 1);
        double q = 2 * Math.PI;
        double[][][] response = new LinearWaves(collisions, collisions.Blocks(1)).Response(q, [0.1, 0.2]);
        Assert.Equal(Math.Exp(-0.5 * q * q * 0.01), response[0][0][0], 1e-4);
        Assert.Equal(Math.Exp(-0.5 * q * q * 0.04), response[1][0][0], 3e-3);
        Assert.Equal(Math.Exp(-0.5 * q * q * 0.04 / 4), response[1][1][1], 1e-4);
        Assert.Equal(0, response[1][0][1], 1e-6);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        LinearCollisions collisions = new(Mixture(2), [600, 300], 1, 4, 1000, 1);
        Assert.Equal(collisions.Blocks(1), collisions.Blocks(4));
    }

    private static Gas Alone(int d, int order) => new(
        d == 3 ? Box.Cube(1) : Box.Square(1), [new("A", 1, order == 2 ? 0.02 : 1e-9)], order == 2 ? [] : [new Zone(order, 0.03)]);

    private static Gas Mixture(int d) =>
        new(d == 3 ? Box.Cube(1) : Box.Square(1), [new("A", 1, 0.005), new("B", 4, 0.01)], [new Zone(3, 0.03)]);

    // The mean of a function times each polynomial: the trapezoidal rule, exact for Gaussians beyond all digits.
    private static double[] Coefficients(HermiteBasis basis, int d, Func<Vec3, double> function)
    {
        const double Step = 0.4, Reach = 9.6;
        double[] sums = new double[basis.Functions.Length];
        for (double x = -Reach; x <= Reach; x += Step)
        {
            for (double y = -Reach; y <= Reach; y += Step)
            {
                for (double z = d == 3 ? -Reach : 0; z <= (d == 3 ? Reach : 0); z += Step)
                {
                    Vec3 c = new(x, y, z);
                    basis.Add(c, function(c) * Math.Exp(-0.5 * c.LengthSquared) * Math.Pow(Step * Step / (2 * Math.PI), 0.5 * d), sums);
                }
            }
        }

        return sums;
    }

    private static double Row(double[] matrix, int row, double[] vector) => vector.Select((v, j) => v * matrix[row * vector.Length + j])
        .Sum();

    private static double Form(double[] matrix, double[] a, double[] b) => a.Select((v, i) => v * Row(matrix, i, b)).Sum();

    private static (double Mean, double Error) MeanOf(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length * (values.Length - 1))));
    }
}
