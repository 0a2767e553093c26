using ActorMD.Actors.Hosting;
using ActorMD.Cli.Benchmarks;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Cli.Tests;

public sealed class SplitBenchTests
{
    [Fact]
    public void A_split_is_measured_on_the_trajectory_of_one_domain()
    {
        BenchCase small = BenchCase.All.Single(c => c.Name == "fluid-4000") with { WarmUp = 0.5 };
        SplitBenchResult result = SplitBench.Run(small, new ActorExecution(new Split(2, 1, 1), 2), 1, 2, default);

        Assert.True(result.HasSameDigest);
        Assert.Equal((2, 2), (result.SerialSeconds.Count, result.SplitSeconds.Count));
        Assert.True(result.Windows > 0 && result.RedundantFraction > 0, $"{result}");
    }
}
