using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;

namespace ActorMD.Engine.Slices;

/// <summary>The layers of cells that a search may read: no thread may read what another one changes.</summary>
/// <remarks>
/// Layers are counted along the axis along which threads share the grid. A search that owns the whole grid pays two comparisons.
/// </remarks>
internal readonly struct PlaneTerritory
{
    private readonly int _first, _end; // layers that are certainly allowed
    private readonly int _number;
    private readonly int[] _owners; // by layer; those with this number are allowed, too

    private PlaneTerritory(int first, int end, int number, int[] owners) => (_first, _end, _number, _owners) = (first, end, number, owners);

    /// <summary>The whole grid.</summary>
    public static PlaneTerritory Whole { get; } = new(int.MinValue, int.MaxValue, 0, []);

    /// <summary>The layers of one owner.</summary>
    /// <param name="first">First of some of them that lie side by side.</param>
    /// <param name="end">Behind the last of these.</param>
    /// <param name="number">Of the owner.</param>
    /// <param name="owners">By layer.</param>
    public static PlaneTerritory Of(int first, int end, int number, int[] owners) => new(first, end, number, owners);

    /// <summary>Whether the owner has a layer.</summary>
    public bool Contains(int plane) => (plane >= _first && plane < _end) || _owners[plane] == _number;

    /// <summary>Some cells are going to be read.</summary>
    /// <exception cref="SharingConflictException">Some of them are another thread's.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Check(in GridAxes axes, Vector128<int> low, Vector128<int> high)
    {
        (int first, int last) = axes.IsPlanar ? (low[1], high[1]) : (low[0], high[0]);
        if (first < _first || last >= _end)
        {
            Check(first, last);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Check(int first, int last)
    {
        for (int plane = first; plane <= last; plane++)
        {
            if (!Contains(plane))
            {
                throw new SharingConflictException("a search reaches out of the thread's planes");
            }
        }
    }
}
