using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Physics;
using ActorMD.Protocol.Comparison;
using ActorMD.Protocol.Coordination;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Protocol.Windows;
using ActorMD.Simulation;
using ActorMD.Testing;

namespace ActorMD.Protocol.Tests;

/// <summary>The comparison of neighbours is needed, and it finds what it must find.</summary>
public class ComparisonTests
{
    private static readonly WindowPlan Thin = new(2, 1);

    /// <summary>The rule of a protocol that compares nothing.</summary>
    private sealed class NoComparison : IComparison
    {
        public double FirstDifference(
            RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received) => double.PositiveInfinity;
    }

    private sealed class SharedEventsOnly : IComparison
    {
        public double FirstDifference(
            RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received) =>
            SharedEvents.FirstDifference(sent, received);
    }

    private sealed class MissedEventsOnly : IComparison
    {
        public double FirstDifference(
            RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received) =>
            MissedEvents.First(window, received);
    }

    /// <summary>The obvious choice of paths, without any short cut.</summary>
    private sealed class PathCheck : IComparison
    {
        private readonly LedgerComparison _rule = new();

        public int PathCount { get; private set; }

        public int WithheldCount { get; private set; }

        public double FirstDifference(
            RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received)
        {
            for (int k = 0; k < sent.Length; k++)
            {
                Surroundings zone = window.GuardedRegionOf(received[k].From);
                List<int> expected = [];
                for (int particle = 0; particle < window.Ids.Length; particle++)
                {
                    if (window.IsOwn(particle))
                    {
                        if (Enters(window, particle, zone))
                        {
                            expected.Add(window.Ids[particle]);
                        }
                        else
                        {
                            WithheldCount++;
                        }
                    }
                }

                Assert.Equal(expected, sent[k].Paths.Select(path => path.Id));
                PathCount += expected.Count;
            }

            return _rule.FirstDifference(window, sent, received);
        }

        private static bool Enters(RegionWindow window, int particle, Surroundings zone)
        {
            foreach (PathSegment segment in window.SegmentsOf(particle))
            {
                if (double.IsFinite(zone.FirstInside(segment.State, segment.From, segment.To)))
                {
                    return true;
                }
            }

            return false;
        }
    }

    [Fact]
    public void Every_path_that_enters_a_neighbours_zone_is_sent_to_it_and_no_other()
    {
        PathCheck check = new();
        for (ulong seed = 200; seed < 208; seed++)
        {
            RandomCase @case = new(seed, 400);
            using SynchronousCluster cluster = new(
                @case.Gas, @case.Initial, null, @case.Split, @case.Plan, check, @case.CreatePolicy);
            cluster.Advance(@case.EndTime);
            Assert.Equal(StateDigest.Of(@case.EndState), StateDigest.Of(cluster.Client.State));
        }

        Assert.True(check.PathCount > 1000 && check.WithheldCount > 1000, $"{check.PathCount} sent, {check.WithheldCount} not");
    }

    /// <summary>Demands that every particle is present.</summary>
    private sealed class CompletenessCheck(int count) : IComparison
    {
        public double FirstDifference(
            RegionWindow window, ImmutableArray<Message.Ledger> sent, ImmutableArray<Message.Ledger> received)
        {
            Assert.Equal(count, window.Ids.Length);
            return double.PositiveInfinity;
        }
    }

    [Fact]
    public void Halos_as_thick_as_the_whole_hold_every_particle_also_beyond_an_open_box()
    {
        foreach (Boundary boundary in (Boundary[])[Boundary.Periodic, Boundary.Reflecting, Boundary.Open])
        {
            Gas gas = new(Box.Square(20, boundary), [new Species("A", 1, 1)], []);
            SystemState state = Gases.Lattice(gas, [100], seed: 5);
            BlockGrid grid = new(gas.Box, [[0, 2, 4, 8], [0, 3, 8], [0, 1]]);
            Assert.Equal(
                Serial(gas, state, 30),
                Run(gas, state, grid, 30, 0.7, new CompletenessCheck(100), new WindowPlan(grid.LayersOfWhole, 1)).Digest);
        }
    }

    [Fact]
    public void Without_the_comparison_trajectories_are_wrong()
    {
        (Gas gas, SystemState state, BlockGrid grid) = Fluid();
        string truth = Serial(gas, state, 2);
        Assert.NotEqual(truth, Run(gas, state, grid, 2, 0.5, new NoComparison()).Digest);
        (string digest, RunWork work) = Run(gas, state, grid, 2, 0.5, new LedgerComparison());
        Assert.Equal(truth, digest);
        Assert.True(work.ShortenedWindowCount > 0);
        Assert.Equal(truth, Run(gas, state, grid, 2, 0.5, new HistoryComparison()).Digest);
    }

    [Fact]
    public void A_missed_collision_is_seen_by_the_paths_alone()
    {
        // Two particles from deep inside two blocks, each beyond the other domain's halo, meet at the face: no domain has an event.
        // Two more lie still, far away.
        Gas gas = new(Box.Square(24), [new Species("A", 1, 1)], []);
        BlockGrid grid = new(gas.Box, [[0, 12, 24], [0, 24], [0, 1]]);
        ParticleState[] particles = new ParticleState[4];
        particles[2].Position = new Vec3(6, 16, 0);
        particles[3].Position = new Vec3(18, 16, 0);
        particles[0].Position = new Vec3(6, 4, 0);
        particles[0].Velocity = new Vec3(1, 0, 0);
        particles[1].Position = new Vec3(18, 4.25, 0);
        particles[1].Velocity = new Vec3(-1, 0, 0);
        SystemState state = new(particles, 64);
        string truth = Serial(gas, state, 6);

        Assert.NotEqual(truth, Run(gas, state, grid, 6, 6, new SharedEventsOnly()).Digest);
        Assert.Equal(truth, Run(gas, state, grid, 6, 6, new MissedEventsOnly()).Digest);
        Assert.Equal(truth, Run(gas, state, grid, 6, 6, new LedgerComparison()).Digest);
        Assert.Equal(truth, Run(gas, state, grid, 6, 6, new HistoryComparison()).Digest);
    }

    [Fact]
    public void A_false_collision_is_seen_by_the_shared_events_alone()
    {
        // Domain 0 sees the second particle come and hit the first one. In truth the third one, from beyond its halo, pushes it
        // aside before.
        Gas gas = new(Box.Square(24), [new Species("A", 1, 1)], []);
        BlockGrid grid = new(gas.Box, [[0, 12, 24], [0, 24], [0, 1]]);
        ParticleState[] particles = new ParticleState[3];
        particles[0].Position = new Vec3(10.9, 8, 0);
        particles[1].Position = new Vec3(13.5, 8, 0);
        particles[1].Velocity = new Vec3(-1, 0, 0);
        particles[2].Position = new Vec3(14.1, 10, 0);
        particles[2].Velocity = new Vec3(-1.6, -1, 0);
        SystemState state = new(particles, 64);
        string truth = Serial(gas, state, 1.8);

        Assert.NotEqual(truth, Run(gas, state, grid, 1.8, 1.8, new MissedEventsOnly()).Digest);
        Assert.Equal(truth, Run(gas, state, grid, 1.8, 1.8, new SharedEventsOnly()).Digest);
        Assert.Equal(truth, Run(gas, state, grid, 1.8, 1.8, new LedgerComparison()).Digest);
        Assert.Equal(truth, Run(gas, state, grid, 1.8, 1.8, new HistoryComparison()).Digest);
    }

    [Fact]
    public void A_particle_that_strays_too_far_ends_the_window()
    {
        // It flies from beyond the halo right through the layers that are compared and hits one deep inside the other block.
        Gas gas = new(Box.Square(24), [new Species("A", 1, 1)], []);
        BlockGrid grid = new(gas.Box, [[0, 12, 24], [0, 24], [0, 1]]);
        ParticleState[] particles = new ParticleState[3];
        particles[0].Position = new Vec3(6, 4, 0);
        particles[0].Velocity = new Vec3(2, 0, 0);
        particles[1].Position = new Vec3(17, 4.25, 0);
        particles[2].Position = new Vec3(6, 16, 0);
        SystemState state = new(particles, 64);
        string truth = Serial(gas, state, 6);

        foreach (IComparison rule in (IComparison[])[new LedgerComparison(), new HistoryComparison()])
        {
            (string digest, RunWork work) = Run(gas, state, grid, 6, 6, rule);
            Assert.Equal(truth, digest);
            Assert.True(work.ShortenedWindowCount > 0);
        }
    }

    [Fact]
    public void A_flipped_bit_in_one_copy_is_caught_and_repaired()
    {
        (Gas gas, SystemState state, BlockGrid grid) = Fluid();
        // Windows so short that without an error nothing ever differs.
        (string clean, RunWork cleanWork) = Run(gas, state, grid, 0.6, 0.1, new NoComparison(), new WindowPlan(8, 1));
        string truth = Serial(gas, state, 0.6);
        Assert.Equal(truth, clean);
        Assert.Equal(0, cleanWork.ShortenedWindowCount);

        int harmful = 0;
        for (int victim = 0; victim < 30; victim++)
        {
            int index = victim;
            string trusting = Run(gas, state, grid, 0.6, 0.1, new NoComparison(), new WindowPlan(8, 1), FlipOneBit(index)).Digest;
            (string checking, RunWork work) =
                Run(gas, state, grid, 0.6, 0.1, new LedgerComparison(), new WindowPlan(8, 1), FlipOneBit(index));
            Assert.Equal(truth, checking);
            if (trusting != truth)
            {
                harmful++;
                Assert.True(work.ShortenedWindowCount + work.RetryCount > 0, $"the false copy {index} was not noticed");
            }
        }

        Assert.True(harmful > 0, "no false copy did any harm");
    }

    // The lowest bit of a velocity of one copy near the common face, in the message of one window from domain 1 to domain 0.
    private static Func<Envelope, Envelope> FlipOneBit(int index) => envelope =>
    {
        if (envelope.To == ActorAddress.Domain(0)
            && envelope.Message is Message.Boundary { From: 1, Id: { Window: 3, Attempt: 0 } } boundary)
        {
            ParticleRecord[] particles = [.. boundary.Particles];
            Array.Sort(particles, (a, b) => a.State.Position.X.CompareTo(b.State.Position.X)); // domain 0 lies below
            int victim = Array.FindIndex(particles, index, particle => particle.Owner == 1);
            Vec3 velocity = particles[victim].State.Velocity;
            particles[victim].State.Velocity = velocity with { X = Math.BitIncrement(velocity.X) };
            return envelope with { Message = boundary with { Particles = [.. particles] } };
        }

        return envelope;
    };

    private static (Gas Gas, SystemState State, BlockGrid Grid) Fluid()
    {
        Gas gas = new(Box.Square(30), [new Species("A", 1, 1)], []);
        SystemState state = Gases.Lattice(gas, [500], seed: 3);
        return (gas, state, new BlockGrid(gas.Box, [[0, 10, 20, 29], [0, 29], [0, 1]]));
    }

    private static string Serial(Gas gas, SystemState state, double until)
    {
        using Simulator simulator = new(gas, state);
        simulator.Advance(until);
        return StateDigest.Of(simulator.Capture());
    }

    private static (string Digest, RunWork Work) Run(
        Gas gas, SystemState state, BlockGrid grid, double until, double length, IComparison comparison, WindowPlan? plan = null,
        Func<Envelope, Envelope>? tamper = null)
    {
        using SynchronousCluster cluster = new(
            gas, state, null, grid, plan ?? Thin, comparison, _ => new RandomWindows(1, length, length, 0));
        cluster.Tamper = tamper;
        cluster.Advance(until);
        return (cluster.Client.Violation ?? StateDigest.Of(cluster.Client.State), cluster.Client.Work);
    }
}
