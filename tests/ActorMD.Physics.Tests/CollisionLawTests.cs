using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

/// <summary>
/// The properties of the collision laws [High Prop. 2.2], over random species, orders and dimensions: 10^4 draws each, masses
/// over four decades. A law takes some tens of operations, each with a relative error of 1.1e-16.
/// </summary>
public sealed class CollisionLawTests
{
    private const int DrawCount = 10_000;
    private const double Rounding = 1e-14;

    public static TheoryData<int, int> OrdersAndDimensions
    {
        get
        {
            TheoryData<int, int> data = [];
            for (int order = 2; order <= 5; order++)
            {
                data.Add(order, 2);
                data.Add(order, 3);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void Momentum_is_conserved(int order, int dimension) => ForAll(order, dimension, static draw =>
    {
        Vec3 change = Vec3.Zero;
        double size = 0;
        for (int i = 0; i < draw.Order; i++)
        {
            change += draw.Masses[i] * draw.After[i] - draw.Masses[i] * draw.Before[i];
            size += draw.Masses[i] * (Length(draw.Before[i]) + Length(draw.After[i]));
        }

        Assert.True(Length(change) <= Rounding * size);
    });

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void Energy_is_conserved(int order, int dimension) => ForAll(order, dimension, static draw =>
    {
        double before = Energy(draw.Masses, draw.Before), after = Energy(draw.Masses, draw.After);
        Assert.Equal(before, after, Rounding * before);
    });

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void Angular_momentum_is_conserved(int order, int dimension) => ForAll(order, dimension, static draw =>
    {
        Vec3 change = Vec3.Zero;
        double size = 0;
        for (int i = 0; i < draw.Order; i++)
        {
            change += draw.Masses[i] * Vec3.Cross(draw.Positions[i], draw.After[i] - draw.Before[i]);
            size += draw.Masses[i] * Length(draw.Positions[i]) * (Length(draw.Before[i]) + Length(draw.After[i]));
        }

        Assert.True(Length(change) <= Rounding * size);
    });

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void The_mass_weighted_relative_velocities_are_conserved(int order, int dimension) =>
        ForAll(order, dimension, static draw =>
        {
            double before = RelativeVelocities(draw.Masses, draw.Before), after = RelativeVelocities(draw.Masses, draw.After);
            // The sum is M_total times the internal energy; its own rounding follows the size of all velocities.
            double size = draw.Masses.Sum() * Energy(draw.Masses, draw.Before);
            Assert.Equal(before, after, 4 * Rounding * size);
        });

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void Colliding_twice_restores_the_velocities(int order, int dimension) => ForAll(order, dimension, static draw =>
    {
        Vec3[] twice = [.. draw.After];
        TupleEvent.Collide(draw.Positions, draw.Masses, twice);
        double size = Math.Sqrt(Energy(draw.Masses, draw.Before));
        for (int i = 0; i < draw.Order; i++)
        {
            // A reflection is an isometry of the mass metric.
            Assert.True(Length(twice[i] - draw.Before[i]) * Math.Sqrt(draw.Masses[i]) <= 2 * Rounding * size);
        }
    });

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void The_approach_speed_is_reversed(int order, int dimension) => ForAll(order, dimension, static draw =>
    {
        double before = TupleEvent.QuadraticForm(draw.Positions, draw.Before).B;
        double after = TupleEvent.QuadraticForm(draw.Positions, draw.After).B;
        double size = 0;
        for (int i = 0; i < draw.Order; i++)
        {
            size += draw.Order * Length(draw.Positions[i]) * (Length(draw.Before[i]) + Length(draw.After[i]));
        }

        Assert.Equal(-before, after, 4 * Rounding * size);
    });

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void The_virial_is_that_of_the_impulses(int order, int dimension) => ForAll(order, dimension, static draw =>
    {
        double sum = 0, size = 0;
        for (int i = 0; i < draw.Order; i++)
        {
            Vec3 impulse = draw.Masses[i] * (draw.After[i] - draw.Before[i]);
            sum += Vec3.Dot(draw.Positions[i], impulse);
            size += Length(draw.Positions[i]) * draw.Masses[i] * (Length(draw.Before[i]) + Length(draw.After[i]));
        }

        Assert.Equal(sum, draw.Virial, Rounding * size);
        Assert.True(draw.Virial >= 0 == TupleEvent.QuadraticForm(draw.Positions, draw.Before).B <= 0);
    });

    [Theory, MemberData(nameof(OrdersAndDimensions))]
    public void For_equal_masses_it_is_the_law_of_the_paper(int order, int dimension)
    {
        CounterRandom random = new(3, RandomStream.Testing, (uint)(10 * order + dimension));
        for (int n = 0; n < DrawCount; n++)
        {
            Vec3[] positions = Draws.Vectors(ref random, order, dimension), before = Draws.Vectors(ref random, order, dimension);
            Vec3[] after = [.. before];
            double[] masses = new double[order];
            Array.Fill(masses, Draws.Mass(ref random));
            TupleEvent.Collide(positions, masses, after);

            // [High 1.13-1.14]: v_i* = v_i - (2 B/eps_k^2) (x_i - xbar).
            (double squared, double b, _) = TupleEvent.QuadraticForm(positions, before);
            Vec3 centroid = Vec3.Zero;
            foreach (Vec3 position in positions)
            {
                centroid += position * (1.0 / order);
            }

            double speed = Math.Sqrt(Energy(masses, before) / masses[0]);
            for (int i = 0; i < order; i++)
            {
                Vec3 expected = before[i] - 2 * b / squared * (positions[i] - centroid);
                // The sums B and D cancel where the tuple is narrow: allow ten times the rounding of one law.
                double radius = positions.Max(Length);
                Assert.True(Length(after[i] - expected) <= Rounding * speed * (1 + 10 * radius * radius / squared));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void For_two_particles_the_tuple_law_is_the_pair_law(int dimension) => ForAll(2, dimension, static draw =>
    {
        Vec3 a = draw.Before[0], b = draw.Before[1];
        double virial = PairEvent.Collide(draw.Positions[1] - draw.Positions[0], draw.Masses[0], draw.Masses[1], ref a, ref b);
        double size = Math.Sqrt(Energy(draw.Masses, draw.Before));
        Assert.True(Length(a - draw.After[0]) * Math.Sqrt(draw.Masses[0]) <= Rounding * size);
        Assert.True(Length(b - draw.After[1]) * Math.Sqrt(draw.Masses[1]) <= Rounding * size);
        Assert.Equal(draw.Virial, virial, Rounding * (Math.Abs(virial) + size));
    });

    [Fact]
    public void The_pair_law_is_that_of_the_mixture_paper()
    {
        // [Mix 2.7-2.8] with w = (x_i - x_j)/|x_i - x_j|.
        CounterRandom random = new(4, RandomStream.Testing);
        for (int n = 0; n < DrawCount; n++)
        {
            Vec3[] x = Draws.Vectors(ref random, 2, 3), v = Draws.Vectors(ref random, 2, 3);
            double[] m = Draws.Masses(ref random, 2);
            Vec3 w = (x[0] - x[1]) * (1 / Length(x[0] - x[1]));
            double normal = Vec3.Dot(v[0] - v[1], w);
            Vec3 expectedI = v[0] - 2 * m[1] / (m[0] + m[1]) * normal * w;
            Vec3 expectedJ = v[1] + 2 * m[0] / (m[0] + m[1]) * normal * w;
            PairEvent.Collide(x[1] - x[0], m[0], m[1], ref v[0], ref v[1]);
            Assert.True(Length(v[0] - expectedI) <= Rounding * (1 + Math.Abs(normal)));
            Assert.True(Length(v[1] - expectedJ) <= Rounding * (1 + Math.Abs(normal)));
        }
    }

    [Fact]
    public void The_pair_law_gives_the_same_bits_when_the_particles_are_exchanged()
    {
        CounterRandom random = new(5, RandomStream.Testing);
        for (int n = 0; n < DrawCount; n++)
        {
            Vec3 r = random.NextNormalVector(3);
            Vec3 a = random.NextNormalVector(3), b = random.NextNormalVector(3), c = a, d = b;
            double massA = Draws.Mass(ref random), massB = Draws.Mass(ref random);
            double virial = PairEvent.Collide(r, massA, massB, ref a, ref b);
            double exchanged = PairEvent.Collide(-r, massB, massA, ref d, ref c);
            Assert.Equal((a, b, virial), (c, d, exchanged));
        }
    }

    private static void ForAll(int order, int dimension, Action<Draw> check)
    {
        CounterRandom random = new(2, RandomStream.Testing, (uint)(10 * order + dimension));
        for (int n = 0; n < DrawCount; n++)
        {
            Vec3[] positions = Draws.Vectors(ref random, order, dimension);
            Vec3[] before = Draws.Vectors(ref random, order, dimension, Math.Pow(10, 6 * random.NextUniform() - 3));
            double[] masses = Draws.Masses(ref random, order);
            Vec3[] after = [.. before];
            double virial = TupleEvent.Collide(positions, masses, after);
            check(new Draw(order, positions, masses, before, after, virial));
        }
    }

    private static double Length(Vec3 x) => Math.Sqrt(x.LengthSquared);

    private static double Energy(double[] masses, Vec3[] velocities) => masses.Zip(velocities, (m, v) => 0.5 * m * v.LengthSquared).Sum();

    private static double RelativeVelocities(double[] masses, Vec3[] velocities)
    {
        double sum = 0;
        for (int i = 0; i < masses.Length; i++)
        {
            for (int j = i + 1; j < masses.Length; j++)
            {
                sum += masses[i] * masses[j] * (velocities[i] - velocities[j]).LengthSquared;
            }
        }

        return sum;
    }

    private sealed record Draw(int Order, Vec3[] Positions, double[] Masses, Vec3[] Before, Vec3[] After, double Virial);
}
