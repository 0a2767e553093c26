using System.Collections.Immutable;
using System.Globalization;

namespace ActorMD.Observables.Plans;

/// <summary>Moments at which something is written or measured, where they are no multiples of an interval.</summary>
/// <remarks>Equal lists are equal, so that a run that goes on can tell whether its times were changed.</remarks>
public sealed class TimeList : IEquatable<TimeList>
{
    private readonly ImmutableArray<double> _times;

    /// <param name="times">Simulation times from 0 on, ascending; 0 is added where it is not among them.</param>
    public TimeList(IEnumerable<double> times)
    {
        _times = [.. times];
        if (_times.IsEmpty || _times[0] > 0)
        {
            _times = _times.Insert(0, 0);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _times.Length;

    /// <summary>A moment, from index 0 on.</summary>
    public double this[int index] => _times[index];

    /// <summary>How many are not after a time.</summary>
    public int CountUntil(double time)
    {
        int found = _times.BinarySearch(time);
        return found < 0 ? ~found : found + 1;
    }

    /// <summary>Moments whose logarithms are equally far apart: 0, then from * 10^(k/perDecade) up to the end.</summary>
    public static TimeList Logarithmic(double from, int perDecade, double until)
    {
        List<double> times = [0];
        for (int k = 0; ; k++)
        {
            // With 15 digits, so that tenfold is tenfold: 0.1, not 0.10000000000000002.
            double exact = from * Physics.Numerics.PortableMath.Pow(10, (double)k / perDecade);
            double time = double.Parse(exact.ToString("E14", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (!(time <= until))
            {
                return new TimeList(times);
            }

            times.Add(time);
        }
    }

    /// <inheritdoc/>
    public bool Equals(TimeList? other) => other is not null && _times.AsSpan().SequenceEqual(other._times.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TimeList);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_times.Length, _times[^1]);

    /// <summary>As a case file has it: <c>[0, 0.5]</c>.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", _times.Select(time => time.ToString("R", CultureInfo.InvariantCulture)))}]";
}
