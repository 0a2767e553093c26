using System.Runtime.CompilerServices;
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
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

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
}
