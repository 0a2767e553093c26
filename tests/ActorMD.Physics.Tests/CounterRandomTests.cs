using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

public sealed class CounterRandomTests
{
    // Salmon et al. (2011), known-answer vectors of philox4x32-10; the words c0, c1 and c2, c3 make two 64-bit numbers.
    [Theory]
    [InlineData(0UL, 0U, 0U, 0UL, 0xe169c58d_6627e8d5UL, 0x9b00dbd8_bc57ac4cUL)]
    [InlineData(ulong.MaxValue, uint.MaxValue, uint.MaxValue, ulong.MaxValue, 0x41c83b0e_408f276dUL, 0x6d5451fd_a20bc7c6UL)]
    [InlineData(0x299f31d0_a4093822UL, 0x03707344U, 0x13198a2eU, 0x85a308d3_243f6a88UL, 0x94fdcceb_d16cfe09UL, 0x24126ea1_5001e420UL)]
    public void The_bits_are_those_of_philox(ulong seed, uint stream, uint subject, ulong counter, ulong first, ulong second)
    {
        CounterRandom random = new(seed, (RandomStream)stream, subject, counter);
        Assert.Equal(first, random.NextBits());
        Assert.Equal(second, random.NextBits());
    }

    [Fact]
    public void A_sequence_can_be_entered_at_any_counter()
    {
        CounterRandom whole = new(7, RandomStream.Testing, 3), later = new(7, RandomStream.Testing, 3, counter: 5);
        for (int n = 0; n < 10; n++)
        {
            whole.NextBits();
        }

        for (int n = 0; n < 10; n++)
        {
            Assert.Equal(whole.NextBits(), later.NextBits());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    public void Many_subjects_at_once_have_the_bits_of_their_sequences(int count)
    {
        const uint First = uint.MaxValue - 20; // subjects fill 32 bits, and so do the halves of this counter
        const ulong Counter = 0x85a308d3_fffffff0UL;
        ulong[] bits = new ulong[count], next = new ulong[count];
        CounterRandom.FillBits(7, RandomStream.Testing, First, Counter, bits, next);
        for (int n = 0; n < count; n++)
        {
            CounterRandom random = new(7, RandomStream.Testing, First + (uint)n, Counter);
            Assert.Equal(random.NextBits(), bits[n]);
            Assert.Equal(random.NextBits(), next[n]);
        }
    }

    [Fact]
    public void Seeds_streams_and_subjects_give_different_sequences()
    {
        ulong[] first =
        [
            new CounterRandom(1, RandomStream.Testing).NextBits(),
            new CounterRandom(2, RandomStream.Testing).NextBits(),
            new CounterRandom(1UL << 32, RandomStream.Testing).NextBits(),
            new CounterRandom(1, RandomStream.Growth).NextBits(),
            new CounterRandom(1, RandomStream.Testing, 1).NextBits(),
        ];
        Assert.Equal(first.Length, first.Distinct().Count());
    }

    [Fact]
    public void Uniform_numbers_are_uniform()
    {
        const int count = 100_000;
        CounterRandom random = new(11, RandomStream.Testing);
        double[] draws = new double[count];
        for (int n = 0; n < count; n++)
        {
            draws[n] = random.NextUniform();
        }

        Assert.All(draws, u => Assert.True(u is >= 0 and < 1));
        Assert.Equal(0.5, draws.Average(), 4 / Math.Sqrt(12.0 * count));
        Assert.True(KolmogorovSmirnov(draws, u => u) < 1.95 / Math.Sqrt(count)); // passed with probability 0.999
    }

    [Fact]
    public void Positive_uniform_numbers_are_never_zero()
    {
        CounterRandom zero = new(12, RandomStream.Testing);
        for (int n = 0; n < 10_000; n++)
        {
            Assert.InRange(zero.NextPositiveUniform(), double.Epsilon, 1);
        }
    }

    [Fact]
    public void Normal_numbers_are_normal()
    {
        const int count = 100_000;
        CounterRandom random = new(13, RandomStream.Testing);
        double[] draws = new double[count];
        double product = 0;
        for (int n = 0; n < count; n += 2)
        {
            (draws[n], draws[n + 1]) = random.NextNormalPair();
            product += draws[n] * draws[n + 1];
        }

        // Moments 0, 1, 0, 3 with variances 1, 2, 15, 96 over n; the members of a pair are uncorrelated.
        Assert.Equal(0, draws.Average(), 4 / Math.Sqrt(count));
        Assert.Equal(1, draws.Average(x => x * x), 4 * Math.Sqrt(2.0 / count));
        Assert.Equal(0, draws.Average(x => x * x * x), 4 * Math.Sqrt(15.0 / count));
        Assert.Equal(3, draws.Average(x => x * x * x * x), 4 * Math.Sqrt(96.0 / count));
        Assert.Equal(0, product / (count / 2.0), 4 / Math.Sqrt(count / 2.0));
        Assert.True(KolmogorovSmirnov(draws, NormalDistribution) < 1.95 / Math.Sqrt(count));
    }

    [Fact]
    public void Normal_vectors_of_the_plane_have_no_third_component()
    {
        CounterRandom random = new(14, RandomStream.Testing);
        Assert.Equal(0, random.NextNormalVector(2).Z);
        Assert.NotEqual(0, random.NextNormalVector(3).Z);
    }

    [Fact]
    public void Integers_are_equally_frequent()
    {
        const int count = 70_000;
        CounterRandom random = new(15, RandomStream.Testing);
        int[] frequencies = new int[7];
        for (int n = 0; n < count; n++)
        {
            frequencies[random.NextInteger(7)]++;
        }

        double chiSquare = frequencies.Sum(f => Math.Pow(f - count / 7.0, 2) / (count / 7.0));
        Assert.InRange(chiSquare, 0.4, 22.5); // six degrees of freedom, 0.001 on either side
        Assert.Equal(0, random.NextInteger(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInteger(0));
    }

    private static double KolmogorovSmirnov(double[] draws, Func<double, double> distribution)
    {
        double[] sorted = [.. draws.Order()];
        double worst = 0;
        for (int n = 0; n < sorted.Length; n++)
        {
            double f = distribution(sorted[n]);
            worst = Math.Max(worst, Math.Max(f - (double)n / sorted.Length, (n + 1.0) / sorted.Length - f));
        }

        return worst;
    }

    // Abramowitz and Stegun 26.2.17, error below 7.5e-8.
    private static double NormalDistribution(double x)
    {
        double t = 1 / (1 + 0.2316419 * Math.Abs(x));
        double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x > 0 ? 1 - tail : tail;
    }
}
