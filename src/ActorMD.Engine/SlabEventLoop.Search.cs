using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine;

// Which particles can meet: in single precision, conservatively.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private const int Lanes = SlabRecords.Lanes;
    private const float TestMargin = 1f / (1 << 18);
    private const float Tiny = 1e-30f; // no 0 / 0 for particles that fly alike

    // What a particle can meet from a moment on (tau in [-1, 1]) until the end of the slab.
    private void Search(int slot, float low)
    {
        SweptSphere* sphere = _spheres + slot;
        Query query = default;
        (query.X, query.Y, query.Z, query.R) = (sphere->X, sphere->Y, sphere->Z, sphere->R);
        (query.U, query.V, query.W) = (sphere->U, sphere->V, sphere->W);
        (query.Low, query.Slot) = (low, slot);
        if (sphere->R <= 2 * _cap)
        {
            SearchAround(&query);
            return;
        }

        int parts = PartsOf(sphere->R, 2 * _cap);
        for (int k = 0; k < parts; k++)
        {
            SweptSphere part = sphere->Part(k, parts, RadiusOf(slot), out _);
            (query.X, query.Y, query.Z, query.R) = (part.X, part.Y, part.Z, part.R);
            (query.CutX, query.CutY, query.CutZ) = (sphere->X - part.X, sphere->Y - part.Y, sphere->Z - part.Z);
            SearchAround(&query);
        }
    }

    // The records within reach of a sphere: none reaches out of its cell by more than the cap.
    private void SearchAround(Query* query)
    {
        float reach = query->R + _cap;
        SlabAxis first = _axes.First, second = _axes.Second, third = _axes.Third;
        float ownX = query->X, ownY = query->Y, ownZ = query->Z;
        int x0 = first.From(ownX - reach), x1 = first.From(ownX + reach);
        int y0 = second.From(ownY - reach), y1 = second.From(ownY + reach);
        int z0 = third.From(ownZ - reach), z1 = third.From(ownZ + reach);
        if (x0 >= 0 && y0 >= 0 && z0 >= 0 && x1 < first.Count && y1 < second.Count && z1 < third.Count)
        {
            int near = 0;
            Sphere own = new(query);
            for (int x = x0; x <= x1; x++)
            {
                int row = (x * second.Count + y0) * third.Count;
                for (int y = y0; y <= y1; y++, row += third.Count)
                {
                    near = Collect(own, _starts[row + z0], _starts[row + z1 + 1], near);
                    near = CollectLinked(own, row + z0, z1 - z0 + 1, near);
                }
            }

            EnterNear(query, near);
            return;
        }

        for (int x = x0; x <= x1; x++)
        {
            int column = first.Wrap(x, out float shiftX) * second.Count;
            query->X = ownX - shiftX;
            for (int y = y0; y <= y1; y++)
            {
                int row = (column + second.Wrap(y, out float shiftY)) * third.Count;
                query->Y = ownY - shiftY;
                for (int z = z0; z <= z1;)
                {
                    int from = third.Wrap(z, out float shiftZ);
                    int count = Math.Min(z1 - z + 1, third.Count - from);
                    query->Z = ownZ - shiftZ;
                    Sphere own = new(query);
                    int near = Collect(own, _starts[row + from], _starts[row + from + count], 0);
                    EnterNear(query, CollectLinked(own, row + from, count, near));
                    z += count;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CollectLinked(in Sphere own, int cell, int count, int near)
    {
        int* heads = _records.Heads + cell;
        for (int k = 0; k < count; k += Lanes)
        {
            uint used = Vector256.Load(heads + k).ExtractMostSignificantBits() ^ 0xFF;
            used &= LanesUpTo(count - k);
            if (used != 0)
            {
                near = CollectLists(own, heads + k, used, near);
            }
        }

        return near;
    }

    private int CollectLists(in Sphere own, int* heads, uint used, int near)
    {
        for (; used != 0; used &= used - 1)
        {
            for (int place = heads[BitOperations.TrailingZeroCount(used)]; place >= 0; place = _records.NextOf(place))
            {
                near = Collect(own, place, place + 1, near);
            }
        }

        return near;
    }

    // Notes the groups of a range of places that have a sphere which overlaps the particle's own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Collect(in Sphere own, int from, int to, int near)
    {
        if (near + to - from >= _nearCapacity)
        {
            GrowNear(near + to - from);
        }

        NearGroup* next = _near + near;
        float* x = _records.X + from, y = _records.Y + from, z = _records.Z + from, r = _records.R + from;
        nint count = to - from;
        for (nint k = 0; k < count; k += Lanes)
        {
            uint overlaps = own.Overlaps(x + k, y + k, z + k, r + k) & LanesUpTo((int)(count - k));
            next->Place = from + (int)k;
            next->Lanes = overlaps;
            next += overlaps != 0 ? 1 : 0;
        }

        return (int)(next - _near);
    }

    // One bit for each of so many lanes, at most eight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LanesUpTo(int count) => (uint)((1L << Math.Min(count, Lanes)) - 1);

    // The noted groups: who among them really can meet the query gets an exact event time.
    private void EnterNear(Query* query, int count)
    {
        for (int k = 0; k < count; k++)
        {
            NearGroup group = _near[k];
            for (uint lanes = group.Lanes & Meets(query, group.Place); lanes != 0; lanes &= lanes - 1)
            {
                int place = group.Place + BitOperations.TrailingZeroCount(lanes);
                if (_records.Slot[place] != query->Slot)
                {
                    EnterContact(query, place);
                }
            }
        }
    }

    // The closest approach from the query's moment to the end of the slab: |r + tau g|^2 is smallest at -r.g/g^2, or at an end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Meets(Query* query, int place)
    {
        Vector256<float> u = Vector256.Load(_records.U + place), v = Vector256.Load(_records.V + place), w = Vector256.Load(_records.W + place);
        Vector256<float> tau = Vector256.Load(_records.Tau + place);
        Vector256<float> x = Vector256.Load(_records.X + place) - Vector256.Create(query->X + query->CutX) - tau * u;
        Vector256<float> y = Vector256.Load(_records.Y + place) - Vector256.Create(query->Y + query->CutY) - tau * v;
        Vector256<float> z = Vector256.Load(_records.Z + place) - Vector256.Create(query->Z + query->CutZ) - tau * w;
        u -= Vector256.Create(query->U);
        v -= Vector256.Create(query->V);
        w -= Vector256.Create(query->W);
        Vector256<float> rr = Squared(x, y, z), gg = Squared(u, v, w);
        Vector256<float> b = Vector256.MultiplyAddEstimate(x, u, Vector256.MultiplyAddEstimate(y, v, z * w));
        Vector256<float> low = Vector256.Create(query->Low);
        Vector256<float> rounding = (rr + gg) * Vector256.Create(TestMargin);
        Vector256<float> slope = Vector256.MultiplyAddEstimate(low, gg, b);
        Vector256<float> approaches = Vector256.LessThan(slope, rounding + Vector256.Create(_error));
        Vector256<float> closest = Vector256.MinNative(Vector256.MaxNative(-b / (gg + Vector256.Create(Tiny)), low), Vector256<float>.One);
        Vector256<float> squared = Vector256.MultiplyAddEstimate(closest, Vector256.MultiplyAddEstimate(closest, gg, b + b), rr);
        Vector256<float> meets = Vector256.LessThan(squared, rounding + Vector256.Create(_reachSquared));
        return (meets & approaches).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Squared(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(x, x, Vector256.MultiplyAddEstimate(y, y, z * z));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowNear(int count)
    {
        _nearCapacity = 2 * count;
        _nearArray.Grow(_nearCapacity + 1L);
        _near = _nearArray.Pointer;
    }

    /// <summary>The sphere of the particle that looks, in all lanes.</summary>
    private readonly struct Sphere
    {
        private readonly Vector256<float> _x, _y, _z, _r;

        public Sphere(Query* query)
        {
            _x = Vector256.Create(query->X);
            _y = Vector256.Create(query->Y);
            _z = Vector256.Create(query->Z);
            _r = Vector256.Create(query->R);
        }

        public Sphere(SlabRecords records, int place)
        {
            _x = Vector256.Create(records.X[place]);
            _y = Vector256.Create(records.Y[place]);
            _z = Vector256.Create(records.Z[place]);
            _r = Vector256.Create(records.R[place]);
        }

        /// <summary>One bit per lane: the spheres overlap.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint Overlaps(float* x, float* y, float* z, float* r)
        {
            Vector256<float> squared = Squared(_x - Vector256.Load(x), _y - Vector256.Load(y), _z - Vector256.Load(z));
            Vector256<float> reach = _r + Vector256.Load(r);
            return Vector256.LessThan(squared, reach * reach).ExtractMostSignificantBits();
        }
    }

    /// <summary>A particle that looks for others, seen in the frame of the cells that are looked at.</summary>
    private struct Query
    {
        /// <summary>Sphere of the part of its flight.</summary>
        public float X, Y, Z, R;

        /// <summary>From the centre of the part to that of the whole flight.</summary>
        public float CutX, CutY, CutZ;

        public float U, V, W;

        /// <summary>From when on, tau in [-1, 1].</summary>
        public float Low;

        public int Slot;
    }

    /// <summary>Records side by side, and which of them are near.</summary>
    private struct NearGroup
    {
        public int Place;
        public uint Lanes;
    }
}
