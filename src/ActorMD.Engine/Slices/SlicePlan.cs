using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Engine.Slices;

/// <summary>Cells and length of the time slices of a gas. The trajectory does not depend on them, only its cost does.</summary>
/// <param name="Grid">Rows of cells run along the last axis; the others may have wider cells, so that rows are fewer and fuller.</param>
/// <param name="Speed">Flights of particles up to this speed fit into the cells during a slice.</param>
/// <param name="KeepsNeighbors">Whether every particle keeps a list of those that it can meet during a slice.</param>
internal sealed record SlicePlan(CellGeometry Grid, double Speed, bool KeepsNeighbors)
{
    // Measured, see docs/engine.md. Widths are in mean particle distances, speeds in root mean square speeds. A rare gas spends
    // its time in finding pairs, a dilute one also in searches around collisions, a fluid in lists of neighbours.
    private const double RarePackingMax = 0.01;
    private const double NeighborPackingMin3D = 0.2, NeighborPackingMin2D = 0.3;
    private static readonly Shape _rare = new(2.1, 1, 1.8);
    private static readonly Shape _dilute = new(1.5, 1.2, 2.1);
    private static readonly Shape _fluid = new(1.4, 1, 10);

    private const double WidthInDiametersMin = 1.15;

    // Where most of the box is empty, cells are for the particles that are there; but empty cells cost something, too.
    private const double CellsPerParticleMax = 8;

    // So that a cell and its two neighbours along an axis are three different ones.
    private const double CellsPerSideMin = 3.001;

    // Single precision must tell places well within a cell apart.
    private const double CellsPerSideMax = 4096;

    // Rather blocks of different size than cells that are much wider.
    private const double TooManyCellsMax = 0.05;

    /// <summary>Which species are large: the cells are made for the others.</summary>
    public required SizeSplit Split { get; init; }

    /// <summary>The plan; null if the gas has open sides, or if the box has too few or too many cells along a side.</summary>
    /// <param name="gas">Box and reach.</param>
    /// <param name="particles">All particles.</param>
    /// <param name="time">Now.</param>
    /// <param name="settings">The method asked for.</param>
    public static SlicePlan? For(Gas gas, ReadOnlySpan<ParticleState> particles, double time, SearchSettings settings)
    {
        if (settings.Method is SearchMethod.Cells or SearchMethod.FilteredCells || gas.Box.Has(Boundary.Open))
        {
            return null;
        }

        double volume = gas.Box.Volume;
        SizeSplit split = SizeSplit.ForSlices(gas, particles, volume, ShortestSide(gas) / CellsPerSideMin, settings);
        particles = split.HasLarge ? split.SmallOf(particles) : particles;
        double crowding = Crowding(gas, particles, time);
        double packing = crowding * Packing(gas, particles, volume);
        bool keepsNeighbors = gas.Zones.IsEmpty && (settings.Method == SearchMethod.TimeSlicesWithLists
            || (settings.Method == SearchMethod.Automatic && packing > (gas.Dimension == 3 ? NeighborPackingMin3D : NeighborPackingMin2D)));
        Shape shape = keepsNeighbors ? _fluid : packing < RarePackingMax ? _rare : _dilute;
        double room = volume / (Math.Min(crowding, CellsPerParticleMax) * Math.Max(1, particles.Length));
        double spacing = PortableMath.Pow(room, 1.0 / gas.Dimension);
        double excess = keepsNeighbors ? split.Reach - MeanDiameter(gas, particles) : 0; // as far to go for small particles as for large ones
        double wanted = (settings.CellWidth ?? shape.Width) * spacing + excess, speed = shape.Speed * RootMeanSquareSpeed(particles);
        double width = Math.Max(WidthInDiametersMin * split.Reach, wanted);
        Vec3 widths = new(width, width, width);
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            double length = gas.Box.Lengths[axis], widest = length / CellsPerSideMin;
            if (widest < width || length > CellsPerSideMax * width)
            {
                return null;
            }

            if (axis < gas.Dimension - 1)
            {
                widths = widths.With(axis, Math.Min(width * shape.Aspect, widest));
            }
        }

        // Threads share the cells along an axis: as many for each.
        Int3 blocks = settings.Blocks ?? new Int3(settings.Team.Count, 1, 1);
        CellGeometry uneven = new(gas.Box, Vec3.Zero, gas.Box.Lengths, widths);
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            int cells = uneven.Count[axis], tooMany = cells % Math.Max(1, blocks[axis]);
            if (tooMany > 0 && tooMany < TooManyCellsMax * cells)
            {
                widths = widths.With(axis, gas.Box.Lengths[axis] / (cells - tooMany + 0.5));
            }
        }

        CellGeometry grid = new(gas.Box, Vec3.Zero, gas.Box.Lengths, widths);
        return new SlicePlan(grid, speed, keepsNeighbors) { Split = split };
    }

    private static double ShortestSide(Gas gas) => Math.Min(
        gas.Box.Lengths.X, Math.Min(gas.Box.Lengths.Y, gas.Dimension == 3 ? gas.Box.Lengths.Z : double.PositiveInfinity));

    // Share of the volume that the particles fill.
    private static double Packing(Gas gas, ReadOnlySpan<ParticleState> particles, double volume)
    {
        if (gas.HasOwnSizes)
        {
            return OwnPacking(gas, particles, volume);
        }

        int[] counts = new int[gas.Species.Length];
        foreach (ref readonly ParticleState particle in particles)
        {
            counts[particle.Kind]++;
        }

        return gas.Packing(counts);
    }

    private static double OwnPacking(Gas gas, ReadOnlySpan<ParticleState> particles, double volume)
    {
        double sum = 0;
        foreach (ref readonly ParticleState particle in particles)
        {
            double diameter = gas.Kinds[particle.Kind].Diameter;
            sum += gas.Dimension == 3 ? Math.PI / 6 * diameter * diameter * diameter : Math.PI / 4 * diameter * diameter;
        }

        return sum / volume;
    }

    private static double MeanDiameter(Gas gas, ReadOnlySpan<ParticleState> particles)
    {
        double sum = 0;
        foreach (ref readonly ParticleState particle in particles)
        {
            sum += gas.Kinds[particle.Kind].Diameter;
        }

        return sum / Math.Max(1, particles.Length);
    }

    // The density around a particle, on average, against that of the whole box: 1 for a uniform gas. From pairs in the same
    // coarse cell, of which a uniform gas has CoarseCount particles each.
    private static double Crowding(Gas gas, ReadOnlySpan<ParticleState> particles, double time)
    {
        const double CoarseCount = 8;
        int count = particles.Length;
        double side = PortableMath.Pow(CoarseCount * gas.Box.Volume / Math.Max(1, count), 1.0 / gas.Dimension);
        CellGeometry coarse = new(gas.Box, Vec3.Zero, gas.Box.Lengths, side);
        int[] contents = new int[coarse.CellCount];
        foreach (ref readonly ParticleState particle in particles)
        {
            Vec3 position = particle.PositionAt(time);
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

    private static double RootMeanSquareSpeed(ReadOnlySpan<ParticleState> particles)
    {
        double sum = 0;
        foreach (ref readonly ParticleState particle in particles)
        {
            sum += Vec3.Dot(particle.Velocity, particle.Velocity);
        }

        return Math.Sqrt(sum / Math.Max(1, particles.Length));
    }

    /// <param name="Width">Of a cell along the rows.</param>
    /// <param name="Aspect">How much wider it is across.</param>
    /// <param name="Speed">Of the particles that just fit.</param>
    private readonly record struct Shape(double Width, double Aspect, double Speed);
}
