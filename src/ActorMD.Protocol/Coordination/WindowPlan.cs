namespace ActorMD.Protocol;

/// <summary>How long windows are and how thick halos. The trajectory does not depend on it.</summary>
/// <param name="Layers">h: layers of cells around a block whose particles a domain simulates too. At least m + 1.</param>
/// <param name="Wander">m: layers that a domain's particles may leave its block in a window. At least 1.</param>
/// <param name="LengthFirst">Length of the first window; null for a small part of an epoch.</param>
/// <param name="LengthMax">Windows are never longer; simulation time.</param>
public sealed record WindowPlan(int Layers, int Wander, double? LengthFirst = null, double LengthMax = double.PositiveInfinity)
{
    /// <summary>A halo of four layers.</summary>
    public static WindowPlan Default { get; } = new(4, 1);
}

/// <summary>Chooses the length of the next window from how the last ones went.</summary>
public interface IWindowPolicy
{
    /// <summary>Length of the next window, simulation time; positive.</summary>
    double NextLength();

    /// <summary>A moment of a window that nobody objects to, up to which it is to be committed: its end, unless in tests.</summary>
    double AcceptedEnd(double start, double end);

    /// <summary>A window of this length was committed as a whole, although it would have been accepted at any length.</summary>
    void Accepted(double length);

    /// <summary>A window of this length was cut, and so much of it was committed.</summary>
    void Shortened(double length, double committed);
}

/// <summary>
/// Windows grow by a few percent while they are accepted and shrink when they are cut. That costs little: the exact part of a
/// cut window is kept. In the beginning, before the first cut, they double; then they go on from what was kept of that one.
/// </summary>
public sealed class AdaptiveWindows : IWindowPolicy
{
    private const double Growth = 1.03;
    private const double GrowthFirst = 2;
    private const double Shrinkage = 0.9;
    private const double EpochShareFirst = 1.0 / 4096;

    private readonly double _lengthMax;
    private double _length;
    private bool _wasCut;

    public AdaptiveWindows(WindowPlan plan, double epochLength)
    {
        _lengthMax = plan.LengthMax;
        _length = Math.Min(plan.LengthFirst ?? epochLength * EpochShareFirst, _lengthMax);
    }

    /// <inheritdoc/>
    public double NextLength() => _length;

    /// <inheritdoc/>
    public double AcceptedEnd(double start, double end) => end;

    /// <inheritdoc/>
    public void Accepted(double length)
    {
        // A window that ended early, at an epoch's end or where a state was asked for, tells nothing about longer ones.
        if (length >= _length * 0.99)
        {
            _length = Math.Min(_length * (_wasCut ? Growth : GrowthFirst), _lengthMax);
        }
    }

    /// <inheritdoc/>
    public void Shortened(double length, double committed)
    {
        // The first one, after doubling, is far too long; later ones are so by a little.
        _length = _wasCut ? Shrinkage * length + (1 - Shrinkage) * committed : committed;
        _wasCut = true;
    }
}
