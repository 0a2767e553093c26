using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Slices;

// Whose homes overlap, and who can meet: in single precision, conservatively. Errors, with L the longest side in units of a cell: a
// coordinate of a home, its image and the difference of two are each off by 2^-24 L, a distance by less than e = 2^-20 L (_error), which
// every radius has on top; so has the room in a home, measured from fixed-point numbers that are far finer. r.g is off by less than 4 e
// and what FixedPoint adds for flights of few bits; sums of squares by 2^-22 of their terms, for which 2^-18 is allowed.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private const int Lanes = SphereRecords.Lanes;
    private const uint AllLanes = (1u << Lanes) - 1;

    // The records within reach of a sphere: none reaches out of its cell by more than the cap. A range of cells that goes
    // beyond a face of the box is cut there: the rest is an image.
    private void SearchAround(int slot, SweptSphere* sphere)
    {
        Vector128<float> centre = Vector128.Load(&sphere->X), reach = Vector128.Create(sphere->R + _cap);
        Vector128<int> from = _axes.CellsAt(centre - reach), to = _axes.CellsAt(centre + reach);
        if (_axes.AreInside(from, to))
        {
            Sphere own = new(sphere->X, sphere->Y, sphere->Z, sphere->R);
            SearchBox(slot, own, from, to);
            return;
        }

        for (int x = from[0]; x <= to[0];)
        {
            int x0 = _axes.First.Wrap(x, out float shiftX), x1 = Math.Min(x0 + to[0] - x, _axes.First.Count - 1);
            for (int y = from[1]; y <= to[1];)
            {
                int y0 = _axes.Second.Wrap(y, out float shiftY), y1 = Math.Min(y0 + to[1] - y, _axes.Second.Count - 1);
                for (int z = from[2]; z <= to[2];)
                {
                    int z0 = _axes.Third.Wrap(z, out float shiftZ), z1 = Math.Min(z0 + to[2] - z, _axes.Third.Count - 1);
                    Sphere own = new(sphere->X - shiftX, sphere->Y - shiftY, sphere->Z - shiftZ, sphere->R);
                    SearchBox(slot, own, Vector128.Create(x0, y0, z0, 0), Vector128.Create(x1, y1, z1, 0));
                    z += z1 - z0 + 1;
                }

                y += y1 - y0 + 1;
            }

            x += x1 - x0 + 1;
        }
    }

    private void SearchBox(int slot, in Sphere own, Vector128<int> fromCell, Vector128<int> toCell)
    {
        int z0 = fromCell[2], width = toCell[2] - z0 + 1, rows = toCell[1] - fromCell[1] + 1, countZ = _axes.Third.Count;
        int firstRow = (fromCell[0] * _axes.Second.Count + fromCell[1]) * countZ + z0, stepX = _axes.Second.Count * countZ;
        int planes = toCell[0] - fromCell[0] + 1;
        NearGroup* near = CollectRows(own, _starts + firstRow, width, rows, countZ, planes, stepX);
        if (_records.HasLinked)
        {
            near = CollectLinked(own, firstRow, width, rows, countZ, planes, stepX, near);
        }

        if (_members is not null)
        {
            CheckPlanes(fromCell, toCell);
            CheckFound(near);
        }

        for (NearGroup* group = _near; group < near; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                AddNewNeighbors(slot, _records.SlotAt(group->Place + BitOperations.TrailingZeroCount(lanes)));
            }
        }
    }

    private NearGroup* CollectRows(in Sphere own, int* start, int width, int rows, int stepY, int planes, int stepX)
    {
        Vector256<float> ownX = own.X, ownY = own.Y, ownZ = own.Z, ownR = own.R;
        float* x = _records.X, y = _records.Y, z = _records.Z, r = _records.R;
        NearGroup* near = _near;
        for (int plane = 0; plane < planes; plane++, start += stepX)
        {
            int* row = start;
            for (int k = 0; k < rows; k++, row += stepY)
            {
                nint end = row[width];
                for (nint place = row[0]; place < end; place += Lanes)
                {
                    uint overlaps = Overlaps(ownX, ownY, ownZ, ownR, x + place, y + place, z + place, r + place) & LanesUpTo((int)(end - place));
                    near->Place = (int)place;
                    near->Lanes = overlaps;
                    near += overlaps != 0 ? 1 : 0;
                }
            }
        }

        return near;
    }

    private NearGroup* CollectLinked(
        in Sphere own, int firstCell, int width, int rows, int stepY, int planes, int stepX, NearGroup* near)
    {
        for (int plane = 0; plane < planes; plane++)
        {
            int* head = _records.Heads + firstCell + plane * stepX;
            for (int row = 0; row < rows; row++, head += stepY)
            {
                for (int k = 0; k < width; k += Lanes)
                {
                    uint used = ~Vector256.Load(head + k).ExtractMostSignificantBits() & LanesUpTo(width - k);
                    for (; used != 0; used &= used - 1)
                    {
                        near = CollectList(own, head[k + BitOperations.TrailingZeroCount(used)], near);
                    }
                }
            }
        }

        return near;
    }

    private NearGroup* CollectList(in Sphere own, int place, NearGroup* near)
    {
        for (; place >= 0; place = _records.NextOf(place))
        {
            uint overlaps = 1 & Overlaps(own.X, own.Y, own.Z, own.R, _records.X + place, _records.Y + place, _records.Z + place, _records.R + place);
            near->Place = place;
            near->Lanes = overlaps;
            near += overlaps != 0 ? 1 : 0;
        }

        return near;
    }

    /// <summary>One bit per lane: the spheres overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Overlaps(
        Vector256<float> ownX, Vector256<float> ownY, Vector256<float> ownZ, Vector256<float> ownR, float* x, float* y, float* z, float* r)
    {
        Vector256<float> squared = Squared(ownX - Vector256.Load(x), ownY - Vector256.Load(y), ownZ - Vector256.Load(z));
        Vector256<float> reach = ownR + Vector256.Load(r);
        return Vector256.LessThan(squared, reach * reach).ExtractMostSignificantBits();
    }

    // The closest approach from a moment to the end of the slab: |r + tau g|^2 is smallest at -r.g/g^2, or at an end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint MeetsAt(
        Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> u, Vector256<float> v, Vector256<float> w, Vector256<float> low, Vector256<float> reachSquared)
    {
        Vector256<float> rr = Squared(x, y, z), gg = Squared(u, v, w) + Vector256.Create(Tiny);
        Vector256<float> b = Vector256.MultiplyAddEstimate(x, u, Vector256.MultiplyAddEstimate(y, v, z * w));
        Vector256<float> rounding = (rr + gg) * Vector256.Create(TestMargin);
        Vector256<float> slope = Vector256.MultiplyAddEstimate(low, gg, b);
        Vector256<float> tau = Vector256.MinNative(Vector256.MaxNative(-b / gg, low), Vector256<float>.One);
        Vector256<float> squared = Vector256.MultiplyAddEstimate(tau, Vector256.MultiplyAddEstimate(tau, gg, b + b), rr);
        Vector256<float> recedes = Vector256.GreaterThan(slope, rounding + Vector256.Create(_slopeMax));
        Vector256<float> misses = Vector256.GreaterThan(squared, rounding + reachSquared);
        return (recedes | misses).ExtractMostSignificantBits() ^ AllLanes;
    }

    // For an exact prediction, and how far the other is seen in the middle of the slab: that tells which images meet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteContact(int slot, int other, float x, float y, float z)
    {
        if (_contactCount == _contactArray.Length)
        {
            _contactArray.Grow(2 * _contactArray.Length);
        }

        Contact* contact = _contactArray.Pointer + _contactCount++;
        (contact->Slot, contact->Other, contact->X, contact->Y, contact->Z) = (slot, other, x, y, z);
        if (_prefetches)
        {
            Sse.Prefetch0(Particles + other);
        }
    }

    // One bit for each of so many lanes, at most eight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LanesUpTo(int count) => (uint)((1L << Math.Min(count, Lanes)) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Squared(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(x, x, Vector256.MultiplyAddEstimate(y, y, z * z));

    // Room for as many groups as one search can find: all sorted records side by side, and every linked one alone.
    private void ReserveNear(int sortedCount, int linkedCount)
    {
        const int RowCountMax = 256;
        long count = sortedCount / Lanes + linkedCount + RowCountMax;
        if (count > _nearArray.Length)
        {
            _nearArray.Grow(count + count / 4);
            _near = _nearArray.Pointer;
        }
    }

    /// <summary>The sphere of the particle that looks, in all lanes.</summary>
    private readonly struct Sphere(float x, float y, float z, float r)
    {
        public readonly Vector256<float> X = Vector256.Create(x), Y = Vector256.Create(y), Z = Vector256.Create(z), R = Vector256.Create(r);
    }

    /// <summary>Two particles that may meet in this slab, and how far the second is seen from the first in the middle of it.</summary>
    private struct Contact
    {
        public int Slot, Other;
        public float X, Y, Z;

        /// <summary>Whole boxes to be added to the second; for tuples only.</summary>
        public int BoxesX, BoxesY, BoxesZ;
    }

    /// <summary>Records side by side, and which of them are near.</summary>
    private struct NearGroup
    {
        public int Place;
        public uint Lanes;
    }
}
