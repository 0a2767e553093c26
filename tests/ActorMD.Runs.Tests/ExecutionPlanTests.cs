using ActorMD.Runs.Simulations;

namespace ActorMD.Runs.Tests;

public class ExecutionPlanTests
{
    [Theory]
    [InlineData(1_000_000, 2, 8, 2)]
    [InlineData(1_000_000, 1, 8, 1)]
    [InlineData(20_000_000, 8, 8, 1)] // one thread's needs fit into the memory
    [InlineData(20_000_000, 8, 64, 8)]
    public void Threads_are_used_where_their_logs_fit_into_the_memory(int count, int workers, long gibibytes, int threads) =>
        Assert.Equal(threads, ExecutionPlan.ThreadsThatFit([count], workers, gibibytes << 30));
}
