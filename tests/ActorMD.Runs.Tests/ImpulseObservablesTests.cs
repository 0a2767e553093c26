using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Runs.Observables;

namespace ActorMD.Runs.Tests;

public class ImpulseObservablesTests
{
    [Fact]
    public void Pressure_adds_the_impulses_of_the_interval_to_the_ideal_gas()
    {
        Gas gas = new(Box.Cube(2), [new Species("A", 1, 0.1)], []);
        double? pressure = Pressure.FromVirial(gas, count: 10, temperature: 3, Mark(time: 1, virial: 5), Mark(time: 3, virial: 11));

        // P V = N T + dW/(d t) = 30 + 6/(3 * 2) = 31, V = 8.
        Assert.Equal(31.0 / 8, pressure);
        Assert.Equal(31.0 / 30, Pressure.Compressibility(gas, 10, 3, pressure));
    }

    [Fact]
    public void Pressure_is_undefined_in_open_space_and_over_no_time()
    {
        Gas free = new(Box.Cube(2, Boundary.Open), [new Species("A", 1, 0.1)], []);
        Gas closed = free with { Box = Box.Cube(2) };

        Assert.Null(Pressure.FromVirial(free, 10, 3, Mark(1, 0), Mark(2, 0)));
        Assert.Null(Pressure.FromVirial(closed, 10, 3, Mark(1, 0), Mark(1, 0)));
        Assert.Null(Pressure.OnWalls(closed, Mark(1, 0), Mark(2, 0)));
        Assert.Null(Pressure.Compressibility(closed, 10, temperature: 0, pressure: 1));
    }

    [Fact]
    public void One_particle_between_two_walls_presses_on_them_as_mechanics_says()
    {
        Box box = new(2, new Vec3(3, 5, 0), Boundary.Reflecting, Boundary.Periodic, Boundary.Open);
        Gas gas = new(box, [new Species("A", Mass: 2, Diameter: 1)], []);
        ParticleState particle = new() { Position = new Vec3(1.5, 1, 0), Velocity = new Vec3(4, 0, 0) };
        using Simulator simulator = new(gas, new SystemState([particle], 1));
        TallyMark start = TallyMark.Of(0, simulator.Tally);
        Assert.True(simulator.Advance(10));
        TallyMark end = TallyMark.Of(10, simulator.Tally);

        // 40 lengths between walls that are 3 - 1 apart for the centre: 20 bounces, each with 2 M v = 16, on 2 walls of length 5.
        Assert.Equal(20, end.OrderCounts[1]);
        Assert.Equal(20 * 16 / (10.0 * 10), Pressure.OnWalls(gas, start, end));
    }

    [Fact]
    public void A_collision_of_like_particles_counts_for_both()
    {
        Gas gas = new(Box.Cube(1), [new Species("A", 1, 0.1), new Species("B", 1, 0.1)], [new Zone(3, 0.4)]);
        TallyMark start = new(1, [0, 0, 0, 0], [0, 0, 0, 0], 0, 0);
        TallyMark end = new(3, [30, 12, 0, 8], [0, 0, 50, 9], 0, 0);
        var frequency = MeasuredFrequency.Between(gas, counts: [5, 4], start, end);

        Assert.Equal(["AA", "AB", "BB", "order3"], frequency.Keys);
        Assert.Equal(2 * 30 / (5 * 2.0), frequency["AA"]);
        Assert.Equal(12 / (5 * 2.0), frequency["AB"]);
        Assert.Equal(2 * 8 / (4 * 2.0), frequency["BB"]);
        Assert.Equal(3 * 9 / (9 * 2.0), frequency["order3"]);
        Assert.All(MeasuredFrequency.Between(gas, [5, 4], end, end).Values, value => Assert.Null(value));
    }

    private static TallyMark Mark(double time, double virial) => new(time, [0], [0, 0, 0], virial, 0);
}
