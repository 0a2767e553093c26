using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Engine.Grids;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Protocol.Geometry;

/// <summary>
/// The box in layers of cells, and the blocks of cells that belong to the domains. Distances are counted in layers: the
/// largest over the axes, cyclic on periodic ones, so that a halo that wraps onto itself holds nothing twice.
/// </summary>
/// <remarks>
/// A cell is at least as wide as the reach of any event. On axes that are not periodic the outermost cells reach to infinity.
/// The grid serves the protocol alone; the event loop's own cells are another matter.
/// </remarks>
public sealed class BlockGrid
{
    private const double ReachMargin = 1 + 1e-6;
    private const int CellCountMax = 1 << 20;

    private readonly double[] _width = new double[3];
    private readonly (int Low, int High)[] _blocks; // by domain and axis

    /// <param name="box">The whole box.</param>
    /// <param name="bounds">
    /// For every axis the cells where blocks begin, ascending from 0, and the number of cells as the last entry. [0, 1] for the
    /// third axis in two dimensions.
    /// </param>
    /// <exception cref="ArgumentException">The bounds are not of that form.</exception>
    public BlockGrid(Box box, ImmutableArray<ImmutableArray<int>> bounds)
    {
        if (bounds.Length != 3 || bounds.Any(c => c.Length < 2 || c[0] != 0 || c[^1] > CellCountMax || !IsAscending(c))
            || (box.Dimension == 2 && bounds[2][^1] != 1))
        {
            throw new ArgumentException("bounds must ascend from 0 to the number of cells on each of three axes", nameof(bounds));
        }

        Box = box;
        Bounds = bounds;
        Split = new Split(bounds[0].Length - 1, bounds[1].Length - 1, bounds[2].Length - 1);
        for (int axis = 0; axis < 3; axis++)
        {
            _width[axis] = axis < box.Dimension ? box.Lengths[axis] / CellCount(axis) : 1;
        }

        _blocks = new (int, int)[3 * DomainCount];
        for (int domain = 0; domain < DomainCount; domain++)
        {
            int x = domain / (Split.Y * Split.Z), y = domain / Split.Z % Split.Y, z = domain % Split.Z;
            (_blocks[3 * domain], _blocks[3 * domain + 1]) = ((bounds[0][x], bounds[0][x + 1]), (bounds[1][y], bounds[1][y + 1]));
            _blocks[3 * domain + 2] = (bounds[2][z], bounds[2][z + 1]);
        }
    }

    public Box Box { get; }

    public ImmutableArray<ImmutableArray<int>> Bounds { get; }

    public Split Split { get; }

    public int DomainCount => Split.Count;

    /// <summary>With this many layers every halo is the whole box.</summary>
    public int LayersOfWhole => Math.Max(LayersOfWholeAlong(0), Math.Max(LayersOfWholeAlong(1), LayersOfWholeAlong(2)));

    /// <summary>
    /// Divides a box into blocks with about equal numbers of particles per layer. Cells are about a mean distance of particles
    /// wide, never narrower than the reach.
    /// </summary>
    /// <param name="gas">Box and reach.</param>
    /// <param name="state">Where the particles are.</param>
    /// <param name="split">Blocks along each axis.</param>
    /// <exception cref="ArgumentException">An axis has no room for so many blocks.</exception>
    public static BlockGrid For(Gas gas, SystemState state, Split split)
    {
        double volumePerParticle = gas.Box.Volume / Math.Max(1, state.Particles.Length);
        double spacing = gas.Dimension == 2 ? Math.Sqrt(volumePerParticle) : PortableMath.Pow(volumePerParticle, 1.0 / 3);
        var bounds = ImmutableArray.CreateBuilder<ImmutableArray<int>>(3);
        for (int axis = 0; axis < 3; axis++)
        {
            int cells = CellsAlong(gas, axis, split[axis], spacing);
            bounds.Add(split[axis] == 1 ? [0, cells] : DivideEvenly(gas.Box, state, axis, cells, split[axis]));
        }

        return new BlockGrid(gas.Box, bounds.ToImmutable());
    }

    /// <summary>The largest number of blocks along an axis.</summary>
    public static int BlocksMax(Gas gas, int axis) => axis >= gas.Dimension
        ? 1
        : (int)Math.Clamp(Math.Floor(gas.Box.Lengths[axis] / (gas.ReachMax * ReachMargin)), 1, CellCountMax);

    public int CellCount(int axis) => Bounds[axis][^1];

    /// <summary>Width of a layer.</summary>
    public double Width(int axis) => _width[axis];

    /// <summary>The cell of a position, which may lie outside the box.</summary>
    public Int3 CellOf(Vec3 position) => new(CellAlong(position.X, 0), CellAlong(position.Y, 1), CellAlong(position.Z, 2));

    /// <summary>The domain whose block holds a cell.</summary>
    public int OwnerOf(Int3 cell) => (BlockAlong(cell.X, 0) * Split.Y + BlockAlong(cell.Y, 1)) * Split.Z + BlockAlong(cell.Z, 2);

    /// <summary>A domain's block: first cell along an axis, and the cell after the last one.</summary>
    public (int Low, int High) Block(int domain, int axis) => _blocks[3 * domain + axis];

    /// <summary>How many layers a cell is away from a domain's block; zero inside.</summary>
    public int LayersTo(int domain, Int3 cell) => Math.Max(
        LayersAlong(domain, 0, cell.X), Math.Max(LayersAlong(domain, 1, cell.Y), LayersAlong(domain, 2, cell.Z)));

    /// <summary>The domains with a cell within so many layers of a domain's block, without itself, in ascending order.</summary>
    public ImmutableArray<int> NeighborsOf(int domain, int layers)
    {
        var neighbors = ImmutableArray.CreateBuilder<int>();
        for (int other = 0; other < DomainCount; other++)
        {
            if (other != domain && LayersBetween(domain, other) <= layers)
            {
                neighbors.Add(other);
            }
        }

        return neighbors.ToImmutable();
    }

    /// <summary>
    /// What lies within so many layers of a domain's block, along one axis, as an interval of the coordinate in units of the
    /// layers' width. A negative number of layers gives the interior of the block.
    /// </summary>
    /// <remarks>
    /// An outermost block has no end on its outer side. For the others a layer is a layer, also beyond the box: a particle that
    /// has left an open box is far from a block that it is far from, although it is in an outermost cell near it.
    /// </remarks>
    public (double Low, double High) Range(int domain, int axis, double layers)
    {
        (int low, int high) = Block(domain, axis);
        if (high - low == CellCount(axis) || (Box.IsPeriodic(axis) && high - low + 2 * layers >= CellCount(axis)))
        {
            return (double.NegativeInfinity, double.PositiveInfinity);
        }

        bool isPeriodic = Box.IsPeriodic(axis);
        return (
            !isPeriodic && low == 0 ? double.NegativeInfinity : low - layers,
            !isPeriodic && high == CellCount(axis) ? double.PositiveInfinity : high + layers);
    }

    /// <summary>What lies within so many layers of a domain's block.</summary>
    public RegionSpace SpaceOf(int domain, int layers)
    {
        (Vec3 low, Vec3 high) = (RegionSpace.Whole.Low, RegionSpace.Whole.High);
        for (int axis = 0; axis < Box.Dimension; axis++)
        {
            (double from, double to) = Range(domain, axis, layers);
            (low, high) = (low.With(axis, from * Width(axis)), high.With(axis, to * Width(axis)));
        }

        return new RegionSpace(low, high);
    }

    private static bool IsAscending(ImmutableArray<int> bounds)
    {
        for (int k = 1; k < bounds.Length; k++)
        {
            if (bounds[k] <= bounds[k - 1])
            {
                return false;
            }
        }

        return true;
    }

    private static int CellsAlong(Gas gas, int axis, int blocks, double spacing)
    {
        int most = BlocksMax(gas, axis);
        if (blocks > most)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"axis {"xyz"[axis]} has room for {most} blocks at most, not {blocks}: a block is at least as wide as the "
                    + $"reach of an event"));
        }

        return axis >= gas.Dimension
            ? 1
            : (int)Math.Clamp(Math.Floor(gas.Box.Lengths[axis] / spacing), Math.Min(most, 2 * blocks), most);
    }

    // Every block gets at least one cell, and otherwise its share of the particles.
    private static ImmutableArray<int> DivideEvenly(Box box, SystemState state, int axis, int cells, int blocks)
    {
        long[] counts = new long[cells];
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            counts[CellAlong(box, particle.PositionAt(state.Time)[axis], axis, cells)]++;
        }

        int[] bounds = new int[blocks + 1];
        long below = 0;
        int cell = 0;
        for (int block = 1; block < blocks; block++)
        {
            long share = state.Particles.LongLength * block / blocks;
            while (cell < cells - (blocks - block) && (cell < bounds[block - 1] + 1 || below + counts[cell] / 2 < share))
            {
                below += counts[cell++];
            }

            bounds[block] = cell;
        }

        bounds[blocks] = cells;
        return [.. bounds];
    }

    private static int CellAlong(Box box, double x, int axis, int cells)
    {
        double share = x / box.Lengths[axis];
        if (box.IsPeriodic(axis))
        {
            share -= Math.Floor(share);
        }

        return (int)Math.Clamp(Math.Floor(share * cells), 0, cells - 1);
    }

    private int CellAlong(double x, int axis) => axis < Box.Dimension ? CellAlong(Box, x, axis, CellCount(axis)) : 0;

    private int BlockAlong(int cell, int axis)
    {
        ImmutableArray<int> bounds = Bounds[axis];
        int block = 0;
        while (cell >= bounds[block + 1])
        {
            block++;
        }

        return block;
    }

    private int LayersAlong(int domain, int axis, int cell)
    {
        (int low, int high) = Block(domain, axis);
        if (cell >= low && cell < high)
        {
            return 0;
        }

        int cells = CellCount(axis);
        int above = cell - high + 1, below = low - cell;
        return Box.IsPeriodic(axis)
            ? Math.Min(above > 0 ? above : above + cells, below > 0 ? below : below + cells)
            : Math.Max(above, below);
    }

    private int LayersBetween(int domain, int other)
    {
        int layers = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            (int low, int high) = Block(other, axis);
            layers = Math.Max(layers, Math.Min(LayersAlong(domain, axis, low), LayersAlong(domain, axis, high - 1)));
        }

        return layers;
    }

    private int LayersOfWholeAlong(int axis)
    {
        int layers = 0;
        for (int block = 0; block < Bounds[axis].Length - 1; block++)
        {
            int low = Bounds[axis][block], high = Bounds[axis][block + 1], cells = CellCount(axis);
            layers = Math.Max(layers, Box.IsPeriodic(axis) ? (cells - (high - low) + 1) / 2 : Math.Max(low, cells - high));
        }

        return layers;
    }
}
