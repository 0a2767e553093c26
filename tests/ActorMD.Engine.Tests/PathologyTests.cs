using ActorMD.Physics;

namespace ActorMD.Engine.Tests;

/// <summary>Situations of measure zero, and states that no physics leads out of.</summary>
public class PathologyTests
{
    private static readonly Species Unit = new("A", 1, 1);

    [Fact]
    public void A_grazing_collision_is_counted_and_conserves_energy()
    {
        Gas gas = new(Box.Square(20), [Unit], []);
        double offset = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(1.0) - 1);
        using Simulator simulator = new(gas, State([At(5, 0, 1, 0), At(8, offset, -1, 0)]));
        simulator.Advance(3);
        Assert.Equal(1, simulator.Tally.OrderCounts[2]);
        Assert.Equal(1, simulator.Tally.GrazingCount);
        Assert.Equal(2.0, simulator.Capture().Particles.Sum(p => p.Velocity.LengthSquared), 1e-14);
    }

    [Fact]
    public void A_pair_that_only_touches_tangentially_does_not_collide()
    {
        Gas gas = new(Box.Square(20), [Unit], []);
        using Simulator simulator = new(gas, State([At(5, 5, 1, 0), At(8, 6, -1, 0)]));
        simulator.Advance(3);
        Assert.Equal(0, simulator.Tally.EventCount);
    }

    [Fact]
    public void Simultaneous_collisions_of_one_particle_are_counted_and_resolved_by_ids()
    {
        // Particle 2 is hit by 0 and 1 at the same instant from both sides.
        Gas gas = new(Box.Square(20), [Unit], []);
        using Simulator simulator = new(gas, State([At(5, 10, 1, 0), At(15, 10, -1, 0), At(10, 10, 0, 0)]));
        simulator.Advance(4.5);
        Assert.Equal(3, simulator.Tally.OrderCounts[2]);
        Assert.Equal(2, simulator.Tally.MultipleCount);
        SystemState end = simulator.Capture();
        Assert.Equal(new Vec3(-1, 0, 0), end.Particles[0].Velocity);
        Assert.Equal(new Vec3(1, 0, 0), end.Particles[1].Velocity);
        Assert.Equal(Vec3.Zero, end.Particles[2].Velocity);
    }

    [Fact]
    public void A_particle_without_room_between_two_walls_is_reported_as_an_event_storm()
    {
        Gas gas = new(Box.Of(2, new Vec3(1 + 1e-13, 5, 0), Boundary.Reflecting), [Unit], []);
        using Simulator simulator = new(gas, State([At(0.5, 2, 1, 0.1)]));
        PhysicsViolationException error = Assert.Throws<PhysicsViolationException>(() => simulator.Advance(1));
        Assert.Contains("event storm", error.Message, StringComparison.Ordinal);
        Assert.Contains("particle is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_particles_without_room_between_two_walls_are_an_event_storm_of_one_of_them()
    {
        Gas gas = new(Box.Of(2, new Vec3(1 + 1e-13, 500, 0), Boundary.Reflecting), [Unit], []);
        using Simulator simulator = new(gas, State([.. Enumerable.Range(0, 100).Select(n => At(0.5, 2 + 4 * n, 1, 0.1))]));
        PhysicsViolationException error = Assert.Throws<PhysicsViolationException>(() => simulator.Advance(1));
        Assert.Contains("event storm", error.Message, StringComparison.Ordinal);
        Assert.Contains($"particle is {Assert.Single(error.Particles)} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_with_a_deep_overlap_is_refused_at_its_first_event()
    {
        Gas gas = new(Box.Square(20), [Unit], []);
        using Simulator simulator = new(gas, State([At(5, 5, 1, 0), At(5.5, 5, -1, 0)]));
        PhysicsViolationException error = Assert.Throws<PhysicsViolationException>(() => simulator.Advance(1));
        Assert.Contains("particles 0, 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overlap_of_rounding_size_is_a_collision_at_once()
    {
        Gas gas = new(Box.Square(20), [Unit], []);
        using Simulator simulator = new(gas, State([At(5, 5, 1, 0), At(6 - 1e-15, 5, -1, 0)]));
        simulator.Advance(1);
        Assert.Equal(1, simulator.Tally.OrderCounts[2]);
        Assert.Equal(0, simulator.Capture().Particles[0].Time);
    }

    [Fact]
    public void A_gas_at_rest_has_no_events_and_time_goes_on()
    {
        Gas gas = new(Box.Cube(5), [Unit], [new Zone(3, 2.5)]);
        using Simulator simulator = new(gas, State([At(1, 1, 0, 0), At(3, 1, 0, 0), At(1, 3, 0, 0)]));
        Assert.True(simulator.Advance(1e9));
        Assert.Equal(1e9, simulator.Time);
        Assert.Equal(0, simulator.Tally.EventCount);
    }

    [Fact]
    public void Where_events_have_ended_a_call_with_a_step_limit_returns()
    {
        Gas gas = new(Box.Square(5, Boundary.Open), [Unit], []);
        using Simulator simulator = new(gas, new SystemState([At(1, 1, -1, 0), At(3, 1, 1, 0)], 1));
        Assert.False(simulator.Advance(double.MaxValue, 1000));
        Assert.InRange(simulator.Time, 400, 600);
    }

    [Fact]
    public void Particles_that_start_outside_an_open_box_still_collide()
    {
        Gas gas = new(Box.Square(5, Boundary.Open), [Unit], []);
        using Simulator simulator = new(gas, State([At(-100, 300, 1, 0), At(-50, 300, -1, 0)]));
        simulator.Advance(30);
        Assert.Equal(1, simulator.Tally.OrderCounts[2]);
        Assert.Equal(24.5, simulator.Capture().Particles[0].Time, 1e-12);
    }

    private static ParticleState At(double x, double y, double u, double v) =>
        new() { Position = new Vec3(x, y, 0), Velocity = new Vec3(u, v, 0) };

    private static SystemState State(ParticleState[] particles) => new(particles, 1L << 20);
}
