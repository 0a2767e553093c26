using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Physics;

namespace ActorMD.Runs.Observables;

/// <summary>Events per particle and unit time over a span.</summary>
public static class MeasuredFrequency
{
    /// <summary>
    /// For species a, b: events per particle of a, where an event of two a-particles counts for both. For zones: order k
    /// counts for all k particles, per particle of the gas. Null over an empty span.
    /// </summary>
    /// <returns>Keys <c>AA</c>, <c>AB</c>, ..., <c>order3</c>, ...: <see cref="SummaryKeys"/>.</returns>
    public static ImmutableSortedDictionary<string, double?> Between(
        Gas gas, ImmutableArray<int> counts, TallyMark from, TallyMark to)
    {
        double time = to.Time - from.Time;
        int speciesCount = gas.Species.Length;
        ImmutableSortedDictionary<string, double?>.Builder frequencies =
            ImmutableSortedDictionary.CreateBuilder<string, double?>(StringComparer.Ordinal);
        for (int a = 0; a < speciesCount; a++)
        {
            for (int b = a; b < speciesCount; b++)
            {
                int pair = a * speciesCount + b;
                long events = to.PairCounts[pair] - from.PairCounts[pair];
                frequencies[SummaryKeys.Pair(gas, a, b)] = Rate((a == b ? 2 : 1) * events, counts[a], time);
            }
        }

        foreach (Zone zone in gas.Zones)
        {
            long events = to.OrderCounts[zone.Order] - from.OrderCounts[zone.Order];
            frequencies[SummaryKeys.Order(zone.Order)] = Rate(zone.Order * events, counts.Sum(), time);
        }

        return frequencies.ToImmutable();
    }

    /// <summary>The keys of a gas: pairs of species, then zones, in the order of the case.</summary>
    public static IEnumerable<string> Keys(Gas gas)
    {
        for (int a = 0; a < gas.Species.Length; a++)
        {
            for (int b = a; b < gas.Species.Length; b++)
            {
                yield return SummaryKeys.Pair(gas, a, b);
            }
        }

        foreach (Zone zone in gas.Zones)
        {
            yield return SummaryKeys.Order(zone.Order);
        }
    }

    private static double? Rate(long participations, int particles, double time) =>
        particles > 0 && time > 0 ? participations / (particles * time) : null;
}
