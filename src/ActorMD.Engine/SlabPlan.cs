using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>Cells and length of the slabs of a gas. The trajectory does not depend on them, only its cost does.</summary>
/// <param name="Grid">Rows of cells run along the last axis; the others may have wider cells, so that rows are fewer and fuller.</param>
/// <param name="Speed">Flights of particles up to this speed fit into the cells during a slab.</param>
/// <param name="KeepsNeighbors">Whether every particle keeps a list of those that it can meet during a slab.</param>
internal sealed record SlabPlan(CellGeometry Grid, double Speed, bool KeepsNeighbors)
{
    // Measured, see docs/engine.md. Widths are in mean particle distances, speeds in root mean square speeds. A rare gas spends
    // its time in finding pairs, a dilute one also in searches around collisions, a fluid in lists of neighbours.
    private const double RarePackingMax = 0.01;
    private const double NeighborPackingMin3D = 0.2, NeighborPackingMin2D = 0.3;
    private static readonly Shape _rare = new(1.8, 1, 2.2);
    private static readonly Shape _dilute = new(1.2, 1.5, 2.2);
    private static readonly Shape _fluid = new(1.25, 1, 3.5);

    private const double WidthInDiametersMin = 1.15;

    // Where most of the box is empty, cells are for the particles that are there; but empty cells cost something, too.
    private const double CellsPerParticleMax = 8;

    // So that a cell and its two neighbours along an axis are three different ones.
    private const double CellsPerSideMin = 3.001;

    // Single precision must tell places well within a cell apart.
    private const double CellsPerSideMax = 4096;

    /// <summary>The plan; null if the gas has open sides, or if its box has too few or too many cells along a side.</summary>
    public static SlabPlan? For(Gas gas, SystemState state, SearchSettings settings)
    {
        if (settings.Method is SearchMethod.Cells or SearchMethod.FilteredCells || gas.Box.Has(Boundary.Open))
        {
            return null;
        }

        double crowding = Crowding(gas, state);
        double packing = crowding * gas.Packing(state.CountSpecies(gas.Species.Length));
        bool keepsNeighbors = gas.Zones.IsEmpty && (settings.Method == SearchMethod.SlabsWithNeighbors
            || (settings.Method == SearchMethod.Automatic && packing > (gas.Dimension == 3 ? NeighborPackingMin3D : NeighborPackingMin2D)));
        Shape shape = keepsNeighbors ? _fluid : packing < RarePackingMax ? _rare : _dilute;
        double room = gas.Box.Volume / (Math.Min(crowding, CellsPerParticleMax) * Math.Max(1, state.Particles.Length));
        double spacing = PortableMath.Pow(room, 1.0 / gas.Dimension);
        double width = Math.Max(WidthInDiametersMin * gas.ReachMax, (settings.CellWidth ?? shape.Width) * spacing);
        Vec3 widths = new(width, width, width);
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            double widest = gas.Box.Lengths[axis] / CellsPerSideMin;
            if (widest < width || gas.Box.Lengths[axis] > CellsPerSideMax * width)
            {
                return null;
            }

            if (axis < gas.Dimension - 1)
            {
                widths = widths.With(axis, Math.Min(width * shape.Aspect, widest));
            }
        }

        CellGeometry grid = new(gas.Box, Vec3.Zero, gas.Box.Lengths, widths);
        return new SlabPlan(grid, shape.Speed * RootMeanSquareSpeed(state), keepsNeighbors);
    }

    // The density around a particle, on average, against that of the whole box: 1 for a uniform gas. From pairs in the same
    // coarse cell, of which a uniform gas has CoarseCount particles each.
    private static double Crowding(Gas gas, SystemState state)
    {
        const double CoarseCount = 8;
        int count = state.Particles.Length;
        double side = PortableMath.Pow(CoarseCount * gas.Box.Volume / Math.Max(1, count), 1.0 / gas.Dimension);
        CellGeometry coarse = new(gas.Box, Vec3.Zero, gas.Box.Lengths, side);
        int[] contents = new int[coarse.CellCount];
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            Vec3 position = particle.PositionAt(state.Time);
            contents[coarse.Index(IndexAlong(coarse, gas.Box, position, 0), IndexAlong(coarse, gas.Box, position, 1), IndexAlong(coarse, gas.Box, position, 2))]++;
        }

        double pairs = 0;
        foreach (int content in contents)
        {
            pairs += content * (content - 1.0);
        }

        return count > 1 ? Math.Max(1, pairs / count / (count - 1.0) * coarse.CellCount) : 1;
    }

    private static int IndexAlong(CellGeometry cells, Box box, Vec3 position, int axis)
    {
        double x = position[axis], length = box.Lengths[axis];
        return cells.IndexAlong(axis, box.IsPeriodic(axis) ? x - length * Math.Floor(x / length) : x);
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

    /// <param name="Width">Of a cell along the rows.</param>
    /// <param name="Aspect">How much wider it is across.</param>
    /// <param name="Speed">Of the particles that just fit.</param>
    private readonly record struct Shape(double Width, double Aspect, double Speed);
}
