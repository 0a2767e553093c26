using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>Which of eight spheres overlap with another one.</summary>
internal static unsafe class SphereOverlap
{
    public const int Lanes = SphereRecords.Lanes;

    /// <summary>One bit per sphere that overlaps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Test(
        Vector256<float> ownX, Vector256<float> ownY, Vector256<float> ownZ, Vector256<float> ownR, float* x, float* y, float* z, float* r)
    {
        Vector256<float> squared = Squared(ownX - Vector256.Load(x), ownY - Vector256.Load(y), ownZ - Vector256.Load(z));
        Vector256<float> reach = ownR + Vector256.Load(r);
        return Vector256.LessThan(squared, reach * reach).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Squared(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(x, x, Vector256.MultiplyAddEstimate(y, y, z * z));
}

/// <summary>The sphere of the particle that searches, in all lanes.</summary>
internal readonly struct SphereLanes(float x, float y, float z, float r)
{
    public readonly Vector256<float> X = Vector256.Create(x), Y = Vector256.Create(y), Z = Vector256.Create(z), R = Vector256.Create(r);
}
