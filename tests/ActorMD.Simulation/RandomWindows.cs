using ActorMD.Physics.RandomNumbers;
using ActorMD.Protocol.Coordination;

namespace ActorMD.Simulation;

/// <summary>Windows of random lengths, some of which are shortened although no domain objects.</summary>
public sealed class RandomWindows : IWindowPolicy
{
    private readonly double _shortest;
    private readonly double _longest;
    private readonly double _cutShare;
    private CounterRandom _random;

    public RandomWindows(ulong seed, double shortest, double longest, double cutShare)
    {
        _random = new CounterRandom(seed, RandomStream.Testing, subject: 1);
        _shortest = shortest;
        _longest = longest;
        _cutShare = cutShare;
    }

    /// <inheritdoc/>
    public double NextLength() => _shortest * Math.Pow(_longest / _shortest, _random.NextUniform());

    /// <inheritdoc/>
    public double AcceptedEnd(double start, double end) =>
        _random.NextUniform() < _cutShare ? start + (end - start) * _random.NextPositiveUniform() : end;

    /// <inheritdoc/>
    public void Accepted(double length, double spareLayers)
    {
    }

    /// <inheritdoc/>
    public void Shortened(double length, double committed)
    {
    }
}
