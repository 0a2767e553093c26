using ActorMD.Engine.Execution;
using ActorMD.Engine.Sharing.Counting;
using ActorMD.Physics;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>Counted work of workers that share time slices over blocks in up to three dimensions.</summary>
public class BlockWorkTests
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;

    [Fact]
    public void One_block_is_the_serial_work()
    {
        (Gas gas, SystemState state) = Fluid(W);
        BlockWork work = Count(gas, state, new Int3(1, 1, 1), 2, 1);
        Assert.Equal(1, work.Efficiency, 12);
        PhaseWork blocks = Assert.Single(work.Phases);
        Assert.Equal(0, blocks.Searches);
        Assert.Equal(blocks.Work, blocks.CriticalPath, 6);
    }

    [Theory]
    [InlineData(2, 1, 1, 2)]
    [InlineData(4, 1, 1, 2)]
    [InlineData(2, 2, 1, 3)]
    [InlineData(2, 2, 2, 4)]
    public void Every_event_is_run_once_whatever_the_blocks(int x, int y, int z, int phaseCount)
    {
        (Gas gas, SystemState state) = Fluid(P);
        BlockWork work = Count(gas, state, new Int3(x, y, z), 1, 0.7);
        Assert.Equal(phaseCount, work.Phases.Count);
        Assert.Equal(work.Collisions, Events(work));
        Assert.All(work.Phases, phase => Assert.True(phase.Events.Sum() > 0));
        Assert.InRange(work.Efficiency, 0.01, 1);
        Assert.True(work.Phases.Sum(p => p.Work) > work.SerialWork, "what is searched twice is counted, too");
        Assert.True(work.Phases.Sum(p => p.CriticalPath) >= work.Phases.Sum(p => p.Work) / (x * y * z));
    }

    [Fact]
    public void The_count_is_the_same_on_every_run()
    {
        (Gas gas, SystemState state) = Fluid(P);
        BlockWork one = Count(gas, state, new Int3(2, 2, 1), 2, 0.7), two = Count(gas, state, new Int3(2, 2, 1), 2, 0.7);
        Assert.Equal(one.CriticalPath, two.CriticalPath);
        Assert.Equal(one.Phases.SelectMany(p => p.Events), two.Phases.SelectMany(p => p.Events));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.02)]
    public void A_mirrored_gas_has_the_mirrored_work(double packing)
    {
        (Gas gas, SystemState state) = Of(packing, W, 12_000);
        double length = gas.Box.Lengths.X;
        ParticleState[] mirrored = [.. state.Particles];
        for (int id = 0; id < mirrored.Length; id++)
        {
            mirrored[id].Position = mirrored[id].Position with { X = length - mirrored[id].Position.X };
            mirrored[id].Velocity = mirrored[id].Velocity with { X = -mirrored[id].Velocity.X };
        }

        BlockWork one = Count(gas, state, new Int3(2, 1, 1), 2, 1, collisions: 0.5);
        BlockWork other = Count(gas, new SystemState(mirrored, state.EpochLength), new Int3(2, 1, 1), 2, 1, collisions: 0.5);
        Assert.Equal(one.Phases[0].Events[0], other.Phases[0].Events[1]);
        Assert.Equal(one.Phases[0].Events[1], other.Phases[0].Events[0]);
        Assert.Equal(one.Phases[1].Events[0], other.Phases[1].Events[0]);
        Assert.NotEqual(one.Phases[0].Events[0], one.Phases[0].Events[1]);
    }

    [Theory]
    [InlineData(0.45, 2)]
    [InlineData(0.30, 2)]
    [InlineData(0.05, 3)]
    [InlineData(0.002, 3)]
    public void Counted_planes_agree_with_threads(double packing, int depth)
    {
        (Gas gas, SystemState state) = Of(packing, P, 24_000);
        BlockWork counted = Count(gas, state, new Int3(2, 1, 1), depth, packing > 0.2 ? 0.7 : 1, collisions: 3);
        using Simulator threads = new(gas, state, null, new SearchSettings(StripDepth: packing > 0.2 ? 4 : 3) { Team = new TeamInTurn(2) });
        long before = threads.Tally.EventCount;
        while (threads.Tally.CollisionCount < 3 * 24_000)
        {
            threads.Advance(double.MaxValue, 10_000);
        }

        double events = threads.Tally.EventCount - before;
        EngineCounters work = threads.Counters;
        Assert.True(work.SharedSliceCount - work.RolledBackSliceCount > 8, $"{work.SharedSliceCount} slices were shared");
        PhaseWork faces = counted.Phases[1];
        double countedEvents = Events(counted);
        Assert.InRange(faces.Events.Sum() / countedEvents / (work.StripEventCount / events), 0.8, 1.25);
        Assert.InRange(faces.Searches / countedEvents / (work.DeferredCount / events), 0.75, 1.33);
        Assert.True(faces.Rollbacks >= work.RolledBackEventCount, $"{faces.Rollbacks} for {work.RolledBackEventCount}");
    }

    [Fact]
    public void Blocks_without_room_are_refused()
    {
        (Gas gas, SystemState state) = Fluid(P);
        Assert.Null(BlockWork.Obstacle(gas, state, new BlockWorkPlan(new Int3(2, 1, 1), 2, 1)));
        Assert.Contains("too few", BlockWork.Obstacle(gas, state, new BlockWorkPlan(new Int3(9, 1, 1), 2, 1)), StringComparison.Ordinal);
    }

    private static BlockWork Count(Gas gas, SystemState state, Int3 blocks, int depth, double share, double collisions = 2) =>
        BlockWork.Count(gas, state, new BlockWorkPlan(blocks, depth, share), collisions, default);

    private static double Events(BlockWork work) => work.Phases.Sum(p => p.Events.Sum());

    private static (Gas Gas, SystemState State) Fluid(Boundary boundary) => Of(0.3, boundary, 12_000);

    // Some collisions after a start on a lattice.
    private static (Gas Gas, SystemState State) Of(double packing, Boundary boundary, int count)
    {
        double length = Math.Cbrt(count * Math.PI / 6 / packing);
        Gas gas = new(new Box(3, new Vec3(length, length, length), boundary, boundary, boundary), [Gases.Light], []);
        using Simulator simulator = new(gas, Gases.Lattice(gas, [count]));
        while (simulator.Tally.CollisionCount < count)
        {
            simulator.Advance(double.MaxValue, 1000);
        }

        SystemState state = simulator.Capture();
        double now = state.Time;
        for (int id = 0; id < state.Particles.Length; id++)
        {
            Epoch.Rebase(gas.Box, ref state.Particles[id], now);
        }

        return (gas, new SystemState(state.Particles, state.EpochLength));
    }

    // The parts of several threads' work, one after the other on one.
    private sealed class TeamInTurn(int count) : IWorkTeam
    {
        public int Count => count;

        public void Run(int parts, Action<int> work)
        {
            for (int part = 0; part < parts; part++)
            {
                work(part);
            }
        }
    }
}
