using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Fluids and gases in which every particle has its own diameter and mass.</summary>
[Trait("Tier", "Validation")]
public class SizeDistributionPhysicsTests(ITestOutputHelper output)
{
    private const int Count = 4000;

    // BMCSL is too low by 0.2 to 0.3 percent for equal spheres at packing 0.3 and 0.4, and about as much for these.
    [Theory]
    [InlineData(SizeForm.LogNormal, 0.1, 0.2)]
    [InlineData(SizeForm.Schulz, 0.2, 0.3)]
    [InlineData(SizeForm.LogNormal, 0.25, 0.4)]
    public void The_pressure_of_spheres_is_BMCSL_of_three_moments(SizeForm form, double deviation, double packing)
    {
        Gas gas = Of(3, packing, new(form, [1, deviation, 1 - 3 * deviation, 1 + 4 * deviation], 1, 3, Count));
        using EquilibriumRun run = Relaxed(gas, packing > 0.2 ? PositionMethod.Growth : PositionMethod.Conditioned);
        run.Measure(3_000_000 / RateOf(gas));
        new Measurement(
            FormattableString.Invariant($"Z of {form} spheres, deviation {deviation}, packing {packing}"), run.Compressibility(),
            MomentCompressibility(gas)).Check(output, 0.001, 0.004);
    }

    // Santos, Yuste, Lopez de Haro, Mol. Phys. 96, 1 (1999): of the equal disks' Z, by moments of the diameters; good to 0.5 percent here.
    [Theory]
    [InlineData(0.2, 0.3)]
    [InlineData(0.3, 0.5)]
    public void The_pressure_of_disks_is_that_of_Santos_Yuste_and_Lopez_de_Haro(double deviation, double packing)
    {
        Gas gas = Of(2, packing, new(SizeForm.Schulz, [1, deviation, 0.2, 1 + 4 * deviation], 1, 0, Count));
        using EquilibriumRun run = Relaxed(gas, PositionMethod.Growth);
        run.Measure(3_000_000 / RateOf(gas));
        double ratio = Moment(gas, 1) * Moment(gas, 1) / Moment(gas, 2);
        double expected = ratio * EquationOfState.Disks(packing) + (1 - ratio) / (1 - packing);
        string name = FormattableString.Invariant($"Z of disks, deviation {deviation}, packing {packing}");
        new Measurement(name, run.Compressibility(), expected).Check(output, 0.001, 0.005);
    }

    // Enskog with the contact values of BMCSL, summed over all pairs of particles; at this packing they are good to 0.1 percent.
    [Theory]
    [InlineData(3, 0.01)]
    [InlineData(2, 0.01)]
    [InlineData(3, 0.1)]
    public void Pairs_collide_as_often_as_the_sum_over_all_pairs_says(int dimension, double packing)
    {
        Gas gas = Of(dimension, packing, new(SizeForm.Schulz, [1, 0.3, 0.2, 2.5], 1, dimension, Count));
        using EquilibriumRun run = Relaxed(gas, PositionMethod.Conditioned);
        run.Measure(3_000_000 / RateOf(gas));
        string name = FormattableString.Invariant($"collision rate, d = {dimension}, packing {packing}");
        new Measurement(name, run.PairFrequency(0, 0), 2 * RateOf(gas) / Count).Check(output, 0.002, 0.002);
    }

    // A start in which small particles are cold: collisions give the same temperature to all sizes.
    [Fact]
    public void Energy_is_shared_equally_by_all_sizes()
    {
        const int GroupCount = 4, SampleCount = 600;
        Gas gas = Of(3, 0.2, new(SizeForm.LogNormal, [1, 0.3, 0.4, 2.5], 1, 3, Count));
        SystemState start = KnownGases.Start(gas, [Count], PositionMethod.Conditioned, 51);
        double middle = gas.Kinds.Select(kind => kind.Diameter).Order().ElementAt(Count / 2);
        foreach (ref ParticleState particle in start.Particles.AsSpan())
        {
            particle.Velocity *= gas.Kinds[particle.Kind].Diameter < middle ? 0.1 : 1;
        }

        double[] order = [.. gas.Kinds.Select(kind => kind.Diameter).Order()];
        using Engine.Simulator simulator = new(gas, start);
        double every = 4 * Count / RateOf(gas) / 2;
        simulator.Advance(30 * every);
        double total = 0;
        List<double>[] groups = [.. Enumerable.Range(0, GroupCount).Select(_ => new List<double>())];
        for (int n = 0; n < SampleCount; n++)
        {
            simulator.Advance(simulator.Time + every);
            double[] energies = new double[GroupCount];
            foreach (ParticleState particle in simulator.Capture().Particles)
            {
                (_, double mass, double diameter) = gas.Kinds[particle.Kind];
                int group = Array.BinarySearch(order, diameter) * GroupCount / Count;
                energies[group] += mass * particle.Velocity.LengthSquared / 3 / (Count / GroupCount);
            }

            total = energies.Average();
            for (int g = 0; g < GroupCount; g++)
            {
                groups[g].Add(energies[g]);
            }
        }

        for (int g = 0; g < GroupCount; g++)
        {
            double[] blocks = [.. groups[g].Chunk(SampleCount / 20).Select(block => block.Average() / total)];
            new Measurement($"temperature of the quarter {g + 1} of sizes", BlockAverage.Of(blocks), 1).Check(output, 0.005);
        }
    }

    private static Gas Of(int dimension, double packing, SizeDistribution sizes) =>
        KnownGases.OfPacking(dimension, packing, [Species.Of("A", sizes)], [Count]);

    private static EquilibriumRun Relaxed(Gas gas, PositionMethod method)
    {
        EquilibriumRun run = new(gas, [Count], method, seed: 52);
        run.Relax(100.0 * Count / RateOf(gas));
        return run;
    }

    private static double Moment(Gas gas, int power) => gas.Kinds.Average(kind => Math.Pow(kind.Diameter, power));

    // Salacuse, Stell, J. Chem. Phys. 77, 3714 (1982): BMCSL of any distribution needs three moments.
    private static double MomentCompressibility(Gas gas)
    {
        double density = Math.PI / 6 * Count / gas.Box.Volume;
        double xi0 = density, xi1 = density * Moment(gas, 1), xi2 = density * Moment(gas, 2), xi3 = density * Moment(gas, 3);
        double free = 1 - xi3;
        return 1 / free + 3 * xi1 * xi2 / (xi0 * free * free) + xi2 * xi2 * xi2 * (3 - xi3) / (xi0 * free * free * free);
    }

    // Pair collisions of the whole gas per unit time at temperature 1, the sum over all pairs of particles.
    private static double RateOf(Gas gas)
    {
        double packing = Count * gas.SphereVolume(0) / gas.Box.Volume, sum = 0;
        double lower = Math.PI / (2 * gas.Dimension) * Count / gas.Box.Volume * Moment(gas, gas.Dimension - 1);
        ImmutableArray<ParticleKind> kinds = gas.Kinds;
        for (int i = 0; i < kinds.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double a = kinds[i].Diameter, b = kinds[j].Diameter, contact = 0.5 * (a + b), x = lower * a * b / (a + b) / (1 - packing);
                double value = (gas.Dimension == 3 ? 1 + 3 * x + 2 * x * x : 1 + 9.0 / 8 * x) / (1 - packing);
                double speed = Math.Sqrt((1 / kinds[i].Mass + 1 / kinds[j].Mass) / (2 * Math.PI));
                sum += value * speed * (gas.Dimension == 3 ? 4 * Math.PI * contact * contact : 2 * Math.PI * contact);
            }
        }

        return sum / gas.Box.Volume;
    }
}
