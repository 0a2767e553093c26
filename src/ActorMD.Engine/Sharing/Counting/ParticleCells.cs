using System.Runtime.Intrinsics;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Counting;

/// <summary>
/// The cells in which particles are in the middle of a slice if nothing happens to them, and the particles of every cell.
/// </summary>
/// <param name="grid">The cells.</param>
/// <param name="store">The particles.</param>
internal sealed unsafe class ParticleCells(SliceGrid grid, ParticleStore store) : IDisposable
{
    private readonly NativeArray<int> _cells = new(store.Capacity); // by slot
    private readonly NativeArray<int> _slots = new(store.Capacity); // by cell
    private readonly NativeArray<int> _starts = new(grid.Axes.CellCount + 2L);
    private readonly List<Int3> _found = [];

    /// <summary>A slice begins.</summary>
    public void Sort(in SliceClock clock)
    {
        int* starts = _starts.Pointer;
        int cells = grid.Axes.CellCount;
        new Span<int>(starts, cells + 2).Clear();
        for (int slot = 0; slot < store.Count; slot++)
        {
            grid.Fly(store.Particles + slot, clock, out Vector128<float> position, out Vector128<float> _);
            Vector128<int> at = Vector128.ConvertToInt32(position * grid.Axes.PerUnit);
            at = Vector128.Max(Vector128.Min(at, grid.Axes.Last), Vector128<int>.Zero);
            int cell = grid.Axes.Index(at[0], at[1], at[2]);
            _cells.Pointer[slot] = cell;
            starts[cell + 2]++;
        }

        for (int cell = 2; cell < cells + 2; cell++)
        {
            starts[cell] += starts[cell - 1];
        }

        for (int slot = 0; slot < store.Count; slot++)
        {
            _slots.Pointer[starts[_cells.Pointer[slot] + 1]++] = slot;
        }
    }

    /// <summary>The cell of a particle along the axes.</summary>
    public Int3 CellOf(int slot)
    {
        int cell = _cells.Pointer[slot], row = cell / grid.Axes.Third.Count;
        return new Int3(row / grid.Axes.Second.Count, row % grid.Axes.Second.Count, cell % grid.Axes.Third.Count);
    }

    /// <summary>The particles of a cell.</summary>
    public ReadOnlySpan<int> SlotsIn(Int3 cell)
    {
        int* start = _starts.Pointer + grid.Axes.Index(cell.X, cell.Y, cell.Z);
        return new ReadOnlySpan<int>(_slots.Pointer + start[0], start[1] - start[0]);
    }

    /// <summary>A cell and those that touch it, each once. The list is reused.</summary>
    public List<Int3> Around(RegionMap map, Int3 cell)
    {
        Vector128<int> at = Vector128.Create(cell.X, cell.Y, cell.Z, 0);
        return In(map, at - Vector128<int>.One, at + Vector128<int>.One);
    }

    /// <summary>The cells of a range that may go on beyond the grid, each once. The list is reused.</summary>
    public List<Int3> In(RegionMap map, Vector128<int> low, Vector128<int> high)
    {
        _found.Clear();
        for (int x = low[0]; x <= Math.Min(high[0], low[0] + grid.Axes.First.Count - 1); x++)
        {
            for (int y = low[1]; y <= Math.Min(high[1], low[1] + grid.Axes.Second.Count - 1); y++)
            {
                for (int z = low[2]; z <= Math.Min(high[2], low[2] + grid.Axes.Third.Count - 1); z++)
                {
                    _found.Add(map.Wrap(x, y, z));
                }
            }
        }

        return _found;
    }

    public void Dispose()
    {
        _cells.Dispose();
        _slots.Dispose();
        _starts.Dispose();
    }
}
