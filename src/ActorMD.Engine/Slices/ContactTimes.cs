using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices;

/// <summary>The exact event times of the pairs that a search could not reject: <see cref="ContactTime"/>, four pairs at once.</summary>
internal sealed unsafe class ContactTimes<TSizes> : IDisposable
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int Together = 4;

    private readonly SliceGrid _grid;
    private readonly TSizes _sizes;
    private readonly Particle* _particles;
    private readonly double _unit; // of what is seen
    private readonly NativeArray<double> _timeArray = new(Together);
    private SliceClock _clock;

    /// <param name="grid">The box and its cells.</param>
    /// <param name="sizes">Contact distances.</param>
    /// <param name="particles">By slot.</param>
    /// <param name="unit">Length of the unit in which contacts are seen.</param>
    public ContactTimes(SliceGrid grid, in TSizes sizes, Particle* particles, double unit)
    {
        (_grid, _sizes, _unit) = (grid, sizes, unit);
        _particles = particles;
    }

    /// <summary>A slice begins.</summary>
    public void Begin(in SliceClock clock) => _clock = clock;

    /// <summary>The events of all noted pairs, those that lie in this slice.</summary>
    public void Enter<TTarget>(ContactBuffer buffer, TTarget target)
        where TTarget : struct, IContactTarget
    {
        Contact* contacts = buffer.First;
        for (int count = buffer.Count; count > 0; count -= Together, contacts += Together)
        {
            EnterFour(contacts, count, target);
        }

        if (buffer.Split.Count > 0)
        {
            EnterSplit(buffer, target);
        }
    }

    /// <summary>When two particles meet, as whichever image meets first.</summary>
    public double Earliest(Particle* a, Particle* b)
    {
        Vector256<double> flown = _grid.PositionInMiddle(b, _clock) - _grid.PositionInMiddle(a, _clock);
        Vector256<double> nearest = Vector256.Round(-flown * _grid.PerLength) * _grid.Lengths;
        return EarliestImage(a, b, nearest, PairTime(a, b, nearest));
    }

    /// <summary>
    /// When two particles come within a distance of each other during a stretch of time; +infinity if they do not. It may be a little
    /// early.
    /// </summary>
    /// <param name="a">One particle.</param>
    /// <param name="b">The other.</param>
    /// <param name="distance">The distance.</param>
    /// <param name="from">Beginning of the stretch.</param>
    /// <param name="to">Its end.</param>
    public double FirstWithin(Particle* a, Particle* b, double distance, double from, double to)
    {
        const double Margin = 1 + 1e-6;
        if (ReachOf(a) + ReachOf(b) > _grid.ReachOfOneImage)
        {
            return from; // any image may be the one
        }

        Vector256<double> flown = _grid.PositionInMiddle(b, _clock) - _grid.PositionInMiddle(a, _clock);
        Vector256<double> velocity = _grid.VelocityOf(b) - _grid.VelocityOf(a);
        Vector256<double> nearest = flown - Vector256.Round(flown * _grid.PerLength) * _grid.Lengths;
        Vector256<double> offset = nearest + velocity * Vector256.Create(from - _clock.Middle);
        double gap = Vector256.Dot(offset, offset) - distance * distance * (Margin * Margin), approach = Vector256.Dot(offset, velocity);
        if (gap <= 0)
        {
            return from;
        }

        double discriminant = approach * approach - Vector256.Dot(velocity, velocity) * gap;
        double time = approach < 0 && discriminant >= 0 ? from + gap / (Math.Sqrt(discriminant) - approach) : double.PositiveInfinity;
        return time <= to ? time : double.PositiveInfinity;
    }

    public void Dispose() => _timeArray.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterSplit<TTarget>(ContactBuffer buffer, TTarget target)
        where TTarget : struct, IContactTarget
    {
        foreach ((int slot, int other) in buffer.Split)
        {
            double time = Earliest(_particles + slot, _particles + other);
            if (time < _clock.End)
            {
                target.Enter(time, slot, other);
            }
        }
    }

    // BoxesBetween and ContactTime.Between for four pairs: the same operations in the same order.
    private void EnterFour<TTarget>(Contact* contacts, int count, TTarget target)
        where TTarget : struct, IContactTarget
    {
        Contact* c1 = contacts + (count > 1 ? 1 : 0), c2 = contacts + (count > 2 ? 2 : 0), c3 = contacts + (count > 3 ? 3 : 0);
        double* a0 = (double*)(_particles + contacts->Slot), a1 = (double*)(_particles + c1->Slot);
        double* a2 = (double*)(_particles + c2->Slot), a3 = (double*)(_particles + c3->Slot);
        double* b0 = (double*)(_particles + contacts->Other), b1 = (double*)(_particles + c1->Other);
        double* b2 = (double*)(_particles + c2->Other), b3 = (double*)(_particles + c3->Other);
        Transpose(a0, a1, a2, a3, out Vector256<double> ax, out Vector256<double> ay, out Vector256<double> az, out Vector256<double> at);
        Transpose(a0 + 4, a1 + 4, a2 + 4, a3 + 4, out Vector256<double> au, out Vector256<double> av, out Vector256<double> aw, out Vector256<double> lastA);
        Transpose(b0, b1, b2, b3, out Vector256<double> bx, out Vector256<double> by, out Vector256<double> bz, out Vector256<double> bt);
        Transpose(b0 + 4, b1 + 4, b2 + 4, b3 + 4, out Vector256<double> bu, out Vector256<double> bv, out Vector256<double> bw, out Vector256<double> lastB);
        Seen(&contacts->X, &c1->X, &c2->X, &c3->X, out Vector256<double> seenX, out Vector256<double> seenY, out Vector256<double> seenZ);
        Vector256<double> middle = Vector256.Create(_clock.Middle), toA = middle - at, toB = middle - bt;
        Vector256<double> x = bx + bu * toB - (ax + au * toA), y = by + bv * toB - (ay + av * toA), z = bz + bw * toB - (az + aw * toA);
        Vector256<double> shiftX = Shift(seenX, x, 0), shiftY = Shift(seenY, y, 1), shiftZ = Shift(seenZ, z, 2);

        Vector256<double> reference = Vector256.MaxNative(at, bt), sinceA = reference - at, sinceB = reference - bt;
        x = bx + bu * sinceB - (ax + au * sinceA) + shiftX;
        y = by + bv * sinceB - (ay + av * sinceA) + shiftY;
        z = bz + bw * sinceB - (az + aw * sinceA) + shiftZ;
        Vector256<double> u = bu - au, v = bv - av, w = bw - aw;
        Vector256<double> approach = x * u + y * v + z * w;
        Vector256<double> squared = _sizes.Squared(lastA, lastB);
        Vector256<double> cx = y * w - z * v, cy = z * u - x * w, cz = x * v - y * u;
        Vector256<double> discriminant = (u * u + v * v + w * w) * squared - (cx * cx + cy * cy + cz * cz);
        Vector256<double> gap = x * x + y * y + z * z - squared;
        Vector256<double> delay = Vector256.MaxNative(gap / (Vector256.Sqrt(discriminant) - approach), Vector256<double>.Zero);
        Vector256<double> times = reference + delay;
        Vector256<double> meets = Vector256.LessThan(approach, Vector256<double>.Zero) & Vector256.GreaterThan(discriminant, Vector256<double>.Zero)
            & Vector256.LessThan(times, Vector256.Create(_clock.End));
        double* time = _timeArray.Pointer;
        times.Store(time);
        uint lanes = meets.ExtractMostSignificantBits() & ((1u << Math.Min(count, Together)) - 1);
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int k = BitOperations.TrailingZeroCount(lanes), slot = contacts[k].Slot, other = contacts[k].Other;
            target.Enter(time[k], slot, other);
        }
    }

    // Whole boxes between where the other particle is seen and where the flights have led, as a length.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Shift(Vector256<double> seen, Vector256<double> flown, int axis) =>
        Vector256.Round((seen * Vector256.Create(_unit) - flown) * Vector256.Create(_grid.PerLength[axis])) * Vector256.Create(_grid.Lengths[axis]);

    // The three numbers of four contacts along x, y, z.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Seen(
        float* c0, float* c1, float* c2, float* c3, out Vector256<double> x, out Vector256<double> y, out Vector256<double> z)
    {
        Vector256<double> first = Vector256.Create((double)c0[0], c1[0], c2[0], c3[0]);
        Vector256<double> second = Vector256.Create((double)c0[1], c1[1], c2[1], c3[1]);
        Vector256<double> third = Vector256.Create((double)c0[2], c1[2], c2[2], c3[2]);
        (x, y, z) = _grid.Axes.IsPlanar ? (second, third, first) : (first, second, third);
    }

    // Rows of four numbers from four records become columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        double* r0,
        double* r1,
        double* r2,
        double* r3,
        out Vector256<double> first,
        out Vector256<double> second,
        out Vector256<double> third,
        out Vector256<double> fourth)
    {
        Vector256<double> r02 = Vector256.Create(Vector128.Load(r0), Vector128.Load(r2)), r13 = Vector256.Create(Vector128.Load(r1), Vector128.Load(r3));
        first = UnpackLow(r02, r13);
        second = UnpackHigh(r02, r13);
        r02 = Vector256.Create(Vector128.Load(r0 + 2), Vector128.Load(r2 + 2));
        r13 = Vector256.Create(Vector128.Load(r1 + 2), Vector128.Load(r3 + 2));
        third = UnpackLow(r02, r13);
        fourth = UnpackHigh(r02, r13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> UnpackLow(Vector256<double> a, Vector256<double> b) =>
        Avx.IsSupported ? Avx.UnpackLow(a, b) : Vector256.Create(a[0], b[0], a[2], b[2]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> UnpackHigh(Vector256<double> a, Vector256<double> b) =>
        Avx.IsSupported ? Avx.UnpackHigh(a, b) : Vector256.Create(a[1], b[1], a[3], b[3]);

    // Flights that are long against the box: the search tells which particles meet, but not as which image.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private double EarliestImage(Particle* a, Particle* b, Vector256<double> nearest, double time)
    {
        double reach = ReachOf(a) + ReachOf(b), earliest = double.PositiveInfinity;
        if (reach <= _grid.ReachOfOneImage)
        {
            return time;
        }

        int x1 = ImagesWithin(0, reach), y1 = ImagesWithin(1, reach), z1 = ImagesWithin(2, reach);
        for (int x = -x1; x <= x1; x++)
        {
            for (int y = -y1; y <= y1; y++)
            {
                for (int z = -z1; z <= z1; z++)
                {
                    Vector256<double> boxes = Vector256.Round((nearest * _grid.PerLength) + Vector256.Create(x, y, z, 0d));
                    earliest = Math.Min(earliest, PairTime(a, b, boxes * _grid.Lengths));
                }
            }
        }

        return earliest;
    }

    private float ReachOf(Particle* p)
    {
        SweptSphere sphere;
        _grid.Sweep(p, _clock, &sphere);
        return sphere.R;
    }

    private int ImagesWithin(int axis, double reach) =>
        _grid.Box.IsPeriodic(axis) ? 1 + (int)Math.Ceiling(reach * _grid.Axes.Unit / _grid.Box.Lengths[axis]) : 0;

    private double PairTime(Particle* a, Particle* b, Vector256<double> shift) =>
        ContactTime.Between(a, b, shift[0], shift[1], shift[2], _sizes);
}
