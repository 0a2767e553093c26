using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>Spheres that fly and collide while they grow, up to their full size: reaches packings that pushing does not.</summary>
/// <remarks>
/// B. D. Lubachevsky, F. H. Stillinger, "Geometric properties of random disk packings", J. Stat. Phys. 60, 561 (1990). All diameters are
/// their full ones times a factor s that grows linearly in time. Two spheres touch when |r + v t| = c s(t), a quadratic equation of t;
/// then their relative velocity is reflected as seen from the growing surfaces, so that they part faster than they grow. That heats the
/// gas, and velocities are scaled down again and again. The slower the growth, the denser the packing in which it comes to rest: then
/// there is made some room, and it begins anew, slower.
/// </remarks>
internal sealed class GrowingSpheres
{
    private const double GrowthAtStart = 0.02; // of the factor, in the time in which a sphere flies a diameter
    private const double GrowthMin = 1e-3;
    private const double SlowGain = 0.012; // of the factor: more is not won by slower growth
    private const double GrowthRatio = 0.25;
    private const double RateMax = 2e4; // collisions of a particle in that time: it has come to rest
    private const double Room = 0.97; // of the factor, before a slower growth
    private const int CollisionsPerScaling = 20; // of a particle, then velocities are scaled
    private const int EventsPerPoll = 0xFFFF;
    private const int Leave = -1; // the range of the neighbour list
    private const int FirstWall = -2;

    private readonly Box _box;
    private readonly int[] _kinds;
    private readonly double[] _radii;
    private readonly Vec3[] _positions;
    private readonly NeighborList _list;
    private readonly Vec3[] _velocities;
    private readonly Vec3[] _listedAt;
    private readonly double[] _times; // of the positions
    private readonly uint[] _stamps;
    private readonly (int Partner, uint Stamp)[] _next;
    private readonly EventHeap _events;
    private readonly CancellationToken _cancellation;
    private readonly double _diameter; // mean
    private readonly int[] _starts;
    private int[] _neighbors = [];
    private double _factor; // at time 0
    private double _growth; // of the factor, per time
    private int _eventCount;

    /// <param name="gas">One that <see cref="Can"/> be compressed.</param>
    /// <param name="kinds">Of the particles.</param>
    /// <param name="positions">Moved.</param>
    /// <param name="list">Of those positions, for full diameters at least.</param>
    /// <param name="seed">Of the velocities.</param>
    /// <param name="cancellation">Stops the work.</param>
    public GrowingSpheres(Gas gas, int[] kinds, Vec3[] positions, NeighborList list, ulong seed, CancellationToken cancellation)
    {
        (_box, _kinds, _positions, _list, _cancellation) = (gas.Box, kinds, positions, list, cancellation);
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _diameter = 2 * kinds.Average(a => _radii[a]);
        int count = positions.Length;
        _velocities = new Vec3[count];
        _listedAt = new Vec3[count];
        _times = new double[count];
        _stamps = new uint[count];
        _next = new (int, uint)[count];
        _starts = new int[count + 1];
        _events = new EventHeap(count);
        for (int i = 0; i < count; i++)
        {
            CounterRandom random = new(seed, RandomStream.Growth, (uint)i, counter: 1UL << 32); // far from those of the positions
            _velocities[i] = random.NextNormalVector(_box.Dimension);
        }
    }

    /// <summary>Collisions so far.</summary>
    public long CollisionCount { get; private set; }

    /// <summary>Whether a gas is one of spheres only, in a box in which a pair has one nearest image.</summary>
    public static bool Can(Gas gas) => gas.Zones.IsEmpty && !gas.Box.Has(Boundary.Open)
        && Enumerable.Range(0, gas.Dimension).All(axis => gas.Box.Lengths[axis] > 3 * gas.DiameterMax);

    /// <summary>Grows.</summary>
    /// <param name="factor">Of all diameters, at which the positions are valid.</param>
    /// <param name="target">The factor that is wanted.</param>
    /// <param name="progress">Gets the share of the growth that is done.</param>
    /// <returns>The largest factor that was reached; the positions are valid there if it is the target.</returns>
    public double Run(double factor, double target, IProgress<double>? progress)
    {
        double begun = factor, best = factor;
        for (double growth = GrowthAtStart; growth >= GrowthMin && best < target; growth *= GrowthRatio)
        {
            if (best > begun && target - best > SlowGain)
            {
                break;
            }

            _growth = growth;
            _factor = Math.Min(factor, Room * best);
            factor = Grow(target, () => progress?.Report(0.5 + 0.5 * Math.Max(0, (_factor - begun) / (target - begun))));
            best = Math.Max(best, factor);
        }

        return best;
    }

    // Until the target is reached or nothing moves any more; returns the factor.
    private double Grow(double target, Action report)
    {
        long window = (long)CollisionsPerScaling * _positions.Length;
        while (true)
        {
            Begin();
            report();
            double end = (target - _factor) / _growth;
            long limit = CollisionCount + window;
            while (CollisionCount < limit && _events.TimeOf(_events.First) < end)
            {
                Step();
            }

            bool isDone = CollisionCount < limit;
            double time = isDone ? end : _events.TimeOf(_events.First);
            MoveAllTo(time);
            _factor = isDone ? target : _factor + _growth * time;
            if (isDone || CollisionsPerScaling > RateMax * time)
            {
                return _factor;
            }
        }
    }

    // Time begins anew, with velocities of a diameter a time, and new lists.
    private void Begin()
    {
        double sum = 0;
        foreach (Vec3 v in _velocities)
        {
            sum += v.LengthSquared;
        }

        double scale = _diameter * Math.Sqrt(_box.Dimension * _velocities.Length / sum);
        for (int i = 0; i < _velocities.Length; i++)
        {
            _velocities[i] *= scale;
        }

        Array.Clear(_times);
        RenewLists(time: 0);
    }

    private void RenewLists(double time)
    {
        _list.Renew();
        _positions.CopyTo(_listedAt, 0);
        Array.Clear(_starts);
        for (int i = 0; i < _positions.Length; i++)
        {
            foreach (int j in _list.NeighborsOf(i))
            {
                _starts[i]++;
                _starts[j]++;
            }
        }

        for (int i = 0, sum = 0; i < _starts.Length; i++)
        {
            sum += _starts[i];
            _starts[i] = sum; // the end; it moves to the start below
        }

        _neighbors = _neighbors.Length < _starts[^1] ? new int[_starts[^1] + _starts[^1] / 4] : _neighbors;
        for (int i = 0; i < _positions.Length; i++)
        {
            foreach (int j in _list.NeighborsOf(i))
            {
                _neighbors[--_starts[i]] = j;
                _neighbors[--_starts[j]] = i;
            }
        }

        for (int i = 0; i < _positions.Length; i++)
        {
            Predict(i, time);
        }
    }

    private void Step()
    {
        if ((++_eventCount & EventsPerPoll) == 0)
        {
            _cancellation.ThrowIfCancellationRequested();
        }

        int i = _events.First;
        double time = _events.TimeOf(i);
        (int partner, uint stamp) = _next[i];
        if (partner >= 0)
        {
            if (_stamps[partner] == stamp)
            {
                Collide(i, partner, time);
                Predict(partner, time);
            }
        }
        else if (partner == Leave)
        {
            MoveAllTo(time);
            RenewLists(time);
            return;
        }
        else
        {
            Bounce(i, FirstWall - partner, time);
        }

        Predict(i, time);
    }

    // Reflected as seen from the surfaces, which come nearer to each other with the speed of the contact distance.
    private void Collide(int i, int j, double time)
    {
        MoveTo(i, time);
        MoveTo(j, time);
        Vec3 r = _box.NearestImage(_positions[j] - _positions[i]), v = _velocities[j] - _velocities[i];
        double distance = Math.Sqrt(r.LengthSquared), growth = _growth * (_radii[_kinds[i]] + _radii[_kinds[j]]);
        Vec3 push = r * ((Vec3.Dot(r, v) / distance - growth) / distance);
        _velocities[i] += push;
        _velocities[j] -= push;
        _stamps[i]++;
        _stamps[j]++;
        CollisionCount++;
    }

    private void Bounce(int i, int wall, double time)
    {
        MoveTo(i, time);
        int axis = wall / 2;
        double growth = _growth * _radii[_kinds[i]];
        double away = wall % 2 == 0 ? growth : -growth;
        _velocities[i] = _velocities[i].With(axis, 2 * away - _velocities[i][axis]);
        _stamps[i]++;
    }

    private void MoveTo(int i, double time)
    {
        _positions[i] += _velocities[i] * (time - _times[i]);
        _times[i] = time;
    }

    private void MoveAllTo(double time)
    {
        for (int i = 0; i < _positions.Length; i++)
        {
            MoveTo(i, time);
        }
    }

    private void Predict(int i, double now)
    {
        MoveTo(i, now);
        Vec3 position = _positions[i], velocity = _velocities[i];
        double first = LeaveTime(position - _listedAt[i], velocity), radius = _radii[_kinds[i]], factor = _factor + _growth * now;
        int partner = Leave;
        for (int n = _starts[i]; n < _starts[i + 1]; n++)
        {
            int j = _neighbors[n];
            Vec3 r = _box.NearestImage(_positions[j] + _velocities[j] * (now - _times[j]) - position);
            double contact = radius + _radii[_kinds[j]];
            double time = ContactTime(r, _velocities[j] - velocity, contact * factor, contact * _growth);
            if (time < first)
            {
                (first, partner) = (time, j);
            }
        }

        for (int axis = 0; axis < _box.Dimension; axis++)
        {
            if (_box.IsReflecting(axis))
            {
                double low = WallTime(position[axis], velocity[axis], radius * factor, radius * _growth);
                double high = WallTime(_box.Lengths[axis] - position[axis], -velocity[axis], radius * factor, radius * _growth);
                (first, partner) = low < first ? (low, FirstWall - 2 * axis) : (first, partner);
                (first, partner) = high < first ? (high, FirstWall - 2 * axis - 1) : (first, partner);
            }
        }

        _next[i] = (partner, partner >= 0 ? _stamps[partner] : 0);
        _events.Set(i, now + first);
    }

    // The first t >= 0 at which |r + v t| = contact + growth t.
    internal static double ContactTime(Vec3 r, Vec3 v, double contact, double growth)
    {
        double a = v.LengthSquared - growth * growth, b = Vec3.Dot(r, v) - contact * growth;
        double c = Math.Max(0, r.LengthSquared - contact * contact); // below 0 by rounding only
        double discriminant = b * b - a * c;
        return b < 0
            ? discriminant >= 0 ? c / (Math.Sqrt(discriminant) - b) : double.PositiveInfinity
            : a < 0 ? (-b - Math.Sqrt(discriminant)) / a : double.PositiveInfinity;
    }

    private static double WallTime(double distance, double velocity, double radius, double growth) =>
        growth > velocity ? Math.Max(0, distance - radius) / (growth - velocity) : double.PositiveInfinity;

    // When a particle has moved so far that it may touch what is not in its list.
    private double LeaveTime(Vec3 moved, Vec3 v)
    {
        double reach = _list.Margin, a = v.LengthSquared, b = Vec3.Dot(moved, v), c = Math.Min(0, moved.LengthSquared - reach * reach);
        return a > 0 ? -c / (b + Math.Sqrt(b * b - a * c)) : double.PositiveInfinity;
    }
}
