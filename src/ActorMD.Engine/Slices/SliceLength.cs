namespace ActorMD.Engine.Slices;

/// <summary>How long the next time slice is.</summary>
/// <remarks>
/// As planned for the gas, shorter while it is hotter than it was then (light particles that heavy ones have heated), and so that the
/// slices up to a time where they have to stop are equally long.
/// </remarks>
internal sealed class SliceLength
{
    private const double PartsMax = 1 << 16; // into which the fastest particle's flight is split
    private const double Excess = 1 + 1e-9; // the last slice ends behind that moment, not just before it
    private const double ShareMin = 1e-3; // of the wanted length
    private const double ShareMax = 1.3; // rather one slice a little too long than two

    private readonly double _planned;
    private readonly float _cap; // see SliceGrid.Cap
    private readonly double _unit;

    /// <param name="grid">Cells.</param>
    /// <param name="plan">Speed of the particles whose flights just fit.</param>
    public SliceLength(SliceGrid grid, SlicePlan plan)
    {
        (_cap, _unit) = (grid.Cap, grid.Axes.Unit);
        _planned = 0.5 * (plan.Grid.Width.Take(grid.Box.Dimension).Min() - plan.Split.Reach) / plan.Speed;
        WantedHalf = _planned;
        Fastest = plan.Speed;
    }

    /// <summary>Speed of the fastest particle, or more; 0 if nothing moves.</summary>
    public double Fastest { get; private set; }

    /// <summary>Half of the wanted length.</summary>
    public double WantedHalf { get; private set; }

    /// <summary>Half of the next slice's length.</summary>
    /// <param name="start">Its beginning.</param>
    /// <param name="until">Where slices have to end; +infinity if nowhere.</param>
    /// <param name="share">Of the wanted length.</param>
    /// <param name="shareMax">Slices may be longer by this in order to be fewer.</param>
    public double Half(double start, double until, double share = 1, double shareMax = ShareMax)
    {
        double half = Math.Min(share * WantedHalf, PartsMax * _cap * _unit / Fastest), left = 0.5 * (until - start);
        return left > 0 && left < double.PositiveInfinity
            ? Math.Max(Excess * left / Math.Ceiling(left / (shareMax * half)), ShareMin * half)
            : half;
    }

    /// <summary>A slice has begun: the gas may have become faster or slower.</summary>
    /// <param name="counts">What was learned when its particles were placed.</param>
    /// <param name="clock">The slice.</param>
    /// <param name="particleCount">Number of particles.</param>
    public void Learn(in PlacementCounts counts, in SliceClock clock, int particleCount)
    {
        Fastest = Math.Max(counts.Widest, _cap) * _unit / clock.Half;
        double splitShare = counts.Split / (double)particleCount;
        const double SplitShareMax = 0.1, SplitShareMin = 0.03, Shrink = 0.9, Growth = 1.03;
        if (splitShare > SplitShareMax)
        {
            WantedHalf *= Shrink;
        }
        else if (splitShare < SplitShareMin)
        {
            WantedHalf = Math.Min(_planned, Growth * WantedHalf);
        }
    }
}
