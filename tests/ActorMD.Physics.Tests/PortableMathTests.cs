using System.Globalization;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Physics.Tests;

/// <summary>Against the system's library, which is good to one unit in the last place.</summary>
public sealed class PortableMathTests
{
    private const double UlpsAllowed = 2;
    private const int DrawCount = 200_000;

    [Fact]
    public void Logarithms_are_right_over_the_whole_range()
    {
        CounterRandom random = new(1, RandomStream.Testing);
        for (int n = 0; n < DrawCount; n++)
        {
            double x = BitConverter.UInt64BitsToDouble(random.NextBits() & 0x7FFFFFFFFFFFFFFFUL);
            if (double.IsFinite(x) && x > 0)
            {
                Compare(Math.Log(x), PortableMath.Log(x), x);
            }
        }
    }

    [Fact]
    public void Logarithms_are_right_near_one_and_at_the_ends()
    {
        CounterRandom random = new(2, RandomStream.Testing);
        for (int n = 0; n < DrawCount; n++)
        {
            double x = 1 + Math.Pow(10, -16 * random.NextUniform()) * (n % 2 == 0 ? -0.5 : 1);
            Compare(Math.Log(x), PortableMath.Log(x), x);
        }

        foreach (double x in new[] { 1, double.Epsilon, 2.2250738585072014e-308, double.MaxValue, Math.Sqrt(2), Math.Sqrt(0.5) })
        {
            Compare(Math.Log(x), PortableMath.Log(x), x);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Logarithms_of_other_numbers_are_refused(double x) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Log(x));

    [Fact]
    public void Exponentials_are_right_over_the_whole_range()
    {
        CounterRandom random = new(3, RandomStream.Testing);
        for (int n = 0; n < DrawCount; n++)
        {
            double x = n % 2 == 0 ? 1454 * random.NextUniform() - 744.5 : 4 * random.NextUniform() - 2;
            Compare(Math.Exp(x), PortableMath.Exp(x), x);
        }

        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(710));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(709.79));
        Assert.Equal(0, PortableMath.Exp(-746));
        Assert.Equal(double.NaN, PortableMath.Exp(double.NaN));
        Compare(Math.Exp(709.78), PortableMath.Exp(709.78), 709.78);
        Compare(Math.Exp(-745), PortableMath.Exp(-745), -745);
    }

    [Fact]
    public void Powers_are_good_to_the_rounding_of_their_exponent()
    {
        CounterRandom random = new(4, RandomStream.Testing);
        for (int n = 0; n < DrawCount; n++)
        {
            double x = Math.Pow(10, 20 * random.NextUniform() - 10), y = 6 * random.NextUniform() - 3;
            double expected = Math.Pow(x, y);
            double allowed = 4e-16 * (2 + Math.Abs(y * Math.Log(x)));
            Assert.True(Math.Abs(PortableMath.Pow(x, y) - expected) <= allowed * expected, $"{x:R}^{y:R}");
        }

        Assert.Equal(1, PortableMath.Pow(5, 0));
    }

    [Fact]
    public void Sines_and_cosines_of_turns_are_right()
    {
        // Against decimal arithmetic of 28 digits: the library's SinCosPi is off by five units near 1.
        CounterRandom random = new(5, RandomStream.Testing);
        for (int n = 0; n < DrawCount / 10; n++)
        {
            long m = (long)(random.NextBits() >> (11 + random.NextInteger(20)));
            double turns = Math.ScaleB(m, -53);
            (double sine, double cosine) = PortableMath.SinCosTurns(turns);
            (double expectedSine, double expectedCosine) = SinCosByDecimals(m);
            Compare(expectedSine, sine, turns);
            Compare(expectedCosine, cosine, turns);
        }
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0.25, 1, 0)]
    [InlineData(0.5, 0, -1)]
    [InlineData(0.75, -1, 0)]
    [InlineData(1, 0, 1)]
    public void Quarters_of_a_turn_are_exact(double turns, double sine, double cosine) =>
        Assert.Equal((sine, cosine), PortableMath.SinCosTurns(turns));

    // Of m 2^-53 turns: reduced exactly to an eighth of a turn about the nearest axis, then Taylor's series.
    private static (double Sine, double Cosine) SinCosByDecimals(long m)
    {
        long quarter = (m + (1L << 50)) >> 51;
        decimal angle = 6.2831853071795864769252867666m * (m - (quarter << 51)) / (1L << 53);
        decimal sine = angle, cosine = 1, term = angle;
        for (int n = 2; n < 26; n++)
        {
            term *= angle / n;
            decimal signed = n % 4 < 2 ? term : -term;
            _ = n % 2 == 0 ? cosine += signed : sine += signed;
        }

        // The conversion from decimal to double is not exactly rounded; the way over text is.
        (double s, double c) = (Rounded(sine), Rounded(cosine));
        return (quarter & 3) switch { 0 => (s, c), 1 => (c, -s), 2 => (-s, -c), _ => (-c, s) };

        static double Rounded(decimal x) =>
            double.Parse(x.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static void Compare(double expected, double actual, double argument) => Assert.True(
        Draws.UlpsApart(expected, actual) <= UlpsAllowed, $"at {argument:R}: {actual:R} instead of {expected:R}");
}
