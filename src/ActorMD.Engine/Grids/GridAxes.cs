using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Physics;

namespace ActorMD.Engine.Grids;

/// <summary>The cells along one axis of the grid of time slices, in units of the widest cell.</summary>
internal readonly struct GridAxis(int count, float length, bool isPeriodic)
{
    /// <summary>A cell has <see cref="CellSteps"/> steps of the lattice that flights are rounded to.</summary>
    public const int StepBits = 13;

    public const int CellSteps = 1 << StepBits;

    /// <summary>Number of cells.</summary>
    public readonly int Count = count;

    /// <summary>Side of the grid: that of the box on periodic axes.</summary>
    public readonly float Length = length;

    public readonly float PerUnit = count / length;

    public readonly bool IsPeriodic = isPeriodic;

    /// <summary>1 / Length, or 0 if the axis is not periodic.</summary>
    public readonly float PerLength = isPeriodic ? 1 / length : 0;

    /// <summary>First and last cell of ranges: on periodic axes they go on beyond the box.</summary>
    public int Lowest => IsPeriodic ? int.MinValue / 2 : 0;

    public int Highest => IsPeriodic ? int.MaxValue / 2 : Count - 1;

    /// <summary>The cell of a coordinate; the outermost cells of an axis that is not periodic reach to infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(float x) => Math.Clamp((int)(x * PerUnit), 0, Count - 1);

    /// <summary>Differences of coordinates to the nearest image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Nearest(Vector256<float> difference) =>
        difference - Vector256.Round(difference * PerLength) * Vector256.Create(Length);

    /// <summary>The coordinate's image inside the box of a periodic axis.</summary>
    public float Inside(float x) => IsPeriodic ? x - MathF.Floor(x / Length) * Length : x;

    /// <summary>The cell inside the box, and how far its image is shifted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Wrap(int cell, out float shift)
    {
        if ((uint)cell < (uint)Count)
        {
            shift = 0;
            return cell;
        }

        int boxes = (cell < 0 ? cell - Count + 1 : cell) / Count;
        shift = boxes * Length;
        return cell - boxes * Count;
    }

    /// <summary>Lattice steps along the axis.</summary>
    public int StepCount => Count << StepBits;

    /// <summary>The lattice coordinate's image inside the box of a periodic axis.</summary>
    public int Inside(int step) => IsPeriodic ? step - (int)Math.Floor((double)step / StepCount) * StepCount : step;

    /// <summary>The cell inside the box, and by how many lattice steps (modulo 2^16) its image is shifted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Wrap(int cell, out short shift)
    {
        if ((uint)cell < (uint)Count)
        {
            shift = 0;
            return cell;
        }

        int boxes = (cell < 0 ? cell - Count + 1 : cell) / Count;
        shift = (short)(boxes * StepCount);
        return cell - boxes * Count;
    }

    /// <summary>Whether a range of lattice steps around x reaches out of a cell by no more than half a cell.</summary>
    public bool Holds(int cell, int x, int reach)
    {
        const int Half = CellSteps / 2;
        int offset = x - ((cell << StepBits) + Half);
        return (offset - reach >= -2 * Half || (!IsPeriodic && cell == 0))
            && (offset + reach <= 2 * Half || (!IsPeriodic && cell == Count - 1));
    }
}

/// <summary>
/// The grid of cells of an event loop in time slices. Cells along the last axis lie side by side in memory; in two dimensions the axes are
/// (none, x, y), so that rows are long there too.
/// </summary>
internal readonly struct GridAxes
{
    public readonly GridAxis First, Second, Third;

    /// <summary>Width of the widest cell: the unit of length of all other numbers here.</summary>
    public readonly double Unit;

    public readonly bool IsPlanar;

    public GridAxes(Box box, CellGeometry geometry)
    {
        IsPlanar = box.Dimension == 2;
        Unit = IsPlanar ? Math.Max(geometry.Width[0], geometry.Width[1]) : geometry.Width.Max();
        First = Axis(geometry, IsPlanar ? 2 : 0);
        Second = Axis(geometry, IsPlanar ? 0 : 1);
        Third = Axis(geometry, IsPlanar ? 1 : 2);
        PerUnit = Vector128.Create(First.PerUnit, Second.PerUnit, Third.PerUnit, 0);
        Last = Vector128.Create(First.Count - 1, Second.Count - 1, Third.Count - 1, 0);
        _lowest = Vector128.Create(First.Lowest, Second.Lowest, Third.Lowest, 0);
        _highest = Vector128.Create(First.Highest, Second.Highest, Third.Highest, 0);
        _lengths = Vector128.Create(First.Length, Second.Length, Third.Length, 0);
        _perLength = Vector128.Create(First.PerLength, Second.PerLength, Third.PerLength, 0);
        Strides = Vector128.Create(Second.Count * Third.Count, Third.Count, 1, 0);
        const double Steps = GridAxis.CellSteps;
        double[] width = geometry.Width;
        StepsPerLength = Vector256.Create(Steps / width[0], Steps / width[1], IsPlanar ? 0 : Steps / width[2], 0);
        StepLength = IsPlanar
            ? Vector128.Create(0, (float)(width[0] / Unit / Steps), (float)(width[1] / Unit / Steps), 0)
            : Vector128.Create((float)(width[0] / Unit / Steps), (float)(width[1] / Unit / Steps), (float)(width[2] / Unit / Steps), 0);
    }

    public int CellCount => First.Count * Second.Count * Third.Count;

    /// <summary>The axis across the rows along which cells are grouped into planes: in two dimensions a plane is a row.</summary>
    public GridAxis Across => IsPlanar ? Second : First;

    /// <summary>Planes of cells, one after the other in memory.</summary>
    public int PlaneCount => Across.Count;

    /// <summary>Rows of cells side by side in memory.</summary>
    public int RowCount => First.Count * Second.Count;

    /// <summary>Lattice steps per length along x, y, z.</summary>
    public readonly Vector256<double> StepsPerLength;

    /// <summary>One lattice step along the axes.</summary>
    public readonly Vector128<float> StepLength;

    /// <summary>Cells per unit of length along the axes.</summary>
    public readonly Vector128<float> PerUnit;

    /// <summary>The last cell along the axes.</summary>
    public readonly Vector128<int> Last;

    private readonly Vector128<int> _lowest, _highest;
    private readonly Vector128<float> _lengths, _perLength;

    /// <summary>From a cell to the next along the axes, in cells.</summary>
    public readonly Vector128<int> Strides;

    /// <summary>The cells of a position on the lattice along the axes; beyond the faces of periodic axes cells of an image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<int> CellsAt(Vector128<int> step) => Vector128.Max(Vector128.Min(step >> GridAxis.StepBits, _highest), _lowest);

    /// <summary>The cell of a position on the lattice that is inside the box.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CellOf(Vector128<int> step)
    {
        Vector128<int> cells = Vector128.Max(Vector128.Min(step >> GridAxis.StepBits, Last), Vector128<int>.Zero) * Strides;
        return cells[0] + cells[1] + cells[2];
    }

    /// <summary>Whether a range of lattice steps around a position reaches out of a cell by no more than half a cell.</summary>
    public bool Holds(int cell, Vector128<int> step, Vector128<int> reach)
    {
        int column = cell / Third.Count;
        return First.Holds(column / Second.Count, step[0], reach[0])
            && Second.Holds(column % Second.Count, step[1], reach[1])
            && Third.Holds(cell % Third.Count, step[2], reach[2]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CellOf(float x, float y, float z) => Index(First.IndexOf(x), Second.IndexOf(y), Third.IndexOf(z));

    /// <summary>A difference of positions to the nearest image.</summary>
    public Vector128<float> Nearest(Vector128<float> difference) => difference - Vector128.Round(difference * _perLength) * _lengths;

    /// <summary>The cells of a position along the axes; beyond the faces of periodic axes cells of an image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<int> CellsAt(Vector128<float> position) =>
        Vector128.Max(Vector128.Min(Vector128.ConvertToInt32Native(Vector128.Floor(position * PerUnit)), _highest), _lowest);

    /// <summary>Whether a range of cells lies inside the box.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AreInside(Vector128<int> low, Vector128<int> high) =>
        (low | (Last - high)).ExtractMostSignificantBits() == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Index(int x, int y, int z) => (x * Second.Count + y) * Third.Count + z;

    private GridAxis Axis(CellGeometry geometry, int axis) =>
        new(geometry.Count[axis], (float)(geometry.Count[axis] * geometry.Width[axis] / Unit), geometry.Periodic[axis]);
}
