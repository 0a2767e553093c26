using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Counting;

/// <summary>
/// A grid of blocks of cells, and the regions of each phase: blocks, then what is close to faces, edges and corners between them.
/// </summary>
/// <remarks>
/// A region of phase p is close to p bounds across p different axes, and closer to no other. Regions of one phase do not touch. Along the
/// axes of its bounds it lies around the bound above a block, along the others inside of a block: so every block's worker has one face per
/// axis that is divided, one edge per pair of them, one corner.
/// </remarks>
internal sealed class RegionMap
{
    private readonly BlockAxis[] _axes; // of the grid
    private readonly int[] _depths; // by phase

    /// <param name="axes">The grid.</param>
    /// <param name="blocks">Blocks along the grid's axes.</param>
    /// <param name="depth">Cells on either side of a face that are close to it; edges reach twice as far, corners three times.</param>
    public RegionMap(in GridAxes axes, Int3 blocks, int depth)
    {
        _axes = [new BlockAxis(axes.First, blocks.X), new BlockAxis(axes.Second, blocks.Y), new BlockAxis(axes.Third, blocks.Z)];
        PhaseCount = 1 + _axes.Count(a => a.BlockCount > 1);
        _depths = [.. Enumerable.Range(0, PhaseCount).Select(phase => phase * depth)];
        WorkerCount = blocks.X * blocks.Y * blocks.Z;
        HasRoom = _axes.All(a => a.BlockCount == 1 || a.Narrowest >= 2 * _depths[^1]);
    }

    /// <summary>Blocks, faces, edges, corners: as many as there are, and no more.</summary>
    public int PhaseCount { get; }

    /// <summary>One for each block.</summary>
    public int WorkerCount { get; }

    /// <summary>Whether each block is as wide as the regions at both of its ends.</summary>
    public bool HasRoom { get; }

    /// <summary>The region of a cell in a phase, as its parts of the axes; the worker that has it.</summary>
    public Region RegionOf(Int3 cell, int phase)
    {
        int depth = _depths[phase];
        return new Region(_axes[0].PartOf(cell.X, depth), _axes[1].PartOf(cell.Y, depth), _axes[2].PartOf(cell.Z, depth));
    }

    /// <summary>The worker that runs a region.</summary>
    public int WorkerOf(Region region) =>
        (Number(region.X) * _axes[1].BlockCount + Number(region.Y)) * _axes[2].BlockCount + Number(region.Z);

    /// <summary>Whether a cell is next to another block.</summary>
    public bool IsAtBound(Int3 cell) =>
        _axes[0].DistanceOf(cell.X) == 0 || _axes[1].DistanceOf(cell.Y) == 0 || _axes[2].DistanceOf(cell.Z) == 0;

    /// <summary>How far from the bounds of its region a cell is, in cells.</summary>
    public int DepthOf(Int3 cell, Region region) => Math.Max(
        region.X < 0 ? _axes[0].DistanceOf(cell.X) : 0,
        Math.Max(region.Y < 0 ? _axes[1].DistanceOf(cell.Y) : 0, region.Z < 0 ? _axes[2].DistanceOf(cell.Z) : 0));

    /// <summary>How a box of cells, which may go on beyond the box, lies to a region.</summary>
    /// <param name="home">One of the region's cells.</param>
    /// <param name="low">First cell along each axis.</param>
    /// <param name="high">Last cell along each axis.</param>
    /// <param name="phase">Of the region.</param>
    public Reach ReachOf(Int3 home, Vector128<int> low, Vector128<int> high, int phase)
    {
        Reach reach = Reach.Inside;
        for (int axis = 0; axis < 3; axis++)
        {
            Reach along = _axes[axis].BlockCount > 1
                ? _axes[axis].ReachOf(home[axis], low[axis], high[axis], _depths[phase])
                : Reach.Inside;
            reach = along > reach ? along : reach;
        }

        return reach;
    }

    /// <summary>A cell inside the grid.</summary>
    public Int3 Wrap(int x, int y, int z) => new(_axes[0].Wrap(x), _axes[1].Wrap(y), _axes[2].Wrap(z));

    private static int Number(int part) => part < 0 ? -1 - part : part;
}

/// <summary>A region by its parts of the three axes: a block, or -1 minus the number of a bound.</summary>
internal readonly record struct Region(int X, int Y, int Z)
{
    /// <summary>Number of bounds around which it lies.</summary>
    public int BoundCount => (X < 0 ? 1 : 0) + (Y < 0 ? 1 : 0) + (Z < 0 ? 1 : 0);
}
