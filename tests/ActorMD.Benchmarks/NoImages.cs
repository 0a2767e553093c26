using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Physics;

namespace ActorMD.Benchmarks;

/// <summary>All candidates are seen where they are.</summary>
internal readonly struct NoImages : IImageShifts, IImageCounts
{
    public void Shift(int index, int entry, out double x, out double y, out double z) => (x, y, z) = (0, 0, 0);

    public void AddFour(
        int index, Vector128<int> entries, ref Vector256<double> x, ref Vector256<double> y, ref Vector256<double> z)
    {
    }

    public Int3 Boxes(int index, int entry) => Int3.Zero;
}
