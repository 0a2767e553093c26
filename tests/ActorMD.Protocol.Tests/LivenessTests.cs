using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Simulation;

namespace ActorMD.Protocol.Tests;

/// <summary>Where domains that only shortened their slices would never get on; and gases in which hardly anything happens.</summary>
public class LivenessTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-14)]
    [InlineData(1e-9)]
    public void A_blow_that_runs_at_once_through_many_layers_is_followed(double gap)
    {
        // A row of disks that (almost) touch, through three blocks, hit at its end.
        Gas gas = new(new Box(2, new Vec3(40, 8, 0), Boundary.Periodic, Boundary.Periodic, Boundary.Open), [new Species("A", 1, 1)], []);
        ParticleState[] particles = new ParticleState[22];
        particles[0].Position = new Vec3(3, 4, 0);
        particles[0].Velocity = new Vec3(1, 0, 0);
        for (int k = 1; k < particles.Length; k++)
        {
            particles[k].Position = new Vec3(8 + (k - 1) * (1 + gap), 4, 0);
        }

        SystemState state = new(particles, 64);
        CheckAgainstSerial(gas, state, 12);
    }

    [Fact]
    public void Exact_ties_everywhere_are_followed()
    {
        // A square lattice of disks, each flying along one axis with the same speed: whole rows of simultaneous events.
        Gas gas = new(Box.Square(48), [new Species("A", 1, 1)], []);
        ParticleState[] particles = new ParticleState[24 * 24];
        CounterRandom random = new(11, RandomStream.Testing);
        for (int i = 0; i < particles.Length; i++)
        {
            int direction = random.NextInteger(4);
            particles[i].Position = new Vec3(2 * (i % 24) + 1, 2 * (i / 24) + 1, 0);
            particles[i].Velocity = new Vec3(direction == 0 ? 1 : direction == 1 ? -1 : 0, direction == 2 ? 1 : direction == 3 ? -1 : 0, 0);
        }

        SystemState state = new(particles, 16);
        CheckAgainstSerial(gas, state, 10);
    }

    [Fact]
    public void A_violation_of_the_physics_is_reported_and_not_tried_for_ever()
    {
        Gas gas = new(Box.Square(24), [new Species("A", 1, 1)], []);
        ParticleState[] particles = new ParticleState[2];
        particles[0].Position = new Vec3(11.9, 4, 0);
        particles[0].Velocity = new Vec3(0.5, 0, 0);
        particles[1].Position = new Vec3(12.4, 4, 0); // overlaps the first one
        particles[1].Velocity = new Vec3(-0.5, 0, 0);
        SystemState state = new(particles, 64);
        using SynchronousCluster cluster = new(gas, state, null, 4);
        cluster.Advance(1);
        Assert.Contains("overlapped", cluster.Client.Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void One_particle_drifts_through_all_blocks_and_nothing_happens()
    {
        Gas gas = new(Box.Square(24), [new Species("A", 1, 1)], []);
        ParticleState[] particles = new ParticleState[1];
        particles[0].Position = new Vec3(3, 4, 0);
        particles[0].Velocity = new Vec3(3.7, -1.3, 0);
        SystemState state = new(particles, 8);
        using Simulator serial = new(gas, state);
        serial.Advance(30.5);
        using SynchronousCluster cluster = new(gas, state, null, 12);
        cluster.Advance(30.5);
        Assert.Equal(StateDigest.Of(serial.Capture()), StateDigest.Of(cluster.Client.State));
        Assert.Equal(3, cluster.Client.State.Epoch);
    }

    [Fact]
    public void A_gas_at_rest_reaches_any_time_in_one_slice()
    {
        Gas gas = new(Box.Square(24), [new Species("A", 1, 1)], []);
        ParticleState[] particles = new ParticleState[2];
        particles[0].Position = new Vec3(3, 4, 0);
        particles[1].Position = new Vec3(13, 4, 0);
        SystemState state = new(particles, double.PositiveInfinity);
        using SynchronousCluster cluster = new(gas, state, null, 4);
        cluster.Advance(1e9);
        Assert.Equal(1e9, cluster.Client.State.AbsoluteTime);
        Assert.Equal(1, cluster.Client.Work.SliceCount);
    }

    [Fact]
    public void An_event_storm_in_one_block_is_reported_soon()
    {
        // A light disk that hardly has room between two heavy ones, in one of four blocks; elsewhere life goes on.
        Gas gas = new(Box.Square(24), [new Species("A", 1e12, 1), new Species("B", 1, 1)], []);
        ParticleState[] particles = new ParticleState[5];
        particles[0].Position = new Vec3(4, 6, 0);
        particles[1].Position = new Vec3(6 + 1e-11, 6, 0);
        particles[2] = new ParticleState { Position = new Vec3(5 + 5e-12, 6, 0), Velocity = new Vec3(1, 0, 0), Kind = 1 };
        particles[3] = new ParticleState { Position = new Vec3(18, 18, 0), Velocity = new Vec3(1, 0.3, 0), Kind = 1 };
        particles[4] = new ParticleState { Position = new Vec3(18, 6, 0), Velocity = new Vec3(0, -0.4, 0), Kind = 1 };
        SystemState state = new(particles, 1 << 20);
        using SynchronousCluster cluster = new(gas, state, null, 4);
        cluster.Advance(10);
        Assert.Contains("event storm", cluster.Client.Violation, StringComparison.Ordinal);
    }

    private static void CheckAgainstSerial(Gas gas, SystemState state, double until)
    {
        using Simulator serial = new(gas, state);
        serial.Advance(until);
        using SynchronousCluster cluster = new(gas, state, null, 4);
        cluster.Advance(until);
        Assert.Null(cluster.Client.Violation);
        Assert.True(serial.Tally.MultipleCount > 0 || serial.Tally.EventCount > 20);
        Assert.Equal(StateDigest.Of(serial.Capture()), StateDigest.Of(cluster.Client.State));
        Assert.Equal(serial.Tally.OrderCounts, cluster.Client.Tally.OrderCounts);
        Assert.Equal(serial.Tally.MultipleCount, cluster.Client.Tally.MultipleCount);
    }
}
