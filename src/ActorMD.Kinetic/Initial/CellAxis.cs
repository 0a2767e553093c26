using System.Runtime.CompilerServices;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>The equal cells along one axis of a box.</summary>
internal readonly struct CellAxis
{
    private const int CountMax = 1 << 20;

    private readonly double _length;
    private readonly bool _isPeriodic;

    private CellAxis(double length, int count, bool isPeriodic)
    {
        _length = length;
        Count = count;
        InverseWidth = length > 0 ? count / length : 0;
        _isPeriodic = isPeriodic;
    }

    /// <summary>Cells along the axis.</summary>
    public int Count { get; }

    /// <summary>One over the width of a cell; 0 where the box has no such axis.</summary>
    public double InverseWidth { get; }

    /// <summary>As many cells as are at least so wide.</summary>
    public static CellAxis Of(Box box, int axis, double width)
    {
        double length = axis < box.Dimension ? box.Lengths[axis] : 0;
        int count = (int)Math.Clamp(Math.Floor(length / width), 1, CountMax);
        return new CellAxis(length, count, box.IsPeriodic(axis));
    }

    /// <summary>Half as many cells.</summary>
    public CellAxis Coarser() => new(_length, Math.Max(Count / 2, 1), _isPeriodic);

    /// <summary>The cell of a coordinate inside the box.</summary>
    public int IndexOf(double x) => Math.Min((int)(x * InverseWidth), Count - 1);

    /// <summary>First cell, possibly negative, and number of cells that [x - reach, x + reach] touches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int First, int Count) Range(double x, double reach)
    {
        int low = (int)Math.Floor((x - reach) * InverseWidth), high = (int)Math.Floor((x + reach) * InverseWidth);
        if (!_isPeriodic)
        {
            low = Math.Clamp(low, 0, Count - 1);
            high = Math.Clamp(high, 0, Count - 1);
        }

        return high - low + 1 < Count ? (low, high - low + 1) : (0, Count);
    }

    /// <summary>The index of a cell in the box, for one that is at most a box away from it.</summary>
    public int Wrapped(int index) => index < 0 ? index + Count : index >= Count ? index - Count : index;
}
