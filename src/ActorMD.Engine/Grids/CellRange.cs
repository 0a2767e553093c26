using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine.Grids;

/// <summary>A box of cells inside the grid: rows of cells side by side in memory.</summary>
internal readonly struct CellRange
{
    /// <remarks>Inlined: it is made at every search, and what a call stores the caller would have to wait for.</remarks>
    /// <param name="axes">The grid.</param>
    /// <param name="low">First cell along each axis, inside the grid.</param>
    /// <param name="high">Last cell along each axis.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CellRange(in GridAxes axes, Vector128<int> low, Vector128<int> high)
    {
        StepY = axes.Third.Count;
        StepX = axes.Second.Count * StepY;
        (Width, Rows, Planes) = (high[2] - low[2] + 1, high[1] - low[1] + 1, high[0] - low[0] + 1);
        First = (low[0] * axes.Second.Count + low[1]) * StepY + low[2];
    }

    /// <summary>Index of the first cell.</summary>
    public readonly int First;

    /// <summary>Cells along the third, the second and the first axis.</summary>
    public readonly int Width, Rows, Planes;

    /// <summary>From a cell to the next along the second and the first axis.</summary>
    public readonly int StepY, StepX;
}
