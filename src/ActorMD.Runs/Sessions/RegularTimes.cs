using System.Globalization;
using ActorMD.Observables.Plans;

namespace ActorMD.Runs.Sessions;

/// <summary>
/// The moments index * interval of a run, for index = 0, 1, ... up to its end, or those of a list. Computed by one multiplication, never
/// by adding up, so that a resumed run meets the same moments to the last bit.
/// </summary>
/// <param name="Interval">Simulation time; +infinity for a single moment at 0.</param>
/// <param name="Until">The run's end. A multiple that exceeds it by rounding only counts as the end itself.</param>
/// <param name="List">The moments, if they are no multiples of the interval.</param>
public readonly record struct RegularTimes(double Interval, double Until, TimeList? List = null)
{
    private const double Slack = 1e-9;

    /// <summary>Index of the last moment.</summary>
    public long LastIndex => List is { } list ? list.CountUntil(Until) - 1
        : double.IsInfinity(Interval) ? 0 : (long)Math.Floor(Until / Interval * (1 + Slack));

    /// <summary>The moment of an index; +infinity beyond the last one.</summary>
    public double this[long index] =>
        index == 0 ? 0 : List is { } list ? index < list.Count && list[(int)index] <= Until ? list[(int)index] : double.PositiveInfinity
            : index > LastIndex ? double.PositiveInfinity : Math.Min(ToDecimal(index * Interval), Until);

    /// <summary>Whether exactly the moments below an index have passed at a time.</summary>
    public bool IsNext(long index, double time) =>
        (index == 0 || this[index - 1] <= time * (1 + Slack)) && this[index] >= time * (1 - Slack);

    // 3 * 0.1 is 0.30000000000000004; what is meant, and the same whatever the end is, is the number with 15 digits: 0.3.
    private static double ToDecimal(double value)
    {
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out int length, "E14", CultureInfo.InvariantCulture);
        return double.Parse(digits[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
