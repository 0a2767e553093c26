using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorMD.Engine.Calendar;

/// <summary>
/// Decides in single precision which particles of a cell can come within a reach of a given particle. May accept too many,
/// never rejects one that the exact prediction would accept.
/// </summary>
/// <remarks>
/// Two free flights r + g s come within a reach R if b = r.g is negative (or |r| is below R) and |r x g|^2 is below R^2 g^2.
/// With r off by e_r and g off by e_v through single precision, a true approach still has
/// |r x g| below (R + e_r)|g| + (|r| + R) e_v, and (a + b)^2 is below 1.01 a^2 + 101 b^2. Two particles that fly almost alike may
/// have the wrong sign of b; until the caches are rebuilt they come closer by e_r at most, so all within R + 3 e_r are accepted. Speeds
/// above the limit for which e_v and e_r are stated, and regions that reach to infinity, switch the filter off; so do units in which the
/// products leave the range of single precision: infinity would reject what approaches, and so would a bound that has vanished.
/// </remarks>
internal readonly struct CellFilter
{
    private const float Rounding = 1f / (1 << 22);
    private const float ProductRounding = 1 - 2e-6f;

    // Single precision ends at 3.4e38; below 1.2e-38 it loses digits, which must be far less than the bound.
    private const double ProductMin = 1e-30, ProductMax = 1e36;

    private readonly float _gainOfSpeed;
    private readonly float _gainOfDistance;
    private readonly float _constant;
    private readonly float _speedLimitSquared;

    /// <param name="reach">R.</param>
    /// <param name="width">Widest cell.</param>
    /// <param name="duration">Time span for which the caches live.</param>
    /// <param name="speedLimit">Faster particles are always accepted.</param>
    public CellFilter(double reach, double width, double duration, double speedLimit)
    {
        double errorOfPlace = Rounding * (duration * speedLimit + 8 * width);
        double errorOfVelocity = Rounding * speedLimit;
        double length = duration * speedLimit + 8 * width, velocityGain = 204 * errorOfVelocity * errorOfVelocity;
        bool isInRange = Math.Min(Math.Min(reach * reach, velocityGain), velocityGain * reach * reach) > ProductMin
            && 16 * Math.Max(Math.Max(length * length, speedLimit * speedLimit), length * length * speedLimit * speedLimit) < ProductMax;
        IsUseful = Avx2.IsSupported && errorOfPlace < reach && isInRange;
        double widened = reach + 3 * errorOfPlace;
        _gainOfSpeed = (float)(1.02 * widened * widened);
        _gainOfDistance = (float)velocityGain;
        _constant = (float)(velocityGain * reach * reach);
        _speedLimitSquared = (float)(speedLimit * speedLimit);
    }

    /// <summary>Whether single precision can tell anything at all here.</summary>
    public bool IsUseful { get; }

    /// <summary>Whether a particle is too fast for the stated errors.</summary>
    public bool IsTooFast(double speedSquared) => !(speedSquared < _speedLimitSquared);

    /// <summary>One bit per lane of a block: can come within the reach.</summary>
    /// <param name="block">A block of <see cref="CellRecords"/>.</param>
    /// <param name="own">The particle, seen from the corner of that cell.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe uint Accept(float* block, Query* own)
    {
        Vector256<float> since = Vector256.Create(own->Time) - Vector256.Load(block + 4 * CellRecords.Row);
        Vector256<float> u = Vector256.Load(block + 5 * CellRecords.Row);
        Vector256<float> v = Vector256.Load(block + 6 * CellRecords.Row);
        Vector256<float> w = Vector256.Load(block + 7 * CellRecords.Row);
        Vector256<float> speeds = Dot(u, v, w, u, v, w);
        Vector256<float> x = Vector256.MultiplyAddEstimate(u, since, Vector256.Load(block + CellRecords.Row) - Vector256.Create(own->X));
        Vector256<float> y = Vector256.MultiplyAddEstimate(
            v, since, Vector256.Load(block + 2 * CellRecords.Row) - Vector256.Create(own->Y));
        Vector256<float> z = Vector256.MultiplyAddEstimate(
            w, since, Vector256.Load(block + 3 * CellRecords.Row) - Vector256.Create(own->Z));
        u -= Vector256.Create(own->U);
        v -= Vector256.Create(own->V);
        w -= Vector256.Create(own->W);
        Vector256<float> b = Dot(x, y, z, u, v, w);
        Vector256<float> rr = Dot(x, y, z, x, y, z);
        Vector256<float> gg = Dot(u, v, w, u, v, w);
        Vector256<float> gain = Vector256.Create(_gainOfSpeed);
        Vector256<float> bound = Vector256.MultiplyAddEstimate(
            gg, gain, Vector256.MultiplyAddEstimate(rr, Vector256.Create(_gainOfDistance), Vector256.Create(_constant)));
        Vector256<float> near = Vector256.GreaterThan(
            Vector256.MultiplyAddEstimate(b, b, bound), rr * gg * Vector256.Create(ProductRounding));
        Vector256<float> approaches = Vector256.LessThan(b, Vector256<float>.Zero);
        Vector256<float> inside = Vector256.LessThanOrEqual(rr, gain);
        Vector256<float> fast = Vector256.GreaterThanOrEqual(speeds, Vector256.Create(_speedLimitSquared));
        return ((near & approaches) | inside | fast).ExtractMostSignificantBits();
    }

    /// <summary>The particle that looks for candidates, in single precision.</summary>
    public struct Query
    {
        /// <summary>Coordinates from the corner of the cell that is looked at, at the time.</summary>
        public float X, Y, Z;

        public float U, V, W;

        /// <summary>Present time.</summary>
        public float Time;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Dot(
        Vector256<float> ax, Vector256<float> ay, Vector256<float> az, Vector256<float> bx, Vector256<float> by, Vector256<float> bz) =>
        Vector256.MultiplyAddEstimate(az, bz, Vector256.MultiplyAddEstimate(ay, by, ax * bx));
}
