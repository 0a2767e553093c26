using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

/// <summary>Profiles, laws of velocities, and the conditioned law with a density profile.</summary>
public class InitialLawTests
{
    private const double SigmaMax = 4;
    private const int SampleCount = 100_000;

    private static readonly Box Unit = Box.Cube(1);

    public static TheoryData<Profile, double, double> Values => new()
    {
        { new CosineProfile(0, 1, 0.5, 2, 0), 0.25, 0.5 },
        { new CosineProfile(0, 1, 0.5, 1, 0.25), 0.25, 1.5 },
        { new CuspProfile(0, 1, 0.5, 1, 0), 0, 0.5 },
        { new CuspProfile(0, 1, 0.5, 1, 0), 0.5, 1.5 },
        { new StepProfile(0, 1, 3, 0.25, 0.75), 0.25, 3 },
        { new StepProfile(0, 1, 3, 0.25, 0.75), 0.75, 1 },
        { new GaussianProfile(0, 1, 2, 0.9, 0.1), 0.9, 3 },
        { new GaussianProfile(0, 1, 2, 0.9, 0.1), 0, 1 + 2 * Math.Exp(-0.5) }, // of the nearest image
        { new TableProfile(0, [0, 0.5], [1, 2]), 0.25, 1.5 },
        { new TableProfile(0, [0.1, 0.5], [1, 2]), 0, 1 },
        { new TableProfile(0, [0.1, 0.5], [1, 2]), 0.5, 2 },
        { new TableProfile(0, [0.1, 0.5], [1, 2]), 0.75, 2 },
        { new ConstantProfile(7), 0.3, 7 },
    };

    [Theory, MemberData(nameof(Values))]
    public void A_profile_has_its_value_at_a_place_and_stays_in_its_range(Profile profile, double place, double expected)
    {
        Assert.Equal(expected, profile.At(new Vec3(place, 0.3, 0.3), Unit), 1e-12);
        (double lower, double upper) = profile.Range;
        for (double x = 0; x < 1; x += 0.01)
        {
            Assert.InRange(profile.At(new Vec3(x, 0, 0), Unit), lower, upper);
        }
    }

    [Fact]
    public void A_cusp_is_Hölder_with_the_exponent_one_half_and_no_more()
    {
        CuspProfile cusp = new(0, 0, 1, 1, 0);
        double Rise(double h) => (cusp.At(h, 1, true) - cusp.At(0, 1, true)) / Math.Sqrt(h);
        Assert.Equal(2 * Math.Sqrt(Math.PI), Rise(1e-6), 1e-4);
        Assert.Equal(Rise(1e-6), Rise(1e-8), 1e-4);
    }

    /// <summary>Shape, dimension, fourth moment of the speed over that of a Maxwellian.</summary>
    public static TheoryData<VelocityShape, int, double> Shapes => new()
    {
        { new MaxwellianShape(), 3, 1 },
        { new MaxwellianShape(), 2, 1 },
        { new CompactShape(), 3, 9.0 / 11 },
        { new CompactShape(), 2, 8.0 / 10 },
        { new PolynomialShape(0.4), 3, 1 - 0.16 },
        { new PolynomialShape(0.3), 2, 1 - 0.09 },
        { new PowerShape(20), 3, 18.0 / 16 },
        { new PowerShape(13), 2, 11.0 / 9 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Shapes_have_unit_variance_and_their_fourth_moment(VelocityShape shape, int dimension, double fourthRatio)
    {
        double second = 0, fourth = 0, largest = 0;
        for (int n = 0; n < SampleCount; n++)
        {
            CounterRandom random = new(5, RandomStream.Testing, (uint)n);
            double squared = shape.DrawUnit(ref random, dimension).LengthSquared;
            second += squared;
            fourth += squared * squared;
            largest = Math.Max(largest, squared);
        }

        double normal = dimension * (dimension + 2);
        Assert.Equal(dimension, second / SampleCount, SigmaMax * Math.Sqrt(2.0 * dimension / SampleCount));
        Assert.Equal(fourthRatio, fourth / SampleCount / normal, SigmaMax * 2 / Math.Sqrt(SampleCount));
        if (shape is CompactShape)
        {
            Assert.True(largest <= (dimension + 6) * (1 + 1e-12));
        }
    }

    [Fact]
    public void A_sum_of_laws_has_the_moments_of_its_parts()
    {
        VelocitySum law = new(
        [
            new VelocityPart(
                1, new MaxwellianShape(), new ConstantProfile(2), [new ConstantProfile(1), new ConstantProfile(0), new ConstantProfile(0)]),
            new VelocityPart(
                3, new MaxwellianShape(), new ConstantProfile(4),
                [new ConstantProfile(-1), new ConstantProfile(0), new ConstantProfile(0)]),
        ]);
        Assert.Equal(3.5, law.TemperatureIn(Unit), 1e-12);
        // The mean velocity is -0.5, the variance of the means 0.75, a third of it along each axis.
        Assert.Equal(3.5 + 2 * 0.75 / 3, law.KineticTemperatureIn(Unit, 2), 1e-12);
        Assert.False(law.HasNoFlow);
        double[] v = [.. Enumerable.Range(0, SampleCount).Select(n =>
        {
            CounterRandom random = new(6, RandomStream.Testing, (uint)n);
            return law.Draw(ref random, Vec3.Zero, Unit, mass: 2).X;
        })];
        // Mean -1/2; variance T/M = 7/4 of the parts, and 1 - 1/4 of their means.
        Assert.Equal(-0.5, v.Average(), SigmaMax * Math.Sqrt(2.5 / SampleCount));
        Assert.Equal(2.75, v.Average(x => x * x), SigmaMax * 5 / Math.Sqrt(SampleCount));
    }

    [Fact]
    public void Velocities_follow_the_profiles_at_their_places()
    {
        VelocitySum law = new(
        [
            new VelocityPart(
                1, new MaxwellianShape(), new CosineProfile(0, 2, 1, 1, 0),
                [new ConstantProfile(0), new CosineProfile(0, 0, 0.5, 1, 0), new ConstantProfile(0)]),
        ]);
        Assert.Equal([0], law.Axes);
        foreach (double x in (double[])[0, 0.5])
        {
            double sign = x == 0 ? 1 : -1, mean = 0, square = 0;
            for (int n = 0; n < SampleCount; n++)
            {
                CounterRandom random = new(6, RandomStream.Testing, (uint)n);
                Vec3 v = law.Draw(ref random, new Vec3(x, 0, 0), Unit, mass: 1);
                mean += v.Y / SampleCount;
                square += v.Z * v.Z / SampleCount;
            }

            Assert.Equal(0.5 * sign, mean, SigmaMax * Math.Sqrt((2 + sign) / SampleCount));
            Assert.Equal(2 + sign, square, SigmaMax * (2 + sign) * Math.Sqrt(2.0 / SampleCount));
        }
    }

    [Fact]
    public void Two_disks_with_a_density_profile_have_the_conditioned_law()
    {
        // p(x_1, x_2) is proportional to rho(x_1) rho(x_2) times the share of y differences without overlap, by numerical integration.
        const double Diameter = 0.4;
        const int GridCount = 400;
        CosineProfile density = new(0, 1, 0.9, 1, 0.1);
        Gas gas = new(Box.Square(1), [new Species("A", 1, Diameter)], []);
        double norm = 0, cosine = 0, product = 0, free = 0;
        for (int i = 0; i < GridCount; i++)
        {
            double x1 = (i + 0.5) / GridCount, rho1 = density.At(x1, 1, true);
            for (int j = 0; j < GridCount; j++)
            {
                double x2 = (j + 0.5) / GridCount;
                double dx = Math.Abs(x1 - x2);
                dx = Math.Min(dx, 1 - dx);
                double room = dx < Diameter ? 1 - 2 * Math.Sqrt(Diameter * Diameter - dx * dx) : 1;
                double weight = rho1 * density.At(x2, 1, true) * room;
                norm += weight;
                cosine += weight * Math.Cos(2 * Math.PI * x1);
                product += weight * Math.Cos(2 * Math.PI * x1) * Math.Cos(2 * Math.PI * x2);
                free += rho1 * density.At(x2, 1, true);
            }
        }

        const int Replicas = 20_000;
        double meanCosine = 0, meanProduct = 0, acceptance = 0;
        PositionPlan plan = new(PositionMethod.Conditioned, 12, null, [density]);
        for (int seed = 0; seed < Replicas; seed++)
        {
            SystemState state = InitialState.Build(
                gas, [2], new InitialData(plan, new VelocityPlan([new Maxwellian(0, Vec3.Zero)])), (ulong)seed, out InitialReport report);
            double c1 = Math.Cos(2 * Math.PI * state.Particles[0].Position.X), c2 = Math.Cos(2 * Math.PI * state.Particles[1].Position.X);
            meanCosine += 0.5 * (c1 + c2) / Replicas;
            meanProduct += c1 * c2 / Replicas;
            acceptance += report.Acceptance / Replicas;
        }

        double error = SigmaMax * Math.Sqrt(0.5 / Replicas);
        Assert.Equal(cosine / norm, meanCosine, error);
        Assert.Equal(product / norm, meanProduct, error);
        // Without conditioning the mean cosine would be 0.45 cos(2 pi 0.1), and it would be missed.
        Assert.True(Math.Abs(cosine / norm - 0.45 * Math.Cos(0.2 * Math.PI)) > 2 * error);
        Assert.InRange(acceptance, 0.1, 1);
    }

    [Fact]
    public void Many_dilute_particles_follow_the_profile_of_their_species()
    {
        Gas gas = new(Unit, [new Species("A", 1, 1e-4), new Species("B", 1, 1e-4)], []);
        PositionPlan plan = new(PositionMethod.Conditioned, null, null, [null, new StepProfile(1, 1, 3, 0, 0.5)]);
        const int Count = 5000;
        SystemState state = InitialState.Build(
            gas, [Count, Count], new InitialData(plan, new VelocityPlan([new Maxwellian(0, Vec3.Zero), new Maxwellian(0, Vec3.Zero)])), 1);
        Assert.Equal(0.5, Share(0), SigmaMax * Math.Sqrt(0.25 / Count));
        Assert.Equal(0.75, Share(1), SigmaMax * Math.Sqrt(0.1875 / Count));

        double Share(int species) =>
            state.Particles.Where(p => p.Kind == species).Average(p => p.Position.Y < 0.5 ? 1.0 : 0);
    }
}
