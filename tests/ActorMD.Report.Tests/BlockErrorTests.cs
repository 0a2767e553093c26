using ActorMD.Report.Sources;

namespace ActorMD.Report.Tests;

public sealed class BlockErrorTests
{
    [Fact]
    public void Independent_samples_have_the_error_of_their_spread()
    {
        Random random = new(5);
        double[] samples = [.. Enumerable.Range(0, 4096).Select(_ => random.NextDouble())];

        // Variance 1/12. The largest of the levels is above it by chance: with 16 blocks one standard deviation is 18 percent.
        double expected = Math.Sqrt(1.0 / 12 / samples.Length);
        Assert.InRange(BlockError.Of(samples)!.Value, 0.95 * expected, 1.6 * expected);
    }

    [Fact]
    public void Correlated_samples_have_a_larger_one()
    {
        // Every draw stands 8 times: 512 independent values.
        Random random = new(6);
        double[] samples = [.. Enumerable.Range(0, 512).SelectMany(_ => Enumerable.Repeat(random.NextDouble(), 8))];

        double expected = Math.Sqrt(1.0 / 12 / 512);
        Assert.InRange(BlockError.Of(samples)!.Value, 0.95 * expected, 1.6 * expected);
    }

    [Fact]
    public void Few_samples_have_none() => Assert.Null(BlockError.Of([1, 2, double.NaN, 3]));
}
