using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine;

// What a particle can meet: in single precision, conservatively.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private const int Lanes = SlabRecords.Lanes;

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
        Vector256<float> lowest = Vector256.Create(low);
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

    private void SearchBox(
        int slot, float tau, in Sphere own, in Velocity velocity, Vector256<float> low, Vector128<int> fromCell, Vector128<int> toCell)
    {
        Sphere sphere = own;
        int z0 = fromCell[2], width = toCell[2] - z0 + 1, countY = _axes.Second.Count, countZ = _axes.Third.Count, near = 0;
        int* starts = _starts + z0, heads = _records.Heads + z0;
        float* rowX = _records.X, rowY = _records.Y, rowZ = _records.Z, rowR = _records.R;
        int rows = toCell[1] - fromCell[1] + 1;
        for (int x = fromCell[0]; x <= toCell[0]; x++)
        {
            int row = (x * countY + fromCell[1]) * countZ;
            for (int y = 0; y < rows; y++, row += countZ)
            {
                int from = starts[row], count = starts[row + width] - from;
                if (near + count >= _nearCapacity)
                {
                    GrowNear(near + count);
                }

                float* px = rowX + from, py = rowY + from, pz = rowZ + from, pr = rowR + from;
                NearGroup* next = _near + near;
                for (int k = 0; k < count; k += Lanes)
                {
                    uint overlaps = sphere.Overlaps(px + k, py + k, pz + k, pr + k) & LanesUpTo(count - k);
                    next->Place = from + k;
                    next->Lanes = overlaps;
                    next += overlaps != 0 ? 1 : 0;
                }

                near = (int)(next - _near);
                for (int k = 0; k < width; k += Lanes)
                {
                    uint used = (Vector256.Load(heads + row + k).ExtractMostSignificantBits() ^ 0xFF) & LanesUpTo(width - k);
                    if (used != 0)
                    {
                        near = CollectLists(own, heads + row + k, used, near);
                    }
                }
            }
        }

        for (int k = 0; k < near; k++)
        {
            uint meets = Meets(_near[k].Place, own, velocity, low) & _near[k].Lanes;
            if (meets != 0)
            {
                EnterContacts(slot, tau, own, _near[k].Place, meets);
            }
        }
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
    private int Collect(in Sphere own, int from, int to, int near)
    {
        if (near + to - from >= _nearCapacity)
        {
            GrowNear(near + to - from);
        }

        for (; from < to; from += Lanes)
        {
            uint overlaps = own.Overlaps(_records.X + from, _records.Y + from, _records.Z + from, _records.R + from) & LanesUpTo(to - from);
            _near[near].Place = from;
            _near[near].Lanes = overlaps;
            near += overlaps != 0 ? 1 : 0;
        }

        return near;
    }

    // The closest approach from a moment to the end of the slab: |r + tau g|^2 is smallest at -r.g/g^2, or at an end. Cut
    // flights have no number as velocity and are never rejected.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Meets(int place, in Sphere own, in Velocity velocity, Vector256<float> low)
    {
        Vector256<float> x = Vector256.Load(_records.X + place) - own.X, u = Vector256.Load(_records.U + place) - velocity.U;
        Vector256<float> y = Vector256.Load(_records.Y + place) - own.Y, v = Vector256.Load(_records.V + place) - velocity.V;
        Vector256<float> z = Vector256.Load(_records.Z + place) - own.Z, w = Vector256.Load(_records.W + place) - velocity.W;
        Vector256<float> rr = Squared(x, y, z), gg = Squared(u, v, w) + Vector256.Create(Tiny);
        Vector256<float> b = Vector256.MultiplyAddEstimate(x, u, Vector256.MultiplyAddEstimate(y, v, z * w));
        Vector256<float> rounding = (rr + gg) * Vector256.Create(TestMargin);
        Vector256<float> slope = Vector256.MultiplyAddEstimate(low, gg, b);
        Vector256<float> tau = Vector256.MinNative(Vector256.MaxNative(-b / gg, low), Vector256<float>.One);
        Vector256<float> squared = Vector256.MultiplyAddEstimate(tau, Vector256.MultiplyAddEstimate(tau, gg, b + b), rr);
        Vector256<float> recedes = Vector256.GreaterThan(slope, rounding + Vector256.Create(_error));
        Vector256<float> misses = Vector256.GreaterThan(squared, rounding + Vector256.Create(_reachSquared));
        return (recedes | misses).ExtractMostSignificantBits() ^ 0xFF;
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
    private readonly struct Sphere(float x, float y, float z, float r)
    {
        public readonly Vector256<float> X = Vector256.Create(x), Y = Vector256.Create(y), Z = Vector256.Create(z), R = Vector256.Create(r);

        /// <summary>One bit per lane: the spheres overlap.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint Overlaps(float* x, float* y, float* z, float* r)
        {
            Vector256<float> squared = Squared(X - Vector256.Load(x), Y - Vector256.Load(y), Z - Vector256.Load(z));
            Vector256<float> reach = R + Vector256.Load(r);
            return Vector256.LessThan(squared, reach * reach).ExtractMostSignificantBits();
        }
    }

    /// <summary>The velocity of the particle that looks, in all lanes.</summary>
    private readonly struct Velocity(float u, float v, float w)
    {
        public static Velocity OfCutFlight => new(float.NaN, float.NaN, float.NaN);

        public readonly Vector256<float> U = Vector256.Create(u), V = Vector256.Create(v), W = Vector256.Create(w);
    }

    /// <summary>Records side by side, and which of them are near.</summary>
    private struct NearGroup
    {
        public int Place;
        public uint Lanes;
    }
}
