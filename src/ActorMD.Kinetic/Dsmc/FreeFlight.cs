using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>Moves particles along one axis, with its boundary, and finds their cells.</summary>
/// <remarks>
/// Periodic and reflecting faces are one formula. A wall mirrors space, so that the flight goes on in a space of period 2L; in
/// its second half the true position is the mirror image, and the velocity is reversed. A periodic axis has the period L and no
/// second half. Four particles at a time, by the same IEEE operations as one at a time.
/// </remarks>
internal readonly struct FreeFlight
{
    private const double IntegerShift = 4503599627370496.0; // 2^52: adding it moves an integer into the lowest bits

    private readonly double _length;
    private readonly double _period;
    private readonly double _inversePeriod;
    private readonly double _inverseWidth;
    private readonly int _cellCount;
    private readonly bool _isReflecting;
    private readonly bool _isOpen;
    private readonly double _origin;

    /// <param name="grid">Its cells.</param>
    /// <param name="axis">0, 1 or 2.</param>
    /// <param name="time">At the end of the flight: cells grow along open axes.</param>
    public FreeFlight(DsmcGrid grid, int axis, double time = 0)
    {
        _isOpen = grid.Box.IsOpen(axis);
        _origin = grid.OriginAt(axis, time);
        _isReflecting = grid.Box.IsReflecting(axis);
        _length = grid.Box.Lengths[axis];
        _period = _isReflecting ? 2 * _length : _length;
        _inversePeriod = 1 / _period;
        _cellCount = grid.Count(axis);
        _inverseWidth = _cellCount / grid.LengthAt(axis, time);
    }

    /// <summary>Moves, and makes every key (key * cells of this axis + cell along it).</summary>
    public void Move(Span<double> positions, Span<double> velocities, Span<int> keys, double duration)
    {
        ref double x = ref MemoryMarshal.GetReference(positions);
        ref double v = ref MemoryMarshal.GetReference(velocities);
        ref int key = ref MemoryMarshal.GetReference(keys);
        int count = positions.Length;
        if (_isOpen)
        {
            for (int i = 0; i < count; i++)
            {
                positions[i] += velocities[i] * duration;
                double cell = Math.Floor((positions[i] - _origin) * _inverseWidth);
                keys[i] = keys[i] * _cellCount + (int)Math.Min(Math.Max(cell, 0), _cellCount - 1);
            }

            return;
        }

        int wide = count & ~3;
        for (nuint i = 0; i < (nuint)wide; i += 4)
        {
            Vector256<double> velocity = Vector256.LoadUnsafe(ref v, i);
            Vector256<double> moved = Vector256.LoadUnsafe(ref x, i) + velocity * Vector256.Create(duration);
            moved -= Vector256.Floor(moved * Vector256.Create(_inversePeriod)) * Vector256.Create(_period);
            if (_isReflecting)
            {
                Vector256<double> mirrored = Vector256.GreaterThan(moved, Vector256.Create(_length));
                moved = Vector256.ConditionalSelect(mirrored, Vector256.Create(2 * _length) - moved, moved);
                Vector256.ConditionalSelect(mirrored, -velocity, velocity).StoreUnsafe(ref v, i);
            }

            moved.StoreUnsafe(ref x, i);
            Vector256<double> cell = Vector256.Floor(moved * Vector256.Create(_inverseWidth));
            cell = Vector256.Min(Vector256.Max(cell, Vector256<double>.Zero), Vector256.Create((double)(_cellCount - 1)));
            Vector256<int> bits = (cell + Vector256.Create(IntegerShift)).AsInt32();
            Vector128<int> index = Vector256.Shuffle(bits, Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6)).GetLower();
            (Vector128.LoadUnsafe(ref key, i) * Vector128.Create(_cellCount) + index).StoreUnsafe(ref key, i);
        }

        for (int i = wide; i < count; i++)
        {
            MoveOne(ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref v, i), ref Unsafe.Add(ref key, i), duration);
        }
    }

    private void MoveOne(ref double position, ref double velocity, ref int key, double duration)
    {
        double moved = position + velocity * duration;
        moved -= Math.Floor(moved * _inversePeriod) * _period;
        if (moved > _length && _isReflecting)
        {
            moved = 2 * _length - moved;
            velocity = -velocity;
        }

        position = moved;
        double cell = Math.Min(Math.Max(Math.Floor(moved * _inverseWidth), 0), _cellCount - 1);
        key = key * _cellCount + (int)cell;
    }
}
