using ActorMD.Engine.Grids;

namespace ActorMD.Engine.Sharing.Counting;

/// <summary>The cells along one axis of the grid, divided into blocks.</summary>
internal sealed class BlockAxis
{
    private readonly int[] _blocks; // by cell
    private readonly int[] _bounds; // by cell: the nearest
    private readonly int[] _distances; // by cell: other cells between it and its nearest bound
    private readonly int[] _firsts; // first cell, by block
    private readonly GridAxis _axis;

    /// <param name="axis">Its cells.</param>
    /// <param name="blockCount">Number of blocks; a bound has the number of the block below it, that across a periodic face the
    /// last.</param>
    public BlockAxis(GridAxis axis, int blockCount)
    {
        (_axis, BlockCount) = (axis, blockCount);
        (_blocks, _bounds, _distances) = (new int[axis.Count], new int[axis.Count], new int[axis.Count]);
        _firsts = [.. Enumerable.Range(0, blockCount + 1).Select(k => (int)((long)axis.Count * k / blockCount))];
        for (int block = 0; block < blockCount; block++)
        {
            for (int cell = _firsts[block]; cell < _firsts[block + 1]; cell++)
            {
                bool hasLower = blockCount > 1 && (block > 0 || axis.IsPeriodic);
                bool hasUpper = blockCount > 1 && (block < blockCount - 1 || axis.IsPeriodic);
                int below = hasLower ? cell - _firsts[block] : int.MaxValue;
                int above = hasUpper ? _firsts[block + 1] - 1 - cell : int.MaxValue;
                _blocks[cell] = block;
                _bounds[cell] = above <= below ? block : (block + blockCount - 1) % blockCount;
                _distances[cell] = Math.Min(below, above);
            }
        }
    }

    /// <summary>Number of blocks.</summary>
    public int BlockCount { get; }

    /// <summary>Cells of the narrowest block.</summary>
    public int Narrowest => Enumerable.Range(0, BlockCount).Min(k => _firsts[k + 1] - _firsts[k]);

    /// <summary>Cells between a cell and its nearest bound.</summary>
    public int DistanceOf(int cell) => _distances[cell];

    /// <summary>
    /// The part of the axis in which a cell is: a block (0, 1, ...), or what is closer to a bound than a depth (-1, -2, ...).
    /// </summary>
    public int PartOf(int cell, int depth) => _distances[cell] < depth ? -1 - _bounds[cell] : _blocks[cell];

    /// <summary>A cell of the axis, which may be one of an image.</summary>
    public int Wrap(int cell) => _axis.IsPeriodic ? _axis.Wrap(cell, out float _) : Math.Clamp(cell, 0, _axis.Count - 1);

    /// <summary>How a range of cells lies to the part of the axis to which one of them belongs.</summary>
    public Reach ReachOf(int home, int low, int high, int depth)
    {
        int own = PartOf(home, depth);
        high = Math.Min(high, low + _axis.Count - 1);
        for (int cell = low; cell <= high; cell++)
        {
            if (PartOf(Wrap(cell), depth) != own)
            {
                return own < 0 ? Reach.TooDeep : Reach.Beyond;
            }
        }

        return Reach.Inside;
    }
}

/// <summary>Where a flight may meet others.</summary>
internal enum Reach
{
    /// <summary>In the region of its particle only.</summary>
    Inside,

    /// <summary>Farther from the region's bounds than the region is deep.</summary>
    TooDeep,

    /// <summary>Across a bound that is not the region's: that is for a later phase.</summary>
    Beyond,
}
