using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

public class ExactProductTests
{
    [Fact]
    public void The_error_of_a_product_is_what_a_fused_multiply_add_gives()
    {
        CounterRandom random = new(31, RandomStream.Testing);
        int inexact = 0;
        for (int i = 0; i < 100_000; i++)
        {
            double a = Draw(ref random), b = Draw(ref random), product = a * b;
            double error = ExactProduct.Error(a, b, product);
            Assert.Equal(Math.FusedMultiplyAdd(a, b, -product), error);
            inexact += error != 0 ? 1 : 0;
        }

        Assert.True(inexact > 90_000);
    }

    private static double Draw(ref CounterRandom random) =>
        Math.ScaleB(2 * random.NextUniform() - 1, random.NextInteger(200) - 100);
}
