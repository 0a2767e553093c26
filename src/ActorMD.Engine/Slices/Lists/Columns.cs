using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>Eight records of four numbers as four vectors.</summary>
internal static unsafe class Columns
{
    /// <summary>Rows of four numbers from eight records become columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        int* s0,
        int* s1,
        int* s2,
        int* s3,
        int* s4,
        int* s5,
        int* s6,
        int* s7,
        out Vector256<int> first,
        out Vector256<int> second,
        out Vector256<int> third,
        out Vector256<int> fourth)
    {
        Vector256<int> r04 = Vector256.Create(Vector128.Load(s0), Vector128.Load(s4)),
            r15 = Vector256.Create(Vector128.Load(s1), Vector128.Load(s5));
        Vector256<int> r26 = Vector256.Create(Vector128.Load(s2), Vector128.Load(s6)),
            r37 = Vector256.Create(Vector128.Load(s3), Vector128.Load(s7));
        Vector256<int> low02 = UnpackLow(r04, r26), high02 = UnpackHigh(r04, r26); // x0 x2 y0 y2 | ...
        Vector256<int> low13 = UnpackLow(r15, r37), high13 = UnpackHigh(r15, r37);
        first = UnpackLow(low02, low13);
        second = UnpackHigh(low02, low13);
        third = UnpackLow(high02, high13);
        fourth = UnpackHigh(high02, high13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> UnpackLow(Vector256<int> a, Vector256<int> b) =>
        Avx2.IsSupported
            ? Avx2.UnpackLow(a, b)
            : Vector256.Create(UnpackLow(a.GetLower(), b.GetLower()), UnpackLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> UnpackHigh(Vector256<int> a, Vector256<int> b) =>
        Avx2.IsSupported
            ? Avx2.UnpackHigh(a, b)
            : Vector256.Create(UnpackHigh(a.GetLower(), b.GetLower()), UnpackHigh(a.GetUpper(), b.GetUpper()));

    private static Vector128<int> UnpackLow(Vector128<int> a, Vector128<int> b) => Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<int> UnpackHigh(Vector128<int> a, Vector128<int> b) => Vector128.Create(a[2], b[2], a[3], b[3]);
}
