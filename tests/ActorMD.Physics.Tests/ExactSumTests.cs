using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

public sealed class ExactSumTests
{
    [Theory]
    [InlineData(0)] // ordinary sizes
    [InlineData(1)] // the whole range of exponents
    [InlineData(2)] // subnormal numbers
    [InlineData(3)] // nearly complete cancellation
    public void The_sum_is_the_exact_one_rounded_once(int kind)
    {
        CounterRandom random = new(1, RandomStream.Testing, (uint)kind);
        for (int run = 0; run < 200; run++)
        {
            double[] terms = Terms(ref random, kind, 1 + random.NextInteger(100));
            ExactSum sum = new();
            Dyadic exact = new(0, 0);
            foreach (double term in terms)
            {
                sum.Add(term);
                exact += Dyadic.Of(term);
            }

            AssertNearestEven(exact, sum.Value);
        }
    }

    [Theory]
    [InlineData(new[] { 1.0, 1.1102230246251565e-16 }, 1.0)] // half a unit: to even, down
    [InlineData(new[] { 1.0000000000000002, 1.1102230246251565e-16 }, 1.0000000000000004)] // to even, up
    [InlineData(new[] { 1.0, 1.1102230246251565e-16, 5e-324 }, 1.0000000000000002)] // just above half
    [InlineData(new[] { -1.0, -1.1102230246251565e-16 }, -1.0)]
    [InlineData(new[] { 1e308, 1e308, -1e308 }, 1e308)] // no overflow on the way
    [InlineData(new[] { 1e308, 1e308 }, double.PositiveInfinity)]
    [InlineData(new[] { -1e308, -1e308 }, double.NegativeInfinity)]
    [InlineData(new[] { 1e300, 1.0, -1e300 }, 1.0)]
    [InlineData(new[] { 5e-324, 5e-324 }, 1e-323)]
    [InlineData(new[] { 2.2250738585072014e-308, -5e-324 }, 2.2250738585072009e-308)]
    [InlineData(new double[0], 0.0)]
    public void Nasty_sums_come_out_right(double[] terms, double expected)
    {
        ExactSum sum = new();
        foreach (double term in terms)
        {
            sum.Add(term);
        }

        Assert.Equal(expected, sum.Value);
    }

    [Fact]
    public void The_order_and_the_division_of_the_terms_do_not_matter()
    {
        CounterRandom random = new(2, RandomStream.Testing);
        double[] terms = Terms(ref random, 1, 3000);
        ExactSum forwards = new(), backwards = new(), left = new(), right = new();
        for (int n = 0; n < terms.Length; n++)
        {
            forwards.Add(terms[n]);
            backwards.Add(terms[^(n + 1)]);
            (n % 3 == 0 ? left : right).Add(terms[n]);
        }

        left.Add(right);
        Assert.Equal(forwards.Export(), backwards.Export());
        Assert.Equal(forwards.Export(), left.Export());
        Assert.Equal(forwards.Value, left.Value);
    }

    [Fact]
    public void A_sum_survives_export_and_import_and_goes_on()
    {
        CounterRandom random = new(3, RandomStream.Testing);
        double[] terms = Terms(ref random, 0, 1000);
        ExactSum whole = new(), first = new();
        foreach (double term in terms)
        {
            whole.Add(term);
        }

        foreach (double term in terms[..500])
        {
            first.Add(term);
        }

        ExactSum restored = ExactSum.Import(first.Export());
        Assert.Equal(ExactSum.WordCount, first.Export().Length);
        Assert.Equal(first.Value, restored.Value);
        foreach (double term in terms[500..])
        {
            restored.Add(term);
        }

        Assert.Equal(whole.Export(), restored.Export());
        restored.Clear();
        Assert.Equal(0, restored.Value);
        Assert.Throws<ArgumentException>(() => ExactSum.Import(new long[3]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Only_finite_numbers_can_be_summed(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExactSum().Add(value));

    private static double[] Terms(ref CounterRandom random, int kind, int count)
    {
        double[] terms = new double[count];
        for (int n = 0; n < count; n++)
        {
            ulong bits = random.NextBits();
            terms[n] = kind switch
            {
                0 => random.NextNormalPair().First,
                1 => BitConverter.UInt64BitsToDouble(bits & ~(1UL << 62)), // exponents below 1024/2, so that sums stay finite
                2 => BitConverter.UInt64BitsToDouble(bits & 0x800FFFFFFFFFFFFFUL),
                _ => n % 2 == 1 ? -terms[n - 1] * (1 + random.NextInteger(3) * 2.220446049250313e-16) : random.NextNormalPair().First,
            };
        }

        return terms;
    }

    private static void AssertNearestEven(Dyadic exact, double rounded)
    {
        Dyadic error = (exact - Dyadic.Of(rounded)).Abs;
        foreach (double other in new[] { Math.BitIncrement(rounded), Math.BitDecrement(rounded) })
        {
            int sign = (error - (exact - Dyadic.Of(other)).Abs).Sign;
            Assert.True(sign <= 0, $"{rounded:R} is farther away than {other:R}");
            bool isEven = (BitConverter.DoubleToInt64Bits(rounded) & 1) == 0;
            Assert.True(sign < 0 || isEven, $"{rounded:R} is a tie rounded to odd");
        }
    }
}
