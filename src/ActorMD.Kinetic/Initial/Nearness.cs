using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>What a particle's neighbours forbid: overlaps of pairs, and tuples inside their zone.</summary>
internal sealed class Nearness
{
    private readonly Box _box;
    private readonly double[] _radii; // by kind
    private readonly ZoneTest _zones;

    /// <param name="gas">Box, species and zones.</param>
    /// <param name="reach">Farther apart no two particles matter to each other.</param>
    /// <param name="cancellation">Ends a search that takes long.</param>
    public Nearness(Gas gas, double reach, CancellationToken cancellation)
    {
        _box = gas.Box;
        Reach = PhaseSpace.Margin * reach;
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _zones = new ZoneTest(gas, PhaseSpace.Margin, cancellation);
    }

    /// <summary>How far neighbours are looked for: somewhat farther than they matter.</summary>
    public double Reach { get; }

    /// <summary>Whether a particle at a position overlaps with another one. Any number of threads may ask.</summary>
    public bool Touch(int kind, Vec3 position, int otherKind, Vec3 other)
    {
        double contact = _radii[kind] + _radii[otherKind];
        return _box.NearestImage(other - position).LengthSquared < contact * contact;
    }

    /// <summary>Forgets the neighbours of the particle before.</summary>
    public void Clear() => _zones.Clear();

    /// <summary>Adds a neighbour that does not overlap.</summary>
    public void Add(Vec3 position, Vec3 other)
    {
        Vec3 r = _box.NearestImage(other - position);
        _zones.Add(r, r.LengthSquared);
    }

    /// <summary>Whether the neighbours form no tuple inside its zone with the particle.</summary>
    public bool IsValid() => !_zones.IsViolated();
}
