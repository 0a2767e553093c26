using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorMD.Engine;

// In a fluid particles collide about once per slab: there a search around them costs too much, and every particle keeps a list
// of those that it can meet as long as both stay at home, in the sphere of the cap's radius around their record. Who leaves its
// home gets a new one, and all concerned new entries.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private bool IsAtHome(int slot)
    {
        SweptSphere* sphere = _spheres + slot;
        Vector128<float> offset = _axes.Nearest(Vector128.Load(&sphere->X) - Vector128.Load(&_homes[slot].X)).WithElement(3, 0);
        float room = _cap - sphere->R;
        return room >= 0 && Vector128.Dot(offset, offset) <= room * room;
    }

    // The record of a flight that was not cut is the centre of a home; a cut one has none, its particle moves at every event.
    private void SetHome(int slot, int place)
    {
        _records.R[place] = _cap;
        Home* home = _homes + slot;
        bool isCut = _records.Tau[place] != 0;
        home->X = isCut ? float.NaN : _records.X[place];
        (home->Y, home->Z) = (_records.Y[place], _records.Z[place]);
    }

    // A new home in the grid, and entries in the lists of all whose homes overlap with it.
    private void MoveHome(int slot)
    {
        AddRecords(slot);
        _neighbors!.Clear(slot);
        for (int place = _placeOf[slot]; place >= 0; place = _records.Sibling[place])
        {
            SweptSphere home = default;
            (home.X, home.Y, home.Z, home.R) = (_records.X[place], _records.Y[place], _records.Z[place], _cap);
            SearchAround(slot, &home);
        }
    }

    // What the particles of a list can meet from a moment on (tau in [-1, 1]) until the end of the slab.
    private void SearchNeighbors(int slot, float low)
    {
        SweptSphere* own = _spheres + slot;
        Vector256<float> x = Vector256.Create(own->X), y = Vector256.Create(own->Y), z = Vector256.Create(own->Z);
        Velocity velocity = new(own->U, own->V, own->W);
        Vector256<float> lowest = Vector256.Create(low), limit = Vector256.Create(own->R > _cap ? 0 : _cap);
        for (int* chunk = _neighbors!.First(slot, out int fill); chunk != null; chunk = _neighbors.Next(chunk), fill = SlabNeighbors.ChunkEntries)
        {
            for (int k = fill; k < SlabNeighbors.ChunkEntries; k++)
            {
                chunk[k] = slot;
            }

            float* s0 = (float*)(_spheres + chunk[0]), s1 = (float*)(_spheres + chunk[1]), s2 = (float*)(_spheres + chunk[2]);
            float* s3 = (float*)(_spheres + chunk[3]), s4 = (float*)(_spheres + chunk[4]), s5 = (float*)(_spheres + chunk[5]);
            float* s6 = (float*)(_spheres + chunk[6]);
            Transpose(s0, s1, s2, s3, s4, s5, s6, out Vector256<float> otherX, out Vector256<float> otherY, out Vector256<float> otherZ, out Vector256<float> otherR);
            Transpose(
                s0 + 4, s1 + 4, s2 + 4, s3 + 4, s4 + 4, s5 + 4, s6 + 4, out Vector256<float> otherU, out Vector256<float> otherV, out Vector256<float> otherW, out _);
            Vector256<float> dx = _axes.First.Nearest(otherX - x), dy = _axes.Second.Nearest(otherY - y), dz = _axes.Third.Nearest(otherZ - z);
            uint meets = MeetsAt(dx, dy, dz, otherU - velocity.U, otherV - velocity.V, otherW - velocity.W, lowest);
            meets |= Vector256.GreaterThan(otherR, limit).ExtractMostSignificantBits(); // cut flights may meet as another image
            meets &= (1u << fill) - 1;
            for (; meets != 0; meets &= meets - 1)
            {
                int k = BitOperations.TrailingZeroCount(meets);
                NoteContact(slot, chunk[k], dx[k], dy[k], dz[k]);
            }
        }
    }

    // Rows of four numbers from seven records become columns (the eighth lane repeats the seventh).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        float* s0,
        float* s1,
        float* s2,
        float* s3,
        float* s4,
        float* s5,
        float* s6,
        out Vector256<float> first,
        out Vector256<float> second,
        out Vector256<float> third,
        out Vector256<float> fourth)
    {
        Vector256<float> r04 = Vector256.Create(Vector128.Load(s0), Vector128.Load(s4)), r15 = Vector256.Create(Vector128.Load(s1), Vector128.Load(s5));
        Vector256<float> r26 = Vector256.Create(Vector128.Load(s2), Vector128.Load(s6)), r37 = Vector256.Create(Vector128.Load(s3), Vector128.Load(s6));
        Vector256<float> low02 = UnpackLow(r04, r26), high02 = UnpackHigh(r04, r26); // x0 x2 y0 y2 | ...
        Vector256<float> low13 = UnpackLow(r15, r37), high13 = UnpackHigh(r15, r37);
        first = UnpackLow(low02, low13);
        second = UnpackHigh(low02, low13);
        third = UnpackLow(high02, high13);
        fourth = UnpackHigh(high02, high13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> UnpackLow(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.UnpackLow(a, b) : Vector256.Create(UnpackLow(a.GetLower(), b.GetLower()), UnpackLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> UnpackHigh(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.UnpackHigh(a, b) : Vector256.Create(UnpackHigh(a.GetLower(), b.GetLower()), UnpackHigh(a.GetUpper(), b.GetUpper()));

    private static Vector128<float> UnpackLow(Vector128<float> a, Vector128<float> b) => Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<float> UnpackHigh(Vector128<float> a, Vector128<float> b) => Vector128.Create(a[2], b[2], a[3], b[3]);

    /// <summary>Centre of a particle's home; no number if its flight was cut.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)] // read as four lanes
    private struct Home
    {
        public float X, Y, Z;
    }
}
