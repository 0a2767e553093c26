using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Tests.Dsmc;

/// <summary>The DSMC solver in space: cells, boundaries, threads, equilibrium.</summary>
public class DsmcFlightTests
{
    private const double SigmaMax = 4;

    [Theory]
    [InlineData(2, 4, 4, 1)]
    [InlineData(3, 4, 3, 5)]
    [InlineData(3, 16, 1, 1)]
    public void The_number_of_threads_changes_no_bit(int dimension, int x, int y, int z)
    {
        Gas gas = new(
            new Box(
                dimension, new Vec3(1, 2, dimension == 3 ? 1.5 : 0), Boundary.Periodic, Boundary.Reflecting,
                dimension == 3 ? Boundary.Periodic : Boundary.Open),
            [new Species("A", 1, 0.05), new Species("B", 4, 0.08)],
            [new Zone(3, dimension == 3 ? 0.08 : 0.03)]);
        ParticleState[][] results = [.. new[] { 1, 2, 3, 5 }.Select(threads =>
        {
            DsmcSolver solver = new(
                gas, new DsmcGrid(gas.Box, x, y, z), 1, DsmcGases.Maxwellians(gas, [700, 503], [1, 2], 6), seed: 11, threadCount: threads);
            solver.Advance(0.03, 20);
            solver.Advance(0.02, 3);
            Assert.True(solver.Tally.Collisions.Min() > 0);
            return solver.Particles();
        })];
        foreach (ParticleState[] other in results[1..])
        {
            Assert.Equal(results[0], other);
        }
    }

    [Fact]
    public void Another_seed_or_run_is_another_gas()
    {
        Gas gas = DsmcGases.Unit(3, [new Species("A", 1, 0.1)]);
        ParticleState[][] results = [.. new[] { (1UL, 0), (2UL, 0), (1UL, 1) }.Select(key =>
        {
            DsmcSolver solver = new(
                gas, DsmcGrid.Homogeneous(gas.Box), 1, DsmcGases.Maxwellians(gas, [100], [1], 6), key.Item1, key.Item2);
            solver.Advance(1, 1);
            return solver.Particles();
        })];
        Assert.NotEqual(results[0], results[1]);
        Assert.NotEqual(results[0], results[2]);
        Assert.NotEqual(results[1], results[2]);
    }

    [Fact]
    public void Without_collisions_particles_fly_straight_around_the_box_and_between_walls()
    {
        Gas gas = new(
            new Box(3, new Vec3(1, 2, 3), Boundary.Periodic, Boundary.Reflecting, Boundary.Periodic), [new Species("A", 1, 1e-12)], []);
        ParticleState[] start = DsmcGases.Maxwellians(gas, [103], [4], 6);
        DsmcSolver solver = new(gas, new DsmcGrid(gas.Box, 3, 4, 2), 1, start, seed: 1);
        solver.Advance(0.25, 12);
        foreach (ParticleState particle in solver.Particles())
        {
            // Found by its velocity, which only the wall changes, in sign.
            ParticleState origin = start.Single(p => p.Velocity.X == particle.Velocity.X && p.Velocity.Z == particle.Velocity.Z);
            Vec3 free = origin.Position + 3 * origin.Velocity;
            Assert.Equal(0, Math.IEEERemainder(free.X - particle.Position.X, 1), 1e-12);
            Assert.Equal(0, Math.IEEERemainder(free.Z - particle.Position.Z, 3), 1e-12);
            double unfolded = particle.Velocity.Y == origin.Velocity.Y ? particle.Position.Y : -particle.Position.Y;
            Assert.Equal(0, Math.IEEERemainder(free.Y - unfolded, 4), 1e-12);
            Assert.InRange(particle.Position.Y, 0, 2);
        }
    }

    [Fact]
    public void Cells_hold_the_particles_that_lie_in_them()
    {
        Gas gas = DsmcGases.Unit(3, [new Species("A", 1, 0.01), new Species("B", 1, 0.01)]);
        DsmcGrid grid = new(gas.Box, 4, 3, 5);
        DsmcSolver solver = new(gas, grid, 1, DsmcGases.Maxwellians(gas, [500, 300], [1, 1], 6), seed: 1);
        solver.Advance(0.1, 7);
        (int, int)[] keys = [.. solver.Particles().Select(p => (grid.CellOf(p.Position), p.Kind))];
        Assert.Equal(keys.Order(), keys);
    }

    [Fact]
    public void A_gas_at_equilibrium_stays_there()
    {
        Gas gas = new(Box.Cube(1), [new Species("A", 1, 0.1), new Species("B", 4, 0.15)], [new Zone(3, 0.14)]);
        ImmutableArray<int> counts = [40_000, 40_000];
        DsmcSolver solver = new(
            gas, new DsmcGrid(gas.Box, 6, 5, 4), 2e-3, DsmcGases.Maxwellians(gas, counts, [1, 1], 7, exactEnergy: true), seed: 8);
        solver.Advance(0.1, 40);
        Assert.True(solver.Tally.Collisions.Sum() > 3 * solver.ParticleCount);
        ParticleState[] particles = solver.Particles();
        for (int a = 0; a < 2; a++)
        {
            double mass = gas.Species[a].Mass;
            double[] speeds = [.. particles.Where(p => p.Kind == a).Select(p => mass * p.Velocity.LengthSquared)];
            double n = speeds.Length;
            // Of c^2 and c^4 in units of T/M: means 3 and 15, variances 6 and 945 - 225.
            Assert.Equal(3, speeds.Average(), SigmaMax * Math.Sqrt(6 / n));
            Assert.Equal(15, speeds.Average(s => s * s), SigmaMax * Math.Sqrt(720 / n));
            Assert.Equal(0.5, particles.Where(p => p.Kind == a).Average(p => p.Position.X), SigmaMax * Math.Sqrt(1 / (12 * n)));
        }

        // Densities of all cells: chi squared.
        DsmcGrid grid = new(gas.Box, 6, 5, 4);
        double mean = (double)particles.Length / grid.CellCount;
        double chi = particles.GroupBy(p => grid.CellOf(p.Position)).Sum(g => (g.Count() - mean) * (g.Count() - mean) / mean);
        Assert.Equal(grid.CellCount - 1, chi, SigmaMax * Math.Sqrt(2.0 * grid.CellCount));
    }

    [Fact]
    public void H_never_rises_and_ends_at_the_Maxwellian()
    {
        Gas gas = DsmcGases.Unit(3, [new Species("A", 1, 0.5)]);
        const int Count = 200_000;
        ParticleState[] start = DsmcGases.Maxwellians(gas, [Count], [1], 9);
        foreach (ref ParticleState particle in start.AsSpan())
        {
            // All speeds between 0.9 and 1.1.
            double length = Math.Sqrt(particle.Velocity.LengthSquared);
            particle.Velocity *= (0.9 + 0.2 * particle.Position.X) / length;
        }

        DsmcSolver solver = new(gas, DsmcGrid.Homogeneous(gas.Box), 1.0 / Count, start, seed: 2);
        double rate = CollisionFrequency.Pair(3, 1, 0.5, 1.0 / 3, 1.0 / 3);
        double before = H(solver);
        double first = before;
        for (int sample = 0; sample < 12; sample++)
        {
            solver.Advance(0.4 / rate, 1);
            double after = H(solver);
            Assert.True(after < before + SigmaMax * 2 / Math.Sqrt(Count), $"H rose from {before} to {after}");
            before = after;
        }

        double variance = solver.Particles().Average(p => p.Velocity.LengthSquared) / 3;
        double equilibrium = -1.5 * Math.Log(2 * Math.PI * Math.E * variance);
        Assert.True(first > equilibrium + 0.5);
        Assert.Equal(equilibrium, before, 0.005);

        // int f ln f from a histogram of speeds of an isotropic gas. Bins of width 0.05 leave an error below 0.002.
        static double H(DsmcSolver solver)
        {
            const double Width = 0.05;
            double sum = 0;
            foreach (
                IGrouping<int, ParticleState> bin in solver.Particles().GroupBy(p => (int)(Math.Sqrt(p.Velocity.LengthSquared) / Width)))
            {
                double share = bin.Count() / (double)solver.ParticleCount;
                double outer = (bin.Key + 1) * Width, inner = bin.Key * Width;
                double volume = 4 * Math.PI / 3 * (outer * outer * outer - inner * inner * inner);
                sum += share * Math.Log(share / volume);
            }

            return sum;
        }
    }

    [Fact]
    public void Simulated_particles_are_divided_as_the_real_ones_are()
    {
        DsmcSize size = DsmcSize.For([8000, 4000], 300);
        Assert.Equal<int>([200, 100], size.Counts);
        Assert.Equal(40, size.Weight);
    }
}
