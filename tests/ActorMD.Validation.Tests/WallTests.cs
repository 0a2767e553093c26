using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Runs.Observables;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Hard walls over many bounces.</summary>
[Trait("Tier", "Validation")]
public class WallTests(ITestOutputHelper output)
{
    private const long BounceCount = 1_000_000;
    private const double EnergyDriftMax = 1e-12;

    /// <summary>Rounding of one coordinate, relative to the box.</summary>
    private const double CrossingMax = 1e-15;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_million_bounces_keep_energy_and_species_and_no_surface_crosses_a_wall(int dimension)
    {
        ImmutableArray<Species> species = [new("A", 1, 1), new("B", 4, 0.5)];
        ImmutableArray<int> counts = [60, 60];
        Gas gas = KnownGases.OfPacking(dimension, 0.15, species, counts, Boundary.Reflecting);
        using EquilibriumRun run = new(gas, counts, PositionMethod.Lattice, seed: 21);
        Simulator simulator = run.Simulator;
        double initial = VelocityMoments.Of(gas, simulator.Capture()).Energy;
        double deepest = 0;
        SystemState state = simulator.Capture();
        while (simulator.Tally.OrderCounts[1] < BounceCount)
        {
            simulator.Advance(double.PositiveInfinity, 997);
            state = simulator.Capture();
            deepest = Math.Max(deepest, DeepestCrossing(gas, state));
        }

        double drift = VelocityMoments.Of(gas, state).Energy / initial - 1;
        output.WriteLine(FormattableString.Invariant(
            $"d = {dimension}: {simulator.Tally.OrderCounts[1]} bounces, energy drift {drift:E2}, deepest crossing {deepest:E1}"));
        Assert.True(Math.Abs(drift) < EnergyDriftMax, FormattableString.Invariant($"energy drift {drift:E2}"));
        Assert.True(deepest <= CrossingMax * gas.Box.Lengths.X, FormattableString.Invariant($"{deepest:E2} beyond a wall"));
        Assert.Equal(counts, state.CountSpecies(gas));
        Assert.InRange(OverlapLimit.Largest(OverlapCheck.FindByBruteForce(gas, state)), 0, 1e-11);
    }

    private static double DeepestCrossing(Gas gas, SystemState state)
    {
        double deepest = 0;
        foreach (ParticleState particle in state.Particles)
        {
            Vec3 x = particle.PositionAt(state.Time);
            double radius = 0.5 * gas.Species[particle.Kind].Diameter;
            for (int axis = 0; axis < gas.Dimension; axis++)
            {
                deepest = Math.Max(deepest, Math.Max(radius - x[axis], x[axis] + radius - gas.Box.Lengths[axis]));
            }
        }

        return deepest;
    }
}
