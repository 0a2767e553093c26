using System.Collections.Immutable;

namespace ActorMD.Physics;

/// <summary>
/// The system that is simulated: box, species and zones. Holds what never changes during a run; the particles are in
/// <see cref="SystemState"/>.
/// </summary>
public sealed record Gas(Box Box, ImmutableArray<Species> Species, ImmutableArray<Zone> Zones)
{
    private readonly ImmutableArray<Species> _species = Species;
    private readonly KindTable _kinds = KindTable.Of(Species);

    /// <summary>By index.</summary>
    public ImmutableArray<Species> Species
    {
        get => _species;
        init => (_species, _kinds) = (value, KindTable.Of(value));
    }

    /// <summary>Mass and diameter of every kind of particles.</summary>
    public ImmutableArray<ParticleKind> Kinds => _kinds.All;

    /// <summary>How species and kinds belong together.</summary>
    public KindTable KindTable => _kinds;

    /// <summary>Whether particles of some species have diameters and masses of their own.</summary>
    public bool HasOwnSizes => _kinds.HasOwnSizes;

    public int Dimension => Box.Dimension;

    /// <summary>eps_ab = (eps_a + eps_b)/2 [Mix 2.1] of two species; on average where they have distributions of sizes.</summary>
    public double ContactDistance(int a, int b) => 0.5 * (Species[a].Diameter + Species[b].Diameter);

    /// <summary>The distance at which particles of two kinds touch.</summary>
    public double KindContact(int a, int b) => 0.5 * (Kinds[a].Diameter + Kinds[b].Diameter);

    /// <summary>The largest diameter.</summary>
    public double DiameterMax => _kinds.DiameterMax;

    /// <summary>The smallest diameter.</summary>
    public double DiameterMin => _kinds.DiameterMin;

    /// <summary>The distance within which any two particles can take part in an event: contacts and all zones.</summary>
    public double ReachMax => Math.Max(DiameterMax, Zones.IsEmpty ? 0 : Zones.Max(z => z.Reach));

    /// <summary>The zone of order k, or null.</summary>
    public Zone? ZoneOf(int order) => Zones.FirstOrDefault(z => z.Order == order);

    /// <summary>The highest order of an event: 2 without zones.</summary>
    public int OrderMax => Zones.IsEmpty ? 2 : Zones.Max(z => z.Order);

    /// <summary>Volume of one sphere (area of one disk) of species a; the mean where its particles have their own sizes.</summary>
    public double SphereVolume(int a)
    {
        if (Species[a].Sizes is not null)
        {
            return (Dimension == 3 ? Math.PI / 6 : Math.PI / 4) * _kinds.MeanPower(a, Dimension);
        }

        double diameter = Species[a].Diameter;
        return Dimension == 3 ? Math.PI / 6 * diameter * diameter * diameter : Math.PI / 4 * diameter * diameter;
    }

    /// <summary>Packing fraction for the given number of particles of each species.</summary>
    public double Packing(IReadOnlyList<int> counts)
    {
        double sum = 0;
        for (int a = 0; a < Species.Length; a++)
        {
            sum += counts[a] * SphereVolume(a);
        }

        return sum / Box.Volume;
    }

    public bool Equals(Gas? other) =>
        other is not null && Box == other.Box && Species.SequenceEqual(other.Species) && Zones.SequenceEqual(other.Zones);

    public override int GetHashCode() => HashCode.Combine(Box, Species.Length, Zones.Length);
}
