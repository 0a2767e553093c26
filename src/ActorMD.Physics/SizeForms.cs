using ActorMD.Physics.Numerics;
using static System.FormattableString;

namespace ActorMD.Physics;

/// <summary>What follows from the parameters of a <see cref="SizeForm"/>.</summary>
public static class SizeForms
{
    /// <summary>Where a distribution without bounds of its own is cut off, in deviations from its mean.</summary>
    public const double CutDeviations = 3;

    private const double MassPowerMax = 32, ExponentMax = 32, DeviationMin = 1e-4, DeviationMax = 1, RangeMin = 1e-9;
    private const string WrongCount = "the number of parameters is not that of its form";

    /// <summary>The range of diameters of a form with mean and deviation, where nothing else is given.</summary>
    public static (double Min, double Max) DefaultRange(SizeForm form, double mean, double deviation)
    {
        if (form == SizeForm.LogNormal)
        {
            (double middle, double spread) = LogarithmOf(mean, deviation);
            return (PortableMath.Exp(middle - CutDeviations * spread), PortableMath.Exp(middle + CutDeviations * spread));
        }

        return (mean - CutDeviations * deviation, mean + CutDeviations * deviation);
    }

    /// <summary>What makes a distribution impossible; null when nothing does.</summary>
    public static string? Problem(SizeDistribution sizes)
    {
        ReadOnlySpan<double> numbers = sizes.Numbers.AsSpan();
        foreach (double number in numbers)
        {
            if (!double.IsFinite(number))
            {
                return "a parameter is no finite number";
            }
        }

        return !(sizes.Mass > 0) || !double.IsFinite(sizes.Mass) ? Invariant($"the mass is {sizes.Mass}")
            : !(Math.Abs(sizes.MassPower) <= MassPowerMax) ? Invariant($"masses go with the power {sizes.MassPower} of the diameter")
            : sizes.Count < 1 ? Invariant($"there are {sizes.Count} particles")
            : sizes.Form switch
            {
                SizeForm.Each => numbers.Length != 2 * sizes.Count ? "diameters and masses are not as many as particles"
                    : AreAbove(numbers, 0) ? null : "a diameter or mass is not above 0",
                SizeForm.Uniform => numbers.Length != 2 ? WrongCount : RangeProblem(numbers),
                SizeForm.PowerLaw => numbers.Length != 3 ? WrongCount
                    : Math.Abs(numbers[0]) > ExponentMax ? Invariant($"the exponent is {numbers[0]}") : RangeProblem(numbers[1..]),
                SizeForm.Values => ListProblem(numbers[..(numbers.Length / 2)], numbers[(numbers.Length / 2)..]),
                SizeForm.Histogram => HistogramProblem(numbers),
                _ => numbers.Length != 4 ? WrongCount : PeakProblem(sizes.Form, numbers),
            };
    }

    private static string? PeakProblem(SizeForm form, ReadOnlySpan<double> numbers)
    {
        (double mean, double deviation) = (numbers[0], numbers[1]);
        if (!(mean > 0) || !(deviation >= DeviationMin * mean && deviation <= DeviationMax * mean))
        {
            return Invariant(
                $"mean {mean} and deviation {deviation}: the mean must be above 0, and the deviation {DeviationMin} to {DeviationMax} of it");
        }

        if (RangeProblem(numbers[2..]) is { } problem)
        {
            return problem;
        }

        (double low, double high) = DefaultRange(form, mean, 2 * deviation);
        return numbers[2] < high && numbers[3] > low ? null
            : Invariant($"the range from {numbers[2]} to {numbers[3]} is far from the mean {mean}");
    }

    private static string? RangeProblem(ReadOnlySpan<double> range) => !(range[0] > 0)
        ? Invariant($"the smallest diameter is {range[0]}, and must be above 0")
        : range[1] > range[0] * (1 + RangeMin) ? null
        : Invariant($"the largest diameter ({range[1]}) is not above the smallest ({range[0]})");

    private static string? HistogramProblem(ReadOnlySpan<double> numbers)
    {
        int bins = numbers.Length / 2;
        if (numbers.Length % 2 == 0 || bins == 0)
        {
            return "a histogram needs one edge more than shares";
        }

        for (int k = 0; k < bins; k++)
        {
            if (!(numbers[k + 1] > numbers[k]))
            {
                return Invariant($"the edges {numbers[k]} and {numbers[k + 1]} do not rise");
            }
        }

        return ListProblem(numbers[..bins], numbers[(bins + 1)..]);
    }

    private static string? ListProblem(ReadOnlySpan<double> diameters, ReadOnlySpan<double> shares) =>
        diameters.IsEmpty || diameters.Length != shares.Length ? "there must be one share for each, and one at least"
            : !AreAbove(diameters, 0) ? "a diameter is not above 0"
            : !AreAbove(shares, 0) ? "a share is not above 0"
            : null;

    private static bool AreAbove(ReadOnlySpan<double> numbers, double limit)
    {
        foreach (double number in numbers)
        {
            if (!(number > limit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Mean and standard deviation of the logarithm of a lognormal number with some mean and deviation.</summary>
    internal static (double Mean, double Deviation) LogarithmOf(double mean, double deviation)
    {
        double variance = PortableMath.Log(1 + deviation / mean * (deviation / mean));
        return (PortableMath.Log(mean) - 0.5 * variance, Math.Sqrt(variance));
    }
}
