using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Scalings;

/// <summary>Of the events of one order k &gt;= 3.</summary>
/// <param name="Order">k = l + 1.</param>
/// <param name="Distance">eps_k.</param>
/// <param name="Constant">c_l = N^l eps_k^(ld-1), N the number of all particles [High 3.11].</param>
/// <param name="Coefficient">c_l / l!, in front of the collision operator [High 3.21].</param>
/// <param name="Crowding">n eps_k^d: the size of the density correction of the rate.</param>
/// <param name="Accessible">
/// Share of the ellipsoid that lower orders leave free: the mean over the compositions, weighted with their rates.
/// </param>
/// <param name="InertBelow">No event of this order is possible unless eps_k is above this.</param>
/// <param name="RateDilute">Events of one particle per unit time, closed form, as if no lower order forbade anything.</param>
/// <param name="Rate">The closed form times the accessible share.</param>
/// <param name="RatesOfSpecies">Rate of one particle of each species.</param>
public sealed record ZoneScale(
    int Order,
    double Distance,
    double Constant,
    double Coefficient,
    double Crowding,
    AccessibleShare Accessible,
    double InertBelow,
    double RateDilute,
    double Rate,
    ImmutableArray<double> RatesOfSpecies)
{
    private const double CompositionsMax = 3_000;

    /// <summary>Whether lower orders keep the particles too far apart for any event.</summary>
    public bool IsInert => Distance <= InertBelow;

    /// <summary>
    /// The bound below which a zone is inert: averaging over subsets gives d_k^2 &gt;= eps_j^2 k(k-1)/(j(j-1)) for each lower
    /// order j, the pairs of the smallest species included.
    /// </summary>
    public static double InertBound(Gas gas, int order)
    {
        double pairs = order * (order - 1);
        double smallest = gas.Species.Min(s => s.Diameter);
        double bound = smallest * smallest * pairs / 2;
        foreach (Zone lower in gas.Zones.Where(z => z.Order < order))
        {
            bound = Math.Max(bound, lower.Distance * lower.Distance * pairs / (lower.Order * (lower.Order - 1)));
        }

        return Math.Sqrt(bound);
    }

    internal static ZoneScale Of(
        Gas gas, ImmutableArray<int> counts, double[] variances, Zone zone, int sampleCount, CancellationToken cancellation)
    {
        if (CompositionCount(counts.Length, zone.Order) > CompositionsMax && counts.Length > 1)
        {
            return OfMean(gas, counts, variances, zone, sampleCount, cancellation);
        }

        int total = counts.Sum();
        double volume = gas.Box.Volume;
        double[] densities = [.. counts.Select(c => c / volume)];
        double eventsDilute = 0, events = 0, errorSquared = 0;
        double[] rates = new double[counts.Length];
        foreach (int[] multiplicities in Compositions(zone.Order, counts))
        {
            cancellation.ThrowIfCancellationRequested();
            double dilute = CollisionFrequency.Composition(gas.Dimension, zone.Distance, multiplicities, densities, variances);
            double[] diameters =
                [.. multiplicities.SelectMany((m, a) => Enumerable.Repeat(gas.Species[a].Diameter, m))];
            double[] members = [.. multiplicities.SelectMany((m, a) => Enumerable.Repeat(variances[a], m))];
            AccessibleShare share = members.Any(v => v > 0)
                ? AccessibleShare.Of(gas.Dimension, zone, diameters, gas.Zones, members, sampleCount)
                : new AccessibleShare(0, 0); // particles at rest
            eventsDilute += dilute;
            events += dilute * share.Value;
            errorSquared += dilute * dilute * share.StandardError * share.StandardError;
            for (int a = 0; a < rates.Length; a++)
            {
                rates[a] += multiplicities[a] > 0 ? dilute * share.Value * multiplicities[a] / densities[a] : 0;
            }
        }

        double constant = BoltzmannConstants.Scaling(zone.Order, gas.Dimension, total, zone.Distance);
        AccessibleShare accessible = eventsDilute > 0
            ? new AccessibleShare(events / eventsDilute, Math.Sqrt(errorSquared) / eventsDilute)
            : new AccessibleShare(0, 0); // fewer particles than the order
        double perParticle = zone.Order / (total / volume);
        return new ZoneScale(
            zone.Order,
            zone.Distance,
            constant,
            BoltzmannConstants.Coefficient(zone.Order, constant),
            total / volume * Math.Pow(zone.Distance, gas.Dimension),
            accessible,
            InertBound(gas, zone.Order),
            eventsDilute * perParticle,
            events * perParticle,
            [.. rates]);
    }

    // So many compositions would take too long: as if all particles were of one mean species.
    private static ZoneScale OfMean(
        Gas gas, ImmutableArray<int> counts, double[] variances, Zone zone, int sampleCount, CancellationToken cancellation)
    {
        double total = counts.Sum(n => (double)n);
        double diameter = counts.Select((n, a) => n * gas.Species[a].Diameter).Sum() / total;
        double variance = counts.Select((n, a) => n * variances[a]).Sum() / total;
        Gas mean = gas with { Species = [new Species("mean", 1, diameter)] };
        ZoneScale scale = Of(mean, [counts.Sum()], [variance], zone, sampleCount, cancellation);
        return scale with { InertBelow = InertBound(gas, zone.Order), RatesOfSpecies = [.. counts.Select(_ => scale.RatesOfSpecies[0])] };
    }

    private static double CompositionCount(int speciesCount, int order)
    {
        double count = 1;
        for (int k = 1; k <= order; k++)
        {
            count *= (double)(speciesCount - 1 + k) / k;
        }

        return count;
    }

    /// <summary>All ways to take k particles of the species present: how many of each.</summary>
    private static IEnumerable<int[]> Compositions(int order, ImmutableArray<int> counts)
    {
        return Extend(new int[counts.Length], 0, order);

        IEnumerable<int[]> Extend(int[] taken, int species, int left)
        {
            if (species == counts.Length)
            {
                return left == 0 ? [taken] : [];
            }

            return Enumerable.Range(0, Math.Min(left, counts[species]) + 1).SelectMany(m =>
            {
                int[] next = [.. taken];
                next[species] = m;
                return Extend(next, species + 1, left - m);
            });
        }
    }
}
