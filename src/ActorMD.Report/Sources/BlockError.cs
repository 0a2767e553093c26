namespace ActorMD.Report.Sources;

/// <summary>The standard error of the mean of a time series.</summary>
/// <remarks>
/// Neighbouring samples are correlated, so that the spread of single samples says too little. Flyvbjerg and Petersen, J. Chem. Phys. 91,
/// 461 (1989):
/// pairs are averaged again and again, and the error that the means of longer and longer blocks give grows until blocks are independent.
/// The largest one is taken, of levels with enough blocks.
/// </remarks>
internal static class BlockError
{
    /// <summary>With fewer blocks their spread is too rough an estimate.</summary>
    private const int BlockCountMin = 16;

    /// <summary>Null where there are too few samples.</summary>
    public static double? Of(IEnumerable<double> samples)
    {
        double[] blocks = [.. samples.Where(double.IsFinite)];
        double? largest = null;
        while (blocks.Length >= BlockCountMin)
        {
            double mean = blocks.Average();
            double variance = blocks.Sum(b => (b - mean) * (b - mean)) / (blocks.Length - 1);
            largest = Math.Max(largest ?? 0, Math.Sqrt(variance / blocks.Length));
            blocks = [.. Enumerable.Range(0, blocks.Length / 2).Select(k => 0.5 * (blocks[2 * k] + blocks[2 * k + 1]))];
        }

        return largest;
    }
}
