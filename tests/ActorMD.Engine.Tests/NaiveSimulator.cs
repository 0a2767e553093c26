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
                    double time = WallEvent.Time(
                        p.Position[axis], p.Velocity[axis], p.Time, 0.5 * _gas.Species[p.Kind].Diameter, _gas.Box.Lengths[axis]);
                    Keep(ref best, time, 1, [i, axis]);
                }
            }

            for (int j = i + 1; j < Particles.Length; j++)
            {
                Keep(ref best, PairTime(i, j), 2, [i, j]);
            }
        }

        foreach (Zone zone in _gas.Zones)
        {
            int[] members = [.. Enumerable.Range(0, zone.Order)];
            Vec3[] positions = new Vec3[zone.Order], velocities = new Vec3[zone.Order];
            do
            {
                Keep(ref best, TupleTime(members, zone.Distance, positions, velocities), zone.Order, members);
            }
            while (Next(members, Particles.Length));
        }

        return best;
    }

    private static void Keep(ref Event? best, double time, int order, ReadOnlySpan<int> ids)
    {
        if (!double.IsPositiveInfinity(time) && (best is null || best.CompareTo(time, order, ids) > 0))
        {
            best = new Event(time, order, ids.ToArray());
        }
    }

    // The earliest contact of two particles in any of the images around the nearest one.
    private double PairTime(int i, int j)
    {
        double distance = _gas.ContactDistance(Particles[i].Kind, Particles[j].Kind), earliest = double.PositiveInfinity;
        Vec3 nearest = NearestImage(i, j), lengths = _gas.Box.Lengths;
        int x = ImagesBeside(0), y = ImagesBeside(1), z = ImagesBeside(2);
        for (int a = -x; a <= x; a++)
        {
            for (int b = -y; b <= y; b++)
            {
                for (int c = -z; c <= z; c++)
                {
                    Vec3 shift = new((nearest.X + a) * lengths.X, (nearest.Y + b) * lengths.Y, (nearest.Z + c) * lengths.Z);
                    earliest = Math.Min(earliest, PairEvent.Time(Particles[i], Particles[j], shift, distance * distance));
                }
            }
        }

        return earliest;
    }

    private int ImagesBeside(int axis) => _gas.Box.IsPeriodic(axis) ? 1 : 0;

    // By how many lengths of the box the image of j that is nearest to i now is shifted.
    private Vec3 NearestImage(int i, int j)
    {
        Vec3 r = Particles[j].PositionAt(_now) - Particles[i].PositionAt(_now);
        return new Vec3(Along(0, r.X), Along(1, r.Y), Along(2, r.Z));

        double Along(int axis, double distance) => _gas.Box.IsPeriodic(axis) ? -Math.Round(distance / _gas.Box.Lengths[axis]) : 0;
    }

    // The two arrays are room to work in.
    private double TupleTime(int[] members, double distance, Vec3[] positions, Vec3[] velocities)
    {
        double reference = double.NegativeInfinity;
        foreach (int member in members)
        {
            reference = Math.Max(reference, Particles[member].Time);
        }

        Vec3 lengths = _gas.Box.Lengths;
        for (int k = 0; k < members.Length; k++)
        {
            Vec3 image = NearestImage(members[0], members[k]);
            positions[k] = Particles[members[k]].PositionAt(reference)
                + new Vec3(image.X * lengths.X, image.Y * lengths.Y, image.Z * lengths.Z);
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

    // The next subset of the numbers below count in lexicographic order; false after the last.
    private static bool Next(int[] chosen, int count)
    {
        int k = chosen.Length - 1;
        while (k >= 0 && chosen[k] == count - chosen.Length + k)
        {
            k--;
        }

        if (k < 0)
        {
            return false;
        }

        chosen[k]++;
        for (int m = k + 1; m < chosen.Length; m++)
        {
            chosen[m] = chosen[m - 1] + 1;
        }

        return true;
    }

    private sealed record Event(double Time, int Order, int[] Ids)
    {
        public int CompareTo(double time, int order, ReadOnlySpan<int> ids)
        {
            int comparison = Time.CompareTo(time);
            comparison = comparison == 0 ? Order.CompareTo(order) : comparison;
            return comparison == 0 ? Ids.AsSpan().SequenceCompareTo(ids) : comparison;
        }
    }
}
