using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorMD.Engine;

// What a particle can meet: in single precision, conservatively.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private const int Lanes = SlabRecords.Lanes;
    private const uint AllLanes = (1u << Lanes) - 1;

    // What a particle can meet from a moment on (tau in [-1, 1]) until the end of the slab.
    private void Search(int slot, float low)
    {
        SweptSphere* sphere = _spheres + slot;
        if (sphere->R <= 2 * _cap)
        {
            SearchAround(slot, sphere, 0, low);
            return;
        }

        int parts = PartsOf(sphere->R, 2 * _cap);
        for (int k = 0; k < parts; k++)
        {
            SweptSphere part = sphere->Part(k, parts, RadiusOf(slot), out float tau);
            SearchAround(slot, &part, tau, low);
        }
    }

    // The records within reach of a sphere: none reaches out of its cell by more than the cap. A range of cells that goes
    // beyond a face of the box is cut there: the rest is an image.
    private void SearchAround(int slot, SweptSphere* sphere, float tau, float low)
    {
        Vector128<float> centre = Vector128.Load(&sphere->X), reach = Vector128.Create(sphere->R + _cap);
        Vector128<int> from = _axes.CellsAt(centre - reach), to = _axes.CellsAt(centre + reach);
        Velocity velocity = tau == 0 ? new(sphere->U, sphere->V, sphere->W) : Velocity.OfCutFlight;
        Vector512<float> lowest = Vector512.Create(low);
        if (_axes.AreInside(from, to))
        {
            Sphere own = new(sphere->X, sphere->Y, sphere->Z, sphere->R);
            SearchBox(slot, tau, own, velocity, lowest, from, to);
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
                    SearchBox(slot, tau, own, velocity, lowest, Vector128.Create(x0, y0, z0, 0), Vector128.Create(x1, y1, z1, 0));
                    z += z1 - z0 + 1;
                }

                y += y1 - y0 + 1;
            }

            x += x1 - x0 + 1;
        }
    }

    // Loads what the next events will read into the cache, in three steps that build on each other.
    private void PrefetchAhead()
    {
        const int Far = 6, Middle = 4, Near = 2;
        SlabEvent* far = _queue.Ahead(Far), middle = _queue.Ahead(Middle), near = _queue.Ahead(Near);
        if (far != null)
        {
            PrefetchParticle(far->Slot);
            if (far->Partner >= 0)
            {
                PrefetchParticle(far->Partner);
            }
        }

        if (middle != null)
        {
            PrefetchRows(_spheres + middle->Slot, false);
        }

        if (near != null)
        {
            PrefetchRows(_spheres + near->Slot, true);
        }
    }

    private void PrefetchParticle(int slot)
    {
        Sse.Prefetch0(Particles + slot);
        Sse.Prefetch0(_spheres + slot);
        Sse.Prefetch0(_placeOf + slot);
    }

    private void PrefetchRows(SweptSphere* sphere, bool records)
    {
        Vector128<float> centre = Vector128.Load(&sphere->X), reach = Vector128.Create(sphere->R + _cap);
        Vector128<int> from = _axes.CellsAt(centre - reach), to = _axes.CellsAt(centre + reach);
        if (!_axes.AreInside(from, to))
        {
            return;
        }

        int stepY = _axes.Third.Count, stepX = stepY * _axes.Second.Count;
        for (int x = from[0]; x <= to[0]; x++)
        {
            int row = x * stepX + from[1] * stepY + from[2];
            for (int y = from[1]; y <= to[1]; y++, row += stepY)
            {
                if (records)
                {
                    int place = _starts[row];
                    Sse.Prefetch0(_records.X + place);
                    Sse.Prefetch0(_records.Y + place);
                    Sse.Prefetch0(_records.Z + place);
                    Sse.Prefetch0(_records.R + place);
                    Sse.Prefetch0(_records.U + place);
                    Sse.Prefetch0(_records.V + place);
                    Sse.Prefetch0(_records.W + place);
                }
                else
                {
                    Sse.Prefetch0(_starts + row);
                    Sse.Prefetch0(_records.Heads + row);
                }
            }
        }
    }

    private void SearchBox(
        int slot, float tau, in Sphere own, in Velocity velocity, Vector512<float> low, Vector128<int> fromCell, Vector128<int> toCell)
    {
        int z0 = fromCell[2], width = toCell[2] - z0 + 1, rows = toCell[1] - fromCell[1] + 1, countZ = _axes.Third.Count;
        int firstRow = (fromCell[0] * _axes.Second.Count + fromCell[1]) * countZ + z0, stepX = _axes.Second.Count * countZ;
        int planes = toCell[0] - fromCell[0] + 1;
        NearGroup* near = CollectRows(own, _starts + firstRow, width, rows, countZ, planes, stepX);
        if (_records.Count > _records.SortedCount)
        {
            near = CollectLinked(own, firstRow, width, rows, countZ, planes, stepX, near);
        }

        NearGroup* meeting = _near;
        for (NearGroup* group = _near; group < near; group++)
        {
            uint meets = Meets(group->Place, own, velocity, low) & group->Lanes;
            meeting->Place = group->Place;
            meeting->Lanes = meets;
            meeting += meets != 0 ? 1 : 0;
            if (_prefetches && meets != 0)
            {
                int other = _records.Slot[group->Place + BitOperations.TrailingZeroCount(meets)];
                Sse.Prefetch0(Particles + other);
                Sse.Prefetch0(_spheres + other);
            }
        }

        for (NearGroup* group = _near; group < meeting; group++)
        {
            EnterContacts(slot, tau, own, group->Place, group->Lanes);
        }
    }

    private NearGroup* CollectRows(in Sphere own, int* start, int width, int rows, int stepY, int planes, int stepX)
    {
        Vector512<float> ownX = own.X, ownY = own.Y, ownZ = own.Z, ownR = own.R;
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
                    uint used = ~(uint)Vector512.Load(head + k).ExtractMostSignificantBits() & LanesUpTo(width - k);
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
        Vector512<float> ownX, Vector512<float> ownY, Vector512<float> ownZ, Vector512<float> ownR, float* x, float* y, float* z, float* r)
    {
        Vector512<float> squared = Squared(ownX - Vector512.Load(x), ownY - Vector512.Load(y), ownZ - Vector512.Load(z));
        Vector512<float> reach = ownR + Vector512.Load(r);
        return (uint)Vector512.LessThan(squared, reach * reach).ExtractMostSignificantBits();
    }

    // The closest approach from a moment to the end of the slab: |r + tau g|^2 is smallest at -r.g/g^2, or at an end. Cut
    // flights have no number as velocity and are never rejected.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Meets(int place, in Sphere own, in Velocity velocity, Vector512<float> low)
    {
        Vector512<float> x = Vector512.Load(_records.X + place) - own.X, u = Vector512.Load(_records.U + place) - velocity.U;
        Vector512<float> y = Vector512.Load(_records.Y + place) - own.Y, v = Vector512.Load(_records.V + place) - velocity.V;
        Vector512<float> z = Vector512.Load(_records.Z + place) - own.Z, w = Vector512.Load(_records.W + place) - velocity.W;
        Vector512<float> rr = Squared(x, y, z), gg = Squared(u, v, w) + Vector512.Create(Tiny);
        Vector512<float> b = Vector512.MultiplyAddEstimate(x, u, Vector512.MultiplyAddEstimate(y, v, z * w));
        Vector512<float> rounding = (rr + gg) * Vector512.Create(TestMargin);
        Vector512<float> slope = Vector512.MultiplyAddEstimate(low, gg, b);
        Vector512<float> tau = Vector512.MinNative(Vector512.MaxNative(-b / gg, low), Vector512<float>.One);
        Vector512<float> squared = Vector512.MultiplyAddEstimate(tau, Vector512.MultiplyAddEstimate(tau, gg, b + b), rr);
        Vector512<float> recedes = Vector512.GreaterThan(slope, rounding + Vector512.Create(_error));
        Vector512<float> misses = Vector512.GreaterThan(squared, rounding + Vector512.Create(_reachSquared));
        return (uint)(recedes | misses).ExtractMostSignificantBits() ^ AllLanes;
    }

    // Exact events with some lanes of a group. How far they are seen in the middle of the slab tells which images meet.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterContacts(int slot, float tau, in Sphere own, int place, uint lanes)
    {
        SweptSphere* a = _spheres + slot;
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int k = place + BitOperations.TrailingZeroCount(lanes), other = _records.Slot[k];
            if (other != slot)
            {
                SweptSphere* b = _spheres + other;
                float otherTau = _records.Tau[k];
                float x = _records.X[k] - otherTau * b->U - (own.X[0] - tau * a->U);
                float y = _records.Y[k] - otherTau * b->V - (own.Y[0] - tau * a->V);
                float z = _records.Z[k] - otherTau * b->W - (own.Z[0] - tau * a->W);
                EnterContact(slot, other, x, y, z);
            }
        }
    }

    // One bit for each of so many lanes, at most eight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LanesUpTo(int count) => (uint)((1L << Math.Min(count, Lanes)) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Squared(Vector512<float> x, Vector512<float> y, Vector512<float> z) =>
        Vector512.MultiplyAddEstimate(x, x, Vector512.MultiplyAddEstimate(y, y, z * z));

    // Room for as many groups as one search can find: all sorted records side by side, and every linked one alone.
    private void ReserveNear()
    {
        const int RowCountMax = 256;
        long count = _records.SortedCount / Lanes + (_records.Count - _records.SortedCount) + RowCountMax;
        if (count > _nearArray.Length)
        {
            _nearArray.Grow(count + count / 4);
            _near = _nearArray.Pointer;
        }
    }

    /// <summary>The sphere of the particle that looks, in all lanes.</summary>
    private readonly struct Sphere(float x, float y, float z, float r)
    {
        public readonly Vector512<float> X = Vector512.Create(x), Y = Vector512.Create(y), Z = Vector512.Create(z), R = Vector512.Create(r);
    }

    /// <summary>The velocity of the particle that looks, in all lanes.</summary>
    private readonly struct Velocity(float u, float v, float w)
    {
        public static Velocity OfCutFlight => new(float.NaN, float.NaN, float.NaN);

        public readonly Vector512<float> U = Vector512.Create(u), V = Vector512.Create(v), W = Vector512.Create(w);
    }

    /// <summary>Records side by side, and which of them are near.</summary>
    private struct NearGroup
    {
        public int Place;
        public uint Lanes;
    }
}
