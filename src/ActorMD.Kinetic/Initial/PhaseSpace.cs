using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Whether a particle may lie at a position: no pair overlaps and no k-tuple is inside its zone [Mix 2.5, High 1.24].</summary>
internal sealed class PhaseSpace
{
    /// <summary>Neighbours are looked for within the reach times this.</summary>
    public const double Margin = 1 + 1e-9;

    private readonly Box _box;
    private readonly int[] _kinds;
    private readonly Vec3[] _positions;
    private readonly SlotGrids _grids;
    private readonly double[] _radii; // by kind
    private readonly ZoneTest _zones;
    private int[] _candidates = new int[64];

    public PhaseSpace(Gas gas, int[] kinds, Vec3[] positions, SlotGrids grids, CancellationToken cancellation)
    {
        _box = gas.Box;
        _kinds = kinds;
        _positions = positions;
        _grids = grids;
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _zones = new ZoneTest(gas, Margin, cancellation);
    }

    /// <summary>Whether the configuration is valid with the particle at the given position, all others where they are.</summary>
    public bool HasRoomFor(int id, Vec3 position)
    {
        double radius = _radii[_kinds[id]];
        int found = _grids.Collect(_kinds[id], position, Margin, ref _candidates);
        _zones.Clear();
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

            _zones.Add(r, squared);
        }

        return !_zones.IsViolated();
    }
}
