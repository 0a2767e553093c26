using ActorMD.Kinetic.Deterministic;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Kinetic.Tests;

/// <summary>The deterministic solution of the homogeneous equation, and the DSMC solver against it.</summary>
public class IsotropicRelaxationTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    public void Energy_is_kept_and_the_Maxwellian_is_stationary(int order, int dimension)
    {
        IsotropicRelaxation relaxation = new(dimension, 1, 1, [(order, 1)], Smooth(5, 0.3));
        double[] slope = new double[5];
        relaxation.Slope([1, 0.1, -0.2, 0.05, 0.3], slope);
        Assert.True(slope.Max(Math.Abs) > 0.1);
        Assert.Equal(0, slope[0], 1e-8);
        Assert.Equal(0, slope[1], 1e-8);
        relaxation.Slope([1, 0, 0, 0, 0], slope);
        Assert.All(slope, s => Assert.Equal(0, s, 1e-8));
        // To first order a slightly different temperature is a Maxwellian too.
        relaxation.Slope([1, 1e-6, 0, 0, 0], slope);
        Assert.All(slope, s => Assert.Equal(0, s, 1e-11));
    }

    /// <summary>Dimension; decay of the fourth moment's excess per collision of a particle, by pairs and by triples.</summary>
    public static TheoryData<int, double, double> Decays => new()
    {
        { 2, 1.0 / 2, 19.0 / 27 },
        { 3, 8.0 / 15, 248.0 / 405 },
    };

    [Theory, MemberData(nameof(Decays))]
    public void Near_equilibrium_a_triple_collision_relaxes_the_fourth_moment_more_than_a_pair_collision(
        int dimension, double pairs, double triples)
    {
        Assert.Equal(pairs, DecayPerCollision(2), 1e-6);
        Assert.Equal(triples, DecayPerCollision(3), 1e-6);

        double DecayPerCollision(int order)
        {
            double[] slope = new double[4];
            new IsotropicRelaxation(dimension, 1, 1, [(order, 1)], Smooth(4, 0.3)).Slope([1, 0, 1e-7, 0], slope);
            return -slope[2] / 1e-7 / CollisionFrequency.Tuple(order, dimension, 1, 1, 1);
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    public void DSMC_relaxes_as_the_deterministic_solution_does(int order, int dimension) =>
        RelaxationCheck.Run(order, dimension, particleCount: 400_000, modeCount: order == 2 ? 8 : 5, seed: 12);

    [Theory]
    [InlineData(2, 3, 0)]
    [InlineData(2, 2, 0.5)]
    [InlineData(3, 2, 0)]
    [InlineData(3, 3, 0.5)]
    public void DSMC_relaxes_as_the_deterministic_solution_does_with_other_kernels(int order, int dimension, double exponent) =>
        RelaxationCheck.Run(order, dimension, particleCount: 200_000, modeCount: order == 2 ? 8 : 5, seed: 12, exponent: exponent);

    [Fact]
    public void A_wrong_exponent_of_the_kernel_is_noticed() => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() =>
    {
        double[] smooth = Smooth(6, 0.35);
        IsotropicRelaxation soft = new(3, 1, 1, [(2, 0.3)], smooth, [0]), hard = new(3, 1, 1, [(2, 0.3)], smooth);
        soft.AdvanceTo(1, 20);
        hard.AdvanceTo(1, 20);
        Assert.Equal(soft.MomentRatio(2), hard.MomentRatio(2), 0.002);
    });

    /// <summary>Dimension, order, g_k(4), g_k(6), g_k(8), g_k(10): hierarchy.md (c).</summary>
    public static TheoryData<int, int, double[]> Generations => new()
    {
        { 3, 2, [.148, .222, .266, .296] },
        { 3, 3, [.151, .212, .243, .263] },
        { 3, 4, [.134, .180, .204, .220] },
        { 2, 2, [.150, .226, .272, .304] },
        { 2, 3, [.192, .270, .311, .336] },
        { 2, 4, [.182, .246, .278, .296] },
    };

    [Theory, MemberData(nameof(Generations))]
    public void High_moments_are_torn_down_with_the_constants_of_one_fast_particle(int dimension, int order, double[] constants)
    {
        for (int n = 0; n < constants.Length; n++)
        {
            Assert.Equal(constants[n], MomentGeneration.Constant(order, dimension, 4 + 2 * n), 0.0012);
        }
    }

    /// <summary>Order, and the factor of a wrong coefficient.</summary>
    public static TheoryData<int, double> Mistakes => new()
    {
        { 2, 1.3 },
        { 3, 2 }, // 1/l! forgotten
        { 3, Math.Pow(3, 1.5) }, // the sphere's area instead of the ellipsoid's
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_wrong_coefficient_is_noticed(int order, double mistake) => Assert.ThrowsAny<Xunit.Sdk.XunitException>(
        () => RelaxationCheck.Run(order, 3, particleCount: 200_000, modeCount: order == 2 ? 8 : 4, seed: 12, mistake));

    [Fact]
    public void Nodes_of_Gauss_and_Hermite_integrate_the_moments_of_the_normal_law()
    {
        (double Node, double Weight)[] rule = GaussHermite.Nodes(21);
        double expected = 1;
        for (int power = 0; power <= 40; power += 2)
        {
            Assert.Equal(1, rule.Sum(p => p.Weight * Math.Pow(p.Node, power)) / expected, 1e-9);
            expected *= power + 1;
        }
    }

    /// <summary>a_n = (1 - n) s^n: the smooth law of Bobylev, Krook and Wu.</summary>
    private static double[] Smooth(int modeCount, double s) =>
        [.. Enumerable.Range(0, modeCount).Select(n => (1 - n) * Math.Pow(s, n))];
}
