using System.Runtime.CompilerServices;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Finds particles near a point among positions that change one at a time: linked lists of ids in cells.</summary>
/// <remarks>Positions lie inside the box. Cells are at least one reach wide, and hold about one particle where that is wider.</remarks>
internal sealed class CellGrid
{
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly Axis _z;
    private readonly int[] _heads;
    private readonly int[] _nexts;

    /// <param name="box">The box.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="idCount">Ids are below this.</param>
    /// <param name="reach">Cells are at least this wide.</param>
    public CellGrid(Box box, int count, int idCount, double reach)
    {
        double share = PortableMath.Pow(box.Volume / count, 1.0 / box.Dimension);
        double width = Math.Max(share, reach * (1 + 1e-6));
        _x = Axis.Of(box, 0, width);
        _y = Axis.Of(box, 1, width);
        _z = Axis.Of(box, 2, width);
        while ((long)_x.Count * _y.Count * _z.Count > 4L * count + 64)
        {
            (_x, _y, _z) = (_x.Coarser(), _y.Coarser(), _z.Coarser());
        }

        _heads = new int[_x.Count * _y.Count * _z.Count];
        _nexts = new int[idCount];
        Array.Fill(_heads, -1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CellOf(Vec3 position) =>
        (_z.IndexOf(position.Z) * _y.Count + _y.IndexOf(position.Y)) * _x.Count + _x.IndexOf(position.X);

    public void Insert(int id, int cell)
    {
        _nexts[id] = _heads[cell];
        _heads[cell] = id;
    }

    public void Remove(int id, int cell)
    {
        ref int link = ref _heads[cell];
        while (link != id)
        {
            link = ref _nexts[link];
        }

        link = _nexts[id];
    }

    public void Clear() => Array.Fill(_heads, -1);

    /// <summary>
    /// Reads what the given cells hold, cell by cell and not list by list: independent loads, which the processor does at
    /// once, so that later steps find everything in its cache.
    /// </summary>
    /// <returns>A number without meaning, so that the reads are not optimised away.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public double Touch(ReadOnlySpan<int> cells, Vec3[] positions)
    {
        double sum = 0;
        foreach (int cell in cells)
        {
            int id = Math.Max(_heads[cell], 0);
            sum += positions[id].X + _nexts[id];
        }

        return sum;
    }

    /// <summary>Collects the ids in all cells that the cube of half side <paramref name="reach"/> about a point touches.</summary>
    /// <returns>How many ids are in the buffer, which grows as needed; the first <paramref name="found"/> were there before.</returns>
    public int Collect(Vec3 center, double reach, ref int[] buffer, int found = 0)
    {
        (int x0, int nx) = _x.Range(center.X, reach);
        (int y0, int ny) = _y.Range(center.Y, reach);
        (int z0, int nz) = _z.Range(center.Z, reach);
        for (int k = 0; k < nz; k++)
        {
            int z = _z.Wrapped(z0 + k);
            for (int j = 0; j < ny; j++)
            {
                int row = (z * _y.Count + _y.Wrapped(y0 + j)) * _x.Count;
                for (int i = 0; i < nx; i++)
                {
                    for (int id = _heads[row + _x.Wrapped(x0 + i)]; id >= 0; id = _nexts[id])
                    {
                        if (found == buffer.Length)
                        {
                            Array.Resize(ref buffer, 2 * found);
                        }

                        buffer[found++] = id;
                    }
                }
            }
        }

        return found;
    }

    private readonly struct Axis
    {
        private const int CountMax = 1 << 20;

        private readonly double _length;
        private readonly double _inverseWidth;
        private readonly bool _isPeriodic;

        private Axis(double length, int count, bool isPeriodic)
        {
            _length = length;
            Count = count;
            _inverseWidth = length > 0 ? count / length : 0;
            _isPeriodic = isPeriodic;
        }

        public int Count { get; }

        public static Axis Of(Box box, int axis, double width)
        {
            double length = axis < box.Dimension ? box.Lengths[axis] : 0;
            int count = (int)Math.Clamp(Math.Floor(length / width), 1, CountMax);
            return new Axis(length, count, box.IsPeriodic(axis));
        }

        public Axis Coarser() => new(_length, Math.Max(Count / 2, 1), _isPeriodic);

        public int IndexOf(double x) => Math.Min((int)(x * _inverseWidth), Count - 1);

        /// <summary>First cell, possibly negative, and number of cells that [x - reach, x + reach] touches.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (int First, int Count) Range(double x, double reach)
        {
            int low = (int)Math.Floor((x - reach) * _inverseWidth), high = (int)Math.Floor((x + reach) * _inverseWidth);
            if (!_isPeriodic)
            {
                low = Math.Clamp(low, 0, Count - 1);
                high = Math.Clamp(high, 0, Count - 1);
            }

            return high - low + 1 < Count ? (low, high - low + 1) : (0, Count);
        }

        public int Wrapped(int index) => index < 0 ? index + Count : index >= Count ? index - Count : index;
    }
}
