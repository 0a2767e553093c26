using System.Runtime.CompilerServices;

namespace ActorMD.Physics.Numerics;

/// <summary>
/// Elementary functions from + - * / and sqrt alone, so that every machine returns the same bits. Whatever reaches the
/// digest, sampling of initial data included, uses these instead of the system's mathematics library.
/// </summary>
public static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01; // 33 leading bits of ln 2: k * Ln2High is exact
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Natural logarithm of a finite x &gt; 0; error below 2 units in the last place.</summary>
    /// <remarks>x = m 2^k with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m-1)/(m+1)) by its series.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "a finite number above 0 is needed");
        }

        int k = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0; // 2^54
            k = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        k += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }

        double s = (m - 1) / (m + 1);
        double z = s * s;
        // sum of z^n/(2n+1); written out, because a loop would divide at every term.
        double series = 1.0 / 25 * z;
        series = (series + 1.0 / 23) * z;
        series = (series + 1.0 / 21) * z;
        series = (series + 1.0 / 19) * z;
        series = (series + 1.0 / 17) * z;
        series = (series + 1.0 / 15) * z;
        series = (series + 1.0 / 13) * z;
        series = (series + 1.0 / 11) * z;
        series = (series + 1.0 / 9) * z;
        series = (series + 1.0 / 7) * z;
        series = (series + 1.0 / 5) * z;
        series = (series + 1.0 / 3) * z;
        return k * Ln2High + (2 * s + (2 * s * series + k * Ln2Low));
    }

    /// <summary>Exponential; error below 2 units in the last place. Overflows to +infinity, underflows to 0.</summary>
    /// <remarks>x = k ln 2 + r with |r| below 0.35; Taylor series of e^r.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x > 709.8)
        {
            return double.PositiveInfinity;
        }

        if (x < -745.2)
        {
            return 0;
        }

        double k = Math.Floor(x * 1.4426950408889634 + 0.5);
        double r = x - k * Ln2High - k * Ln2Low;
        double series = 0;
        for (int n = 16; n >= 2; n--)
        {
            series = (series + 1) * r / n;
        }

        double result = 1 + (r + r * series);
        return Math.ScaleB(result, (int)k);
    }

    /// <summary>x^y for x &gt; 0, as exp(y ln x): enough for box sizes and scalings, not correctly rounded.</summary>
    public static double Pow(double x, double y) => y == 0 ? 1 : Exp(y * Log(x));

    /// <summary>Sine and cosine of a whole number of turns: sin(2 pi u), cos(2 pi u), for u in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Sine, double Cosine) SinCosTurns(double turns)
    {
        double eighths = Math.Floor(turns * 8);
        int octant = (int)eighths & 7;
        // Within an octant use the angle to the nearer axis, at most 1/8 turn.
        double u = (octant & 1) == 0 ? turns - eighths * 0.125 : (eighths + 1) * 0.125 - turns;
        double angle = u * (2 * Math.PI);
        double z = angle * angle;
        double sine = 0, cosine = 0;
        for (int n = 18; n >= 2; n -= 2)
        {
            cosine = -(1 + cosine) * z / (n * (n - 1));
            sine = -(1 + sine) * z / (n * (n + 1));
        }

        sine = angle * (1 + sine);
        cosine = 1 + cosine;
        return octant switch
        {
            0 => (sine, cosine),
            1 => (cosine, sine),
            2 => (cosine, -sine),
            3 => (sine, -cosine),
            4 => (-sine, -cosine),
            5 => (-cosine, -sine),
            6 => (-cosine, sine),
            _ => (-sine, cosine),
        };
    }
}
