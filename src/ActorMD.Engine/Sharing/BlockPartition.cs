using ActorMD.Engine.Slices;

namespace ActorMD.Engine.Sharing;

/// <summary>How threads share the planes of cells of a grid: a block of planes each, and the strips around the boundaries between blocks.</summary>
/// <remarks>
/// First every thread runs the events of its block as if there were no other, and defers what involves something beyond a boundary.
/// Afterwards every thread runs what was deferred around one boundary, in its strip, and rolls back what is wrong because of it.
/// </remarks>
internal sealed class BlockPartition
{
    /// <summary>Largest number of blocks: their numbers are bytes.</summary>
    public const int CountMax = 100;

    private const int BorderDepth = 2;

    private readonly int _planeCount;
    private readonly int[] _blockOf;
    private readonly int[] _stripOf;
    private readonly BlockMember[] _members;

    private BlockPartition(int planeCount, bool isPeriodic, int count, int depth)
    {
        (_planeCount, Count, Depth) = (planeCount, count, depth);
        _blockOf = new int[planeCount];
        _stripOf = new int[planeCount];
        _members = new BlockMember[planeCount];
        for (int block = 0; block < count; block++)
        {
            for (int plane = First(block); plane < First(block + 1); plane++)
            {
                _blockOf[plane] = block;
                int below = block > 0 || isPeriodic ? plane - First(block) : int.MaxValue;
                int above = block < count - 1 || isPeriodic ? First(block + 1) - 1 - plane : int.MaxValue;
                int strip = above <= below ? block : (block + count - 1) % count;
                _stripOf[plane] = Math.Min(below, above) < depth ? strip : -1;
                _members[plane] = new() { Block = (sbyte)block, Strip = (sbyte)_stripOf[plane], IsBorder = Math.Min(below, above) < BorderDepth };
            }
        }
    }

    /// <summary>Number of blocks; strips are as many, the last is empty if the grid has ends.</summary>
    public int Count { get; }

    /// <summary>Planes on either side of a boundary that belong to its strip.</summary>
    public int Depth { get; }

    /// <summary>The block of a plane.</summary>
    public int[] BlockOf => _blockOf;

    /// <summary>The strip that a plane is close to, or -1.</summary>
    public int[] StripOf => _stripOf;

    /// <summary>A particle whose records are all in one plane, by plane.</summary>
    public ReadOnlySpan<BlockMember> Members => _members;

    /// <summary>Blocks for so many threads or fewer; null if there is no room for two.</summary>
    /// <param name="planeCount">Planes of the grid.</param>
    /// <param name="isPeriodic">Whether the last is next to the first.</param>
    /// <param name="threadCount">Largest number of blocks.</param>
    /// <param name="depth">Planes on either side of a boundary that belong to its strip.</param>
    public static BlockPartition? For(int planeCount, bool isPeriodic, int threadCount, int depth)
    {
        depth = Math.Max(depth, BorderDepth);
        int count = Math.Min(Math.Min(threadCount, CountMax), planeCount / (2 * depth));
        return count > 1 ? new BlockPartition(planeCount, isPeriodic, count, depth) : null;
    }

    /// <summary>The planes of a block that are close to no boundary, side by side.</summary>
    public (int First, int End) FarPlanes(int block)
    {
        int first = First(block), end = First(block + 1);
        while (first < end && _stripOf[first] >= 0)
        {
            first++;
        }

        while (first < end && _stripOf[end - 1] >= 0)
        {
            end--;
        }

        return (first, end);
    }

    /// <summary>First plane of a strip, of which there are two times <see cref="Depth"/>; the last strip's go on with plane 0.</summary>
    public int FirstOfStrip(int strip) => First(strip + 1) - Depth;

    /// <summary>The planes that the search of a block may read.</summary>
    public PlaneTerritory TerritoryOfBlock(int block) => PlaneTerritory.Of(First(block), First(block + 1), block, _blockOf);

    /// <summary>The planes that the search of a strip may read.</summary>
    public PlaneTerritory TerritoryOfStrip(int strip) =>
        PlaneTerritory.Of(FirstOfStrip(strip), Math.Min(FirstOfStrip(strip) + 2 * Depth, _planeCount), strip, _stripOf);

    /// <summary>Blocks whose strips are deeper by one plane; null if there is no room.</summary>
    /// <param name="isPeriodic">Whether the last plane is next to the first.</param>
    public BlockPartition? Deeper(bool isPeriodic) =>
        For(_planeCount, isPeriodic, Count, Depth + 1) is { } deeper && deeper.Count == Count ? deeper : null;

    /// <summary>First plane of a block.</summary>
    public int First(int block) => (int)((long)_planeCount * block / Count);
}
