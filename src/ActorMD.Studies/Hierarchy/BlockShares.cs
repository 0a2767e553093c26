namespace ActorMD.Studies.Hierarchy;

/// <summary>Ratios of sums over blocks, with standard errors from the scatter of the blocks.</summary>
internal static class BlockShares
{
    /// <summary>The share of a part in the whole.</summary>
    /// <param name="blocks">Sums of the blocks.</param>
    /// <param name="part">Of one block.</param>
    /// <param name="whole">Of one block.</param>
    public static (double Value, double Error) Of(double[][] blocks, Func<double[], double> part, Func<double[], double> whole)
    {
        double all = blocks.Sum(whole), share = blocks.Sum(part) / all;
        double squares = blocks.Sum(b => Math.Pow(part(b) - share * whole(b), 2));
        return (share, Math.Sqrt(squares) / all);
    }

    /// <summary>A function of all blocks, with its jackknife error.</summary>
    /// <param name="blocks">Sums of the blocks.</param>
    /// <param name="value">Of the sum over blocks.</param>
    public static (double Value, double Error) Jackknife(double[][] blocks, Func<double[], double> value)
    {
        double[] total = [.. Enumerable.Range(0, blocks[0].Length).Select(i => blocks.Sum(b => b[i]))];
        double[] without = [.. blocks.Select(b => value([.. total.Select((t, i) => t - b[i])]))];
        double mean = without.Average(), n = blocks.Length;
        return (value(total), Math.Sqrt((n - 1) / n * without.Sum(w => (w - mean) * (w - mean))));
    }
}
