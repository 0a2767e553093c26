namespace ActorMD.Examples.Tests;

/// <summary>The mean of a time series and its standard error from blocks.</summary>
/// <remarks>Blocks of successive values are long against the correlation time, so that their means count as independent.</remarks>
internal readonly record struct BlockAverage(double Mean, double StandardError)
{
    private const int BlockCount = 24;

    public static BlockAverage Of(IReadOnlyList<double> values)
    {
        int size = values.Count / BlockCount;
        Assert.True(size >= 1, $"{values.Count} values are too few for {BlockCount} blocks");
        double[] means = [.. values.Chunk(size).Take(BlockCount).Select(block => block.Average())];
        double mean = means.Average();
        double variance = means.Sum(m => (m - mean) * (m - mean)) / (BlockCount - 1);
        return new BlockAverage(values.Average(), Math.Sqrt(variance / BlockCount));
    }
}
