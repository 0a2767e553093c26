using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;

namespace ActorMD.Runs.Observables;

/// <summary>The averages of a run over the time after <c>equilibrate</c>.</summary>
/// <param name="Temperature">Mean over the samples.</param>
/// <param name="TemperatureBySpecies">The same of each species, in the order of the gas.</param>
/// <param name="Pressure">By the virial theorem: see <see cref="Observables.Pressure"/>.</param>
/// <param name="Z">Compressibility factor.</param>
/// <param name="WallPressure">Force per area on reflecting walls.</param>
/// <param name="Frequencies">See <see cref="MeasuredFrequency"/>.</param>
public sealed record RunAverages(
    double? Temperature,
    ImmutableArray<double?> TemperatureBySpecies,
    double? Pressure,
    double? Z,
    double? WallPressure,
    ImmutableSortedDictionary<string, double?> Frequencies)
{
    /// <summary>Takes the averages at the end of a run.</summary>
    /// <param name="case">Of the run.</param>
    /// <param name="baseline">Where the averages start; null: nowhere.</param>
    /// <param name="tally">At the end.</param>
    /// <param name="rows">All samples.</param>
    public static RunAverages Of(Case @case, AveragesBaseline? baseline, EventTally tally, IEnumerable<ThermoRow> rows)
    {
        Gas gas = @case.Gas;
        ImmutableArray<ThermoRow> averaged = [.. rows.Where(row => row.Time >= @case.Run.Equilibrate)];
        TallyMark end = TallyMark.Of(@case.Run.Until, tally);
        TallyMark start = baseline is null ? end : TallyMark.Of(baseline);
        double? temperature = Mean(averaged, row => row.Temperature);
        double? pressure = temperature is { } mean
            ? Observables.Pressure.FromVirial(gas, @case.ParticleCount, mean, start, end)
            : null;
        return new RunAverages(
            temperature,
            [.. Enumerable.Range(0, gas.Species.Length).Select(a => Mean(averaged, row => row.TemperatureBySpecies[a]))],
            pressure,
            Observables.Pressure.Compressibility(gas, @case.ParticleCount, temperature ?? 0, pressure),
            Observables.Pressure.OnWalls(gas, start, end),
            MeasuredFrequency.Between(gas, @case.Counts, start, end));
    }

    private static double? Mean(ImmutableArray<ThermoRow> rows, Func<ThermoRow, double?> value)
    {
        double sum = 0;
        int count = 0;
        foreach (ThermoRow row in rows)
        {
            if (value(row) is { } number)
            {
                sum += number;
                count++;
            }
        }

        return count > 0 ? sum / count : null;
    }
}
