using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>Which of eight listed flights can meet another one: the closest approach of two straight flights within a time.</summary>
/// <remarks>
/// |r + tau g|^2 is smallest at tau = -r.g/g^2, or at an end of the time. It only rejects: r.g is off by less than four times what a
/// distance may be off by, and what <see cref="FixedPoint"/> adds for flights of few bits; sums of squares are off by 2^-22 of their terms,
/// for which 2^-18 is allowed.
/// </remarks>
/// <param name="slopeMax">Pairs whose r.g grows beyond this separate, and cannot collide.</param>
internal readonly struct ListedFlightTest(float slopeMax)
{
    public const int Lanes = 8;

    public const uint AllLanes = (1u << Lanes) - 1;

    private const float SquaresError = 1f / (1 << 18);
    private const float Tiny = 1e-30f; // no 0 / 0 for particles that fly alike

    private readonly float _slopeMax = slopeMax;

    /// <summary>One bit per pair that may meet from a moment to the end of the slice.</summary>
    /// <param name="x">Distance of the two in the middle of the slice along the first axis.</param>
    /// <param name="y">Along the second axis.</param>
    /// <param name="z">Along the third axis.</param>
    /// <param name="u">Relative displacement in half a slice along the first axis.</param>
    /// <param name="v">Along the second axis.</param>
    /// <param name="w">Along the third axis.</param>
    /// <param name="low">The moment, tau in [-1, 1].</param>
    /// <param name="reachSquared">Square of the contact distance: <see cref="FixedPoint.SquareOf"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Meets(
        Vector256<float> x,
        Vector256<float> y,
        Vector256<float> z,
        Vector256<float> u,
        Vector256<float> v,
        Vector256<float> w,
        Vector256<float> low,
        Vector256<float> reachSquared)
    {
        Vector256<float> rr = Squared(x, y, z), gg = Squared(u, v, w) + Vector256.Create(Tiny);
        Vector256<float> b = Vector256.MultiplyAddEstimate(x, u, Vector256.MultiplyAddEstimate(y, v, z * w));
        Vector256<float> rounding = (rr + gg) * Vector256.Create(SquaresError);
        Vector256<float> slope = Vector256.MultiplyAddEstimate(low, gg, b);
        Vector256<float> tau = Vector256.MinNative(Vector256.MaxNative(-b / gg, low), Vector256<float>.One);
        Vector256<float> squared = Vector256.MultiplyAddEstimate(tau, Vector256.MultiplyAddEstimate(tau, gg, b + b), rr);
        Vector256<float> recedes = Vector256.GreaterThan(slope, rounding + Vector256.Create(_slopeMax));
        Vector256<float> misses = Vector256.GreaterThan(squared, rounding + reachSquared);
        return (recedes | misses).ExtractMostSignificantBits() ^ AllLanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Squared(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(x, x, Vector256.MultiplyAddEstimate(y, y, z * z));
}
