using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>Chooses and builds the event loop for a gas.</summary>
internal static class EventLoopFactory
{
    /// <summary>Cells and lists exceed the reach by this factor, so that everything is seen well before contact.</summary>
    private const double ReachMargin = 1 + 1e-6;

    private const double ListPackingMin3D = 0.33;
    private const double ListPackingMin2D = 0.35;
    private const int ListCountMin = 64;
    private const double FilterPackingMax = 0.03;

    // In mean particle distances. A filtered cell costs the same whether it holds one particle or seven.
    private const double PlainCellWidth = 0.75;
    private const double FilteredCellWidth = 1.5;

    /// <summary>From this count on, open space is searched over the range of the particles instead of the box.</summary>
    private const int CrowdMin = 50_000;

    public static EventLoop Create(Gas gas, SystemState state, SearchSettings settings, EventTally tally, EngineCounters counters)
    {
        bool uniform = ContactTable.IsUniform(gas);
        double skin = (settings.Skin ?? AutomaticSkin(gas, state)) * gas.DiameterMax;
        if (UsesLists(gas, state, settings, skin))
        {
            double radius = (gas.DiameterMax + skin) * ReachMargin;
            CellGeometry lists = new(gas.Box, Vec3.Zero, gas.Box.Lengths, radius);
            int[] order = SpatialOrder.Of(gas, state, radius);
            return uniform
                ? new ListEventLoop<EqualSpheres>(gas, state, lists, order, skin, tally, counters)
                : new ListEventLoop<SpeciesTable>(gas, state, lists, order, skin, tally, counters);
        }

        if (settings.Method == SearchMethod.Slabs)
        {
            CellGeometry grid = CellsFor(gas, state, settings.CellWidth ?? 1.5);
            double fac = double.Parse(Environment.GetEnvironmentVariable("SLAB_A") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
            double ww = grid.Width[0];
            grid = new CellGeometry(gas.Box, Vec3.Zero, gas.Box.Lengths, gas.Dimension == 3 ? new Vec3(fac * ww * 0.9999, fac * ww * 0.9999, ww * 0.9999) : new Vec3(fac * ww * 0.9999, ww * 0.9999, 1));
            int[] order2 = SpatialOrder.Of(gas, state, grid.Width[0]);
            double speed = double.Parse(Environment.GetEnvironmentVariable("SLAB_SPEED") ?? "1.85", System.Globalization.CultureInfo.InvariantCulture) * Math.Sqrt(state.Particles.Sum(p => Vec3.Dot(p.Velocity, p.Velocity)) / Math.Max(1, state.Particles.Length));
            return uniform
                ? new SlabEventLoop<EqualSpheres>(gas, state, grid, order2, speed, tally, counters)
                : new SlabEventLoop<SpeciesTable>(gas, state, grid, order2, speed, tally, counters);
        }

        bool filtered = UsesFilter(gas, state, settings);
        CellGeometry cells = CellsFor(gas, state, settings.CellWidth ?? (filtered ? FilteredCellWidth : PlainCellWidth));
        int[] sorted = SpatialOrder.Of(gas, state, cells.Width[0]);
        return (filtered, uniform) switch
        {
            (true, true) => new FilteredCellEventLoop<EqualSpheres>(gas, state, cells, sorted, tally, counters),
            (true, false) => new FilteredCellEventLoop<SpeciesTable>(gas, state, cells, sorted, tally, counters),
            (false, true) => new PlainCellEventLoop<EqualSpheres>(gas, state, cells, sorted, tally, counters),
            (false, false) => new PlainCellEventLoop<SpeciesTable>(gas, state, cells, sorted, tally, counters),
        };
    }

    private static bool UsesFilter(Gas gas, SystemState state, SearchSettings settings)
    {
        if (settings.Method != SearchMethod.Automatic)
        {
            return settings.Method == SearchMethod.FilteredCells;
        }

        double packing = gas.Packing(state.CountSpecies(gas.Species.Length));
        return !gas.Box.Has(Boundary.Open) && (!gas.Zones.IsEmpty || packing < FilterPackingMax);
    }

    private static bool UsesLists(Gas gas, SystemState state, SearchSettings settings, double skin)
    {
        if (!gas.Zones.IsEmpty || gas.Box.Has(Boundary.Open) || settings.Method is SearchMethod.Cells or SearchMethod.FilteredCells or SearchMethod.Slabs)
        {
            return false;
        }

        double radius = (gas.DiameterMax + skin) * ReachMargin;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            if (gas.Box.IsPeriodic(axis) && gas.Box.Lengths[axis] < 3 * radius * ReachMargin)
            {
                return false;
            }
        }

        if (settings.Method == SearchMethod.Lists)
        {
            return true;
        }

        double packing = gas.Packing(state.CountSpecies(gas.Species.Length));
        return state.Particles.Length >= ListCountMin && packing > (gas.Dimension == 3 ? ListPackingMin3D : ListPackingMin2D);
    }

    private static double AutomaticSkin(Gas gas, SystemState state)
    {
        double packing = gas.Packing(state.CountSpecies(gas.Species.Length));
        return gas.Dimension == 3 ? Math.Clamp(1.05 - packing, 0.45, 0.9) : Math.Clamp(1.2 - packing, 0.4, 1.0);
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
