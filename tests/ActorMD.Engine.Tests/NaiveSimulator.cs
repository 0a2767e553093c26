using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Tests;

/// <summary>
/// The obvious event-driven simulator: before every event it computes the times of all walls, all pairs in all images and all
/// k-subsets from the particles' states. No cells, no calendar, no stored prediction: the model that the engine must equal
/// bit for bit.
/// </summary>
internal sealed class NaiveSimulator
{
    private readonly Gas _gas;
    private readonly double _epochLength;
    private readonly double _stepMax;
    private long _epoch;
    private double _now;

    public NaiveSimulator(Gas gas, SystemState state)
    {
        _gas = gas;
        _epochLength = state.EpochLength;
        Particles = (ParticleState[])state.Particles.Clone();
        Tally = new EventTally(gas.Species.Length, gas.OrderMax);
        // Nearest images are taken anew at least this often, so that no particle flies far in between.
        double speed = Math.Sqrt(Particles.Sum(p => p.Velocity.LengthSquared * gas.Species[p.Kind].Mass) / gas.Species.Min(s => s.Mass));
        double side = Enumerable.Range(0, gas.Dimension).Min(axis => gas.Box.Lengths[axis]);
        _stepMax = 0.02 * side / speed;
    }

    public ParticleState[] Particles { get; }

    public EventTally Tally { get; }

    public SystemState State => new(Particles, _epochLength, _epoch, _now);

    public void Advance(double until)
    {
        while (true)
        {
            double offset = _epoch == 0 ? until : until - _epoch * _epochLength;
            double stop = Math.Min(offset, _epochLength);
            while (_now < stop)
            {
                Event? next = Earliest();
                double horizon = Math.Min(stop, _now + _stepMax);
                if (next is not null && next.Time <= horizon)
                {
                    _now = Math.Max(_now, next.Time);
                    Apply(next);
                }
                else
                {
                    _now = horizon;
                }
            }

            if (offset <= _epochLength)
            {
                return;
            }

            for (int i = 0; i < Particles.Length; i++)
            {
                Epoch.Rebase(_gas.Box, ref Particles[i], _epochLength);
            }

            _epoch++;
            _now = 0;
        }
    }

    private Event? Earliest()
    {
        Event? best = null;
        for (int i = 0; i < Particles.Length; i++)
        {
            for (int axis = 0; axis < _gas.Dimension; axis++)
            {
                if (_gas.Box.IsReflecting(axis))
                {
                    ref ParticleState p = ref Particles[i];
                    Keep(ref best, new Event(
                        WallEvent.Time(
                            p.Position[axis], p.Velocity[axis], p.Time, 0.5 * _gas.Species[p.Kind].Diameter, _gas.Box.Lengths[axis]),
                        1,
                        [i, axis]));
                }
            }

            for (int j = i + 1; j < Particles.Length; j++)
            {
                double distance = _gas.ContactDistance(Particles[i].Kind, Particles[j].Kind);
                Vec3 nearest = NearestShift(i, j);
                foreach (Vec3 shift in ShiftsAround(nearest))
                {
                    Keep(ref best, new Event(PairEvent.Time(Particles[i], Particles[j], shift, distance * distance), 2, [i, j]));
                }
            }
        }

        foreach (Zone zone in _gas.Zones)
        {
            foreach (int[] members in Subsets(Particles.Length, zone.Order))
            {
                Keep(ref best, new Event(TupleTime(members, zone.Distance), zone.Order, members));
            }
        }

        return best;
    }

    private static void Keep(ref Event? best, Event candidate)
    {
        if (double.IsPositiveInfinity(candidate.Time))
        {
            return;
        }

        if (best is null || candidate.CompareTo(best) < 0)
        {
            best = candidate;
        }
    }

    private Vec3 NearestShift(int i, int j)
    {
        Vec3 r = Particles[j].PositionAt(_now) - Particles[i].PositionAt(_now);
        return new Vec3(Along(0), Along(1), Along(2));

        double Along(int axis) =>
            _gas.Box.IsPeriodic(axis) ? -Math.Round(r[axis] / _gas.Box.Lengths[axis]) * _gas.Box.Lengths[axis] : 0;
    }

    private IEnumerable<Vec3> ShiftsAround(Vec3 nearest)
    {
        foreach (double x in Axis(0))
        {
            foreach (double y in Axis(1))
            {
                foreach (double z in Axis(2))
                {
                    yield return new Vec3(x, y, z);
                }
            }
        }

        double[] Axis(int axis)
        {
            double length = _gas.Box.Lengths[axis];
            double count = Math.Round(nearest[axis] / (length == 0 ? 1 : length));
            return _gas.Box.IsPeriodic(axis) ? [(count - 1) * length, count * length, (count + 1) * length] : [0];
        }
    }

    private double TupleTime(int[] members, double distance)
    {
        double reference = members.Max(m => Particles[m].Time);
        Vec3[] positions = new Vec3[members.Length], velocities = new Vec3[members.Length];
        for (int k = 0; k < members.Length; k++)
        {
            positions[k] = Particles[members[k]].PositionAt(reference) + NearestShift(members[0], members[k]);
            velocities[k] = Particles[members[k]].Velocity;
        }

        return TupleEvent.Time(positions, velocities, reference, distance * distance);
    }

    private void Apply(Event e)
    {
        Tally.OrderCounts[e.Order]++;
        if (e.Order == 1)
        {
            ref ParticleState p = ref Particles[e.Ids[0]];
            int axis = e.Ids[1];
            double face = WallEvent.FaceAhead(
                p.Velocity[axis], 0.5 * _gas.Species[p.Kind].Diameter, _gas.Box.Lengths[axis]);
            Vec3 position = p.PositionAt(e.Time).With(axis, face);
            Update(e.Ids[0], position, p.Velocity.With(axis, -p.Velocity[axis]), e.Time);
            return;
        }

        int order = e.Order;
        Vec3[] positions = [.. e.Ids.Select(id => Particles[id].PositionAt(e.Time))];
        Vec3[] relative = [.. positions.Select(x => _gas.Box.NearestImage(x - positions[0]))];
        Vec3[] velocities = [.. e.Ids.Select(id => Particles[id].Velocity)];
        double[] masses = [.. e.Ids.Select(id => _gas.Species[Particles[id].Kind].Mass)];
        if (order == 2)
        {
            Tally.Virial.Add(PairEvent.Collide(relative[1], masses[0], masses[1], ref velocities[0], ref velocities[1]));
        }
        else
        {
            Tally.Virial.Add(TupleEvent.Collide(relative, masses, velocities));
        }

        for (int k = 0; k < order; k++)
        {
            Update(e.Ids[k], positions[k], velocities[k], e.Time);
        }
    }

    private void Update(int id, Vec3 position, Vec3 velocity, double time)
    {
        ref ParticleState p = ref Particles[id];
        int[] images = new int[3];
        for (int axis = 0; axis < _gas.Dimension; axis++)
        {
            double length = _gas.Box.Lengths[axis], radius = 0.5 * _gas.Species[p.Kind].Diameter;
            if (_gas.Box.IsPeriodic(axis))
            {
                position = position.With(axis, Box.Wrap(position[axis], length, out images[axis]));
            }
            else if (_gas.Box.IsReflecting(axis))
            {
                position = position.With(axis, Math.Min(Math.Max(position[axis], radius), length - radius));
            }
        }

        p.Position = position;
        p.Velocity = velocity;
        p.Time = time;
        p.Image += new Int3(images[0], images[1], images[2]);
    }

    private static IEnumerable<int[]> Subsets(int count, int size)
    {
        int[] chosen = Enumerable.Range(0, size).ToArray();
        while (true)
        {
            yield return (int[])chosen.Clone();
            int k = size - 1;
            while (k >= 0 && chosen[k] == count - size + k)
            {
                k--;
            }

            if (k < 0)
            {
                yield break;
            }

            chosen[k]++;
            for (int m = k + 1; m < size; m++)
            {
                chosen[m] = chosen[m - 1] + 1;
            }
        }
    }

    private sealed record Event(double Time, int Order, int[] Ids)
    {
        public int CompareTo(Event other)
        {
            int comparison = Time.CompareTo(other.Time);
            comparison = comparison == 0 ? Order.CompareTo(other.Order) : comparison;
            return comparison == 0 ? Ids.AsSpan().SequenceCompareTo(other.Ids) : comparison;
        }
    }
}
