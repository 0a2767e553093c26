using ActorMD.Kinetic.Deterministic;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Tests.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

/// <summary>Compares moments of the DSMC solver with the deterministic solution, from a start far from equilibrium.</summary>
internal static class RelaxationCheck
{
    private const double Spread = 0.35; // 1 - K of the law of Bobylev, Krook and Wu
    private const double SigmaMax = 4;

    /// <summary>Checks the fourth and sixth moments of the velocity at three times.</summary>
    /// <param name="order">k of the only collisions.</param>
    /// <param name="dimension">d.</param>
    /// <param name="particleCount">Simulated particles.</param>
    /// <param name="modeCount">Laguerre polynomials of the deterministic solution.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="exponent">gamma of the kernel.</param>
    /// <param name="mistake">Factor by which the DSMC solver collides too often.</param>
    public static void Run(int order, int dimension, int particleCount, int modeCount, ulong seed, double mistake = 1, double exponent = 1)
    {
        const double Distance = 0.3;
        Gas gas = order == 2
            ? DsmcGases.Unit(dimension, [new Species("A", 1, Distance)])
            : DsmcGases.Unit(dimension, [new Species("A", 1, 1e-9)], new Zone(3, Distance));
        ParticleState[] start = Start(dimension, particleCount, seed);
        // The sample's own temperature; its density is 1.
        double variance = start.Average(p => p.Velocity.LengthSquared) / dimension;
        DsmcSolver solver = new(
            gas, DsmcGrid.Homogeneous(gas.Box), 1.0 / particleCount, start, seed,
            channels: [.. CollisionChannel.All(gas)
                .Select(c => (c.Order == order ? c.WithExponent(exponent, dimension, variance) : c).Times(mistake))]);
        double[] smooth = [.. Enumerable.Range(0, modeCount).Select(n => (1 - n) * Math.Pow(Spread, n))];
        IsotropicRelaxation exact = new(dimension, 1, variance, [(order, Distance)], smooth, [exponent]);
        double rate = CollisionFrequency.Tuple(order, dimension, 1, Distance, variance);
        double[] noise = [Ratio(start, 2) - exact.MomentRatio(2), Ratio(start, 3) - exact.MomentRatio(3)];
        for (int sample = 1; sample <= 3; sample++)
        {
            double time = sample * 0.8 / rate;
            solver.Advance(0.8 / rate, 1);
            exact.AdvanceTo(time, 40);
            ParticleState[] now = solver.Particles();
            for (int power = 2; power <= 3; power++)
            {
                // Standard errors of the ratios at equilibrium: sqrt(var)/(mean sqrt N) with the temperature exact.
                double error = (power == 2 ? 1.0 : 3.2) / Math.Sqrt(particleCount);
                Assert.True(Math.Abs(noise[power - 2]) < SigmaMax * error);
                Assert.Equal(exact.MomentRatio(power), Ratio(now, power), SigmaMax * error);
            }
        }

        Assert.True(exact.MomentRatio(2) - (1 + smooth[2]) > 0.03, "too little has happened");

        double Ratio(ParticleState[] particles, int power)
        {
            double normal = 1;
            for (int p = 0; p < power; p++)
            {
                normal *= dimension + 2 * p;
            }

            return particles.Average(p => Math.Pow(p.Velocity.LengthSquared / variance, power)) / normal;
        }
    }

    // With probability p = d s/(2 K), K = 1 - s, the speed is that of d + 2 normal components, otherwise that of d.
    private static ParticleState[] Start(int dimension, int count, ulong seed)
    {
        double k = 1 - Spread, share = dimension * Spread / (2 * k);
        ParticleState[] particles = new ParticleState[count];
        for (int id = 0; id < count; id++)
        {
            CounterRandom random = new(seed, RandomStream.Testing, (uint)id);
            Vec3 velocity = random.NextNormalVector(dimension);
            if (random.NextUniform() < share)
            {
                (double x, double y) = random.NextNormalPair();
                double squared = velocity.LengthSquared;
                velocity *= Math.Sqrt((squared + x * x + y * y) / squared);
            }

            particles[id].Velocity = Math.Sqrt(k) * velocity;
        }

        return particles;
    }
}
