using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>The units of <see cref="ListedFlight"/> for a grid. Lengths are in units of the grid's widest cell otherwise.</summary>
/// <remarks>
/// Ten bits tell a flight to half a step, 1/1022 of the longest that is not split. A search takes the upper bits of a
/// word for a number as they stand: distances are seen in units of 2^-22 steps.
/// </remarks>
internal readonly struct FixedPoint
{
    private const int Bits = 10;
    private const int NumberMax = (1 << (Bits - 1)) - 1;
    private const int TopShift = 32 - Bits;
    private const double OneTurn = 4294967296; // 2^32
    private const double OpenRange = 4; // in boxes: coordinates in a part of a box or near its walls stay in this range

    private readonly double _step;
    private readonly float _perStep;

    /// <param name="box">Its sides.</param>
    /// <param name="geometry">The grid.</param>
    /// <param name="axes">Its axes, in the units of the grid.</param>
    /// <param name="flightMax">The longest flight that is not split, during half a slice.</param>
    public FixedPoint(Box box, CellGeometry geometry, in GridAxes axes, double flightMax)
    {
        Span<double> lengths = stackalloc double[4], middles = stackalloc double[4], scales = stackalloc double[4];
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            double length = box.Lengths[axis] / axes.Unit;
            middles[axis] = 0.5 * length;
            lengths[axis] = geometry.Periodic[axis] ? length : OpenRange * length;
            scales[axis] = OneTurn / lengths[axis];
        }

        _step = flightMax / NumberMax;
        LookUnit = _step / (1 << TopShift);
        Middles = Vector256.Create<double>(middles);
        Scales = Vector256.Create<double>(scales);
        Vector256<double> perNumber = Vector256.Create<double>(lengths) * (1 / OneTurn);
        GridMiddles = OfGrid(Middles, axes.IsPlanar);
        GridScales = OfGrid(Scales, axes.IsPlanar);
        Lengths = OfGrid(perNumber, axes.IsPlanar);
        LookLengths = OfGrid(perNumber * (1 / LookUnit), axes.IsPlanar);
        _perStep = (float)(1 / _step);
    }

    /// <summary>From coordinates to fixed-point numbers, (x - middle) * scale, along x, y, z.</summary>
    public readonly Vector256<double> Middles, Scales;

    /// <summary>The same along the grid's axes.</summary>
    public readonly Vector128<float> GridMiddles, GridScales;

    /// <summary>Length of one fixed-point number along the grid's axes, and in the unit of a search.</summary>
    public readonly Vector128<float> Lengths, LookLengths;

    /// <summary>Unit of a search.</summary>
    public readonly double LookUnit;

    /// <summary>The square of a contact distance as a search sees it, with the errors of both flights.</summary>
    public float SquareOf(double reach) => (float)(Square(reach + Math.Sqrt(3) * _step) / Square(LookUnit));

    /// <summary>The same for r.g; a pair that is about to meet is three cells apart at most.</summary>
    public float SlopeOf(double slope) => (float)((slope + 3 * Math.Sqrt(3) * _step) / Square(LookUnit));

    /// <summary>The word of a flight that is not split.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint WordOf(Vector128<float> flight)
    {
        Vector128<int> numbers = Vector128.ConvertToInt32Native(Vector128.Round(flight * _perStep)) << TopShift;
        return (uint)numbers[0] | (uint)numbers[1] >> Bits | (uint)numbers[2] >> (2 * Bits);
    }

    /// <summary>Flights by word, in the unit of a search.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Vector256<int> words, out Vector256<float> u, out Vector256<float> v, out Vector256<float> w)
    {
        Vector256<int> top = Vector256.Create(-1 << TopShift);
        u = Vector256.ConvertToSingle(words & top);
        v = Vector256.ConvertToSingle(words << Bits & top);
        w = Vector256.ConvertToSingle(words << (2 * Bits) & top);
    }

    private static Vector128<float> OfGrid(Vector256<double> numbers, bool isPlanar)
    {
        Vector128<float> single = Vector128.Narrow(numbers.GetLower(), numbers.GetUpper());
        return isPlanar ? Vector128.Shuffle(single, Vector128.Create(2, 0, 1, 3)) : single;
    }

    private static double Square(double x) => x * x;
}
