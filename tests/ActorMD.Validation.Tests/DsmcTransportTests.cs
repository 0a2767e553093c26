using System.Globalization;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>
/// Viscosity and conductivity of the DSMC solver, from the decay of waves, against Chapman and Enskog's theory of hard spheres.
/// </summary>
/// <remarks>
/// The decay rate of a wave of number q is its hydrodynamic limit times 1 + c (q lambda)^2; the limit is found from two wave
/// numbers. lambda = 1/(sqrt(2) pi n eps^2).
/// </remarks>
[Trait("Tier", "Validation")]
public class DsmcTransportTests(ITestOutputHelper output)
{
    private const double PrecisionMax = 0.006;
    private const double Allowance = 0.01;

    // Infinite order: Pekeris and Alterman (1957); Loyalka et al.
    private const double ViscositySeries = 1.016034;
    private const double ConductivitySeries = 1.025218;

    /// <summary>
    /// mu = 1.016034 (5/16) sqrt(M T/pi)/eps^2, over the density n lambda sqrt(T/M): 1.016034 (5/16) sqrt(2 pi) with lambda.
    /// </summary>
    private static double KinematicViscosity => ViscositySeries * 5 / 16 * Math.Sqrt(2 * Math.PI);

    /// <summary>kappa = 1.025218 (75/64) sqrt(T/(pi M))/eps^2, over n c_p = (5/2) n.</summary>
    private static double HeatDiffusivity => ConductivitySeries * 75 / 64 * Math.Sqrt(2 * Math.PI) / 2.5;

    [Fact]
    public void A_shear_wave_decays_with_the_viscosity_of_Chapman_and_Enskog()
    {
        BlockAverage coarseWave = Decay(new Wave(0.3, 0.15, 0.2, Shear: 0.4, Heat: 0), 10, 1);
        BlockAverage fineWave = Decay(new Wave(0.2, 0.15, 0.2, Shear: 0.4, Heat: 0), 12, 2);
        Check("viscosity", coarseWave, fineWave, KinematicViscosity);
    }

    [Fact]
    public void The_linear_equation_of_the_temperature_wave_has_the_conductivity_of_Chapman_and_Enskog()
    {
        LinearHeatWave wave = new(seed: 8);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture, $"heat diffusivity over theory: {wave.HeatDiffusivity() / HeatDiffusivity:F5}, first "
                    + $"approximation sampled {wave.SampledOverExact:F5}"));
        Assert.Equal(1, wave.SampledOverExact, 0.01);
        Assert.Equal(HeatDiffusivity, wave.HeatDiffusivity(), 0.003 * HeatDiffusivity);
        // Long waves decay with it; shorter ones slower.
        Assert.Equal(HeatDiffusivity, wave.DecayRate(0.02, HeatDiffusivity, 5, 100), 0.004 * HeatDiffusivity);
        Assert.InRange(wave.DecayRate(0.3, HeatDiffusivity, 3, 6) / HeatDiffusivity, 0.8, 0.97);
    }

    [Fact]
    public void A_temperature_wave_decays_with_the_conductivity_of_Chapman_and_Enskog()
    {
        // What is measured at a wave number, over what the linear equation gives for the same wave and times: no limit of long waves is
        // needed.
        LinearHeatWave linear = new(seed: 8);
        List<BlockAverage> ratios = [];
        foreach ((double number, ulong seed) in ((double, ulong)[])[(0.3, 3), (0.2, 4)])
        {
            Wave wave = new(number, 0.15, 0.2, Shear: 0, Heat: 0.1);
            double theory = linear.DecayRate(number, HeatDiffusivity, wave.Start(), wave.Start() + wave.Span()) * HeatDiffusivity
                / linear.HeatDiffusivity();
            ratios.Add(Decay(wave, 32, seed) * (1 / theory));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"q lambda = {number}: measured over linear theory {ratios[^1].Mean:F4}({ratios[^1].StandardError:F4}), linear theory over "
                    + $"its limit {theory / HeatDiffusivity:F4}"));
        }

        double weight = ratios.Sum(r => 1 / Square(r.StandardError)), error = 1 / Math.Sqrt(weight);
        double conductivity = ratios.Sum(r => r.Mean / Square(r.StandardError)) / weight;
        output.WriteLine(FormattableString.Invariant($"conductivity over Chapman and Enskog's: {conductivity:F4}({error:F4})"));
        Assert.True(error < 0.0035, "too noisy");
        Assert.Equal(1, conductivity, Allowance);
    }

    [Fact]
    public void Wide_cells_raise_the_viscosity_by_the_known_share()
    {
        // Alexander, Garcia, Alder, Phys. Fluids 10, 1540 (1998): 1 + (16/(45 pi)) (dx/lambda)^2.
        BlockAverage wide = Decay(new Wave(0.2, 0.8, 0.2, Shear: 0.4, Heat: 0, 750_000), 8, 5);
        BlockAverage narrow = Decay(new Wave(0.2, 0.15, 0.2, Shear: 0.4, Heat: 0, 750_000), 8, 6);
        double ratio = wide.Mean / narrow.Mean;
        double error = ratio * Math.Sqrt(Square(wide.StandardError / wide.Mean) + Square(narrow.StandardError / narrow.Mean));
        const double Excess = 16 / (45 * Math.PI) * (0.8 * 0.8 - 0.15 * 0.15);
        // The next order in dx is not known: a fifth of the effect.
        new Measurement("viscosity of wide cells", new BlockAverage(ratio, error), 1 + Excess)
            .Check(output, errorMax: 0.008, allowance: 0.2 * Excess);
    }

    private void Check(string name, BlockAverage coarse, BlockAverage fine, double theory)
    {
        // The line in q^2 through 0.3^2 and 0.2^2.
        double limit = (9 * fine.Mean - 4 * coarse.Mean) / 5;
        double error = Math.Sqrt(Square(9 * fine.StandardError) + Square(4 * coarse.StandardError)) / 5;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} over theory: q lambda = 0.3: {coarse.Mean / theory:F4}({coarse.StandardError / theory:F4}), 0.2: "
                + $"{fine.Mean / theory:F4}({fine.StandardError / theory:F4})"));
        Assert.True(error < PrecisionMax * theory, FormattableString.Invariant($"too noisy: {error / theory}"));
        Assert.True(
            Math.Abs(limit - theory) < Allowance * theory + error,
            FormattableString.Invariant($"{name}: {limit / theory:F4}({error / theory:F4}) of theory"));
        output.WriteLine(FormattableString.Invariant($"{name}, limit over theory: {limit / theory:F4}({error / theory:F4})"));
    }

    /// <summary>The decay rate of the wave over q^2, in units of lambda sqrt(T/M).</summary>
    private static BlockAverage Decay(Wave wave, int runCount, ulong seed) =>
        BlockAverage.Of(Enumerable.Range(0, runCount).Select(run => wave.DecayRate(run, seed)));

    private static double Square(double value) => value * value;

    /// <summary>A wave along x in a gas with n = M = T = 1 on average and lambda = 1.</summary>
    /// <param name="Number">q lambda.</param>
    /// <param name="Width">Of a cell, in lambda, about.</param>
    /// <param name="Step">In units of lambda sqrt(M/T).</param>
    /// <param name="Shear">Amplitude of v_y; stays far enough below the sound speed.</param>
    /// <param name="Heat">Amplitude of the temperature at constant pressure.</param>
    /// <param name="ParticleCount">Simulated particles of a run.</param>
    private sealed record Wave(double Number, double Width, double Step, double Shear, double Heat, int ParticleCount = 1_500_000)
    {
        private const double Transient = 2.4;

        /// <summary>When the first amplitude is taken: after the transient.</summary>
        public double Start() => Step * Math.Round(Transient / Step);

        /// <summary>From there to the second one: about 0.4 of a decay time.</summary>
        public double Span() => Step * Math.Round(0.4 / ((Shear > 0 ? KinematicViscosity : HeatDiffusivity) * Number * Number) / Step);

        public double DecayRate(int run, ulong seed)
        {
            double length = 2 * Math.PI / Number;
            double diameter = Math.Sqrt(1 / (Math.Sqrt(2) * Math.PI));
            Gas gas = new(Box.Cube(length), [new Species("A", 1, diameter)], []);
            int cells = (int)Math.Round(length / Width);
            double weight = gas.Box.Volume / ParticleCount;
            DsmcSolver solver = new(gas, new DsmcGrid(gas.Box, cells, 1, 1), weight, Particles(length, run, FreshSeeds.Of(seed)), FreshSeeds.Of(seed), run);
            solver.Advance(Step, (long)Math.Round(Start() / Step));
            ParticleState[] particles = new ParticleState[ParticleCount];
            solver.CopyTo(particles);
            double before = Amplitude(particles), start = solver.Time;
            solver.Advance(Step, (long)Math.Round(Span() / Step));
            solver.CopyTo(particles);
            double after = Amplitude(particles);
            double rate = Math.Log(before / after) / (solver.Time - start);
            // Shear heats the gas a little, and a warmer gas is more viscous, like sqrt(T). What is left of a wave of amplitude A
            // holds the energy A^2/4 for each particle; a temperature wave has no motion.
            double motion = Shear > 0 ? 0.5 * (before * before + after * after) / 6 : 0;
            double temperature = particles.Average(p => p.Velocity.LengthSquared) / 3 - motion;
            return rate / (Number * Number) / Math.Sqrt(temperature);
        }

        // Temperature 1 + h cos(qx), density 1/T, and the flow into the cooling places, v_x = -D q h sin(qx): the entropy mode of
        // the linear hydrodynamic equations, so that next to no sound starts.
        private ParticleState[] Particles(double length, int run, ulong seed)
        {
            ParticleState[] particles = new ParticleState[ParticleCount];
            for (int id = 0; id < particles.Length; id++)
            {
                CounterRandom random = new(seed, RandomStream.Testing, (uint)id, (ulong)run << 32);
                double x, temperature;
                do
                {
                    x = random.NextUniform();
                    temperature = 1 + Heat * Math.Cos(2 * Math.PI * x);
                }
                while (random.NextUniform() > (1 - Heat) / temperature);
                particles[id].Position = new Vec3(x * length, 0, 0);
                particles[id].Velocity = Math.Sqrt(temperature) * random.NextNormalVector(3)
                    + new Vec3(-HeatDiffusivity * Number * Heat * Math.Sin(2 * Math.PI * x), Shear * Math.Cos(2 * Math.PI * x), 0);
            }

            return particles;
        }

        // Of the shear velocity, or of the entropy S = (3/2) T' - n'. dS/dt = -D q^2 (S + p') and d(v_x)/dt = q p' in their waves,
        // so that S + D q v_x decays with D q^2 whatever sound there is.
        private double Amplitude(ParticleState[] particles)
        {
            double sum = 0;
            foreach (ParticleState particle in particles)
            {
                Vec3 v = particle.Velocity;
                (double sine, double cosine) = Math.SinCos(Number * particle.Position.X);
                sum += Shear > 0
                    ? v.Y * cosine
                    : (0.5 * v.LengthSquared - 2.5) * cosine + HeatDiffusivity * Number * v.X * sine;
            }

            return Math.Abs(2 * sum / particles.Length);
        }
    }
}
