using System.Runtime.CompilerServices;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Finds particles near a point among many: linked lists of ids in cells.</summary>
/// <remarks>Positions lie inside the box. Cells are at least one reach wide, and hold about one particle where that is wider.</remarks>
internal sealed class CellGrid
{
    private readonly CellAxis _x;
    private readonly CellAxis _y;
    private readonly CellAxis _z;
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
        _x = CellAxis.Of(box, 0, width);
        _y = CellAxis.Of(box, 1, width);
        _z = CellAxis.Of(box, 2, width);
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

    public void Clear() => Array.Fill(_heads, -1);

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
}
