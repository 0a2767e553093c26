using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Theory;

/// <summary>
/// A gas in which particles have their own sizes as a mixture of groups of nearly equal ones: what formulas for mixtures are applied to,
/// with some hundred species instead of as many as particles. A gas without distributions is its own mixture.
/// </summary>
/// <remarks>
/// A group holds at most one particle in <see cref="GroupsPerSpecies"/> of its species, and diameters that differ by at most a factor <see
/// cref="RatioMax"/>; its diameter is such that the packing is that of the gas. Sums over pairs are then off by about 1e-5 of themselves.
/// </remarks>
/// <param name="Gas">The mixture of groups.</param>
/// <param name="Counts">Particles of each group.</param>
/// <param name="SpeciesOf">The gas's species, by group.</param>
/// <param name="GroupOf">The group, by kind of the gas.</param>
public sealed record SizeGroups(Gas Gas, ImmutableArray<int> Counts, ImmutableArray<int> SpeciesOf, ImmutableArray<int> GroupOf)
{
    private const int GroupsPerSpecies = 64;
    private const double RatioMax = 1.02;

    /// <summary>The groups of a gas.</summary>
    public static SizeGroups Of(Gas gas, IReadOnlyList<int> counts)
    {
        int[] groupOf = new int[gas.Kinds.Length];
        if (!gas.HasOwnSizes)
        {
            ImmutableArray<int> same = [.. Enumerable.Range(0, groupOf.Length)];
            return new SizeGroups(gas, [.. counts], same, same);
        }

        List<Species> groups = [];
        List<int> sizes = [], speciesOf = [];
        for (int a = 0; a < gas.Species.Length; a++)
        {
            ReadOnlySpan<ParticleKind> kinds = gas.KindTable.OfSpecies(a);
            int first = gas.KindTable.Of(a, 0);
            if (gas.Species[a].Sizes is null)
            {
                groupOf[first] = groups.Count;
                groups.Add(gas.Species[a]);
                sizes.Add(counts[a]);
                speciesOf.Add(a);
                continue;
            }

            double[] diameters = [.. kinds.ToArray().Select(kind => kind.Diameter)];
            int[] order = [.. Enumerable.Range(0, diameters.Length)];
            Array.Sort(diameters, order);
            int most = Math.Max(1, diameters.Length / GroupsPerSpecies);
            for (int from = 0, to; from < order.Length; from = to)
            {
                (double volume, double mass) = (0, 0);
                for (to = from; to < order.Length && to - from < most && diameters[to] <= RatioMax * diameters[from]; to++)
                {
                    volume += Math.Pow(diameters[to], gas.Dimension);
                    mass += kinds[order[to]].Mass;
                    groupOf[first + order[to]] = groups.Count;
                }

                int count = to - from;
                groups.Add(new Species(
                    FormattableString.Invariant($"{gas.Species[a].Name}{groups.Count}"), mass / count,
                    Math.Pow(volume / count, 1.0 / gas.Dimension)));
                sizes.Add(count);
                speciesOf.Add(a);
            }
        }

        return new SizeGroups(gas with { Species = [.. groups] }, [.. sizes], [.. speciesOf], [.. groupOf]);
    }
}
