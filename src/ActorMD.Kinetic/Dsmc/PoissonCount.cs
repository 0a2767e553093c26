using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>Draws from the Poisson law with a mean on a grid, exact to rounding.</summary>
/// <remarks>
/// By inversion, summing the probabilities from 0 on; a large mean is the sum of means of at most 32. A majorant rate may always
/// be a little larger, so its mean is rounded up to the grid, and the probabilities of 0 come from a table. For small means a table has the
/// probabilities of at most 0, 1, ..., 7, too: how many of them a uniform number is not below is the count, without a branch that no
/// processor can foresee.
/// </remarks>
internal static class PoissonCount
{
    /// <summary>The largest mean of <see cref="Invert"/>.</summary>
    public const double MeanMax = 32;

    private const double PerUnit = 16;
    private const int CountMax = 256; // beyond it lies a probability below 1e-100

    private static readonly double[] Inverses = [.. Enumerable.Range(0, CountMax + 1).Select(n => n == 0 ? 0 : 1.0 / n)];

    private static readonly double[] NoneOf =
        [.. Enumerable.Range(0, (int)(MeanMax * PerUnit) + 1).Select(m => PortableMath.Exp(-m / PerUnit))];

    private const int TabledMeanMax = 4;
    private const int TabledCount = 8;

    private static readonly double[] AtMost = [.. Enumerable.Range(0, (int)(TabledMeanMax * PerUnit) + 1).SelectMany(Sums)];

    /// <summary>The next mean of the grid, which is not smaller.</summary>
    public static double RoundUp(double mean) => Math.Ceiling(mean * PerUnit) * (1 / PerUnit);

    /// <summary>The same for four means.</summary>
    public static Vector256<double> RoundUp(Vector256<double> means) => Vector256.Ceiling(means * PerUnit) * (1 / PerUnit);

    /// <summary>A Poisson number.</summary>
    /// <param name="random">Of the draws.</param>
    /// <param name="mean">Of the grid.</param>
    public static long Draw(ref StreamRandom random, double mean)
    {
        long count = 0;
        while (mean > MeanMax)
        {
            count += Invert(random.NextUniform(), MeanMax);
            mean -= MeanMax;
        }

        return count + Invert(random.NextUniform(), mean);
    }

    /// <summary>The Poisson number that a uniform number in [0, 1) stands for.</summary>
    /// <param name="drawn">The uniform number.</param>
    /// <param name="mean">Of the grid, at most <see cref="MeanMax"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Invert(double drawn, double mean)
    {
        int place = (int)(mean * PerUnit);
        if (mean <= TabledMeanMax)
        {
            ref double sums = ref MemoryMarshal.GetArrayDataReference(AtMost);
            Vector256<double> wide = Vector256.Create(drawn);
            nuint at = (nuint)(place * TabledCount);
            uint few = Vector256.GreaterThanOrEqual(wide, Vector256.LoadUnsafe(ref sums, at)).ExtractMostSignificantBits();
            uint many = Vector256.GreaterThanOrEqual(wide, Vector256.LoadUnsafe(ref sums, at + 4)).ExtractMostSignificantBits();
            if (many != 0b1111)
            {
                return BitOperations.PopCount(few | many << 4);
            }
        }

        return Sum(drawn, mean, place);
    }

    private static int Sum(double drawn, double mean, int place)
    {
        double probability = NoneOf[place];
        double left = drawn - probability;
        int count = 0;
        while (left >= 0 && count < CountMax)
        {
            count++;
            probability *= mean * Inverses[count];
            left -= probability;
        }

        return count;
    }

    // The probabilities of at most 0, 1, ... where the mean is so many steps of the grid.
    private static IEnumerable<double> Sums(int place)
    {
        double probability = NoneOf[place], sum = 0;
        for (int count = 0; count < TabledCount; count++)
        {
            sum += probability;
            yield return sum;
            probability *= place / PerUnit * Inverses[count + 1];
        }
    }
}
