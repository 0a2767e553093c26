using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorMD.Physics.Numerics;

/// <summary>
/// A sum of doubles without any rounding until it is read: it does not depend on the order of the terms, nor on how they
/// were divided over domains.
/// </summary>
/// <remarks>
/// Idea: one integer wide enough for every finite double (Kulisch's accumulator), held as signed 64-bit limbs of 32 bits
/// each. A term touches three limbs; carries wait in the upper halves and are propagated long before these can overflow.
/// </remarks>
public sealed class ExactSum
{
    private const int LimbBits = 32;
    private const int LowestExponent = -1074;
    private const int LimbCount = (1024 - LowestExponent + 64) / LimbBits + 2;
    private const int TermCountMax = 1 << 29;

    private readonly long[] _limbs = new long[LimbCount];
    private int _termCount;

    /// <summary>Number of 64-bit words in <see cref="Export"/>.</summary>
    public static int WordCount => LimbCount;

    /// <summary>Adds a finite number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        if (exponent == 0x7FF)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "only finite numbers can be summed");
        }

        ulong mantissa = (ulong)bits & 0xFFFFFFFFFFFFFUL;
        if (exponent == 0)
        {
            exponent = 1;
        }
        else
        {
            mantissa |= 1UL << 52;
        }

        int position = exponent - 1; // mantissa * 2^(position - 1074)
        int limb = position / LimbBits;
        int shift = position % LimbBits;
        ulong lower = mantissa << shift, upper = mantissa >> 1 >> (63 - shift);
        long sign = bits >> 63; // 0 or -1: no branch, since nobody could guess it
        Span<long> limbs = _limbs.AsSpan(limb, 3);
        limbs[2] += ((long)upper ^ sign) - sign;
        limbs[1] += ((long)(lower >> LimbBits) ^ sign) - sign;
        limbs[0] += ((uint)lower ^ sign) - sign;

        if (++_termCount == TermCountMax)
        {
            Normalize();
        }
    }

    /// <summary>Adds all of another sum.</summary>
    public void Add(ExactSum other)
    {
        other.Normalize();
        Normalize();
        for (int i = 0; i < LimbCount; i++)
        {
            _limbs[i] += other._limbs[i];
        }

        _termCount += 1;
    }

    /// <summary>The sum, rounded once to the nearest double.</summary>
    public double Value
    {
        get
        {
            Normalize();
            BigInteger total = BigInteger.Zero;
            for (int i = LimbCount - 1; i >= 0; i--)
            {
                total = (total << LimbBits) + _limbs[i];
            }

            return Scale(total);
        }
    }

    public void Clear()
    {
        Array.Clear(_limbs);
        _termCount = 0;
    }

    /// <summary>The exact value as words, for a checkpoint.</summary>
    public long[] Export()
    {
        Normalize();
        return (long[])_limbs.Clone();
    }

    /// <summary>Restores what <see cref="Export"/> gave.</summary>
    public static ExactSum Import(ReadOnlySpan<long> words)
    {
        if (words.Length != LimbCount)
        {
            throw new ArgumentException($"an exact sum has {LimbCount} words, not {words.Length}", nameof(words));
        }

        ExactSum sum = new();
        words.CopyTo(sum._limbs);
        return sum;
    }

    private void Normalize()
    {
        long carry = 0;
        for (int i = 0; i < LimbCount; i++)
        {
            long limb = _limbs[i] + carry;
            carry = limb >> LimbBits; // floor, so every limb but the last ends in [0, 2^32)
            _limbs[i] = limb & 0xFFFFFFFFL;
        }

        _limbs[LimbCount - 1] += carry << LimbBits;
        _termCount = 0;
    }

    // total * 2^-1074, rounded to nearest even by hand: BigInteger's own conversion truncates.
    private static double Scale(BigInteger total)
    {
        if (total.IsZero)
        {
            return 0;
        }

        bool negative = total.Sign < 0;
        BigInteger magnitude = BigInteger.Abs(total);
        int excess = (int)magnitude.GetBitLength() - 53;
        int exponent = 0;
        if (excess > 0)
        {
            BigInteger rest = magnitude & ((BigInteger.One << excess) - 1);
            BigInteger half = BigInteger.One << (excess - 1);
            magnitude >>= excess;
            if (rest > half || (rest == half && !magnitude.IsEven))
            {
                magnitude += 1;
            }

            exponent = excess;
        }

        double result = Math.ScaleB((double)(ulong)magnitude, exponent + LowestExponent);
        return negative ? -result : result;
    }
}
