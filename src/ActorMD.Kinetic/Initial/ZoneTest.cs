using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Whether a particle and some of its neighbours form a tuple inside its zone.</summary>
internal sealed class ZoneTest
{
    private const int StepsPerPoll = 0xFFFF;

    private readonly (int Order, double DistanceSquared)[] _zones;
    private readonly double _reachSquared;
    private readonly Vec3[] _members;
    private readonly CancellationToken _cancellation;
    private int _stepCount;
    private int _near;
    private Vec3[] _neighbors = new Vec3[64];

    /// <param name="gas">Its zones.</param>
    /// <param name="margin">Factor of the reach within which neighbours are kept.</param>
    /// <param name="cancellation">Ends a search that takes long.</param>
    public ZoneTest(Gas gas, double margin, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _zones = [.. gas.Zones.Select(z => (z.Order, z.Distance * z.Distance))];
        _reachSquared = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(z => z.Distance * z.Distance * 2 / z.Order) * margin;
        _members = new Vec3[gas.OrderMax];
    }

    /// <summary>Forgets all neighbours.</summary>
    public void Clear() => _near = 0;

    /// <summary>Adds a neighbour at a displacement from the particle, if it is near enough to matter.</summary>
    public void Add(Vec3 displacement, double squared)
    {
        if (squared >= _reachSquared)
        {
            return;
        }

        if (_near == _neighbors.Length)
        {
            Array.Resize(ref _neighbors, 2 * _near);
        }

        _neighbors[_near++] = displacement;
    }

    /// <summary>Whether any tuple of the particle with neighbours is inside its zone.</summary>
    public bool IsViolated()
    {
        _members[0] = Vec3.Zero;
        foreach ((int order, double distanceSquared) in _zones)
        {
            if (_near >= order - 1 && IsInsideZone(0, 1, 0, order, distanceSquared))
            {
                return true;
            }
        }

        return false;
    }

    // Whether the members so far, with the sum of their squared distances, can be completed to a tuple inside the zone.
    // The rest of the tuple raises a sum over j members by the factor k/j at least (OverlapCheck says why).
    private bool IsInsideZone(int from, int size, double sum, int order, double distanceSquared)
    {
        for (int n = from; n < _near; n++)
        {
            if ((++_stepCount & StepsPerPoll) == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }

            Vec3 member = _neighbors[n];
            double extended = sum;
            for (int m = 0; m < size; m++)
            {
                extended += (member - _members[m]).LengthSquared;
            }

            if (size + 1 == order)
            {
                if (extended < distanceSquared)
                {
                    return true;
                }
            }
            else if (extended * order < distanceSquared * (size + 1))
            {
                _members[size] = member;
                if (IsInsideZone(n + 1, size + 1, extended, order, distanceSquared))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
