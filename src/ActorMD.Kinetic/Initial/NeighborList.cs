using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// For every particle the later ones within the reach of an overlap plus a skin; renewed when the particles have moved too
/// far (Verlet's list).
/// </summary>
internal sealed class NeighborList
{
    private const double SkinShare = 0.25;

    private readonly Box _box;
    private readonly int[] _kinds;
    private readonly Vec3[] _positions;
    private readonly Vec3[] _builtAt;
    private readonly double[] _radii;
    private readonly double _zoneReach;
    private readonly double _scale;
    private readonly double _skin;
    private readonly ClassGrids _grids;
    private readonly int[] _starts;
    private int[] _neighbors;
    private int[] _candidates = new int[64];
    private bool _isBuilt;

    /// <param name="gas">Distances.</param>
    /// <param name="kinds">Of the particles.</param>
    /// <param name="positions">Watched; wrapped into the box at each renewal.</param>
    /// <param name="scale">Factor of all distances for which the list must serve.</param>
    public NeighborList(Gas gas, int[] kinds, Vec3[] positions, double scale)
    {
        _box = gas.Box;
        _kinds = kinds;
        _positions = positions;
        _builtAt = new Vec3[positions.Length];
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _zoneReach = gas.Zones.IsEmpty ? 0 : gas.Zones.Max(z => z.Reach);
        _scale = scale;
        _skin = SkinShare * 2 * _radii.Min();
        _grids = new ClassGrids(gas, kinds, scale, _skin);
        _starts = new int[positions.Length + 1];
        _neighbors = new int[8 * positions.Length];
    }

    public ReadOnlySpan<int> NeighborsOf(int id) => _neighbors.AsSpan(_starts[id], _starts[id + 1] - _starts[id]);

    /// <summary>How far particles may move until the list is no longer complete.</summary>
    public double Margin => 0.5 * _skin;

    /// <summary>Makes the list anew, though it may be complete.</summary>
    public void Renew()
    {
        _isBuilt = false;
        Refresh();
    }

    /// <summary>Makes the list complete for the present positions.</summary>
    public void Refresh()
    {
        if (!_isBuilt || HasMovedTooFar())
        {
            Build();
            _isBuilt = true;
        }
    }

    public static Vec3 Wrap(Box box, Vec3 position)
    {
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            if (box.IsPeriodic(axis))
            {
                position = position.With(axis, Box.Wrap(position[axis], box.Lengths[axis], out _));
            }
        }

        return position;
    }

    private bool HasMovedTooFar()
    {
        double limit = 0.25 * _skin * _skin;
        for (int i = 0; i < _positions.Length; i++)
        {
            if ((_positions[i] - _builtAt[i]).LengthSquared >= limit)
            {
                return true;
            }
        }

        return false;
    }

    private void Build()
    {
        _grids.Clear();
        for (int i = 0; i < _positions.Length; i++)
        {
            _positions[i] = Wrap(_box, _positions[i]);
            _builtAt[i] = _positions[i];
            _grids.Insert(i, _grids.CellOf(i, _positions[i]));
        }

        int used = 0;
        for (int i = 0; i < _positions.Length; i++)
        {
            _starts[i] = used;
            int found = _grids.Collect(_kinds[i], _positions[i], _scale, _skin, ref _candidates);
            if (used + found > _neighbors.Length)
            {
                Array.Resize(ref _neighbors, Math.Max(2 * _neighbors.Length, used + found));
            }

            for (int n = 0; n < found; n++)
            {
                int j = _candidates[n];
                double distance = _scale * Math.Max(_radii[_kinds[i]] + _radii[_kinds[j]], _zoneReach) + _skin;
                if (j > i && _box.NearestImage(_positions[j] - _positions[i]).LengthSquared < distance * distance)
                {
                    _neighbors[used++] = j;
                }
            }
        }

        _starts[^1] = used;
    }
}
