using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Whether a particle may lie at a position: no pair overlaps and no k-tuple is inside its zone [Mix 2.5, High 1.24].</summary>
internal sealed class PhaseSpace
{
    private const int StepsPerPoll = 0xFFFF;
    private const double Margin = 1 + 1e-9;

    private readonly Box _box;
    private readonly int[] _kinds;
    private readonly Vec3[] _positions;
    private readonly SlotGrids _grids;
    private readonly double[] _radii; // by kind
    private readonly (int Order, double DistanceSquared)[] _zones;
    private readonly double _zoneReachSquared;
    private readonly Vec3[] _members;
    private readonly CancellationToken _cancellation;
    private int _stepCount;
    private int[] _candidates = new int[64];
    private Vec3[] _neighbors = new Vec3[64];

    public PhaseSpace(Gas gas, int[] kinds, Vec3[] positions, SlotGrids grids, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _box = gas.Box;
        _kinds = kinds;
        _positions = positions;
        _grids = grids;
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _zones = [.. gas.Zones.Select(z => (z.Order, z.Distance * z.Distance))];
        _zoneReachSquared = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(z => z.Distance * z.Distance * 2 / z.Order) * Margin;
        _members = new Vec3[gas.OrderMax];
    }

    /// <summary>Whether the configuration is valid with the particle at the given position, all others where they are.</summary>
    public bool HasRoomFor(int id, Vec3 position)
    {
        double radius = _radii[_kinds[id]];
        int found = _grids.Collect(_kinds[id], position, Margin, ref _candidates);
        if (_neighbors.Length < found)
        {
            _neighbors = new Vec3[_candidates.Length];
        }

        int near = 0;
        for (int n = 0; n < found; n++)
        {
            int other = _candidates[n];
            if (other == id)
            {
                continue;
            }

            Vec3 r = _box.NearestImage(_positions[other] - position);
            double squared = r.LengthSquared;
            double contact = radius + _radii[_kinds[other]];
            if (squared < contact * contact)
            {
                return false;
            }

            if (squared < _zoneReachSquared)
            {
                _neighbors[near++] = r;
            }
        }

        _members[0] = Vec3.Zero;
        foreach ((int order, double distanceSquared) in _zones)
        {
            if (near >= order - 1 && IsInsideZone(near, 0, 1, 0, order, distanceSquared))
            {
                return false;
            }
        }

        return true;
    }

    // Whether the members so far, with the sum of their squared distances, can be completed to a tuple inside the zone.
    // The rest of the tuple raises a sum over j members by the factor k/j at least (OverlapCheck says why).
    private bool IsInsideZone(int near, int from, int size, double sum, int order, double distanceSquared)
    {
        for (int n = from; n < near; n++)
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
                if (IsInsideZone(near, n + 1, size + 1, extended, order, distanceSquared))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
