using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Z from impulses, against the equations of state of the literature.</summary>
[Trait("Tier", "Validation")]
public class EquationOfStateTests(ITestOutputHelper output)
{
    private const double ErrorMax = 0.001;
    private const double Allowance = 0.003;
    private const int EventCount = 4_000_000;

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.3)]
    [InlineData(0.45)]
    public void Spheres_have_the_pressure_of_Carnahan_and_Starling(double packing)
    {
        Measurement z = MeasureSpheres(packing, 4000, 400, EventCount, output);
        z.Check(output, ErrorMax, Allowance);
        // Information only: the finer equation shows how little of the allowance is used.
        output.WriteLine(FormattableString.Invariant($"  Kolafa, Labik, Malijevsky: {EquationOfState.KolafaLabikMalijevsky(packing):G7}"));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    public void Disks_have_the_pressure_of_the_virial_series(double packing)
    {
        const int Count = 4096;
        Gas gas = KnownGases.OfPacking(2, packing, [KnownGases.Unit], [Count]);
        using EquilibriumRun run = Melted(gas, [Count], PositionMethod.Lattice, 400, seed: 12);
        run.Measure(EventCount / KnownGases.PairEventRate(gas, [Count]));
        new Measurement(
            FormattableString.Invariant($"Z of disks, packing {packing}"), run.Compressibility(), EquationOfState.Disks(packing))
            .Check(output, ErrorMax, Allowance);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void A_mixture_of_size_ratio_one_half_has_the_pressure_of_BMCSL(double packing)
    {
        ImmutableArray<Species> species = [new("A", 4, 1), new("B", 1, 0.5)];
        ImmutableArray<int> counts = [1200, 2800];
        Gas gas = KnownGases.OfPacking(3, packing, species, counts);
        using EquilibriumRun run = Melted(gas, counts, PositionMethod.Growth, 200, seed: 13);
        run.Measure(EventCount / KnownGases.PairEventRate(gas, counts));
        new Measurement(
            FormattableString.Invariant($"Z of a mixture, diameters 1 : 0.5, packing {packing}"),
            run.Compressibility(),
            EquationOfState.MixtureCompressibility(gas, counts)).Check(output, ErrorMax, Allowance);
    }

    /// <summary>Z of spheres from an fcc start, after melting.</summary>
    internal static Measurement MeasureSpheres(
        double packing, int count, double meltCollisionsPerParticle, int eventCount, ITestOutputHelper output)
    {
        Gas gas = KnownGases.OfPacking(3, packing, [KnownGases.Unit], [count]);
        using EquilibriumRun run = Melted(gas, [count], PositionMethod.Lattice, meltCollisionsPerParticle, seed: 11);
        // The order of the fcc start is 1; in a fluid it is of the size sqrt(S/N) with S < 3 for the wave vector of the lattice.
        double order = CrystalOrder(gas, run.Simulator.Capture());
        output.WriteLine(FormattableString.Invariant($"order of the melted crystal: {order:F3}"));
        Assert.True(order < 6 / Math.Sqrt(count), FormattableString.Invariant($"still crystalline: {order}"));
        run.Measure(eventCount / KnownGases.PairEventRate(gas, [count]));
        return new Measurement(
            FormattableString.Invariant($"Z of spheres, packing {packing}"),
            run.Compressibility(),
            EquationOfState.CarnahanStarling(packing));
    }

    private static EquilibriumRun Melted(
        Gas gas, ImmutableArray<int> counts, PositionMethod method, double collisionsPerParticle, ulong seed)
    {
        EquilibriumRun run = new(gas, counts, method, seed);
        run.Relax(collisionsPerParticle * counts.Sum() / 2 / KnownGases.PairEventRate(gas, counts));
        return run;
    }

    // |sum exp(i G.x)|/N, the largest of the four shortest reciprocal vectors G = 2 pi/a (1, +-1, +-1) of the fcc lattice with
    // four spheres per cubic cell of side a.
    private static double CrystalOrder(Gas gas, SystemState state)
    {
        double a = Math.Cbrt(4 * gas.Box.Volume / state.Particles.Length);
        double largest = 0;
        foreach ((int y, int z) in ((int, int)[])[(1, 1), (1, -1), (-1, 1), (-1, -1)])
        {
            double cosines = 0, sines = 0;
            foreach (ParticleState particle in state.Particles)
            {
                Vec3 x = particle.PositionAt(state.Time);
                (double sine, double cosine) = Math.SinCos(2 * Math.PI / a * (x.X + y * x.Y + z * x.Z));
                cosines += cosine;
                sines += sine;
            }

            largest = Math.Max(largest, Math.Sqrt(cosines * cosines + sines * sines) / state.Particles.Length);
        }

        return largest;
    }
}
