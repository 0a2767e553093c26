using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Counting;

/// <summary>How workers would share time slices.</summary>
/// <param name="Blocks">Blocks of cells along x, y, z: one worker each.</param>
/// <param name="StripDepth">Cells on either side of a face between blocks that are close to it; edges reach twice as far, corners three
/// times.</param>
/// <param name="SliceShare">Length of a slice in units of that which one worker would choose.</param>
public sealed record BlockWorkPlan(Int3 Blocks, int StripDepth, double SliceShare);

/// <summary>What the parts of the work cost, in units of an event of two particles with the searches after it.</summary>
/// <param name="Placement">One particle at the beginning of a slice: sorting it, and finding its pairs.</param>
/// <param name="Lists">One particle when lists of neighbours are made.</param>
/// <param name="Search">The search of one particle that a phase has left to the next.</param>
/// <param name="Rollback">An event that is rolled back: it was for nothing, and its participants are searched again.</param>
public sealed record WorkWeights(double Placement, double Lists, double Search, double Rollback);

/// <summary>The counted work of one phase, summed over all slices.</summary>
/// <param name="Events">Events, one of k participants counts k/2; by worker.</param>
/// <param name="Searches">Searches of particles that an earlier phase has left.</param>
/// <param name="Rollbacks">At most about so many events that an earlier phase has run too early.</param>
/// <param name="Depth">The greatest distance from a bound at which an event was run, in cells.</param>
/// <param name="Work">Weighted work of all workers.</param>
/// <param name="CriticalPath">Weighted work of the busiest worker of each slice.</param>
public sealed record PhaseWork(
    IReadOnlyList<double> Events, double Searches, double Rollbacks, int Depth, double Work, double CriticalPath);

/// <summary>
/// Counted work of workers that share time slices over blocks in up to three dimensions: what the efficiency on many cores can be.
/// </summary>
/// <param name="Cells">Cells along x, y, z.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="Slices">Slices that were counted.</param>
/// <param name="VoidSlices">Slices in which something reached out of its region: they are counted as run again by one worker.</param>
/// <param name="Collisions">Events in the slices.</param>
/// <param name="Weights">Costs of the parts.</param>
/// <param name="Phases">Blocks, faces, edges, corners.</param>
/// <param name="SerialWork">Weighted work of one worker alone, with slices of its own length.</param>
/// <param name="CriticalPath">Weighted work of the busiest worker in each phase of each slice.</param>
/// <param name="Efficiency">Serial work / (workers * critical path).</param>
public sealed record BlockWork(
    Int3 Cells,
    int Particles,
    int Slices,
    int VoidSlices,
    long Collisions,
    WorkWeights Weights,
    IReadOnlyList<PhaseWork> Phases,
    double SerialWork,
    double CriticalPath,
    double Efficiency)
{
    private const double SettlingShare = 0.1; // of an epoch: no slice goes beyond its end

    /// <summary>Whether the gas has time slices, and room for the blocks; if not, why.</summary>
    public static string? Obstacle(Gas gas, SystemState state, BlockWorkPlan plan)
    {
        if (PlanOf(gas, state, plan) is not { } slices)
        {
            return "no time slices: the box has open sides, or fewer than three cells along a side";
        }

        GridAxes axes = new(gas.Box, slices.Grid);
        RegionMap map = new(axes, AlongAxes(axes, plan.Blocks), plan.StripDepth);
        return slices.Split.HasLarge ? "particles that are much larger than the others are searched by one thread"
            : map.HasRoom ? null
            : $"{axes.First.Count}x{axes.Second.Count}x{axes.Third.Count} cells are too few for these blocks "
                + $"with strips of {plan.StripDepth} cells";
    }

    /// <summary>Whether particles have lists of neighbours.</summary>
    public static bool HasLists(Gas gas, SystemState state) =>
        SlicePlan.For(gas, state.Particles, state.Time, SearchSettings.Automatic) is { KeepsNeighbors: true };

    /// <summary>Runs a stretch of a trajectory in one thread, and counts what each worker would have done.</summary>
    /// <param name="gas">What is simulated: see <see cref="Obstacle"/>.</param>
    /// <param name="state">Its beginning.</param>
    /// <param name="plan">Blocks and slices.</param>
    /// <param name="collisionsPerParticle">Length of the stretch.</param>
    /// <param name="stop">Ends it early.</param>
    public static BlockWork Count(Gas gas, SystemState state, BlockWorkPlan plan, double collisionsPerParticle, CancellationToken stop)
    {
        SlicePlan slicePlan = PlanOf(gas, state, plan) ?? throw new ArgumentException(Obstacle(gas, state, plan), nameof(plan));
        int[] slots = SpatialOrder.Of(gas, state, slicePlan.Grid.Width.Take(gas.Dimension).Min());
        using ParticleStore store = ParticleStore.Of(state, slots);
        EventTally tally = new(gas.Species.Length, gas.OrderMax);
        EngineCounters counters = new();
        using ISliceEventLoop loop = EventLoopFactory.Create(gas, store, state.Time, slicePlan, tally, counters, SettingsOf(plan));
        GridAxes axes = new(gas.Box, slicePlan.Grid);
        using SharedWorkCounter counter = new(gas, slicePlan, store, AlongAxes(axes, plan.Blocks), plan.StripDepth);
        loop.Journal = counter;
        double ownHalf = new SliceLength(counter.Grid, slicePlan).WantedHalf, half = plan.SliceShare * ownHalf;
        BlockWorkSum sum = new(counter, WeightsOf(slicePlan), store.Count);
        double time = state.Time, end = (1 - SettlingShare) * state.EpochLength;
        while (tally.CollisionCount < collisionsPerParticle * store.Count && time + 2 * half < end)
        {
            stop.ThrowIfCancellationRequested();
            SliceClock clock = new(time, half);
            counter.BeginSlice(clock);
            long steps = long.MaxValue;
            loop.Run(clock.End, ref steps);
            counter.EndSlice();
            time = clock.End;
            sum.AddSlice();
        }

        double serialSlices = (time - state.Time) / (2 * ownHalf);
        double listsPerSlice = slicePlan.KeepsNeighbors ? counters.CrossingCount / (double)store.Count : 0;
        return sum.Finish(CellsOf(axes), serialSlices, listsPerSlice / Math.Max(1, sum.SliceCount), tally.EventCount);
    }

    private static SlicePlan? PlanOf(Gas gas, SystemState state, BlockWorkPlan plan) =>
        SlicePlan.For(gas, state.Particles, state.Time, SettingsOf(plan));

    private static SearchSettings SettingsOf(BlockWorkPlan plan) => new() { Blocks = plan.Blocks };

    private static Int3 AlongAxes(in GridAxes axes, Int3 blocks) => axes.IsPlanar ? new Int3(1, blocks.X, blocks.Y) : blocks;

    private static Int3 CellsOf(in GridAxes axes) => axes.IsPlanar
        ? new Int3(axes.Second.Count, axes.Third.Count, 1)
        : new Int3(axes.First.Count, axes.Second.Count, axes.Third.Count);

    // Measured on one thread, see docs/scaling.md.
    private static WorkWeights WeightsOf(SlicePlan plan) => plan.KeepsNeighbors ? new(0.08, 0.1, 0.4, 1.8) : new(0.06, 0, 0.4, 1.8);
}
