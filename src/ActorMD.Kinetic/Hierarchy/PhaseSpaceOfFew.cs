using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>
/// Whether a few particles lie in the phase space: no contact is overlapped, no tuple inside its zone [Mix 2.5, High 1.24].
/// </summary>
internal sealed class PhaseSpaceOfFew
{
    // What was put at contact is there to rounding only.
    private const double Rounding = 1 - 1e-9;

    private readonly Gas _gas;
    private readonly double[,] _contactSquares;
    private readonly Vec3[] _members;

    public PhaseSpaceOfFew(Gas gas)
    {
        _gas = gas;
        int count = gas.Species.Length;
        _contactSquares = new double[count, count];
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                _contactSquares[a, b] = Rounding * gas.ContactDistance(a, b) * gas.ContactDistance(a, b);
            }
        }

        _members = new Vec3[gas.OrderMax];
    }

    /// <param name="species">Of the particles.</param>
    /// <param name="positions">Theirs.</param>
    /// <param name="first">Only what has a particle from this number on is looked at.</param>
    public bool Holds(ReadOnlySpan<int> species, ReadOnlySpan<Vec3> positions, int first)
    {
        for (int j = first; j < positions.Length; j++)
        {
            for (int i = 0; i < j; i++)
            {
                if (_gas.Box.NearestImage(positions[i] - positions[j]).LengthSquared < _contactSquares[species[i], species[j]])
                {
                    return false;
                }
            }
        }

        foreach (Zone zone in _gas.Zones)
        {
            for (int last = Math.Max(first, zone.Order - 1); last < positions.Length; last++)
            {
                _members[0] = Vec3.Zero;
                if (HasTuple(positions, zone, last, 1, last, 0))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Whether the members so far, of which the last-named is `anchor`, can be completed to a tuple inside the zone; `sum` is theirs.
    private bool HasTuple(ReadOnlySpan<Vec3> positions, Zone zone, int anchor, int chosen, int before, double sum)
    {
        double limit = Rounding * zone.Distance * zone.Distance;
        for (int i = zone.Order - chosen - 1; i < before; i++)
        {
            Vec3 position = _gas.Box.NearestImage(positions[i] - positions[anchor]);
            double extended = sum;
            for (int m = 0; m < chosen; m++)
            {
                extended += (_members[m] - position).LengthSquared;
            }

            if (extended < limit)
            {
                if (chosen + 1 == zone.Order)
                {
                    return true;
                }

                _members[chosen] = position;
                if (HasTuple(positions, zone, anchor, chosen + 1, i, extended))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
