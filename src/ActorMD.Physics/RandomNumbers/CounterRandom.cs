using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Physics.Numerics;

namespace ActorMD.Physics.RandomNumbers;

/// <summary>
/// Random numbers that are a pure function of (seed, stream, subject, counter): which thread or domain computes them, and in which order,
/// does not matter.
/// </summary>
/// <remarks>Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.</remarks>
public struct CounterRandom
{
    private readonly ulong _seed;
    private readonly uint _stream;
    private readonly uint _subject;
    private ulong _counter;
    private ulong _spare;
    private bool _hasSpare;

    /// <summary>The sequence of one subject (a particle's id, a replica) in one stream.</summary>
    public CounterRandom(ulong seed, RandomStream stream, uint subject = 0, ulong counter = 0)
    {
        _seed = seed;
        _stream = (uint)stream;
        _subject = subject;
        _counter = counter;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        (ulong first, _spare) = Philox(_seed, (uint)_counter, (uint)(_counter >> 32), _subject, _stream);
        _counter++;
        _hasSpare = true;
        return first;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextUniform() => UniformOf(NextBits());

    /// <summary>64 random bits as a number that is uniform in [0, 1).</summary>
    public static double UniformOf(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>The 64 bits at a counter, and the next ones, for subjects that follow each other.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="firstSubject">The first subject.</param>
    /// <param name="counter">The same for all.</param>
    /// <param name="bits">Gets what each subject's sequence that begins at the counter has first.</param>
    /// <param name="next">Gets what it has second; as long as <paramref name="bits"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FillBits(
        ulong seed, RandomStream stream, uint firstSubject, ulong counter, Span<ulong> bits, Span<ulong> next)
    {
        int n = 0;
        if (Avx2.IsSupported)
        {
            for (; n + Vector256<ulong>.Count <= bits.Length; n += Vector256<ulong>.Count)
            {
                ulong subject = firstSubject + (uint)n;
                (Vector256<ulong> first, Vector256<ulong> second) = PhiloxOfFour(
                    seed, counter, Vector256.Create(subject, subject + 1, subject + 2, subject + 3), (uint)stream);
                first.CopyTo(bits[n..]);
                second.CopyTo(next[n..]);
            }
        }

        for (; n < bits.Length; n++)
        {
            (bits[n], next[n]) = Philox(seed, (uint)counter, (uint)(counter >> 32), firstSubject + (uint)n, (uint)stream);
        }
    }

    /// <summary>Uniform in (0, 1], never zero.</summary>
    public double NextPositiveUniform() => ((NextBits() >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0..bound-1, without bias.</summary>
    public int NextInteger(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong range = (ulong)bound;
        ulong threshold = (0 - range) % range;
        while (true)
        {
            UInt128 product = (UInt128)NextBits() * range;
            if ((ulong)product >= threshold)
            {
                return (int)(product >> 64);
            }
        }
    }

    /// <summary>Two independent standard normal numbers (Box and Muller).</summary>
    public (double First, double Second) NextNormalPair()
    {
        double radius = Math.Sqrt(-2 * PortableMath.Log(NextPositiveUniform()));
        (double sine, double cosine) = PortableMath.SinCosTurns(NextUniform());
        return (radius * cosine, radius * sine);
    }

    /// <summary>A vector of independent standard normal components; Z is 0 in two dimensions.</summary>
    public Vec3 NextNormalVector(int dimension)
    {
        (double x, double y) = NextNormalPair();
        return new Vec3(x, y, dimension == 3 ? NextNormalPair().First : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong First, ulong Second) Philox(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (((ulong)c1 << 32) | c0, ((ulong)c3 << 32) | c2);
    }

    // Four subjects, the words of each in the lower halves of 64 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<ulong> First, Vector256<ulong> Second) PhiloxOfFour(
        ulong key, ulong counter, Vector256<ulong> subjects, uint stream)
    {
        Vector256<uint> m0 = Vector256.Create(0xD2511F53UL).AsUInt32(), m1 = Vector256.Create(0xCD9E8D57UL).AsUInt32();
        Vector256<ulong> c0 = Vector256.Create((ulong)(uint)counter), c1 = Vector256.Create(counter >> 32), c2 = subjects,
            c3 = Vector256.Create((ulong)stream);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(m0, c0.AsUInt32()), p1 = Avx2.Multiply(m1, c2.AsUInt32());
            c0 = (p1 >> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c2 = (p0 >> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            (c1, c3) = (p1, p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue);
        return ((c1 << 32) | (c0 & low), (c3 << 32) | (c2 & low));
    }
}
