using System.Numerics;
using System.Runtime.CompilerServices;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>
/// The random numbers of one cell in one step: a pure function of (seed, stream, run, step, cell), so that it does not matter
/// which thread treats the cell.
/// </summary>
/// <remarks>
/// The counter-based generator (<see cref="CounterRandom"/>) gives 128 bits for every step. The finalizer of SplitMix64, a
/// bijection, joins the cell to them: the start of a xoroshiro128++ sequence. Cells cost 4 ns then, and numbers 1 ns. Two of
/// 10^12 sequences of 10^6 numbers overlap with a probability below 10^-7. Blackman, Vigna, "Scrambled linear pseudorandom
/// number generators", ACM TOMS 47 (2021).
/// </remarks>
internal struct StreamRandom
{
    private ulong _low;
    private ulong _high;

    public StreamRandom(in StepKey key, int subject)
    {
        _low = Mix(key.Low + (ulong)subject * 0x9E3779B97F4A7C15UL);
        _high = Mix(key.High ^ ((ulong)subject * 0xD1B54A32D192ED03UL)) | 1; // the generator must not start from zero
    }

    /// <summary>64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextBits()
    {
        ulong low = _low, high = _high;
        ulong result = BitOperations.RotateLeft(low + high, 17) + low;
        high ^= low;
        _low = BitOperations.RotateLeft(low, 49) ^ high ^ (high << 21);
        _high = BitOperations.RotateLeft(high, 28);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in (0, 1], never zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextPositiveUniform() => ((NextBits() >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0..bound-1, without bias (Lemire's method on 32 bits).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextInteger(int bound)
    {
        ulong product = (NextBits() >> 32) * (uint)bound;
        return (uint)product < (uint)bound ? Retried(product, (uint)bound) : (int)(product >> 32);
    }

    /// <summary>Two independent standard normal numbers (Marsaglia's polar method: no sine).</summary>
    public (double First, double Second) NextNormalPair()
    {
        double p, q, radius;
        do
        {
            p = 2 * NextUniform() - 1;
            q = 2 * NextUniform() - 1;
            radius = p * p + q * q;
        }
        while (radius is >= 1 or 0);
        double factor = Math.Sqrt(-2 * PortableMath.Log(radius) / radius);
        return (factor * p, factor * q);
    }

    /// <summary>Length of a vector of two independent standard normal components.</summary>
    public double NextRayleigh() => Math.Sqrt(-2 * PortableMath.Log(NextPositiveUniform()));

    /// <summary>A vector of independent standard normal components; Z is 0 in two dimensions.</summary>
    public Vec3 NextNormalVector(int dimension)
    {
        (double x, double y) = NextNormalPair();
        return new Vec3(x, y, dimension == 3 ? NextNormalPair().First : 0);
    }

    /// <summary>A number above 0 with density proportional to r^p exp(-r^2/2), p from 0 to 2.</summary>
    public double NextLength(double power)
    {
        // Half its square has the Gamma law of shape (p+1)/2: that of one more, times a power of a uniform number.
        double shape = 0.5 * (power + 1);
        double more = NextGammaAboveOne(shape + 1);
        return Math.Sqrt(2 * more * PortableMath.Exp(PortableMath.Log(NextPositiveUniform()) / shape));
    }

    /// <summary>Gamma distributed with a whole shape of 1 or more and scale 1.</summary>
    /// <remarks>Marsaglia, Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 363 (2000).</remarks>
    public double NextGamma(long shape) => NextGammaAboveOne(shape);

    private double NextGammaAboveOne(double shape)
    {
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = NextNormalPair().First;
            double root = 1 + c * normal;
            if (root > 0)
            {
                double v = root * root * root;
                double bound = 0.5 * normal * normal + d * (1 - v + PortableMath.Log(v));
                if (PortableMath.Log(NextPositiveUniform()) < bound)
                {
                    return d * v;
                }
            }
        }
    }

    /// <summary>The m-th smallest of n independent uniform numbers: the Beta law (m, n+1-m).</summary>
    public double NextOrderStatistic(long m, long n)
    {
        const int DrawnCountMax = 16;
        if (n > DrawnCountMax)
        {
            double before = NextGamma(m), after = NextGamma(n + 1 - m);
            return before / (before + after);
        }

        Span<double> smallest = stackalloc double[DrawnCountMax + 1];
        for (int drawn = 0; drawn < n; drawn++)
        {
            double value = NextUniform();
            int at = drawn;
            for (; at > 0 && smallest[at - 1] > value; at--)
            {
                smallest[at] = smallest[at - 1];
            }

            smallest[at] = value;
        }

        return smallest[(int)m - 1];
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private int Retried(ulong product, uint bound)
    {
        uint threshold = (0 - bound) % bound;
        while ((uint)product < threshold)
        {
            product = (NextBits() >> 32) * bound;
        }

        return (int)(product >> 32);
    }
}
