using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Runs.Observables;

namespace ActorMD.Studies.Boltzmann;

/// <summary>What is averaged of a kinetic solution, run by run.</summary>
public static class BoltzmannObservables
{
    /// <summary>One row of thermo.csv for one run. The pressure is the ideal gas's: the kinetic equation has no other.</summary>
    public static ThermoRow Row(Gas gas, double time, int particleCount, DsmcMoments moments)
    {
        double? temperature = moments.TotalTemperature();
        double? pressure = gas.Box.Has(Boundary.Open) ? null : particleCount * temperature / gas.Box.Volume;
        return new ThermoRow
        {
            Time = time,
            Temperature = temperature,
            TemperatureBySpecies = [.. Enumerable.Range(0, gas.Species.Length).Select(a => moments.TotalTemperature(a))],
            Pressure = pressure,
            Z = Pressure.Compressibility(gas, particleCount, temperature ?? 0, pressure),
            Energy = moments.Energy,
            Momentum = moments.Momentum,
        };
    }

    /// <summary>The mean row and the row of standard errors.</summary>
    public static (ThermoRow Mean, ThermoRow Error) Average(Gas gas, IReadOnlyList<ThermoRow> runs)
    {
        RunMean temperature = RunMean.Of(runs.Select(r => r.Temperature));
        RunMean[] bySpecies = [.. gas.Species.Select((_, a) => RunMean.Of(runs.Select(r => r.TemperatureBySpecies[a])))];
        RunMean pressure = RunMean.Of(runs.Select(r => r.Pressure)), z = RunMean.Of(runs.Select(r => r.Z));
        RunMean energy = RunMean.Of(runs.Select(r => r.Energy));
        RunMean[] momentum = [.. Enumerable.Range(0, 3).Select(axis => RunMean.Of(runs.Select(r => (double?)r.Momentum[axis])))];
        return (Row(m => m.Value), Row(m => m.Error));

        ThermoRow Row(Func<RunMean, double?> part) => new()
        {
            Time = runs[0].Time,
            Temperature = part(temperature),
            TemperatureBySpecies = [.. bySpecies.Select(part)],
            Pressure = part(pressure),
            Z = part(z),
            Energy = part(energy),
            Momentum = new Vec3(part(momentum[0]) ?? double.NaN, part(momentum[1]) ?? double.NaN, part(momentum[2]) ?? double.NaN),
        };
    }

    /// <summary>Collisions of one real particle per unit time, with the keys and conventions of <see cref="MeasuredFrequency"/>.</summary>
    public static ImmutableSortedDictionary<string, double?> Frequencies(
        Gas gas, DsmcSize size, ImmutableArray<CollisionChannel> channels, DsmcTally tally, double time)
    {
        var frequencies = ImmutableSortedDictionary.CreateBuilder<string, double?>(StringComparer.Ordinal);
        for (int c = 0; c < channels.Length; c++)
        {
            CollisionChannel channel = channels[c];
            bool isPair = channel.Order == 2;
            int a = channel.Members[0], b = channel.Members[1];
            string key = isPair ? SummaryKeys.Pair(gas, a, b) : SummaryKeys.Order(channel.Order);
            double particles = isPair ? size.Counts[a] : size.Total;
            double participations = isPair && a != b ? 1 : channel.Order;
            double? rate = particles > 0 && time > 0 ? participations * tally.Collisions[c] / (particles * time) : null;
            frequencies[key] = frequencies.TryGetValue(key, out double? before) ? before + rate : rate;
        }

        return frequencies.ToImmutable();
    }

    /// <summary>A_ab by ordered pair, a first, and c_l/l! by order.</summary>
    public static ImmutableSortedDictionary<string, double> Coefficients(Case @case)
    {
        Gas gas = @case.Gas;
        var coefficients = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        for (int a = 0; a < gas.Species.Length; a++)
        {
            for (int b = 0; b < gas.Species.Length; b++)
            {
                coefficients[gas.Species[a].Name + gas.Species[b].Name] = BoltzmannConstants.Pair(gas, @case.Counts, a, b);
            }
        }

        foreach (Zone zone in gas.Zones)
        {
            double constant = BoltzmannConstants.Scaling(zone.Order, gas.Dimension, @case.ParticleCount, zone.Distance);
            coefficients[SummaryKeys.Order(zone.Order)] = BoltzmannConstants.Coefficient(zone.Order, constant);
        }

        return coefficients.ToImmutable();
    }
}
