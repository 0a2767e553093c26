using ActorMD.Engine.Particles;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Engine.Tests;

/// <summary>The sort against the library's, which is stable when it orders a sequence.</summary>
public class RadixSortTests
{
    [Theory]
    [InlineData(0, ulong.MaxValue)]
    [InlineData(1, ulong.MaxValue)]
    [InlineData(5000, ulong.MaxValue)]
    [InlineData(5000, 0x00000000_0000FF00)] // one byte, many equal keys
    [InlineData(5000, 0xFF000000_0000000F)] // first and last byte
    [InlineData(5000, 0)] // all equal
    public void Values_come_in_the_order_of_their_keys_and_equal_keys_keep_theirs(int count, ulong usedBits)
    {
        const ulong Common = 0x0001_0000_0000_0000;
        CounterRandom random = new(29, RandomStream.Testing);
        ulong[] keys = new ulong[count];
        foreach (ref ulong key in keys.AsSpan())
        {
            key = Common | (random.NextBits() & usedBits);
        }

        int[] values = [.. Enumerable.Range(0, count)];
        int[] expected = [.. values.OrderBy(k => keys[k])];

        Assert.Equal(expected, RadixSort.Sort([.. keys], values));
    }
}
