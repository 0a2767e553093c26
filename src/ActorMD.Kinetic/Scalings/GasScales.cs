using System.Collections.Immutable;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Scalings;

/// <summary>The scales of a uniform gas with Maxwellian velocities: constants, rates, mean free paths, accessible shares.</summary>
/// <param name="Species">In the order of the gas.</param>
/// <param name="Pairs">All ordered pairs (a, b), a first.</param>
/// <param name="Zones">In the order of the gas.</param>
public sealed record GasScales(
    ImmutableArray<SpeciesScale> Species, ImmutableArray<PairScale> Pairs, ImmutableArray<ZoneScale> Zones)
{
    /// <summary>Computes them.</summary>
    /// <param name="gas">Box, species, zones.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="temperatures">T_a, one per species; one at least is above 0.</param>
    /// <param name="sampleCount">Samples of each accessible share.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static GasScales Of(
        Gas gas, ImmutableArray<int> counts, ImmutableArray<double> temperatures, int sampleCount = 100_000,
        CancellationToken cancellation = default)
    {
        if (temperatures.Length != gas.Species.Length || !temperatures.Any(t => t > 0))
        {
            throw new ArgumentException("one temperature per species is needed, one of them above 0", nameof(temperatures));
        }

        double[] variances = [.. gas.Species.Select((s, a) => temperatures[a] / s.Mass)];
        ImmutableArray<PairScale> pairs =
            [.. gas.HasOwnSizes ? OwnPairScales(gas, counts, temperatures) : PairScales(gas, counts, variances)];
        ImmutableArray<ZoneScale> zones = [.. gas.Zones.Select(z => ZoneScale.Of(gas, counts, variances, z, sampleCount, cancellation))];
        return new GasScales(
            [.. gas.Species.Select((_, a) => SpeciesScaleOf(gas, counts, variances, a, pairs, zones))], pairs, zones);
    }

    private static IEnumerable<PairScale> PairScales(Gas gas, ImmutableArray<int> counts, double[] variances)
    {
        Func<int, int, double> contactValues = EquationOfState.ContactValues(gas, counts);
        for (int a = 0; a < gas.Species.Length; a++)
        {
            for (int b = 0; b < gas.Species.Length; b++)
            {
                double contact = gas.ContactDistance(a, b);
                double contactValue = contactValues(a, b);
                double dilute = CollisionFrequency.Pair(
                    gas.Dimension, counts[b] / gas.Box.Volume, contact, variances[a], variances[b]);
                yield return new PairScale(
                    a, b, contact, BoltzmannConstants.Pair(gas, counts, a, b), contactValue, dilute, dilute * contactValue);
            }
        }
    }

    // Where particles have their own sizes: means over all pairs of two species.
    private static IEnumerable<PairScale> OwnPairScales(Gas gas, ImmutableArray<int> counts, ImmutableArray<double> temperatures)
    {
        SizeGroups groups = SizeGroups.Of(gas, counts);
        int species = gas.Species.Length;
        double[] variances = [.. groups.Gas.Species.Select((s, group) => temperatures[groups.SpeciesOf[group]] / s.Mass)];
        double[] constants = new double[species * species], dilute = new double[constants.Length], rates = new double[constants.Length];
        foreach (PairScale pair in PairScales(groups.Gas, groups.Counts, variances))
        {
            int a = groups.SpeciesOf[pair.First], at = a * species + groups.SpeciesOf[pair.Second];
            double share = groups.Counts[pair.First] / (double)Math.Max(1, counts[a]);
            constants[at] += share * pair.LimitConstant;
            dilute[at] += share * pair.RateDilute;
            rates[at] += share * pair.Rate;
        }

        for (int at = 0; at < constants.Length; at++)
        {
            int a = at / species, b = at % species;
            yield return new PairScale(
                a, b, gas.ContactDistance(a, b), constants[at], dilute[at] > 0 ? rates[at] / dilute[at] : 1, dilute[at], rates[at]);
        }
    }

    private static SpeciesScale SpeciesScaleOf(
        Gas gas,
        ImmutableArray<int> counts,
        double[] variances,
        int a,
        ImmutableArray<PairScale> pairs,
        ImmutableArray<ZoneScale> zones)
    {
        double diameter = gas.Species[a].Diameter;
        int species = gas.Species.Length;
        double rate = pairs.AsSpan().Slice(a * species, species).ToArray().Sum(p => p.Rate) + zones.Sum(z => z.RatesOfSpecies[a]);
        double speed = CollisionFrequency.MeanSpeed(gas.Dimension, variances[a]);
        return new SpeciesScale(
            gas.Species[a].Name,
            counts[a],
            counts[a] / gas.Box.Volume,
            diameter,
            counts[a] * Math.Pow(diameter, gas.Dimension - 1),
            rate,
            rate > 0 ? 1 / rate : null,
            rate > 0 ? speed / rate : null);
    }
}

/// <summary>Of one species.</summary>
/// <param name="Name">Of the species.</param>
/// <param name="Count">N_a.</param>
/// <param name="Density">n_a = N_a / V.</param>
/// <param name="Diameter">eps_a.</param>
/// <param name="Constant">c_a = N_a eps_a^(d-1) [Mix 2.28].</param>
/// <param name="Rate">Events of all orders of one particle per unit time.</param>
/// <param name="MeanFreeTime">1 / Rate; null when nothing moves.</param>
/// <param name="MeanFreePath">Mean speed over Rate; null when nothing moves.</param>
public sealed record SpeciesScale(
    string Name,
    int Count,
    double Density,
    double Diameter,
    double Constant,
    double Rate,
    double? MeanFreeTime,
    double? MeanFreePath);

/// <summary>Collisions of one a-particle with b-particles.</summary>
/// <param name="First">a.</param>
/// <param name="Second">b.</param>
/// <param name="Contact">eps_ab.</param>
/// <param name="LimitConstant">A^a_b = N_b eps_ab^(d-1) [Mix 2.35].</param>
/// <param name="ContactValue">chi_ab at this density.</param>
/// <param name="RateDilute">Per unit time in the limit of low density.</param>
/// <param name="Rate">RateDilute times the contact value (Enskog).</param>
public sealed record PairScale(
    int First, int Second, double Contact, double LimitConstant, double ContactValue, double RateDilute, double Rate);
