namespace ActorMD.Protocol;

/// <summary>
/// Windows grow slowly while they are accepted. One that is cut makes the next ones a little shorter than what was kept of it: so about one in
/// thirty is cut, and little work undone. When very many have been accepted in a row they grow faster, and in the beginning, before the first
/// cut, faster still. However little was kept of one window, the next ones are not much shorter: an avalanche of events at one instant is passed in a
/// few steps and forgotten.
/// </summary>
public sealed class AdaptiveWindows : IWindowPolicy
{
    private const double Growth = 1.003;
    private const double GrowthInRow = 1.03;
    private const int RowMin = 50;
    private const double GrowthFirst = 1.5;

    // Of what was kept: the moment of difference was a random one, and the first of so many windows.
    private const double KeptShare = 0.9;

    // Less than half of it: no sign of windows that are too long, but of an accident.
    private const double KeptMin = 0.5;
    private const double ShrinkageByAccident = 0.8;
    private const double EpochShareFirst = 1.0 / 4096;

    private double _length;
    private bool _wasCut;
    private int _acceptedInRow;

    /// <param name="epochLength">The first window is a small part of it.</param>
    public AdaptiveWindows(double epochLength) => _length = epochLength * EpochShareFirst;

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
            _acceptedInRow++;
            _length *= !_wasCut ? GrowthFirst : _acceptedInRow > RowMin ? GrowthInRow : Growth;
        }
    }

    /// <inheritdoc/>
    public void Shortened(double length, double committed)
    {
        // The first one is too long by up to the factor of growth; later ones are so by a little.
        double kept = committed / length;
        _length *= !_wasCut ? Math.Max(KeptShare * kept, 1 / GrowthFirst)
            : kept < KeptMin ? ShrinkageByAccident
            : KeptShare * kept;
        _wasCut = true;
        _acceptedInRow = 0;
    }
}
