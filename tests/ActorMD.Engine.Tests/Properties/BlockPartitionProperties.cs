using ActorMD.Engine.Sharing;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>Every layer of cells is in one block, strips do not touch each other, and around every boundary there is one.</summary>
public sealed class BlockPartitionProperties
{
    [Fact]
    public void Blocks_and_strips_cover_what_they_have_to()
    {
        int several = 0;
        Properties.Hold(
            from planes in Gen.Choose(1, 120)
            from periodic in Gen.Elements(false, true)
            from threads in Gen.Choose(1, 9)
            from depth in Gen.Choose(1, 8)
            select (planes, periodic, threads, depth),
            500,
            any =>
            {
                if (BlockPartition.For(any.planes, any.periodic, any.threads, any.depth) is not { } partition)
                {
                    Assert.True(any.threads < 2 || any.planes < 4 * Math.Max(2, any.depth));
                    return;
                }

                several += partition.Count > 2 ? 1 : 0;
                for (int block = 0; block < partition.Count; block++)
                {
                    for (int plane = partition.First(block); plane < partition.First(block + 1); plane++)
                    {
                        Assert.Equal(block, partition.BlockOf[plane]);
                        Assert.True(partition.TerritoryOfBlock(block).Contains(plane));
                    }

                    bool hasStrip = any.periodic || block < partition.Count - 1;
                    for (int k = 0; k < 2 * partition.Depth && hasStrip; k++)
                    {
                        int plane = (partition.FirstOfStrip(block) + k) % any.planes;
                        Assert.Equal(block, partition.StripOf[plane]);
                        Assert.True(partition.TerritoryOfStrip(block).Contains(plane));
                    }
                }

                int strips = any.periodic ? partition.Count : partition.Count - 1;
                Assert.Equal(strips * 2 * partition.Depth, partition.StripOf.Count(strip => strip >= 0));
            });
        Assert.True(several > 50, $"{several} partitions of several blocks");
    }
}
