using ActorMD.Physics;

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

    public static EventLoop Create(Gas gas, SystemState state, SearchSettings settings, EventTally tally, EngineCounters counters)
    {
        if (SlabPlan.For(gas, RegionSpace.Whole, state.Particles, state.Time, settings) is { } plan)
        {
            int[] slots = SpatialOrder.Of(gas, state, plan.Grid.Width.Take(gas.Dimension).Min());
            return Create(gas, ParticleStore.Of(state, slots), state.Time, plan, tally, counters, settings);
        }

        bool filtered = UsesFilter(gas, settings);
        CellGeometry cells = CellsFor(gas, state, settings.CellWidth ?? (filtered ? FilteredCellWidth : PlainCellWidth));
        ParticleStore store = ParticleStore.Of(state, SpatialOrder.Of(gas, state, cells.Width[0]));
        double time = state.Time, epoch = state.EpochLength;
        return (filtered, ContactTable.IsUniform(gas)) switch
        {
            (true, true) => new FilteredCellEventLoop<EqualSpheres>(gas, store, time, epoch, cells, tally, counters),
            (true, false) => new FilteredCellEventLoop<SpeciesTable>(gas, store, time, epoch, cells, tally, counters),
            (false, true) => new PlainCellEventLoop<EqualSpheres>(gas, store, time, cells, tally, counters),
            (false, false) => new PlainCellEventLoop<SpeciesTable>(gas, store, time, cells, tally, counters),
        };
    }

    /// <summary>An event loop in time slabs.</summary>
    public static SlabEventLoop Create(
        Gas gas, ParticleStore store, double time, SlabPlan plan, EventTally tally, EngineCounters counters, SearchSettings settings) =>
        plan.Split.HasLarge ? new SlabEventLoop<SplitSpecies>(gas, store, time, plan, tally, counters, settings)
            : ContactTable.IsUniform(gas)
            ? new SlabEventLoop<EqualSpheres>(gas, store, time, plan, tally, counters, settings)
            : new SlabEventLoop<SpeciesTable>(gas, store, time, plan, tally, counters, settings);

    private static bool UsesFilter(Gas gas, SearchSettings settings) => settings.Method == SearchMethod.Automatic
        ? !gas.Zones.IsEmpty && !gas.Box.Has(Boundary.Open)
        : settings.Method == SearchMethod.FilteredCells;

    private static CellGeometry CellsFor(Gas gas, SystemState state, double cellWidth)
    {
        (Vec3 origin, Vec3 extent) = RegionOf(gas, state);
        double volume = 1;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            volume *= extent[axis];
        }

        double spacing = cellWidth * PortableMath.Pow(volume / state.Particles.Length, 1.0 / gas.Dimension);
        return new CellGeometry(gas.Box, origin, extent, Math.Max(gas.ReachMax * ReachMargin, spacing));
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
