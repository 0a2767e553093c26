using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Contacts;

/// <summary>Earliest event of order k &gt;= 3 of one particle with members of a buffer of candidates.</summary>
/// <remarks>
/// Problem: the number of k-subsets of the neighbours explodes. Idea: at the event all members are within the zone's reach
/// eps_k sqrt(2/k) of each other, so a candidate matters only during the time interval in which it is within (slightly more
/// than) the reach of the particle; a subset only while all its pairwise intervals overlap. Subsets are built member by
/// member and dropped as soon as the common interval is empty or lies behind the earliest event known. This filter only
/// rejects; the accepted subsets get their time from <see cref="TupleEvent.Time"/>, a pure function of the members' states.
/// </remarks>
internal sealed unsafe class TuplePredictor
{
    private const double ReachMargin = 1 + 1e-6;
    private const int StepsPerPoll = 0xFFFF;

    private readonly Particle* _particles;
    private readonly int* _ids;
    private readonly Vec3 _lengths;
    private readonly (int Order, double DistanceSquared, double ReachSquared)[] _zones;
    private readonly double _reachSquaredMax;
    private readonly CancellationToken _abort;
    private readonly int[] _chosen; // indices in _near, ascending
    private readonly int[] _slots;
    private readonly int[] _bestSlots;
    private Neighbour[] _candidates = new Neighbour[16];
    private Neighbour[] _near = new Neighbour[16];
    private Stretch[] _together = new Stretch[16 * 16];
    private int _candidateCount;
    private int _nearCount;
    private int _self;
    private int _bestOrder;
    private double _bestTime;
    private int _stepCount;

    /// <param name="gas">Its zones.</param>
    /// <param name="particles">By slot.</param>
    /// <param name="ids">By slot.</param>
    /// <param name="abort">Ends a search, which may be long where zones are crowded; the loop is of no use afterwards.</param>
    public TuplePredictor(Gas gas, Particle* particles, int* ids, CancellationToken abort = default)
    {
        _abort = abort;
        _particles = particles;
        _ids = ids;
        _lengths = gas.Box.Lengths;
        _zones = [.. gas.Zones.OrderBy(z => z.Order).Select(z =>
            (z.Order, z.Distance * z.Distance, z.Reach * z.Reach * ReachMargin * ReachMargin))];
        _reachSquaredMax = _zones.Max(zone => zone.ReachSquared);
        _chosen = new int[gas.OrderMax];
        _slots = new int[gas.OrderMax];
        _bestSlots = new int[gas.OrderMax];
    }

    /// <summary>The other members of the tuple found by <see cref="Earliest"/>.</summary>
    public ReadOnlySpan<int> Others => _bestSlots.AsSpan(0, _bestOrder - 1);

    /// <summary>Finds the earliest tuple event before the horizon.</summary>
    /// <param name="self">The particle that looks.</param>
    /// <param name="now">Present time.</param>
    /// <param name="entries">Candidates; may contain the particle itself.</param>
    /// <param name="count">Number of candidates.</param>
    /// <param name="images">Shifts of flagged candidates.</param>
    /// <param name="horizon">Events at or after this time do not matter.</param>
    /// <returns>Its time, or +infinity.</returns>
    public double Earliest<TImages>(int self, double now, int* entries, int count, in TImages images, double horizon)
        where TImages : struct, IImageShifts, IImageCounts
    {
        _self = self;
        _bestTime = horizon;
        _bestOrder = 0;
        Collect(now, entries, count, images);
        foreach ((int order, double distanceSquared, double reachSquared) in _zones)
        {
            if (_candidateCount >= order - 1 && KeepNear(now, reachSquared) >= order - 1)
            {
                FindTogether(reachSquared);
                Extend(0, 0, 0, double.PositiveInfinity, now, order, distanceSquared);
            }
        }

        return _bestOrder == 0 ? double.PositiveInfinity : _bestTime;
    }

    /// <summary>Sorts a few slots by particle id.</summary>
    public static void SortById(Span<int> slots, int* ids)
    {
        for (int k = 1; k < slots.Length; k++)
        {
            int slot = slots[k], m = k;
            for (; m > 0 && ids[slots[m - 1]] > ids[slot]; m--)
            {
                slots[m] = slots[m - 1];
            }

            slots[m] = slot;
        }
    }

    // The candidates that come within the largest reach, as seen from the particle.
    private void Collect<TImages>(double now, int* entries, int count, in TImages images)
        where TImages : struct, IImageShifts, IImageCounts
    {
        if (count > _candidates.Length)
        {
            _candidates = new Neighbour[2 * count];
            _near = new Neighbour[2 * count];
        }

        _candidateCount = 0;
        Particle* a = _particles + _self;
        Vector256<double> origin = PositionAt(a, now), velocity = Three(&a->VX);
        for (int k = 0; k < count; k++)
        {
            int slot = entries[k] & Candidate.SlotMask;
            if (slot == _self)
            {
                continue;
            }

            Particle* b = _particles + slot;
            ref Neighbour next = ref _candidates[_candidateCount];
            (next.Slot, next.Boxes) = (slot, entries[k] < 0 ? images.Boxes(k, entries[k]) : Int3.Zero);
            next.Position = PositionAt(b, now) - origin;
            if (entries[k] < 0)
            {
                Vec3 shift = Shift(next.Boxes);
                next.Position += Vector256.Create(shift.X, shift.Y, shift.Z, 0);
            }

            next.Velocity = Three(&b->VX) - velocity;
            _candidateCount += Within(next.Position, next.Velocity, _reachSquaredMax, out _) ? 1 : 0;
        }
    }

    // Those that come within the reach of a zone before the earliest event known, and when.
    private int KeepNear(double now, double reachSquared)
    {
        _nearCount = 0;
        for (int k = 0; k < _candidateCount; k++)
        {
            ref Neighbour candidate = ref _candidates[k];
            if (Within(candidate.Position, candidate.Velocity, reachSquared, out candidate.Near) && now + candidate.Near.From < _bestTime)
            {
                _near[_nearCount++] = candidate;
            }
        }

        return _nearCount;
    }

    // When each two of those that are near are within reach of each other, too.
    private void FindTogether(double reachSquared)
    {
        int count = _nearCount;
        if ((long)count * count > _together.Length)
        {
            _together = new Stretch[count * count];
        }

        for (int first = 0; first < count; first++)
        {
            ref Neighbour a = ref _near[first];
            for (int second = first + 1; second < count; second++)
            {
                Poll();
                ref Neighbour b = ref _near[second];
                ref Stretch together = ref _together[first * count + second];
                if (Math.Max(a.Near.From, b.Near.From) > Math.Min(a.Near.To, b.Near.To)
                    || !Within(b.Position - a.Position, b.Velocity - a.Velocity, reachSquared, out together))
                {
                    together = new Stretch(0, double.NegativeInfinity);
                }
            }
        }
    }

    // [from, to] is the common interval of the members chosen so far, relative to now.
    private void Extend(int chosenCount, int first, double from, double to, double now, int order, double distanceSquared)
    {
        int last = _nearCount - (order - 2 - chosenCount); // there must be enough behind it for the other members
        for (int k = first; k < last; k++)
        {
            Poll();
            Stretch common = _near[k].Near.And(from, to);
            for (int m = 0; m < chosenCount && common.From <= common.To; m++)
            {
                Stretch together = _together[_chosen[m] * _nearCount + k];
                common = common.And(together.From, together.To);
            }

            if (common.From > common.To || now + common.From >= _bestTime)
            {
                continue;
            }

            _chosen[chosenCount] = k;
            if (chosenCount + 2 == order)
            {
                Evaluate(order, distanceSquared);
            }
            else
            {
                Extend(chosenCount + 1, k + 1, common.From, common.To, now, order, distanceSquared);
            }
        }
    }

    private void Poll()
    {
        if ((++_stepCount & StepsPerPoll) == 0)
        {
            _abort.ThrowIfCancellationRequested();
        }
    }

    private void Evaluate(int order, double distanceSquared)
    {
        Span<int> slots = _slots.AsSpan(0, order);
        slots[0] = _self;
        for (int k = 1; k < order; k++)
        {
            slots[k] = _near[_chosen[k - 1]].Slot;
        }

        SortById(slots, _ids);
        Span<Vec3> positions = stackalloc Vec3[order], velocities = stackalloc Vec3[order];
        double reference = double.NegativeInfinity;
        for (int k = 0; k < order; k++)
        {
            reference = Math.Max(reference, _particles[slots[k]].Time);
        }

        Int3 boxesOfFirst = BoxesOf(slots[0], order);
        for (int k = 0; k < order; k++)
        {
            Particle* p = _particles + slots[k];
            positions[k] = p->PositionAt(reference) + Shift(BoxesOf(slots[k], order) - boxesOfFirst);
            velocities[k] = new Vec3(p->VX, p->VY, p->VZ);
        }

        double time = TupleEvent.Time(positions, velocities, reference, distanceSquared);
        if (time < _bestTime || (time == _bestTime && _bestOrder == order && LowerIds(slots)))
        {
            _bestTime = time;
            _bestOrder = order;
            int used = 0;
            foreach (int slot in slots)
            {
                if (slot != _self)
                {
                    _bestSlots[used++] = slot;
                }
            }
        }
    }

    // Whether the tuple's ids come before those of the best one; both contain the particle itself.
    private bool LowerIds(ReadOnlySpan<int> slots)
    {
        Span<int> best = stackalloc int[slots.Length];
        best[0] = _self;
        Others.CopyTo(best[1..]);
        SortById(best, _ids);
        for (int k = 0; k < slots.Length; k++)
        {
            if (_ids[slots[k]] != _ids[best[k]])
            {
                return _ids[slots[k]] < _ids[best[k]];
            }
        }

        return false;
    }

    private Int3 BoxesOf(int slot, int order)
    {
        for (int k = 0; k < order - 1; k++)
        {
            if (_near[_chosen[k]].Slot == slot)
            {
                return _near[_chosen[k]].Boxes;
            }
        }

        return Int3.Zero;
    }

    private Vec3 Shift(Int3 boxes) => new(boxes.X * _lengths.X, boxes.Y * _lengths.Y, boxes.Z * _lengths.Z);

    // The part of the future, relative to now, in which |r + v s| is below the reach.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Within(Vector256<double> r, Vector256<double> v, double reachSquared, out Stretch stretch)
    {
        double squared = Vector256.Dot(r, r), approach = Vector256.Dot(r, v), speedSquared = Vector256.Dot(v, v);
        stretch = new Stretch(0, double.PositiveInfinity);
        bool inside = squared <= reachSquared;
        if (!inside && !(approach < 0))
        {
            return false;
        }

        if (speedSquared == 0)
        {
            return inside;
        }

        // |r x v|^2, along axes in another order
        Vector256<double> cross = r * Turned(v) - Turned(r) * v;
        double discriminant = speedSquared * reachSquared - Vector256.Dot(cross, cross);
        if (!inside && !(discriminant > 0))
        {
            return false;
        }

        double root = Math.Sqrt(Math.Max(discriminant, 0));
        stretch = new Stretch(inside ? 0 : (squared - reachSquared) / (root - approach), (root - approach) / speedSquared);
        return stretch.To >= stretch.From;
    }

    // y, z, x.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Turned(Vector256<double> numbers) => Vector256.Shuffle(numbers, Vector256.Create(1L, 2, 0, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PositionAt(Particle* p, double time) =>
        Three(&p->X) + Three(&p->VX) * Vector256.Create(time - p->Time);

    // Three numbers and a zero: the fourth word of a particle's halves is no coordinate.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Three(double* half) => (Vector256.Load(half).AsInt64() & Vector256.Create(-1L, -1, -1, 0)).AsDouble();

    // A stretch of time, relative to now.
    private readonly record struct Stretch(double From, double To)
    {
        public Stretch And(double from, double to) => new(Math.Max(From, from), Math.Min(To, to));
    }

    // A particle that comes within reach: as seen from the one that looks, and when it is near.
    private struct Neighbour
    {
        public Vector256<double> Position, Velocity;
        public int Slot;
        public Int3 Boxes;
        public Stretch Near;
    }
}

/// <summary>Whole boxes to be added to a candidate's position, as integers.</summary>
internal interface IImageCounts
{
    Int3 Boxes(int index, int entry);
}
