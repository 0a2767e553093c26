using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Nodes;

/// <summary>When the slices end that nodes share: the same for all of them.</summary>
/// <remarks>
/// As long as the node that wants the shortest one wishes, and so that nobody flies too far between two renewals of the ghosts. After a
/// void slice half as long; a slice that is still void when it is very short has to be run by one engine that knows all particles (exact
/// ties at a face).
/// </remarks>
/// <param name="gas">What is simulated.</param>
/// <param name="plan">How nodes share it.</param>
/// <param name="epochLength">Time that ends at the latest with a slice.</param>
public sealed class SliceSchedule(Gas gas, NodePlan plan, double epochLength)
{
    private const double Growth = 2, Shrink = 0.5;
    private const double LeastShare = 1.0 / 64; // of the wanted length
    private const double StretchMax = 1.3; // rather one slice a little too long than two
    private const double DriftShare = 0.98; // of what particles may fly between two renewals

    private readonly double _drift = DriftShare * plan.Drift * gas.Box.Lengths.X / plan.CellsX;
    private double _wanted = double.PositiveInfinity;
    private double _fastest;
    private double _share = 1;
    private double _longest = double.PositiveInfinity; // after a void slice: half of it
    private double _last; // length of the last slice
    private double _renewedAt;
    private bool _wantsRenewal = true;

    /// <summary>Whether slices are void however short they are: one engine has to run the next one.</summary>
    public bool IsStuck => _share < LeastShare;

    /// <summary>The next slice.</summary>
    /// <param name="start">Its beginning.</param>
    /// <param name="until">Where slices have to end.</param>
    /// <returns>Its end, and whether it begins with a renewal of the ghosts.</returns>
    public (double End, bool IsRenewed) Next(double start, double until)
    {
        double limit = Math.Min(until, epochLength), length = Math.Min(_longest, _share * Math.Min(_wanted, FirstLength));
        bool isRenewed = _wantsRenewal || start < _renewedAt || (start + length - _renewedAt) * _fastest > _drift;
        length = Math.Min(length, _drift / Math.Max(_fastest, double.Epsilon));
        double left = limit - start;
        if (left <= (_longest < double.PositiveInfinity ? 1 : StretchMax) * length)
        {
            length = left;
        }
        else if (left < 8 * length)
        {
            length = left / Math.Ceiling(left / length);
        }

        if (isRenewed)
        {
            _renewedAt = start;
        }

        double end = Math.Max(Math.Min(start + length, limit), Math.BitIncrement(start));
        _last = end - start;
        return (end, isRenewed);
    }

    /// <summary>A slice is over.</summary>
    /// <param name="verdicts">Of all nodes.</param>
    /// <returns>Whether it is done; if not, it is void on all nodes.</returns>
    public bool Judge(ReadOnlySpan<NodeVerdict> verdicts)
    {
        (_wanted, _fastest, _wantsRenewal) = (double.PositiveInfinity, 0, false);
        bool isVoid = false;
        foreach (NodeVerdict verdict in verdicts)
        {
            isVoid |= verdict.IsVoid;
            _wanted = Math.Min(_wanted, verdict.WantedLength);
            _fastest = Math.Max(_fastest, verdict.Fastest);
            _wantsRenewal |= verdict.WantsRenewal;
        }

        _wantsRenewal |= isVoid;
        _share = isVoid ? Shrink * _share : Math.Min(1, Growth * _share);
        _longest = isVoid ? Shrink * _last : double.PositiveInfinity;
        return !isVoid;
    }

    /// <summary>All particles have been moved to the beginning of the next epoch.</summary>
    public void BeginEpoch() => _wantsRenewal = true;

    // What the plan says; no slice is longer.
    private double FirstLength => (WidthMin - gas.ReachMax) / plan.Speed;

    private double WidthMin => Math.Min(
        gas.Box.Lengths.X / plan.CellsX,
        Math.Min(gas.Box.Lengths.Y / plan.CellsY, gas.Dimension == 3 ? gas.Box.Lengths.Z / plan.CellsZ : double.PositiveInfinity));
}
