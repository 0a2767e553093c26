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

    // Slabs: along rows, in mean particle distances and in diameters; and how much wider across them.
    private const double SlabCellWidth = 1.2;
    private const double SlabCellDiameters = 1.15;
    private const double SlabCellAspect = 1.5;

    /// <summary>Flights of particles up to this multiple of the root mean square speed fit into a slab's cells.</summary>
    private const double SlabSpeed = 2.2;

    // So that a cell and its two neighbours along an axis are three different ones.
    private const double SlabCellsMin = 3.001;

    /// <summary>From this count on, open space is searched over the range of the particles instead of the box.</summary>
    private const int CrowdMin = 50_000;

    public static EventLoop Create(Gas gas, SystemState state, SearchSettings settings, EventTally tally, EngineCounters counters)
    {
        bool uniform = ContactTable.IsUniform(gas);
        if (UsesSlabs(gas, state, settings))
        {
            CellGeometry grid = SlabCells(gas, state, settings);
            int[] places = SpatialOrder.Of(gas, state, grid.Width.Take(gas.Dimension).Min());
            double speed = SlabSpeed * RootMeanSquareSpeed(state);
            return uniform
                ? new SlabEventLoop<EqualSpheres>(gas, state, grid, places, speed, tally, counters)
                : new SlabEventLoop<SpeciesTable>(gas, state, grid, places, speed, tally, counters);
        }

        bool filtered = UsesFilter(gas, settings);
        CellGeometry cells = CellsFor(gas, state, settings.CellWidth ?? (filtered ? FilteredCellWidth : PlainCellWidth));
        int[] order = SpatialOrder.Of(gas, state, cells.Width[0]);
        return (filtered, uniform) switch
        {
            (true, true) => new FilteredCellEventLoop<EqualSpheres>(gas, state, cells, order, tally, counters),
            (true, false) => new FilteredCellEventLoop<SpeciesTable>(gas, state, cells, order, tally, counters),
            (false, true) => new PlainCellEventLoop<EqualSpheres>(gas, state, cells, order, tally, counters),
            (false, false) => new PlainCellEventLoop<SpeciesTable>(gas, state, cells, order, tally, counters),
        };
    }

    private static bool UsesFilter(Gas gas, SearchSettings settings) => settings.Method == SearchMethod.Automatic
        ? !gas.Zones.IsEmpty && !gas.Box.Has(Boundary.Open)
        : settings.Method == SearchMethod.FilteredCells;

    private static bool UsesSlabs(Gas gas, SystemState state, SearchSettings settings)
    {
        if (settings.Method is not (SearchMethod.Automatic or SearchMethod.Slabs) || !gas.Zones.IsEmpty || gas.Box.Has(Boundary.Open))
        {
            return false;
        }

        double width = SlabCellWidthOf(gas, state, settings);
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            if (gas.Box.Lengths[axis] < SlabCellsMin * width)
            {
                return false;
            }
        }

        return true;
    }

    private static double SlabCellWidthOf(Gas gas, SystemState state, SearchSettings settings) => Math.Max(
        gas.DiameterMax * SlabCellDiameters,
        (settings.CellWidth ?? SlabCellWidth) * PortableMath.Pow(gas.Box.Volume / Math.Max(1, state.Particles.Length), 1.0 / gas.Dimension));

    // Rows of cells run along the last axis; the others have wider cells, so that rows are fewer and fuller.
    private static CellGeometry SlabCells(Gas gas, SystemState state, SearchSettings settings)
    {
        double width = SlabCellWidthOf(gas, state, settings);
        Vec3 widths = new(width, width, width);
        for (int axis = 0; axis < gas.Dimension - 1; axis++)
        {
            widths = widths.With(axis, Math.Min(width * SlabCellAspect, gas.Box.Lengths[axis] / SlabCellsMin));
        }

        return new CellGeometry(gas.Box, Vec3.Zero, gas.Box.Lengths, widths);
    }

    private static double RootMeanSquareSpeed(SystemState state)
    {
        double sum = 0;
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            sum += Vec3.Dot(particle.Velocity, particle.Velocity);
        }

        return Math.Sqrt(sum / Math.Max(1, state.Particles.Length));
    }

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
