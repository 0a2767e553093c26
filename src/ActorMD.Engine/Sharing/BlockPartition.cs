using System.Runtime.InteropServices;

namespace ActorMD.Engine.Sharing;

/// <summary>How threads share the planes of a slab's grid: a block each, and the seams between blocks.</summary>
/// <remarks>
/// First every thread runs the events of its block as if there were no other, and stops where something beyond a cut takes part.
/// Afterwards every thread runs what was left out around one cut, a seam, and corrects what went wrong because of it.
/// </remarks>
internal sealed class BlockPartition
{
    private const int CountMax = 100;
    private const int BorderDepth = 2;

    private readonly int _planeCount;
    private readonly int[] _blockOf;
    private readonly int[] _seamOf;
    private readonly BlockMember[] _members;

    private BlockPartition(int planeCount, bool isPeriodic, int count, int depth)
    {
        (_planeCount, Count, Depth) = (planeCount, count, depth);
        _blockOf = new int[planeCount];
        _seamOf = new int[planeCount];
        _members = new BlockMember[planeCount];
        for (int block = 0; block < count; block++)
        {
            for (int plane = First(block); plane < First(block + 1); plane++)
            {
                _blockOf[plane] = block;
                int below = block > 0 || isPeriodic ? plane - First(block) : int.MaxValue;
                int above = block < count - 1 || isPeriodic ? First(block + 1) - 1 - plane : int.MaxValue;
                int seam = above <= below ? block : (block + count - 1) % count;
                _seamOf[plane] = Math.Min(below, above) < depth ? seam : -1;
                _members[plane] = new() { Block = (sbyte)block, Seam = (sbyte)_seamOf[plane], IsBorder = Math.Min(below, above) < BorderDepth };
            }
        }
    }

    /// <summary>Number of blocks; seams are as many, the last is empty if the grid has ends.</summary>
    public int Count { get; }

    /// <summary>Planes on either side of a cut that belong to its seam.</summary>
    public int Depth { get; }

    /// <summary>The block of a plane.</summary>
    public ReadOnlySpan<int> BlockOf => _blockOf;

    /// <summary>The seam that a plane is close to, or -1.</summary>
    public ReadOnlySpan<int> SeamOf => _seamOf;

    /// <summary>A particle whose records are all in one plane, by plane.</summary>
    public ReadOnlySpan<BlockMember> Members => _members;

    /// <summary>Blocks for so many threads or fewer; null if there is no room for two.</summary>
    /// <param name="planeCount">Planes of the grid.</param>
    /// <param name="isPeriodic">Whether the last is next to the first.</param>
    /// <param name="threadCount">Largest number of blocks.</param>
    /// <param name="depth">Planes on either side of a cut that belong to its seam.</param>
    public static BlockPartition? For(int planeCount, bool isPeriodic, int threadCount, int depth)
    {
        depth = Math.Max(depth, BorderDepth);
        int count = Math.Min(Math.Min(threadCount, CountMax), planeCount / (2 * depth));
        return count > 1 ? new BlockPartition(planeCount, isPeriodic, count, depth) : null;
    }

    /// <summary>The planes of a block that are close to no cut, side by side.</summary>
    public (int First, int End) FarPlanes(int block)
    {
        int first = First(block), end = First(block + 1);
        while (first < end && _seamOf[first] >= 0)
        {
            first++;
        }

        while (first < end && _seamOf[end - 1] >= 0)
        {
            end--;
        }

        return (first, end);
    }

    /// <summary>First plane of a seam, of which there are two times <see cref="Depth"/>; the last seam's go on with plane 0.</summary>
    public int FirstOfSeam(int seam) => First(seam + 1) - Depth;

    /// <summary>First plane of a block.</summary>
    public int First(int block) => (int)((long)_planeCount * block / Count);
}

/// <summary>A particle in a slab that threads share.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal struct BlockMember
{
    /// <summary>No block, no seam.</summary>
    public const sbyte None = -1;

    public sbyte Block;

    /// <summary>The seam that it is close to, or <see cref="None"/>.</summary>
    public sbyte Seam;

    /// <summary>Whether its neighbours may be in another block.</summary>
    public bool IsBorder;

    /// <summary>Before it is known in which planes its records are.</summary>
    public static BlockMember OfNoBlock => new() { Block = None, Seam = None };
}

/// <summary>What is known of a particle that is close to a cut, and of no other.</summary>
internal struct StripMember
{
    /// <summary>From here on its events are left to its seam; +infinity if they are not.</summary>
    public double FrozenFrom;

    /// <summary>When its last flight in its block ended; meaningless if there is none.</summary>
    public double LastEnd;

    /// <summary>Number of that flight in its block's log, or <see cref="FlightLog.None"/>.</summary>
    public int LastFlight;

    /// <summary>At the beginning of a slab.</summary>
    public static StripMember OfNewSlab => new() { FrozenFrom = double.PositiveInfinity, LastFlight = FlightLog.None };
}
