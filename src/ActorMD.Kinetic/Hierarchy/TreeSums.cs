namespace ActorMD.Kinetic.Hierarchy;

/// <summary>Sums over trees of one stratum, for every observable.</summary>
public sealed class TreeSums(int observableCount)
{
    /// <summary>Numbers that are summed for one observable.</summary>
    public const int Width = 6;

    /// <summary>Trees.</summary>
    public long Count { get; set; }

    /// <summary>
    /// Observable by observable: sums of the values, of their squares, of the values with all signs +, of their squares, of the values of
    /// trees beyond the energy, and of those with times too close.
    /// </summary>
    public double[] Values { get; } = new double[observableCount * Width];

    /// <summary>Adds one tree.</summary>
    /// <param name="observable">Number of the observable.</param>
    /// <param name="value">With the signs.</param>
    /// <param name="unsigned">With all signs +.</param>
    /// <param name="isTooFast">Beyond the truncation of the energy.</param>
    /// <param name="isTooClose">Beyond the truncation of the times.</param>
    public void Add(int observable, double value, double unsigned, bool isTooFast, bool isTooClose)
    {
        Span<double> sums = Values.AsSpan(observable * Width, Width);
        sums[0] += value;
        sums[1] += value * value;
        sums[2] += unsigned;
        sums[3] += unsigned * unsigned;
        sums[4] += isTooFast ? value : 0;
        sums[5] += isTooClose ? value : 0;
    }

    /// <summary>Adds the sums of other trees.</summary>
    public void Add(TreeSums other)
    {
        Count += other.Count;
        for (int n = 0; n < Values.Length; n++)
        {
            Values[n] += other.Values[n];
        }
    }

    /// <summary>The sums as plain numbers.</summary>
    public double[] ToArray() => [Count, .. Values];

    /// <summary>What <see cref="ToArray"/> made.</summary>
    public static TreeSums Of(double[] numbers)
    {
        TreeSums sums = new((numbers.Length - 1) / Width) { Count = (long)numbers[0] };
        numbers.AsSpan(1).CopyTo(sums.Values);
        return sums;
    }

    /// <summary>Mean and variance of the mean of the values; of the unsigned ones with the offset 2.</summary>
    public (double Mean, double Variance) MeanOf(int observable, int offset = 0)
    {
        double mean = Values[observable * Width + offset] / Count, squares = Values[observable * Width + offset + 1] / Count;
        return (mean, Math.Max(squares - mean * mean, 0) / Math.Max(Count - 1, 1));
    }
}
