using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>
/// Which of eight pairs of flights can meet: the closest approach of two straight flights within a time, in single precision.
/// </summary>
/// <remarks>
/// |r + tau g|^2 is smallest at tau = -r.g/g^2, or at an end of the time. It only rejects: along each axis r is off by no more than 1.5
/// steps and g by one, so that r + tau g is off by no more than 4.4 steps, for which six are allowed, and its product with g by 4.4 |g| +
/// 1.8 (|r| + |g|) steps: less than 6 sqrt(2 (r^2 + g^2)), and the root is less than 1 + (r^2 + g^2)/2. What single precision adds is less
/// than 2^-22 of the squares; 2^-18 is allowed.
/// </remarks>
internal readonly struct FlightTest
{
    public const int Lanes = 8;

    private const uint AllLanes = (1u << Lanes) - 1;
    private const float SquaresError = 1f / (1 << 18);
    private const float Tiny = 1e-30f; // no 0 / 0 for particles that fly alike
    private const float SlopeError = 6f / LatticeFlight.CellSteps;

    private readonly float _meetSquared; // distance of two flights that may meet, with all errors
    private readonly float _zoneSquared; // of two that may be members of a tuple

    /// <param name="contactRadius">Half of the largest distance at which two particles collide, in grid units.</param>
    /// <param name="zoneRadius">Half of the largest reach of a zone; 0 if there are no zones.</param>
    public FlightTest(float contactRadius, float zoneRadius)
    {
        HasZones = zoneRadius > 0;
        (_meetSquared, _zoneSquared) = (SquaredReach(contactRadius), SquaredReach(zoneRadius));
    }

    /// <summary>Whether pairs may be members of tuples.</summary>
    public bool HasZones { get; }

    /// <summary>One bit per pair that may collide.</summary>
    /// <param name="x">Distance of the two in the middle of the slice along the first axis.</param>
    /// <param name="y">Along the second axis.</param>
    /// <param name="z">Along the third axis.</param>
    /// <param name="u">Relative displacement in half a slice along the first axis.</param>
    /// <param name="v">Along the second axis.</param>
    /// <param name="w">Along the third axis.</param>
    /// <param name="from">First moment, tau in [-1, 1].</param>
    /// <param name="to">Last moment.</param>
    /// <param name="joins">One bit per pair that may come within the reach of a zone, whether it separates or not.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Meets(
        Vector256<float> x,
        Vector256<float> y,
        Vector256<float> z,
        Vector256<float> u,
        Vector256<float> v,
        Vector256<float> w,
        Vector256<float> from,
        Vector256<float> to,
        out uint joins)
    {
        Vector256<float> rr = Squared(x, y, z), gg = Squared(u, v, w) + Vector256.Create(Tiny), squares = rr + gg,
            rounding = squares * SquaresError;
        Vector256<float> b = Vector256.MultiplyAddEstimate(x, u, Vector256.MultiplyAddEstimate(y, v, z * w));
        Vector256<float> tau = Vector256.MinNative(Vector256.MaxNative(-b / gg, from), to);
        Vector256<float> squared = Vector256.MultiplyAddEstimate(tau, Vector256.MultiplyAddEstimate(tau, gg, b + b), rr);
        Vector256<float> slopeError = (squares * 0.5f + Vector256<float>.One) * SlopeError;
        Vector256<float> recedes = Vector256.GreaterThan(Vector256.MultiplyAddEstimate(from, gg, b), rounding + slopeError);
        joins = HasZones ? Vector256.LessThanOrEqual(squared, rounding + Vector256.Create(_zoneSquared)).ExtractMostSignificantBits() : 0;
        return (recedes | Vector256.GreaterThan(squared, rounding + Vector256.Create(_meetSquared)))
            .ExtractMostSignificantBits() ^ AllLanes;
    }

    /// <summary>Eight 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Widen(short* numbers) =>
        Vector256.ConvertToSingle(Vector256.WidenLower(Vector128.Load(numbers).ToVector256Unsafe()));

    private static float SquaredReach(float radius)
    {
        float reach = 2 * radius + (FlightLattice.RoundingSteps + 2f) / LatticeFlight.CellSteps;
        return reach * reach;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Squared(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(x, x, Vector256.MultiplyAddEstimate(y, y, z * z));
}
