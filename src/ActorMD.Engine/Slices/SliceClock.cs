using System.Runtime.CompilerServices;

namespace ActorMD.Engine.Slices;

/// <summary>The time slice that is being run. Times are offsets from the start of the epoch.</summary>
/// <remarks>
/// Searches measure moments in units of half the slice from its middle: tau = (t - Middle) / Half, from -1 to 1. All that take part in
/// a slice are handed this value at its beginning.
/// </remarks>
internal readonly struct SliceClock
{
    /// <param name="start">Begin of the slice.</param>
    /// <param name="half">Half of its length.</param>
    public SliceClock(double start, double half)
    {
        (Start, Half) = (start, half);
        Middle = start + half;
        End = start + 2 * half;
    }

    private SliceClock(double start, double middle, double half, double end) => (Start, Middle, Half, End) = (start, middle, half, end);

    public double Start { get; }

    public double Middle { get; }

    public double Half { get; }

    /// <summary>Events at or after this time belong to the next slice.</summary>
    public double End { get; }

    /// <summary>All events up to a time are done: an empty slice that ends there.</summary>
    public static SliceClock Ended(double time) => new(time, time, 0, time);

    /// <summary>Nothing moves from a time on: a slice without end and without events.</summary>
    public static SliceClock Endless(double time) => new(time, time, 0, double.PositiveInfinity);

    /// <summary>A moment in units of half the slice, from its middle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float TauOf(double time) => (float)((time - Middle) / Half);

    /// <summary>The same slice, of which all events up to another time are done.</summary>
    public SliceClock EndingAt(double end) => new(Start, Middle, Half, end);
}
