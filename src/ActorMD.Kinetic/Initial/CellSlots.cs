using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Finds particles near a point among positions that change one at a time, at places all over the box.</summary>
/// <remarks>
/// Problem: in a large gas every look at a random place waits for memory: for the head of a list, for the next id, for a position.
/// Idea: a cell is one line of the cache, and has what is needed to pass over its particles: their ids, and their positions in single
/// precision. Only those that may be within the reach are named; whoever asks looks at the exact positions of these. What a cell has no
/// place for is in a list, and is always named.
/// Positions lie inside the box; the cells are <see cref="CellAxes"/>.
/// </remarks>
internal sealed class CellSlots
{
    private const int SlotCount = 3;
    private const int LineSize = 64;

    // More than rounding to single precision can change in a distance, in units of the box.
    private const double Rounding = 1e-6;

    private readonly CellAxes _axes;
    private readonly double _unit; // coordinates in single precision are in units of the longest side
    private readonly Vector128<float> _periods;
    private readonly Vector128<float> _inversePeriods;
    private readonly Cell[] _cells;
    private readonly nuint _shift; // bytes until the first line of the cache
    private readonly int _idCount;
    private int[] _nexts = [];

    /// <param name="box">The box.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="idCount">Ids are below this.</param>
    /// <param name="reach">Cells are at least this wide.</param>
    public CellSlots(Box box, int count, int idCount, double reach)
    {
        _axes = CellAxes.For(box, count, reach);
        _idCount = idCount;
        _cells = GC.AllocateArray<Cell>(_axes.Count + 1, pinned: true);
        _shift = (0 - (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(_cells, 0)) & (LineSize - 1);
        _unit = 1 / Math.Max(box.Lengths.X, Math.Max(box.Lengths.Y, box.Lengths.Z));
        _periods = Vector128.Create(Period(0), Period(1), Period(2), 0);
        _inversePeriods = Vector128.Create(Inverse(0), Inverse(1), Inverse(2), 0);

        float Period(int axis) => axis < box.Dimension && box.IsPeriodic(axis) ? (float)(box.Lengths[axis] * _unit) : 0;

        float Inverse(int axis) => Period(axis) > 0 ? 1 / Period(axis) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CellOf(Vec3 position) => _axes.CellOf(position);

    public void Insert(int id, int cell, Vec3 position)
    {
        ref Cell entry = ref At(cell);
        if (entry.Count < SlotCount)
        {
            entry.Slots[entry.Count++] = Short(position).WithElement(3, BitConverter.Int32BitsToSingle(id));
            return;
        }

        if (_nexts.Length == 0)
        {
            _nexts = new int[_idCount];
        }

        _nexts[id] = entry.List;
        entry.List = id + 1;
    }

    public void Remove(int id, int cell)
    {
        ref Cell entry = ref At(cell);
        for (int slot = 0; slot < entry.Count; slot++)
        {
            if (IdOf(entry.Slots[slot]) == id)
            {
                entry.Slots[slot] = entry.Slots[--entry.Count];
                return;
            }
        }

        ref int link = ref entry.List;
        while (link != id + 1)
        {
            link = ref _nexts[link - 1];
        }

        link = _nexts[id];
    }

    public void Clear() => Array.Clear(_cells);

    /// <summary>
    /// Reads all cells that the cube of half side <paramref name="reach"/> about a point touches: loads that do not wait for each other, so
    /// that later steps find everything in the cache.
    /// </summary>
    /// <returns>A number without meaning, so that the reads are not optimised away.</returns>
    public int Touch(Vec3 center, double reach)
    {
        (int x0, int nx) = _axes.X.Range(center.X, reach);
        (int y0, int ny) = _axes.Y.Range(center.Y, reach);
        (int z0, int nz) = _axes.Z.Range(center.Z, reach);
        int sum = 0;
        for (int k = 0; k < nz; k++)
        {
            int z = _axes.Z.Wrapped(z0 + k);
            for (int j = 0; j < ny; j++)
            {
                int row = (z * _axes.Y.Count + _axes.Y.Wrapped(y0 + j)) * _axes.X.Count;
                for (int i = 0; i < nx; i++)
                {
                    sum += At(row + _axes.X.Wrapped(x0 + i)).Count;
                }
            }
        }

        return sum;
    }

    /// <summary>The same for one cell.</summary>
    public int Touch(int cell) => At(cell).Count;

    /// <summary>Collects all ids within a reach of a point, and some beyond.</summary>
    /// <returns>How many ids are in the buffer, which grows as needed; the first <paramref name="found"/> were there before.</returns>
    public int Collect(Vec3 center, double reach, ref int[] buffer, int found)
    {
        double far = reach * _unit + Rounding;
        float farSquared = (float)(far * far * (1 + 1e-5));
        Vector128<float> from = Short(center);
        (int x0, int nx) = _axes.X.Range(center.X, reach);
        (int y0, int ny) = _axes.Y.Range(center.Y, reach);
        (int z0, int nz) = _axes.Z.Range(center.Z, reach);
        for (int k = 0; k < nz; k++)
        {
            int z = _axes.Z.Wrapped(z0 + k);
            for (int j = 0; j < ny; j++)
            {
                int row = (z * _axes.Y.Count + _axes.Y.Wrapped(y0 + j)) * _axes.X.Count;
                for (int i = 0; i < nx; i++)
                {
                    ref Cell cell = ref At(row + _axes.X.Wrapped(x0 + i));
                    for (int slot = 0; slot < cell.Count; slot++)
                    {
                        Vector128<float> entry = cell.Slots[slot];
                        Vector128<float> r = entry.WithElement(3, 0) - from;
                        r -= _periods * Vector128.Round(r * _inversePeriods);
                        if (Vector128.Dot(r, r) <= farSquared)
                        {
                            Add(IdOf(entry), ref buffer, ref found);
                        }
                    }

                    for (int link = cell.List; link > 0; link = _nexts[link - 1])
                    {
                        Add(link - 1, ref buffer, ref found);
                    }
                }
            }
        }

        return found;
    }

    private static void Add(int id, ref int[] buffer, ref int found)
    {
        if (found == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * found);
        }

        buffer[found++] = id;
    }

    private static int IdOf(Vector128<float> slot) => slot.AsInt32().GetElement(3);

    private Vector128<float> Short(Vec3 position) =>
        Vector128.Create((float)(position.X * _unit), (float)(position.Y * _unit), (float)(position.Z * _unit), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Cell At(int cell) =>
        ref Unsafe.Add(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_cells), _shift), cell);

    // Three positions, each with the bits of the id behind it.
    [InlineArray(SlotCount)]
    private struct Slots
    {
        private Vector128<float> _first;
    }

    // A line of the cache.
    [StructLayout(LayoutKind.Sequential, Size = LineSize)]
    private struct Cell
    {
        public Slots Slots;
        public int Count;

        // The first id of the list, plus 1; 0 where there is none.
        public int List;
    }
}
