using System.Numerics;

namespace ActorMD.Physics.Tests;

/// <summary>Exact arithmetic with numbers m 2^e: sums, differences and products of doubles without any rounding.</summary>
internal readonly record struct Dyadic(BigInteger Mantissa, int Exponent)
{
    public static Dyadic Of(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        long mantissa = bits & 0xFFFFFFFFFFFFFL;
        (mantissa, exponent) = exponent == 0 ? (mantissa, -1074) : (mantissa | 1L << 52, exponent - 1075);
        return new Dyadic(bits < 0 ? -mantissa : mantissa, exponent);
    }

    public static Dyadic operator +(Dyadic a, Dyadic b)
    {
        int exponent = Math.Min(a.Exponent, b.Exponent);
        return new Dyadic(
            (a.Mantissa << (a.Exponent - exponent)) + (b.Mantissa << (b.Exponent - exponent)), exponent);
    }

    public static Dyadic operator -(Dyadic a) => new(-a.Mantissa, a.Exponent);

    public static Dyadic operator -(Dyadic a, Dyadic b) => a + -b;

    public static Dyadic operator *(Dyadic a, Dyadic b) => new(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);

    public int Sign => Mantissa.Sign;

    public Dyadic Abs => new(BigInteger.Abs(Mantissa), Exponent);

    /// <summary>The value to about 15 digits.</summary>
    public double Approximate
    {
        get
        {
            int excess = (int)Mantissa.GetBitLength() - 60;
            return excess > 0
                ? Math.ScaleB((double)(Mantissa >> excess), Exponent + excess)
                : Math.ScaleB((double)Mantissa, Exponent);
        }
    }

    /// <summary>|x|^2 of a vector given by its components.</summary>
    public static Dyadic SquaredLength(Dyadic x, Dyadic y, Dyadic z) => x * x + y * y + z * z;
}
