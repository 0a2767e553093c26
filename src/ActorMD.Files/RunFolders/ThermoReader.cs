using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Physics;

namespace ActorMD.Files.RunFolders;

/// <summary>Reads thermo.csv back.</summary>
public static class ThermoReader
{
    /// <exception cref="InputFaultException">The file is missing, or not the thermo.csv of such a gas.</exception>
    public static ImmutableArray<ThermoRow> Read(string path, Gas gas)
    {
        if (!File.Exists(path))
        {
            throw Fault(path, null, null, "the file does not exist", "give the folder of a run");
        }

        ThermoColumns columns = new(gas);
        string header = string.Join(',', columns.Names);
        ImmutableArray<ThermoRow>.Builder rows = ImmutableArray.CreateBuilder<ThermoRow>();
        int lineNumber = 0;
        foreach (string line in File.ReadLines(path))
        {
            lineNumber++;
            if (lineNumber == 1)
            {
                if (line != header)
                {
                    throw Fault(path, 1, null, $"the header is '{line}'", $"the header of this case is '{header}'");
                }

                continue;
            }

            rows.Add(columns.Row(Values(path, lineNumber, line, columns)));
        }

        return lineNumber == 0 ? throw Fault(path, 1, null, "the file is empty", $"its first line is '{header}'") : rows.ToImmutable();
    }

    private static double?[] Values(string path, int lineNumber, string line, ThermoColumns columns)
    {
        string[] fields = line.Split(',');
        if (fields.Length != columns.Names.Length)
        {
            throw Fault(
                path, lineNumber, null, FormattableString.Invariant($"the row has {fields.Length} fields"),
                FormattableString.Invariant($"each row has {columns.Names.Length}"));
        }

        double?[] values = new double?[fields.Length];
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i].Length == 0)
            {
                continue;
            }

            if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            {
                throw Fault(
                    path, lineNumber, columns.Names[i], $"'{fields[i]}' is not a number", "give a finite number, or leave the field empty");
            }

            values[i] = value;
        }

        return values;
    }

    private static InputFaultException Fault(string path, int? line, string? key, string problem, string remedy) =>
        new(new InputFault(path, line, key, problem, remedy));
}
