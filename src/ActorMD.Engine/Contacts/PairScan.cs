using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Contacts;

/// <summary>Candidate partners of one particle: slots, and for those in another image the shift.</summary>
internal static class Candidate
{
    /// <summary>Set in an entry whose particle is seen in another periodic image.</summary>
    public const int ShiftedFlag = int.MinValue;

    public const int SlotMask = int.MaxValue;
}

/// <summary>Whole box lengths to be added to a candidate's position. Asked only for entries with the flag.</summary>
internal unsafe interface IImageShifts
{
    /// <summary>Shift of the candidate at an index of the buffer, in lengths: the count times L, exactly.</summary>
    void Shift(int index, int entry, out double x, out double y, out double z);

    /// <summary>Adds the shifts of four candidates at once; bit for bit like <see cref="Shift"/>.</summary>
    void AddFour(int index, Vector128<int> entries, ref Vector256<double> x, ref Vector256<double> y, ref Vector256<double> z);
}

/// <summary>Earliest contact of one particle with a buffer of candidates: the innermost loop of the engine.</summary>
/// <remarks>
/// The IEEE operations are those of <see cref="PairEvent.Time"/> in the same order, four candidates at a time where
/// AVX2 exists. Exact ties between candidates are rare; they are noticed and decided by particle id in the scalar twin.
/// </remarks>
internal static unsafe class PairScan<TSizes, TImages>
    where TSizes : struct, IContactDistances<TSizes>
    where TImages : struct, IImageShifts
{
    /// <summary>Finds the earliest contact.</summary>
    /// <param name="particles">All particles by slot.</param>
    /// <param name="self">The particle that looks; it may be among the candidates (it never meets itself).</param>
    /// <param name="entries">Candidates; room for three more behind the last is needed.</param>
    /// <param name="count">Number of candidates.</param>
    /// <param name="sizes">Contact distances.</param>
    /// <param name="images">Shifts of flagged candidates.</param>
    /// <param name="ids">Particle ids by slot.</param>
    /// <param name="partner">Slot of the partner, or -1.</param>
    /// <returns>Time of the earliest contact, +infinity if there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Earliest(
        Particle* particles, int self, int* entries, int count, in TSizes sizes, in TImages images, int* ids, out int partner)
    {
        if (Avx2.IsSupported)
        {
            double time = EarliestAvx2(particles, self, entries, count, sizes, images, out partner, out bool tied);
            if (!tied)
            {
                return time;
            }
        }

        return EarliestScalar(particles, self, entries, count, sizes, images, ids, out partner);
    }

    /// <summary>The scalar twin: decides ties by the lower particle id, and serves machines without AVX2.</summary>
    public static double EarliestScalar(
        Particle* particles, int self, int* entries, int count, in TSizes sizes, in TImages images, int* ids, out int partner)
    {
        double earliest = double.PositiveInfinity;
        partner = -1;
        for (int k = 0; k < count; k++)
        {
            double time = Time(particles, self, entries[k], k, sizes, images);
            int slot = entries[k] & Candidate.SlotMask;
            if (time < earliest || (time == earliest && partner >= 0 && ids[slot] < ids[partner]))
            {
                earliest = time;
                partner = slot;
            }
        }

        return earliest;
    }

    private static double Time(Particle* particles, int self, int entry, int index, in TSizes sizes, in TImages images)
    {
        double x = 0, y = 0, z = 0;
        if (entry < 0)
        {
            images.Shift(index, entry, out x, out y, out z);
        }

        return ContactTime.Between(particles + self, particles + (entry & Candidate.SlotMask), x, y, z, sizes);
    }

    private static double EarliestAvx2(
        Particle* particles, int self, int* entries, int count, in TSizes sizes, in TImages images, out int partner, out bool tied)
    {
        for (int k = count; k < ((count + 3) & ~3); k++)
        {
            entries[k] = self; // padding: a particle never meets itself
        }

        Particle* a = particles + self;
        int species = a->Kind;
        Vector256<double> ax = Vector256.Create(a->X), ay = Vector256.Create(a->Y), az = Vector256.Create(a->Z);
        Vector256<double> at = Vector256.Create(a->Time);
        Vector256<double> au = Vector256.Create(a->VX), av = Vector256.Create(a->VY), aw = Vector256.Create(a->VZ);
        Vector256<double> infinity = Vector256.Create(double.PositiveInfinity), zero = Vector256<double>.Zero;
        Vector256<double> earliest = infinity;
        Vector256<long> partners = Vector256.Create(-1L);
        Vector256<double> ties = zero;
        for (int k = 0; k < count; k += 4)
        {
            Vector128<int> four = Vector128.Load(entries + k);
            Vector128<int> slots = four & Vector128.Create(Candidate.SlotMask);
            double* p0 = (double*)(particles + (entries[k] & Candidate.SlotMask));
            double* p1 = (double*)(particles + (entries[k + 1] & Candidate.SlotMask));
            double* p2 = (double*)(particles + (entries[k + 2] & Candidate.SlotMask));
            double* p3 = (double*)(particles + (entries[k + 3] & Candidate.SlotMask));
            Transpose(p0, p1, p2, p3, out Vector256<double> x, out Vector256<double> y, out Vector256<double> z, out Vector256<double> t);
            Transpose(
                p0 + 4, p1 + 4, p2 + 4, p3 + 4,
                out Vector256<double> u, out Vector256<double> v, out Vector256<double> w, out Vector256<double> last);
            Vector256<double> reference = Avx.Max(t, at);
            Vector256<double> sinceB = reference - t, sinceA = reference - at;
            x = x + u * sinceB - (ax + au * sinceA);
            y = y + v * sinceB - (ay + av * sinceA);
            z = z + w * sinceB - (az + aw * sinceA);
            if (Vector128.LessThanAny(four, Vector128<int>.Zero))
            {
                images.AddFour(k, four, ref x, ref y, ref z);
            }

            u -= au;
            v -= av;
            w -= aw;
            Vector256<double> approach = x * u + y * v + z * w;
            Vector256<double> cx = y * w - z * v, cy = z * u - x * w, cz = x * v - y * u;
            Vector256<double> squared = sizes.Squared(species, last);
            Vector256<double> discriminant = (u * u + v * v + w * w) * squared - (cx * cx + cy * cy + cz * cz);
            Vector256<double> meets = Vector256.LessThan(approach, zero) & Vector256.GreaterThan(discriminant, zero);
            if (meets.ExtractMostSignificantBits() == 0)
            {
                continue;
            }

            Vector256<double> gap = x * x + y * y + z * z - squared;
            Vector256<double> delay = Avx.Max(gap / (Vector256.Sqrt(discriminant) - approach), zero);
            Vector256<double> time = Vector256.ConditionalSelect(meets, reference + delay, infinity);
            Vector256<double> sooner = Vector256.LessThan(time, earliest);
            ties |= Vector256.Equals(time, earliest) & meets;
            earliest = Vector256.ConditionalSelect(sooner, time, earliest);
            partners = Vector256.ConditionalSelect(sooner.AsInt64(), Avx2.ConvertToVector256Int64(slots), partners);
        }

        tied = ties.ExtractMostSignificantBits() != 0;
        double best = earliest[0];
        long bestPartner = partners[0];
        for (int lane = 1; lane < 4; lane++)
        {
            double time = earliest[lane];
            tied |= time == best && partners[lane] >= 0;
            if (time < best)
            {
                best = time;
                bestPartner = partners[lane];
            }
        }

        partner = (int)bestPartner;
        return best;
    }

    // Rows of four doubles from four records become columns: four x, four y, ...
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        double* p0,
        double* p1,
        double* p2,
        double* p3,
        out Vector256<double> c0,
        out Vector256<double> c1,
        out Vector256<double> c2,
        out Vector256<double> c3)
    {
        Vector256<double> r0 = Vector256.Load(p0), r1 = Vector256.Load(p1), r2 = Vector256.Load(p2), r3 = Vector256.Load(p3);
        Vector256<double> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1);
        Vector256<double> low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        c0 = Avx.Permute2x128(low01, low23, 0x20);
        c1 = Avx.Permute2x128(high01, high23, 0x20);
        c2 = Avx.Permute2x128(low01, low23, 0x31);
        c3 = Avx.Permute2x128(high01, high23, 0x31);
    }
}
