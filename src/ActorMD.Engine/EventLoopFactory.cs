using ActorMD.Engine.Calendar;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Loops;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Engine;

/// <summary>Chooses and builds the event loop for a gas.</summary>
internal static class EventLoopFactory
{
    /// <summary>Cells exceed the reach by this factor, so that everything is seen well before contact.</summary>
    private const double ReachMargin = 1 + 1e-6;

    // In mean particle distances. A filtered cell costs the same whether it holds one particle or seven.
    private const double PlainCellWidth = 0.75;
    private const double FilteredCellWidth = 1.5;

    /// <summary>From this count on, open space is searched over the range of the particles instead of the box.</summary>
    private const int CrowdMin = 50_000;

    public static IEventLoop Create(Gas gas, SystemState state, SearchSettings settings, EventTally tally, EngineCounters counters)
    {
        if (SlicePlan.For(gas, state.Particles, state.Time, settings) is { } plan)
        {
            int[] slots = SpatialOrder.Of(gas, state, plan.Grid.Width.Take(gas.Dimension).Min());
            return Create(gas, ParticleStore.Of(state, slots), state.Time, plan, tally, counters, settings);
        }

        bool filtered = UsesFilter(gas, settings);
        (CellGeometry cells, SizeSplit split) = CellsFor(gas, state, filtered, settings);
        ParticleStore store = ParticleStore.Of(state, SpatialOrder.Of(gas, state, cells.Width[0]));
        double time = state.Time, epoch = state.EpochLength;
        if (split.HasLarge)
        {
            return gas.HasOwnSizes ? new PlainCellEventLoop<SplitRadii>(gas, split, store, time, cells, tally, counters)
                : new PlainCellEventLoop<SplitSpecies>(gas, split, store, time, cells, tally, counters);
        }

        if (gas.HasOwnSizes)
        {
            return filtered ? new FilteredCellEventLoop<OwnRadii>(gas, store, time, epoch, cells, tally, counters)
                : new PlainCellEventLoop<OwnRadii>(gas, split, store, time, cells, tally, counters);
        }

        return (filtered, ContactTable.IsUniform(gas)) switch
        {
            (true, true) => new FilteredCellEventLoop<EqualSpheres>(gas, store, time, epoch, cells, tally, counters),
            (true, false) => new FilteredCellEventLoop<SpeciesTable>(gas, store, time, epoch, cells, tally, counters),
            (false, true) => new PlainCellEventLoop<EqualSpheres>(gas, split, store, time, cells, tally, counters),
            (false, false) => new PlainCellEventLoop<SpeciesTable>(gas, split, store, time, cells, tally, counters),
        };
    }

    /// <summary>An event loop in time slices.</summary>
    public static ISliceEventLoop Create(
        Gas gas, ParticleStore store, double time, SlicePlan plan, EventTally tally, EngineCounters counters, SearchSettings settings) =>
        (gas.HasOwnSizes, plan.Split.HasLarge) switch
        {
            (true, true) => new SliceLoopBuilder<SplitRadii>(gas, store, plan, tally, counters, settings).Build(time),
            (true, false) => new SliceLoopBuilder<OwnRadii>(gas, store, plan, tally, counters, settings).Build(time),
            (false, true) => new SliceLoopBuilder<SplitSpecies>(gas, store, plan, tally, counters, settings).Build(time),
            (false, false) => ContactTable.IsUniform(gas)
                ? new SliceLoopBuilder<EqualSpheres>(gas, store, plan, tally, counters, settings).Build(time)
                : new SliceLoopBuilder<SpeciesTable>(gas, store, plan, tally, counters, settings).Build(time),
        };

    private static bool UsesFilter(Gas gas, SearchSettings settings) => settings.Method == SearchMethod.Automatic
        ? !gas.Zones.IsEmpty && !gas.Box.Has(Boundary.Open)
        : settings.Method == SearchMethod.FilteredCells;

    private static (CellGeometry Cells, SizeSplit Split) CellsFor(Gas gas, SystemState state, bool filtered, SearchSettings settings)
    {
        double cellWidth = settings.CellWidth ?? (filtered ? FilteredCellWidth : PlainCellWidth);
        (Vec3 origin, Vec3 extent) = RegionOf(gas, state);
        double volume = 1;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            volume *= extent[axis];
        }

        SizeSplit split = filtered ? SizeSplit.None(gas) : SizeSplit.ForCells(gas, state.Particles, volume, settings);
        int count = split.HasLarge ? split.SmallOf(state.Particles).Length : state.Particles.Length;
        double spacing = cellWidth * PortableMath.Pow(volume / count, 1.0 / gas.Dimension);
        return (new CellGeometry(gas.Box, origin, extent, Math.Max(split.Reach * ReachMargin, spacing)), split);
    }

    // The box; on open sides the range of the particles once too many of them have left the box for its outermost,
    // infinite cells to be searched cheaply.
    private static (Vec3 Origin, Vec3 Extent) RegionOf(Gas gas, SystemState state)
    {
        Vec3 origin = Vec3.Zero, extent = gas.Box.Lengths;
        if (!gas.Box.Has(Boundary.Open) || state.Particles.Length < CrowdMin)
        {
            return (origin, extent);
        }

        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            if (!gas.Box.IsOpen(axis))
            {
                continue;
            }

            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
            {
                double x = particle.PositionAt(state.Time)[axis];
                low = Math.Min(low, x);
                high = Math.Max(high, x);
            }

            if (high > low)
            {
                origin = origin.With(axis, low);
                extent = extent.With(axis, high - low);
            }
        }

        return (origin, extent);
    }
}
