using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>How nodes share the time slices of one system: blocks of layers of cells along x, one for each node.</summary>
/// <remarks>
/// A node holds the particles of its block and copies (ghosts) of those in a few layers beyond both of its faces. Around the face above its
/// block it runs the strip, so it needs to know more there; below its block ghosts only tell what to leave to the neighbour's strip.
/// </remarks>
/// <param name="NodeCount">Number of blocks.</param>
/// <param name="CellsX">Cells of the whole box along x: the layers.</param>
/// <param name="CellsY">Cells along y.</param>
/// <param name="CellsZ">Cells along z.</param>
/// <param name="Speed">Of a particle whose flight in a slice just fits into a cell.</param>
/// <param name="KeepsNeighbors">Whether particles keep lists of neighbours.</param>
/// <param name="StripDepth">Layers on either side of a face that belong to its strip.</param>
public sealed record NodePlan(int NodeCount, int CellsX, int CellsY, int CellsZ, double Speed, bool KeepsNeighbors, int StripDepth)
{
    private const int FluidStripDepth = 4, GasStripDepth = 3;

    /// <summary>Layers that a particle may cross from one renewal of the ghosts to the next.</summary>
    /// <remarks>
    /// In a slice of a gas the fastest particles cross more than one layer, and ghosts are renewed for every slice; in one of a fluid they
    /// cross a few tenths of a layer, and ghosts are renewed with the lists of neighbours, after some slices.
    /// </remarks>
    public int Drift => KeepsNeighbors ? 1 : 2;

    /// <summary>Layers above a node's block whose particles it holds.</summary>
    public int LayersAbove => StripDepth + SearchDepth + Drift;

    /// <summary>Layers below a node's block whose particles it holds.</summary>
    public int LayersBelow => SearchDepth + Drift;

    // With lists a search in a strip sees who is one layer beyond it. Without them it stays among the strip's layers, or the slice is void.
    private int SearchDepth => KeepsNeighbors ? 1 : 0;

    /// <summary>
    /// Layers of a block at least: neither do the ranges of its neighbours overlap in it, nor does the strip above it reach what the node
    /// below holds.
    /// (Two nodes have each other as both neighbours, and tell each other all of it.)
    /// </summary>
    private int LayersMin => LayersAbove + (NodeCount == 2 ? LayersBelow : Math.Max(LayersBelow, StripDepth + Drift));

    /// <summary>
    /// The plan for as many nodes as there is room for; null if that are fewer than two: open or small boxes, very different sizes, few
    /// particles.
    /// </summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="particles">All particles.</param>
    /// <param name="time">Now, an offset in the epoch.</param>
    /// <param name="nodeCountMax">Largest number of nodes.</param>
    /// <param name="stripDepth">Layers on either side of a face that belong to its strip; null chooses by the search.</param>
    /// <param name="method">Of the search.</param>
    public static NodePlan? For(
        Gas gas,
        ReadOnlySpan<ParticleState> particles,
        double time,
        int nodeCountMax,
        int? stripDepth = null,
        SearchMethod method = SearchMethod.Automatic)
    {
        SlicePlan? slices = nodeCountMax >= 2 ? SlicePlan.For(gas, particles, time, new SearchSettings(method)) : null;
        if (slices is not { Split.HasLarge: false, Speed: > 0 } plan)
        {
            return null;
        }

        int[] cells = plan.Grid.Count;
        int depth = stripDepth ?? (plan.KeepsNeighbors ? FluidStripDepth : GasStripDepth);
        NodePlan wanted = new(
            Math.Min(nodeCountMax, BlockPartition.CountMax), cells[0], cells[1], cells[2], plan.Speed, plan.KeepsNeighbors, depth);
        while (wanted.NodeCount > 1 && wanted.CellsX / wanted.NodeCount < wanted.LayersMin)
        {
            wanted = wanted with { NodeCount = wanted.NodeCount - 1 };
        }

        return wanted.NodeCount > 1 ? wanted : null;
    }

    /// <summary>First layer of a block.</summary>
    public int First(int node) => (int)((long)CellsX * node / NodeCount);

    /// <summary>The node in whose block a position is.</summary>
    public int HomeOf(Gas gas, Vec3 position) => NodeOf(LayerOf(gas.Box.Lengths.X, gas.Box.IsPeriodic(0), position.X));

    /// <summary>The node of a layer.</summary>
    internal int NodeOf(int layer)
    {
        int node = (int)((long)layer * NodeCount / CellsX);
        while (layer >= First(node + 1))
        {
            node++;
        }

        while (layer < First(node))
        {
            node--;
        }

        return node;
    }

    /// <summary>The layer of a coordinate, which need not be wrapped.</summary>
    /// <param name="length">Of the box along x.</param>
    /// <param name="isPeriodic">Whether the box is periodic along x.</param>
    /// <param name="x">The coordinate.</param>
    internal int LayerOf(double length, bool isPeriodic, double x)
    {
        if ((x < 0 || x >= length) && isPeriodic)
        {
            x -= length * Math.Floor(x / length);
        }

        return Math.Clamp((int)(x * (CellsX / length)), 0, CellsX - 1);
    }

    /// <summary>How many layers a layer lies above a face, going on at the other end of the box.</summary>
    internal int Above(int face, int layer) => layer >= face ? layer - face : layer - face + CellsX;

    /// <summary>Cells and slices.</summary>
    internal SlicePlan SlicesOf(Gas gas)
    {
        Vec3 lengths = gas.Box.Lengths;
        Vec3 widths = new(lengths.X / (CellsX + 0.5), lengths.Y / (CellsY + 0.5), lengths.Z / (CellsZ + 0.5));
        return new SlicePlan(new CellGeometry(gas.Box, Vec3.Zero, lengths, widths), Speed, KeepsNeighbors)
        {
            Split = SizeSplit.None(gas),
        };
    }
}
