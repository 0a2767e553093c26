using System.Runtime.Intrinsics;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Grids;

/// <summary>
/// The cells of the grid of time slices that a ball touches, as stretches of rows; also those that it touches only if every cell were
/// wider.
/// </summary>
internal sealed unsafe class CellBall : IDisposable
{
    private readonly GridAxes _axes;
    private readonly NativeArray<CellStretch> _stretches = new(64);

    public CellBall(in GridAxes axes) => _axes = axes;

    /// <summary>Number of stretches.</summary>
    public int Count { get; private set; }

    public CellStretch* Stretches => _stretches.Pointer;

    public long ByteCount => _stretches.ByteCount;

    /// <summary>Finds all cells that touch a ball, each in its image; near a face of a narrow box a cell may come more than once.</summary>
    /// <param name="centre">In units of the grid, along its axes.</param>
    /// <param name="radius">In the same units.</param>
    /// <param name="excess">Cells are taken for wider than they are by this on every side, along the axes.</param>
    public void Find(Vector128<float> centre, float radius, Vector128<float> excess)
    {
        Count = 0;
        Vector128<float> reach = Vector128.Create(radius) + excess;
        Vector128<int> low = _axes.CellsAt(centre - reach), high = _axes.CellsAt(centre + reach);
        for (int x = low[0]; x <= high[0]; x++)
        {
            float gapX = Gap(_axes.First, x, centre[0], excess[0]), leftX = radius * radius - gapX * gapX;
            for (int y = low[1]; y <= high[1] && leftX >= 0; y++)
            {
                float gapY = Gap(_axes.Second, y, centre[1], excess[1]), left = leftX - gapY * gapY;
                if (left >= 0)
                {
                    float half = MathF.Sqrt(left) + excess[2];
                    AddRow(
                        x, y, _axes.CellsAt(centre.WithElement(2, centre[2] - half))[2],
                        _axes.CellsAt(centre.WithElement(2, centre[2] + half))[2]);
                }
            }
        }
    }

    public void Dispose() => _stretches.Dispose();

    // From a coordinate to the widened cell; the outermost cells of an axis that is not periodic reach to infinity.
    private static float Gap(in GridAxis axis, int cell, float centre, float excess)
    {
        float width = 1 / axis.PerUnit, low = cell * width - excess, high = (cell + 1) * width + excess;
        return Math.Max(
            axis.IsPeriodic || cell > 0 ? Math.Max(low - centre, 0) : 0,
            axis.IsPeriodic || cell < axis.Count - 1 ? Math.Max(centre - high, 0) : 0);
    }

    private void AddRow(int x, int y, int z0, int z1)
    {
        CellStretch stretch = default;
        stretch.X = _axes.First.Wrap(x, out stretch.ShiftX);
        stretch.Y = _axes.Second.Wrap(y, out stretch.ShiftY);
        for (int z = z0; z <= z1; z += stretch.Cells)
        {
            stretch.Z = _axes.Third.Wrap(z, out stretch.ShiftZ);
            stretch.Cells = Math.Min(z1 - z + 1, _axes.Third.Count - stretch.Z);
            stretch.First = _axes.Index(stretch.X, stretch.Y, stretch.Z);
            if (Count == _stretches.Length)
            {
                _stretches.Grow(2 * _stretches.Length);
            }

            _stretches.Pointer[Count++] = stretch;
        }
    }
}

/// <summary>Some cells side by side in a row.</summary>
internal struct CellStretch
{
    /// <summary>Index of the first cell, and its number along each axis.</summary>
    public int First, X, Y, Z;

    public int Cells;

    /// <summary>How far their image is shifted.</summary>
    public float ShiftX, ShiftY, ShiftZ;
}
