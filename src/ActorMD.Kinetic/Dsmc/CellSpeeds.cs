using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>Sums over the velocities of neighbouring particles: in four lanes on every machine, so that all get the same bits.</summary>
/// <remarks>What lies beyond the end is masked: arrays of velocities have room behind the last particle.</remarks>
internal static class CellSpeeds
{
    /// <summary>The sum of one component.</summary>
    public static double Sum(ref double values, int first, int end)
    {
        Vector256<double> lanes = Vector256<double>.Zero;
        int i = first;
        for (; i <= end - 4; i += 4)
        {
            lanes += Vector256.LoadUnsafe(ref values, (nuint)i);
        }

        double sum = (lanes.GetElement(0) + lanes.GetElement(1)) + (lanes.GetElement(2) + lanes.GetElement(3));
        for (; i < end; i++)
        {
            sum += Unsafe.Add(ref values, i);
        }

        return sum;
    }

    /// <summary>The mean velocity of particles.</summary>
    public static (double X, double Y, double Z) MeanOf(ref double vx, ref double vy, ref double vz, int first, int end)
    {
        Vector256<double> wx = Vector256<double>.Zero, wy = wx, wz = wx;
        for (int i = first; i < end; i += 4)
        {
            Vector256<double> mask = MaskOf(end - i);
            wx += Vector256.LoadUnsafe(ref vx, (nuint)i) & mask;
            wy += Vector256.LoadUnsafe(ref vy, (nuint)i) & mask;
            wz += Vector256.LoadUnsafe(ref vz, (nuint)i) & mask;
        }

        double share = 1.0 / (end - first);
        return (Lanes(wx) * share, Lanes(wy) * share, Lanes(wz) * share);

        static double Lanes(Vector256<double> w) => (w.GetElement(0) + w.GetElement(1)) + (w.GetElement(2) + w.GetElement(3));
    }

    /// <summary>The largest square of a speed relative to a velocity.</summary>
    public static double LargestSquare(
        ref double vx, ref double vy, ref double vz, int first, int end, double x, double y, double z)
    {
        Vector256<double> wide = Vector256<double>.Zero;
        for (int i = first; i < end; i += 4)
        {
            Vector256<double> wx = Vector256.LoadUnsafe(ref vx, (nuint)i) - Vector256.Create(x);
            Vector256<double> wy = Vector256.LoadUnsafe(ref vy, (nuint)i) - Vector256.Create(y);
            Vector256<double> wz = Vector256.LoadUnsafe(ref vz, (nuint)i) - Vector256.Create(z);
            wide = Vector256.MaxNative(wide, (wx * wx + wy * wy + wz * wz) & MaskOf(end - i));
        }

        Vector128<double> half = Vector128.MaxNative(wide.GetLower(), wide.GetUpper());
        return Math.Max(half.GetElement(0), half.GetElement(1));
    }

    private static Vector256<double> MaskOf(int count) =>
        Vector256.LessThan(Vector256.Create(0.0, 1, 2, 3), Vector256.Create((double)count));
}
