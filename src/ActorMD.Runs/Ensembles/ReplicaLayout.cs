using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;

namespace ActorMD.Runs.Ensembles;

/// <summary>
/// The meaning of the numbers of a <see cref="ReplicaResult"/>: rows of thermo.csv one after the other, then the averages.
/// </summary>
internal sealed class ReplicaLayout
{
    private readonly ThermoColumns _columns;

    public ReplicaLayout(Case @case)
    {
        Case = @case;
        _columns = new ThermoColumns(@case.Gas);
        Samples = new RegularTimes(@case.Run.Sample, @case.Run.Until, @case.Run.Times);
        Gas gas = @case.Gas;
        List<string> names = ["temperature"];
        names.AddRange(gas.Species.Select(s => $"temperature_{s.Name}"));
        names.AddRange(["pressure", "Z", "pressure_walls"]);
        names.AddRange(MeasuredFrequency.Keys(gas).Select(key => $"frequency_{key}"));
        Averages = [.. names];
    }

    /// <summary>Of the first replica, but for the seed those of all.</summary>
    public Case Case { get; }

    public RegularTimes Samples { get; }

    public int RowCount => checked((int)Samples.LastIndex + 1);

    /// <summary>Names of the averages after <c>equilibrate</c>, in their order.</summary>
    public ImmutableArray<string> Averages { get; }

    /// <summary>Kinetic energy at time 0.</summary>
    public int InitialEnergy => RowCount * _columns.Names.Length + Averages.Length;

    /// <summary>Kinetic energy at the end.</summary>
    public int FinalEnergy => InitialEnergy + 1;

    public int ValueCount => FinalEnergy + 1;

    /// <summary>Largest drifts of energy, momentum and angular momentum, and largest overlap.</summary>
    public static int ExtremeCount => 4;

    /// <summary>Events by order from 1 (walls), then multiple events, grazing events, and crossings.</summary>
    public int CountCount => Case.Gas.OrderMax + 3;

    /// <summary>Index of one of the <see cref="Averages"/>.</summary>
    public int IndexOf(string average) => RowCount * _columns.Names.Length + Averages.IndexOf(average);

    /// <summary>The averages of one replica.</summary>
    public ReadOnlySpan<double> AveragesOf(double[] values) => values.AsSpan(RowCount * _columns.Names.Length, Averages.Length);

    /// <summary>Nothing is known yet.</summary>
    public double[] NewValues()
    {
        double[] values = new double[ValueCount];
        Array.Fill(values, double.NaN);
        return values;
    }

    public void SetRow(double[] values, long index, ThermoRow row)
    {
        int next = checked((int)index * _columns.Names.Length);
        foreach (double? value in _columns.Values(row))
        {
            values[next++] = value ?? double.NaN;
        }
    }

    public void SetAverages(double[] values, RunAverages averages)
    {
        int next = RowCount * _columns.Names.Length;
        values[next++] = averages.Temperature ?? double.NaN;
        foreach (double? temperature in averages.TemperatureBySpecies)
        {
            values[next++] = temperature ?? double.NaN;
        }

        values[next++] = averages.Pressure ?? double.NaN;
        values[next++] = averages.Z ?? double.NaN;
        values[next++] = averages.WallPressure ?? double.NaN;
        foreach (string key in MeasuredFrequency.Keys(Case.Gas))
        {
            values[next++] = averages.Frequencies[key] ?? double.NaN;
        }
    }

    /// <summary>The rows of thermo.csv of one replica.</summary>
    public IEnumerable<ThermoRow> RowsOf(double[] values) => Rows(k => double.IsFinite(values[k]) ? values[k] : null);

    /// <summary>The rows of means.</summary>
    public IEnumerable<ThermoRow> MeanRows(EnsembleSums sums) => Rows(sums.Mean);

    /// <summary>The rows of standard errors of the means.</summary>
    public IEnumerable<ThermoRow> ErrorRows(EnsembleSums sums) =>
        Rows(sums.StandardError).Select((row, index) => row with { Time = Samples[index] });

    private IEnumerable<ThermoRow> Rows(Func<int, double?> value)
    {
        double?[] fields = new double?[_columns.Names.Length];
        for (int row = 0; row < RowCount; row++)
        {
            for (int column = 0; column < fields.Length; column++)
            {
                fields[column] = value(row * fields.Length + column);
            }

            yield return _columns.Row(fields);
        }
    }
}
