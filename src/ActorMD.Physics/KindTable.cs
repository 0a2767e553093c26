using System.Collections.Immutable;
using ActorMD.Physics.Numerics;

namespace ActorMD.Physics;

/// <summary>
/// The kinds of particles of a gas: one for each species, or for each particle of a species with a distribution of sizes.
/// </summary>
public sealed class KindTable
{
    private readonly int[] _firsts; // kind of the first particle, by species
    private readonly bool[] _hasOwn; // by species

    private KindTable(ImmutableArray<ParticleKind> kinds, int[] firsts, bool[] hasOwn)
    {
        (All, _firsts, _hasOwn) = (kinds, firsts, hasOwn);
        HasOwnSizes = hasOwn.Contains(true);
        (DiameterMin, DiameterMax) = (double.PositiveInfinity, 0);
        foreach (ParticleKind kind in kinds)
        {
            DiameterMin = Math.Min(DiameterMin, kind.Diameter);
            DiameterMax = Math.Max(DiameterMax, kind.Diameter);
        }
    }

    /// <summary>By number: those of the first species, those of the second, and so on.</summary>
    public ImmutableArray<ParticleKind> All { get; }

    /// <summary>Whether any species has a distribution of sizes.</summary>
    public bool HasOwnSizes { get; }

    /// <summary>The smallest diameter.</summary>
    public double DiameterMin { get; }

    /// <summary>The largest diameter.</summary>
    public double DiameterMax { get; }

    /// <summary>The kinds of some species.</summary>
    public static KindTable Of(ImmutableArray<Species> species)
    {
        ImmutableArray<ParticleKind>.Builder kinds = ImmutableArray.CreateBuilder<ParticleKind>(species.Length);
        int[] firsts = new int[species.Length];
        for (int a = 0; a < species.Length; a++)
        {
            firsts[a] = kinds.Count;
            if (species[a].Sizes is not { } sizes)
            {
                kinds.Add(new ParticleKind(a, species[a].Mass, species[a].Diameter));
                continue;
            }

            (double[] diameters, double[] masses) = sizes.Draw();
            for (int k = 0; k < diameters.Length; k++)
            {
                kinds.Add(new ParticleKind(a, masses[k], diameters[k]));
            }
        }

        return new KindTable(kinds.ToImmutable(), firsts, [.. species.Select(s => s.Sizes is not null)]);
    }

    /// <summary>The kind of a particle, from its number among the particles of its species, in the order of ids.</summary>
    public int Of(int species, int number) => _firsts[species] + (_hasOwn[species] ? number : 0);

    /// <summary>The kinds of particles whose species are given in the order of ids.</summary>
    public int[] Of(ReadOnlySpan<int> species)
    {
        int[] kinds = new int[species.Length], numbers = new int[_firsts.Length];
        for (int id = 0; id < kinds.Length; id++)
        {
            kinds[id] = Of(species[id], numbers[species[id]]++);
        }

        return kinds;
    }

    /// <summary>The kinds of a species.</summary>
    public ReadOnlySpan<ParticleKind> OfSpecies(int species) =>
        All.AsSpan()[_firsts[species]..(species + 1 < _firsts.Length ? _firsts[species + 1] : All.Length)];

    /// <summary>The mean of a power of the diameter over the particles of a species.</summary>
    public double MeanPower(int species, int power)
    {
        ExactSum sum = new();
        ReadOnlySpan<ParticleKind> own = OfSpecies(species);
        foreach (ParticleKind kind in own)
        {
            double product = 1;
            for (int i = 0; i < power; i++)
            {
                product *= kind.Diameter;
            }

            sum.Add(product);
        }

        return sum.Value / own.Length;
    }
}
