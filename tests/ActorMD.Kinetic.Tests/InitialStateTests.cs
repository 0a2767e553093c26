using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;

namespace ActorMD.Kinetic.Tests;

/// <summary>What all methods have in common, and the velocities.</summary>
public sealed class InitialStateTests
{
    [Theory]
    [InlineData(PositionMethod.Lattice)]
    [InlineData(PositionMethod.Conditioned)]
    [InlineData(PositionMethod.Growth)]
    public void A_mixture_with_zones_starts_in_the_phase_space(PositionMethod method)
    {
        Gas gas = new(
            Box.Of(3, new Vec3(1, 1.4, 0.8), Boundary.Periodic) with { BoundaryZ = Boundary.Reflecting },
            [new("A", 1, 0.03), new("B", 4, 0.05)],
            [new Zone(3, 0.13), new Zone(4, 0.22)]);
        SystemState state = Build(gas, [300, 200], method);
        Assert.Null(OverlapCheck.Find(gas, state).Worst);
        Assert.Equal([300, 200], state.CountSpecies(gas));
        Assert.All(state.Particles[..300], p => Assert.Equal(0, p.Kind));
        Assert.All(state.Particles, p => Assert.Equal((0, Int3.Zero), (p.Time, p.Image)));
        Assert.All(state.Particles, p => Assert.True(IsInside(gas.Box, p.Position)));
        Assert.Equal((0, 0), (state.Epoch, state.Time));
        Assert.Equal(EpochLength.For(gas, state.Particles), state.EpochLength);
    }

    [Theory]
    [InlineData(PositionMethod.Lattice, "sha256:f0b75b3f8557fa00130b")]
    [InlineData(PositionMethod.Conditioned, "sha256:62213c45781a07587987")]
    [InlineData(PositionMethod.Growth, "sha256:75713de9e60625cba917")]
    public void The_seed_decides_the_state_bit_for_bit(PositionMethod method, string digest)
    {
        Gas gas = new(Box.Cube(1), [new("A", 1, 0.04), new("B", 4, 0.05)], []);
        string first = StateDigest.Of(Build(gas, [200, 100], method, seed: 5));
        Assert.StartsWith(digest, first, StringComparison.Ordinal); // pins the state across versions and machines
        Assert.Equal(first, StateDigest.Of(Build(gas, [200, 100], method, seed: 5)));
        Assert.NotEqual(first, StateDigest.Of(Build(gas, [200, 100], method, seed: 6)));
    }

    [Theory]
    [InlineData(PositionMethod.Lattice)]
    [InlineData(PositionMethod.Conditioned)]
    [InlineData(PositionMethod.Growth)]
    public void One_particle_is_enough(PositionMethod method)
    {
        foreach (Boundary boundary in Enum.GetValues<Boundary>())
        {
            Gas gas = new(Box.Square(1, boundary), [new("A", 1, 0.9)], []);
            SystemState state = Build(gas, [1], method);
            Assert.Null(OverlapCheck.Find(gas, state).Worst);
            Assert.Equal(0, state.Particles[0].Position.Z);
            Assert.Equal(0, state.Particles[0].Velocity.Z);
        }
    }

    [Fact]
    public void Counts_that_do_not_fit_the_species_are_refused()
    {
        Gas gas = new(Box.Cube(1), [new("A", 1, 0.1)], []);
        Assert.Throws<InitialStateException>(() => Build(gas, [], PositionMethod.Lattice));
        Assert.Throws<InitialStateException>(() => Build(gas, [0], PositionMethod.Lattice));
        Assert.Throws<InitialStateException>(() => Build(gas, [-1], PositionMethod.Lattice));
        Assert.Throws<InitialStateException>(() => InitialState.Build(
            gas, [1], new InitialData(new PositionPlan(PositionMethod.Lattice), new VelocityPlan([])), 1));
    }

    [Fact]
    public void A_sphere_wider_than_the_distance_of_the_walls_is_refused()
    {
        Gas gas = new(Box.Cube(1, Boundary.Reflecting), [new("A", 1, 0.5), new("B", 1, 1.1)], []);
        InitialStateException error = Assert.Throws<InitialStateException>(
            () => Build(gas, [1, 1], PositionMethod.Conditioned));
        Assert.Contains("species B with diameter 1.1", error.Message, StringComparison.Ordinal);
        Assert.Null(OverlapCheck.Find(gas, Build(gas, [1, 0], PositionMethod.Conditioned)).Worst);
    }

    [Fact]
    public void The_work_can_be_stopped_and_shows_progress()
    {
        Gas gas = new(Box.Cube(10), [new("A", 1, 1)], []);
        using CancellationTokenSource source = new();
        List<double> shares = [];
        Progress progress = new(share =>
        {
            shares.Add(share);
            source.Cancel();
        });
        InitialData data = new(new PositionPlan(PositionMethod.Conditioned), AtRest(1));
        Assert.Throws<OperationCanceledException>(() => InitialState.Build(gas, [100], data, 1, progress, source.Token));
        Assert.InRange(Assert.Single(shares), 0.01, 0.5);
        Assert.Throws<OperationCanceledException>(() => InitialState.Build(
            gas, [100], data with { Positions = new PositionPlan(PositionMethod.Growth) }, 1, null, source.Token));
    }

    [Fact]
    public void Velocities_are_Maxwellian_about_the_mean_of_each_species()
    {
        Gas gas = new(Box.Cube(100), [new("A", 1, 0.1), new("B", 4, 0.1)], []);
        const int count = 40_000;
        VelocityPlan plan = new([new Maxwellian(2, new Vec3(1, 0, 0)), new Maxwellian(0.5, Vec3.Zero)]);
        SystemState state = InitialState.Build(gas, [count, count], new(new(PositionMethod.Lattice), plan), 3);
        for (int axis = 0; axis < 3; axis++)
        {
            foreach ((int species, double mean, double variance) in new[] { (0, axis == 0 ? 1.0 : 0, 2.0), (1, 0.0, 0.125) })
            {
                double[] v = [.. state.Particles.Where(p => p.Kind == species).Select(p => p.Velocity[axis])];
                Assert.Equal(mean, v.Average(), 4 * Math.Sqrt(variance / count));
                double second = v.Average(x => (x - mean) * (x - mean)), fourth = v.Average(x => Math.Pow(x - mean, 4));
                Assert.Equal(1, second / variance, 4 * Math.Sqrt(2.0 / count));
                Assert.Equal(3, fourth / (variance * variance), 4 * Math.Sqrt(96.0 / count));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5000)]
    public void Total_momentum_and_energy_come_out_to_rounding(int count)
    {
        Gas gas = new(Box.Cube(100), [new("A", 1, 0.1), new("B", 7, 0.1)], []);
        Vec3 momentum = new(0.25 * count, 0, -0.1 * count);
        double energy = 3.0 * count;
        VelocityPlan plan = new([new Maxwellian(2, new Vec3(1, 0, 0)), new Maxwellian(0.5, Vec3.Zero)], momentum, energy);
        SystemState state = InitialState.Build(gas, [count - 1, 1], new(new(PositionMethod.Lattice), plan), 3);
        (Vec3 p, double e, double size) = Totals(gas, state);
        Assert.True(Math.Sqrt((p - momentum).LengthSquared) <= 1e-15 * size);
        Assert.Equal(energy, e, 1e-14 * energy);
    }

    [Fact]
    public void The_total_energy_alone_keeps_the_mean_motion()
    {
        Gas gas = new(Box.Cube(100), [new("A", 1, 0.1)], []);
        VelocityPlan free = new([new Maxwellian(1, new Vec3(2, 0, 0))]);
        SystemState before = InitialState.Build(gas, [100], new(new(PositionMethod.Lattice), free), 3);
        SystemState after = InitialState.Build(gas, [100], new(new(PositionMethod.Lattice), free with { TotalEnergy = 400 }), 3);
        Assert.Equal(Totals(gas, before).Momentum.X, Totals(gas, after).Momentum.X, 1e-11);
        Assert.Equal(400, Totals(gas, after).Energy, 1e-11);
    }

    [Fact]
    public void One_particle_can_be_given_an_energy_or_a_momentum()
    {
        Gas gas = new(Box.Cube(1), [new("A", 2, 0.1)], []);
        SystemState Make(VelocityPlan plan) => InitialState.Build(gas, [1], new(new(PositionMethod.Lattice), plan), 3);
        Assert.Equal(5, Totals(gas, Make(new([new Maxwellian(1, Vec3.Zero)], null, 5))).Energy, 1e-13);
        Assert.Equal(new Vec3(1, 2, 3), Totals(gas, Make(new([new Maxwellian(1, Vec3.Zero)], new Vec3(1, 2, 3)))).Momentum);
        Assert.Equal(3.5, Totals(gas, Make(new([new Maxwellian(1, Vec3.Zero)], new Vec3(1, 2, 3), 3.5))).Energy, 1e-13);
    }

    [Fact]
    public void Energies_that_cannot_be_are_refused()
    {
        Gas gas = new(Box.Cube(1), [new("A", 2, 0.1)], []);
        void Make(int count, VelocityPlan plan) => InitialState.Build(gas, [count], new(new(PositionMethod.Lattice), plan), 3);
        // Mean motion has 2.
        Assert.Throws<InitialStateException>(() => Make(2, new([new Maxwellian(1, Vec3.Zero)], new Vec3(4, 0, 0), 1.9)));
        Assert.Throws<InitialStateException>(() => Make(2, new([new Maxwellian(0, Vec3.Zero)], null, 1)));
        Assert.Throws<InitialStateException>(() => Make(1, new([new Maxwellian(1, Vec3.Zero)], new Vec3(1, 0, 0), 7)));
        Make(2, new([new Maxwellian(0, Vec3.Zero)], null, 0)); // at rest, as it is
    }

    private static (Vec3 Momentum, double Energy, double Size) Totals(Gas gas, SystemState state)
    {
        Vec3 momentum = Vec3.Zero;
        double energy = 0, size = 0;
        foreach (ParticleState p in state.Particles)
        {
            double mass = gas.Species[p.Kind].Mass;
            momentum += mass * p.Velocity;
            energy += 0.5 * mass * p.Velocity.LengthSquared;
            size += mass * Math.Sqrt(p.Velocity.LengthSquared);
        }

        return (momentum, energy, size);
    }

    private static bool IsInside(Box box, Vec3 x) => Enumerable.Range(0, box.Dimension).All(axis => x[axis] >= 0
        && (box.IsPeriodic(axis) ? x[axis] < box.Lengths[axis] : x[axis] <= box.Lengths[axis]));

    private static VelocityPlan AtRest(int speciesCount) =>
        new([.. Enumerable.Repeat(new Maxwellian(0, Vec3.Zero), speciesCount)]);

    private static SystemState Build(Gas gas, ImmutableArray<int> counts, PositionMethod method, ulong seed = 1) =>
        InitialState.Build(
            gas, counts, new(new(method), new([.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))])), seed);

    private sealed class Progress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
