using System.Runtime.CompilerServices;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Finds particles near a point among many: linked lists of ids in cells.</summary>
/// <remarks>Positions lie inside the box; the cells are <see cref="CellAxes"/>.</remarks>
internal sealed class CellGrid
{
    private readonly CellAxes _axes;
    private readonly int[] _heads;
    private readonly int[] _nexts;

    /// <param name="box">The box.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="idCount">Ids are below this.</param>
    /// <param name="reach">Cells are at least this wide.</param>
    public CellGrid(Box box, int count, int idCount, double reach)
    {
        _axes = CellAxes.For(box, count, reach);
        _heads = new int[_axes.Count];
        _nexts = new int[idCount];
        Array.Fill(_heads, -1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CellOf(Vec3 position) => _axes.CellOf(position);

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
                    for (int id = _heads[row + _axes.X.Wrapped(x0 + i)]; id >= 0; id = _nexts[id])
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
