using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;

namespace ActorMD.Validation.Tests;

/// <summary>Edges, corners and tight places between walls. Exact and quick: part of the default tier.</summary>
public class CornerTests
{
    private const double Rounding = 1e-13;
    private static readonly Gas Room = new(Box.Cube(4, Boundary.Reflecting), [KnownGases.Unit], []);

    public static TheoryData<Vec3, Vec3> Shots => new()
    {
        { new(2, 2, 2), new(1, 1, 1) },
        { new(2, 2, 2), new(-1, 1, -1) },
        { new(2, 2, 2), new(0.1, 0.1, 0.1) },
        { new(1, 1.5, 2), new(2.5 / 3, 2.0 / 3, 1.5 / 3) },
        { new(2, 2, 1.3), new(1, 1, 0) },
        { new(2, 2, 1.3), new(-1, 1, 0.3) },
        { new(2, 2, 2), new(1, 0, 0) },
    };

    [Theory, MemberData(nameof(Shots))]
    public void A_particle_aimed_at_a_wall_an_edge_or_a_corner_comes_back(Vec3 position, Vec3 velocity)
    {
        using Simulator simulator = new(Room, StateOf((position, velocity)));
        // The free motion folded at the faces 0.5 and 3.5 of the centre.
        foreach (double time in (double[])[1, 1.5, 3, 6, 30])
        {
            simulator.Advance(time);
            SystemState state = simulator.Capture();
            ParticleState particle = state.Particles[0];
            Vec3 x = particle.PositionAt(state.Time);
            for (int axis = 0; axis < 3; axis++)
            {
                Assert.Equal(Folded(position[axis] + velocity[axis] * time), x[axis], Rounding);
                Assert.Equal(Math.Abs(velocity[axis]), Math.Abs(particle.Velocity[axis]));
            }
        }
    }

    [Fact]
    public void Bounces_off_three_walls_at_once_are_counted_as_multiple()
    {
        using Simulator simulator = new(Room, StateOf((new(2, 2, 2), new(1, 1, 1))));
        simulator.Advance(1.75);
        Assert.Equal(3, simulator.Tally.OrderCounts[1]);
        Assert.Equal(2, simulator.Tally.MultipleCount);
        Assert.Equal(new Vec3(-1, -1, -1), simulator.Capture().Particles[0].Velocity);
    }

    [Fact]
    public void A_pair_that_touches_while_both_touch_walls_goes_on()
    {
        // Length 4, diameter 1: the pair meets in the middle at t = 1/2, the walls are hit at 3/2, and so on with period 2.
        using Simulator simulator = new(Room, StateOf((new(1, 2, 2), new(1, 0, 0)), (new(3, 2, 2), new(-1, 0, 0))));
        simulator.Advance(1000.25);
        Assert.Equal(500, simulator.Tally.OrderCounts[2]);
        Assert.Equal(1000, simulator.Tally.OrderCounts[1]);
        SystemState end = simulator.Capture();
        Assert.Equal(1.25, end.Particles[0].PositionAt(end.Time).X, 1e-11);
    }

    [Fact]
    public void A_pair_squeezed_between_walls_keeps_its_energy_and_does_not_overlap()
    {
        // A tube that leaves each sphere a thousandth of a diameter in every direction.
        Gas tube = new(Box.Of(3, new Vec3(2.001, 1.001, 1.001), Boundary.Reflecting), [KnownGases.Unit], []);
        SystemState start = StateOf(
            (new(0.5002, 0.5003, 0.5004), new(1, 0.4, -0.3)), (new(1.5005, 0.5006, 0.5002), new(-0.2, 0.7, 0.9)));
        using Simulator simulator = new(tube, start);
        double energy = start.Particles.Sum(p => p.Velocity.LengthSquared);
        for (int check = 0; check < 100; check++)
        {
            simulator.Advance(double.PositiveInfinity, 1000);
            SystemState state = simulator.Capture();
            Assert.Equal(energy, state.Particles.Sum(p => p.Velocity.LengthSquared), 1e-12);
            Assert.InRange(OverlapCheck.FindByBruteForce(tube, state).Worst?.Relative ?? 0, 0, 1e-12);
        }

        Assert.True(simulator.Tally.OrderCounts[1] > 10_000);
        Assert.True(simulator.Tally.OrderCounts[2] > 10_000);
    }

    private static double Folded(double x)
    {
        double phase = (x - 0.5) % 6;
        phase = phase < 0 ? phase + 6 : phase;
        return 0.5 + (phase < 3 ? phase : 6 - phase);
    }

    private static SystemState StateOf(params (Vec3 Position, Vec3 Velocity)[] particles) => new(
        [.. particles.Select(p => new ParticleState { Position = p.Position, Velocity = p.Velocity })], epochLength: 64);
}
