namespace ActorMD.Validation.Tests.Statistics;

/// <summary>The mean of a fluctuating quantity over a run, with the standard error that consecutive blocks give.</summary>
/// <remarks>
/// The blocks must be longer than the correlation time, then their averages are independent; with 32 of them the error
/// itself is known to about 13 percent.
/// </remarks>
/// <param name="Mean">Average over all blocks.</param>
/// <param name="StandardError">Standard deviation of the block averages over the root of their number.</param>
/// <param name="BlockCount">Number of blocks; 0: the error is not known from blocks of one run.</param>
internal readonly record struct BlockAverage(double Mean, double StandardError, int BlockCount = 0)
{
    /// <summary>From the averages over blocks of equal length.</summary>
    public static BlockAverage Of(IEnumerable<double> blocks)
    {
        double[] values = [.. blocks];
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, 8, nameof(blocks));
        double mean = values.Average();
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        return new BlockAverage(mean, Math.Sqrt(variance / values.Length), values.Length);
    }

    /// <summary>Mean and standard error in other units.</summary>
    public static BlockAverage operator *(BlockAverage average, double factor) =>
        new(average.Mean * factor, average.StandardError * Math.Abs(factor), average.BlockCount);
}
