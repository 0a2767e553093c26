using System.Collections.Immutable;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Runs.Observables;

namespace ActorMD.Runs.Tests;

public class VelocityMomentsTests
{
    private static readonly ImmutableArray<Species> TwoSpecies = [new("A", 1, 0.1), new("B", 4, 0.2)];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Temperature_is_what_the_definition_says(int dimension)
    {
        Gas gas = Closed(dimension);
        ParticleState[] particles = Draw(gas, count: 500, drift: new Vec3(3, -2, dimension == 3 ? 1 : 0));
        VelocityMoments moments = VelocityMoments.Of(gas, new SystemState(particles, 1));

        Vec3 momentum = Vec3.Zero;
        double mass = 0;
        foreach (ParticleState p in particles)
        {
            momentum += gas.Species[p.Kind].Mass * p.Velocity;
            mass += gas.Species[p.Kind].Mass;
        }

        Vec3 mean = momentum * (1 / mass);
        double[] thermal = new double[2];
        int[] counts = new int[2];
        foreach (ParticleState p in particles)
        {
            thermal[p.Kind] += gas.Species[p.Kind].Mass * (p.Velocity - mean).LengthSquared;
            counts[p.Kind]++;
        }

        Assert.Equal((thermal[0] + thermal[1]) / (dimension * 500), moments.Temperature, 1e-12);
        Assert.Equal(thermal[0] / (dimension * counts[0]), moments.TemperatureBySpecies[0]!.Value, 1e-12);
        Assert.Equal(thermal[1] / (dimension * counts[1]), moments.TemperatureBySpecies[1]!.Value, 1e-12);
    }

    [Fact]
    public void The_order_of_the_particles_does_not_change_a_bit()
    {
        Gas gas = Free();
        ParticleState[] particles = Draw(gas, count: 1000, drift: new Vec3(1e6, 0, 0));
        ParticleState[] reversed = [.. particles.Reverse()];
        VelocityMoments one = VelocityMoments.Of(gas, new SystemState(particles, 1));
        VelocityMoments other = VelocityMoments.Of(gas, new SystemState(reversed, 1));

        Assert.Equal(one.Energy, other.Energy);
        Assert.Equal(one.Momentum, other.Momentum);
        Assert.Equal(one.AngularMomentum, other.AngularMomentum);
        Assert.Equal(one.Temperature, other.Temperature);
        Assert.Equal(one.TemperatureBySpecies.AsEnumerable(), other.TemperatureBySpecies);
    }

    [Fact]
    public void Angular_momentum_does_not_depend_on_when_a_particle_last_collided()
    {
        Gas gas = Free();
        ParticleState early = new() { Position = new Vec3(1, 2, 3), Velocity = new Vec3(1, -1, 2), Time = 0 };
        ParticleState late = early with { Position = early.PositionAt(4), Time = 4 };
        Vec3 expected = Vec3.Cross(early.Position, early.Velocity);

        Assert.Equal(expected, VelocityMoments.Of(gas, new SystemState([early], 8, time: 5)).AngularMomentum);
        Assert.Equal(expected, VelocityMoments.Of(gas, new SystemState([late], 8, time: 5)).AngularMomentum);
    }

    [Fact]
    public void Angular_momentum_is_undefined_where_a_side_is_closed() =>
        Assert.Null(VelocityMoments.Of(Closed(3), new SystemState(Draw(Closed(3), 5, Vec3.Zero), 1)).AngularMomentum);

    [Fact]
    public void A_single_particle_has_no_temperature_of_its_own()
    {
        VelocityMoments moments = VelocityMoments.Of(Closed(3), new SystemState([new ParticleState { Velocity = new Vec3(3, 4, 12) }], 1));

        Assert.Equal(84.5, moments.Energy);
        Assert.Equal(0, moments.Temperature);
        Assert.Null(moments.TemperatureBySpecies[1]);
    }

    private static Gas Closed(int dimension) =>
        new(Box.Of(dimension, new Vec3(1, 1, 1), Boundary.Periodic), TwoSpecies, []);

    private static Gas Free() => new(Box.Cube(1, Boundary.Open), TwoSpecies, []);

    private static ParticleState[] Draw(Gas gas, int count, Vec3 drift)
    {
        CounterRandom random = new(seed: 3, RandomStream.Testing);
        ParticleState[] particles = new ParticleState[count];
        for (int id = 0; id < count; id++)
        {
            particles[id] = new ParticleState
            {
                Kind = id % 3 == 0 ? 1 : 0,
                Position = Next(ref random, gas.Dimension),
                Velocity = drift + Next(ref random, gas.Dimension),
            };
        }

        return particles;
    }

    private static Vec3 Next(ref CounterRandom random, int dimension) =>
        new(random.NextUniform(), random.NextUniform(), dimension == 3 ? random.NextUniform() : 0);
}
