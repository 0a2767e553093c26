using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Estimates;
using ActorMD.Kinetic.Scalings;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Runs.Observables;

/// <summary>What closed forms of kinetic theory expect of a case, in the units in which a run measures it.</summary>
/// <param name="Scales">Constants, rates and free paths at the initial temperatures; null where nothing moves.</param>
/// <param name="Temperature">Of the gas in equilibrium: the mean of the initial ones; null where nothing moves.</param>
/// <param name="TemperatureBySpecies">At time 0.</param>
/// <param name="Frequencies">Events per particle and time in equilibrium, with the keys of summary.json; empty in open space.</param>
/// <param name="Z">P V / (N T) in equilibrium; null where zones or open sides leave no closed form.</param>
public sealed record Expected(
    GasScales? Scales, double? Temperature, ImmutableArray<double> TemperatureBySpecies,
    ImmutableSortedDictionary<string, double> Frequencies, double? Z)
{
    private const int SpeedSampleCount = 200;

    // Enough for two digits of the accessible share.
    private const int ShareSampleCount = 4_000;

    /// <summary>Of a case.</summary>
    /// <param name="case">A case without faults.</param>
    /// <param name="cancellation">Stops the work, which takes a while for high orders.</param>
    public static Expected Of(Case @case, CancellationToken cancellation)
    {
        Gas gas = @case.Gas;
        ImmutableArray<double> initial = [.. @case.Initial.Velocities.Species
            .Select((v, a) => v.KineticTemperatureIn(gas.Box, gas.Species[a].Mass))];
        if (@case.Initial.VelocitiesFromFile || !initial.Any(t => t > 0))
        {
            return new Expected(null, null, initial, ImmutableSortedDictionary<string, double>.Empty, null);
        }

        GasScales scales = GasScales.Of(gas, @case.Counts, initial, ShareSampleCount, cancellation);
        double mean = @case.Counts.Select((n, a) => n * initial[a]).Sum() / @case.ParticleCount;
        if (gas.Box.Has(Boundary.Open) || !(mean > 0))
        {
            return new Expected(scales, mean, initial, ImmutableSortedDictionary<string, double>.Empty, null);
        }

        bool isEven = initial.All(t => t == mean);
        GasScales even = isEven ? scales : GasScales.Of(gas, @case.Counts, [.. initial.Select(_ => mean)], ShareSampleCount, cancellation);
        var frequencies = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (PairScale pair in even.Pairs.Where(p => p.First <= p.Second))
        {
            frequencies[SummaryKeys.Pair(gas, pair.First, pair.Second)] = pair.Rate;
        }

        foreach (ZoneScale zone in even.Zones)
        {
            frequencies[SummaryKeys.Order(zone.Order)] = zone.Rate;
        }

        return new Expected(
            scales, mean, initial, frequencies.ToImmutable(),
            gas.Zones.IsEmpty ? EquationOfState.Compressibility(gas, @case.Counts) : null);
    }

    // Mean over the particles, from draws of their laws.
    private static double SpeedOf(Case @case)
    {
        Gas gas = @case.Gas;
        double sum = 0;
        for (int a = 0; a < gas.Species.Length; a++)
        {
            CounterRandom random = new(0, RandomStream.EllipsoidSampling, (uint)a);
            double drawn = 0;
            for (int n = 0; n < SpeedSampleCount; n++)
            {
                Vec3 position = new(
                    random.NextUniform() * gas.Box.Lengths.X, random.NextUniform() * gas.Box.Lengths.Y,
                    random.NextUniform() * gas.Box.Lengths.Z);
                drawn += Math.Sqrt(
                    @case.Initial.Velocities.Species[a].Draw(ref random, position, gas.Box, gas.Species[a].Mass).LengthSquared);
            }

            sum += @case.Counts[a] * drawn / SpeedSampleCount;
        }

        return sum / @case.ParticleCount;
    }

    /// <summary>What the run will cost.</summary>
    /// <param name="case">Of the run.</param>
    /// <param name="from">What was computed up to this time is not counted.</param>
    public CostEstimate Cost(Case @case, double from = 0)
    {
        double span = @case.Run.Until - from, frames = @case.Output.Trajectory is { } plan ? span / plan.Every : 0;
        return CostEstimate.Of(
            @case.Gas, @case.Counts, span, span / @case.Run.Sample + 10 * frames, Scales, Scales is null ? 0 : SpeedOf(@case));
    }
}
