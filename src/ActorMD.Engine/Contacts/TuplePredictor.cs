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
    private readonly List<Neighbour> _near = [];
    private readonly CancellationToken _abort;
    private readonly int[] _chosen;
    private readonly int[] _slots;
    private readonly int[] _bestSlots;
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
        foreach ((int order, double distanceSquared, double reachSquared) in _zones)
        {
            CollectNear(now, entries, count, images, reachSquared);
            if (_near.Count >= order - 1)
            {
                Extend(0, 0, 0, double.PositiveInfinity, now, order, distanceSquared, reachSquared);
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

    private void CollectNear<TImages>(double now, int* entries, int count, in TImages images, double reachSquared)
        where TImages : struct, IImageShifts, IImageCounts
    {
        _near.Clear();
        Particle* a = _particles + _self;
        Vec3 origin = a->PositionAt(now), velocity = new(a->VX, a->VY, a->VZ);
        for (int k = 0; k < count; k++)
        {
            int slot = entries[k] & Candidate.SlotMask;
            if (slot == _self)
            {
                continue;
            }

            Particle* b = _particles + slot;
            Int3 boxes = entries[k] < 0 ? images.Boxes(k, entries[k]) : Int3.Zero;
            Vec3 r = b->PositionAt(now) + Shift(boxes) - origin;
            Vec3 v = new Vec3(b->VX, b->VY, b->VZ) - velocity;
            if (Within(r, v, reachSquared, out double from, out double to) && now + from < _bestTime)
            {
                _near.Add(new Neighbour(slot, boxes, r, v, from, to));
            }
        }
    }

    // Chosen members are indices into _near in ascending order; [from, to] is the common interval, relative to now.
    private void Extend(
        int chosenCount, int first, double from, double to, double now, int order, double distanceSquared, double reachSquared)
    {
        for (int k = first; k < _near.Count; k++)
        {
            if ((++_stepCount & StepsPerPoll) == 0)
            {
                _abort.ThrowIfCancellationRequested();
            }

            Neighbour candidate = _near[k];
            double commonFrom = Math.Max(from, candidate.From), commonTo = Math.Min(to, candidate.To);
            for (int m = 0; m < chosenCount && commonFrom <= commonTo; m++)
            {
                Neighbour member = _near[_chosen[m]];
                if (!Within(
                    candidate.Position - member.Position, candidate.Velocity - member.Velocity, reachSquared, out double f, out double t))
                {
                    commonTo = double.NegativeInfinity;
                    break;
                }

                commonFrom = Math.Max(commonFrom, f);
                commonTo = Math.Min(commonTo, t);
            }

            if (commonFrom > commonTo || now + commonFrom >= _bestTime)
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
                Extend(chosenCount + 1, k + 1, commonFrom, commonTo, now, order, distanceSquared, reachSquared);
            }
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
    private static bool Within(Vec3 r, Vec3 v, double reachSquared, out double from, out double to)
    {
        double squared = Vec3.Dot(r, r), approach = Vec3.Dot(r, v), speedSquared = Vec3.Dot(v, v);
        from = 0;
        to = double.PositiveInfinity;
        bool inside = squared <= reachSquared;
        if (!inside && !(approach < 0))
        {
            return false;
        }

        if (speedSquared == 0)
        {
            return inside;
        }

        double discriminant = speedSquared * reachSquared - Vec3.Cross(r, v).LengthSquared;
        if (!inside && !(discriminant > 0))
        {
            return false;
        }

        double root = Math.Sqrt(Math.Max(discriminant, 0));
        from = inside ? 0 : (squared - reachSquared) / (root - approach);
        to = (root - approach) / speedSquared;
        return to >= from;
    }

    private readonly record struct Neighbour(int Slot, Int3 Boxes, Vec3 Position, Vec3 Velocity, double From, double To);
}

/// <summary>Whole boxes to be added to a candidate's position, as integers.</summary>
internal interface IImageCounts
{
    Int3 Boxes(int index, int entry);
}
