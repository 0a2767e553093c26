using ActorMD.Actors.Tests.Clusters;

namespace ActorMD.Actors.Tests.Security;

/// <summary>What strangers leave behind in the memory of a node.</summary>
/// <remarks>No other test of this process may allocate meanwhile.</remarks>
[CollectionDefinition(nameof(MemoryOfStrangersTests), DisableParallelization = true)]
[Collection(nameof(MemoryOfStrangersTests))]
public sealed class MemoryOfStrangersTests
{
    [Fact]
    public async Task Memory_stays_where_it_is_however_many_knock()
    {
        using TestCluster cluster = new(2);
        await KnockManyAsync(cluster.Nodes[0].Port, 50);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await KnockManyAsync(cluster.Nodes[0].Port, 300);
        StrangersAtTheDoorTests.AssertGoesOn(cluster);
        // 100 MB of noise and 300 connections have come.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
    }

    private static async Task KnockManyAsync(int port, int count)
    {
        for (int k = 0; k < count; k++)
        {
            await StrangersAtTheDoorTests.KnockAsync(port, ((string[])["noise", "http", "reset"])[k % 3]);
        }
    }
}
