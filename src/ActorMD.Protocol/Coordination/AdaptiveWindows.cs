namespace ActorMD.Protocol.Coordination;

/// <summary>
/// In the beginning windows grow fast, until one is shortened or false histories come close to a block. From then on they grow slowly while
/// they are accepted, a little faster while the halo has layers to spare, and one that is shortened makes the next ones shorter than what
/// was kept of it: so few are shortened, and little work undone. However little was kept of one window, the next ones are not much shorter:
/// an avalanche of events at one instant is passed in a few steps and forgotten.
/// </summary>
public sealed class AdaptiveWindows : IWindowPolicy
{
    private const double GrowthFirst = 1.5;
    private const double GrowthWithSpareLayers = 1.02;
    private const double Growth = 1.003;
    private const double SpareLayersMin = 1.5; // the layer next to a block and half of another

    // Of what was kept: the moment of difference was a random one, and the first of so many windows.
    private const double KeptShare = 0.9;

    // Less than half of it: no sign of windows that are too long, but of an accident.
    private const double KeptMin = 0.5;
    private const double ShrinkageByAccident = 0.8;
    private const double EpochShareFirst = 1.0 / 4096;

    private double _length;
    private bool _isPastBeginning;

    /// <param name="epochLength">The first window is a small part of it.</param>
    public AdaptiveWindows(double epochLength) => _length = epochLength * EpochShareFirst;

    /// <inheritdoc/>
    public double NextLength() => _length;

    /// <inheritdoc/>
    public double AcceptedEnd(double start, double end) => end;

    /// <inheritdoc/>
    public void Accepted(double length, double spareLayers)
    {
        // A window that ended early, at an epoch's end or where a state was asked for, tells nothing about longer ones.
        if (length >= _length * 0.99)
        {
            bool hasSpareLayers = spareLayers > SpareLayersMin;
            _isPastBeginning |= !hasSpareLayers;
            _length *= !_isPastBeginning ? GrowthFirst : hasSpareLayers ? GrowthWithSpareLayers : Growth;
        }
    }

    /// <inheritdoc/>
    public void Shortened(double length, double committed)
    {
        // The first one is too long by up to the factor of growth; later ones are so by a little.
        double kept = committed / length;
        _length *= !_isPastBeginning ? Math.Max(KeptShare * kept, 1 / GrowthFirst)
            : kept < KeptMin ? ShrinkageByAccident
            : KeptShare * kept;
        _isPastBeginning = true;
    }
}
