using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>
/// The exact flow of a few particles, backwards in time: contacts of pairs and zones of all orders, by the reference laws.
/// </summary>
/// <remarks>
/// Trees hold at most a dozen particles, so that every pair and every tuple is looked at after every event; the engine's cells and
/// calendars would only cost. Along periodic axes a flight is cut so that no particle moves further than a quarter of the shortest side:
/// the images that a pair can meet in are then the nearest one and its neighbours.
/// </remarks>
internal sealed class FlowOfFew
{
    private const int EventCountMax = 100_000;

    private readonly Gas _gas;
    private readonly double _flightMax;
    private readonly Vec3[] _shifts;
    private readonly Vec3[] _members;
    private readonly Vec3[] _memberVelocities;
    private readonly int[] _memberSlots;
    private readonly double[] _masses;
    private readonly int[] _bestSlots;
    private readonly Vec3[] _bestPositions;
    private readonly int[] _firstSlots;
    private int _firstOrder;
    private double _bestTime;
    private int _bestOrder;

    public FlowOfFew(Gas gas)
    {
        _gas = gas;
        int d = gas.Dimension;
        double shortest = double.PositiveInfinity;
        List<Vec3> shifts = [Vec3.Zero];
        for (int axis = 0; axis < d; axis++)
        {
            if (gas.Box.IsPeriodic(axis))
            {
                double length = gas.Box.Lengths[axis];
                shortest = Math.Min(shortest, length);
                shifts = [.. shifts.SelectMany(s => (double[])[-length, 0, length], (s, l) => s.With(axis, l))];
            }
        }

        _shifts = [.. shifts];
        _flightMax = 0.25 * shortest;
        int order = gas.OrderMax;
        _members = new Vec3[order];
        _memberVelocities = new Vec3[order];
        _memberSlots = new int[order];
        _masses = new double[order];
        _bestSlots = new int[order];
        _firstSlots = new int[order];
        _bestPositions = new Vec3[order];
    }

    /// <summary>The particles of the first event of the last flight; none without an event.</summary>
    public ReadOnlySpan<int> FirstSlots => _firstSlots.AsSpan(0, _firstOrder);

    /// <summary>Takes particles back in time.</summary>
    /// <param name="species">Of the particles.</param>
    /// <param name="positions">Theirs; not wrapped into the box.</param>
    /// <param name="velocities">Theirs.</param>
    /// <param name="duration">How far back, 0 or more.</param>
    /// <returns>Events on the way.</returns>
    public int GoBack(ReadOnlySpan<int> species, Span<Vec3> positions, Span<Vec3> velocities, double duration)
    {
        Reverse(velocities);
        int events = 0;
        _firstOrder = 0;
        double left = duration;
        while (left > 0)
        {
            double flight = left;
            if (double.IsFinite(_flightMax))
            {
                foreach (Vec3 velocity in velocities)
                {
                    double speed = Math.Sqrt(velocity.LengthSquared);
                    flight = speed * flight > _flightMax ? _flightMax / speed : flight;
                }
            }

            bool isEvent = Find(species, positions, velocities, flight);
            double elapsed = isEvent ? _bestTime : flight;
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] += elapsed * velocities[i];
            }

            left -= elapsed;
            if (isEvent)
            {
                Collide(species, velocities, elapsed);
                if (events == 0)
                {
                    _firstOrder = _bestOrder;
                    _bestSlots.AsSpan(0, _bestOrder).CopyTo(_firstSlots);
                }

                if (++events > EventCountMax)
                {
                    throw new PhysicsViolationException("the particles of a tree collide without end");
                }
            }
        }

        Reverse(velocities);
        return events;
    }

    private static void Reverse(Span<Vec3> velocities)
    {
        foreach (ref Vec3 velocity in velocities)
        {
            velocity = -velocity;
        }
    }

    private bool Find(ReadOnlySpan<int> species, ReadOnlySpan<Vec3> positions, ReadOnlySpan<Vec3> velocities, double flight)
    {
        _bestTime = double.PositiveInfinity;
        for (int first = 0; first < positions.Length; first++)
        {
            _members[0] = Vec3.Zero;
            _memberVelocities[0] = velocities[first];
            _memberSlots[0] = first;
            for (int second = first + 1; second < positions.Length; second++)
            {
                double contact = _gas.ContactDistance(species[first], species[second]);
                Vec3 r = _gas.Box.NearestImage(positions[second] - positions[first]), v = velocities[second] - velocities[first];
                double reach = contact + Math.Sqrt(v.LengthSquared) * flight;
                _memberVelocities[1] = velocities[second];
                _memberSlots[1] = second;
                foreach (Vec3 shift in _shifts)
                {
                    _members[1] = r + shift;
                    if (_members[1].LengthSquared < reach * reach)
                    {
                        Try(2, contact, flight);
                    }
                }
            }

            foreach (Zone zone in _gas.Zones)
            {
                Extend(zone, positions, velocities, 1, flight);
            }
        }

        return double.IsFinite(_bestTime);
    }

    // Adds members to the tuple begun with the first one, in every image that can come within the zone's reach of it.
    private void Extend(Zone zone, ReadOnlySpan<Vec3> positions, ReadOnlySpan<Vec3> velocities, int chosen, double flight)
    {
        if (chosen == zone.Order)
        {
            Try(chosen, zone.Distance, flight);
            return;
        }

        int first = _memberSlots[0];
        for (int next = _memberSlots[chosen - 1] + 1; next <= positions.Length - (zone.Order - chosen); next++)
        {
            Vec3 r = _gas.Box.NearestImage(positions[next] - positions[first]), v = velocities[next] - velocities[first];
            double reach = zone.Reach + Math.Sqrt(v.LengthSquared) * flight;
            foreach (Vec3 shift in _shifts)
            {
                if ((r + shift).LengthSquared < reach * reach)
                {
                    _members[chosen] = r + shift;
                    _memberVelocities[chosen] = velocities[next];
                    _memberSlots[chosen] = next;
                    Extend(zone, positions, velocities, chosen + 1, flight);
                }
            }
        }
    }

    private void Try(int order, double distance, double flight)
    {
        double time = TupleEvent.Time(_members.AsSpan(0, order), _memberVelocities.AsSpan(0, order), 0, distance * distance);
        if (time <= flight && time < _bestTime)
        {
            _bestTime = time;
            _bestOrder = order;
            _members.AsSpan(0, order).CopyTo(_bestPositions);
            _memberSlots.AsSpan(0, order).CopyTo(_bestSlots);
        }
    }

    private void Collide(ReadOnlySpan<int> species, Span<Vec3> velocities, double elapsed)
    {
        for (int m = 0; m < _bestOrder; m++)
        {
            int slot = _bestSlots[m];
            _memberVelocities[m] = velocities[slot];
            _bestPositions[m] += elapsed * (velocities[slot] - velocities[_bestSlots[0]]);
            _masses[m] = _gas.Species[species[slot]].Mass;
        }

        TupleEvent.Collide(_bestPositions.AsSpan(0, _bestOrder), _masses.AsSpan(0, _bestOrder), _memberVelocities.AsSpan(0, _bestOrder));
        for (int m = 0; m < _bestOrder; m++)
        {
            velocities[_bestSlots[m]] = _memberVelocities[m];
        }
    }
}
