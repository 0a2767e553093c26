using ActorMD.Actors.Hosting;
using ActorMD.Cli.Benchmarks;
using ActorMD.Cli.Terminal;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Cli.Tests;

public sealed class SplitBenchTests
{
    [Fact]
    public void A_split_is_measured_on_the_trajectory_of_one_domain()
    {
        BenchCase small = BenchCase.All.Single(c => c.Name == "fluid-32000") with { WarmUp = 0.5 };
        SplitBenchResult result = SplitBench.Run(small, new ActorExecution(new Split(2, 1, 1), 2), 1, 2, default);

        Assert.True(result.HasSameDigest);
        Assert.Equal((2, 2), (result.SerialSeconds.Count, result.SplitSeconds.Count));
        Assert.True(result.Slices > 0 && result.SentBytes > 0, $"{result}");
    }

    [Fact]
    public void Work_is_counted_on_grids_of_blocks()
    {
        BenchCase small = BenchCase.All.Single(c => c.Name == "fluid-4000") with { WarmUp = 0.5 };
        Split[] grids = [new Split(2, 1, 1), new Split(2, 2, 1), new Split(9, 9, 9)];
        BlockCountResult[] results = [.. BlockCount.Run(small, grids, [1], [], 0.5, default)];

        Assert.Equal([2, 3], results.Take(2).Select(r => r.Work!.Phases.Count));
        Assert.All(results.Take(2), r => Assert.InRange(r.Work!.Efficiency, 0.1, 1));
        Assert.Null(results[2].Work);
        Assert.Contains("too few", results[2].Obstacle, StringComparison.Ordinal);
        using StringWriter text = new();
        BlockCountListing.Print(text, results[1]);
        Assert.Contains("edges", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("efficiency on 4 workers", text.ToString(), StringComparison.Ordinal);
    }
}
