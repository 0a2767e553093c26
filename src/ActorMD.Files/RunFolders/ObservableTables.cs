using System.Globalization;
using System.Text;
using ActorMD.Files.Tables;
using ActorMD.Files.Whole;
using ActorMD.Observables;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;

namespace ActorMD.Files.RunFolders;

/// <summary>Writes the tables of observables as CSV.</summary>
/// <remarks>
/// The description comes first, each line after <c># </c>; then the names of the columns, then the rows. Numbers are in round-trip
/// format, and what is undefined is an empty field.
/// </remarks>
public static class ObservableTables
{
    /// <summary>Writes all tables into a run folder, each in one step.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="tables">What was measured, with the middle parts of the files' names.</param>
    /// <param name="withParquet">Whether each is written as Parquet, too.</param>
    public static void Write(RunFolder folder, IEnumerable<(string Name, ObservableTable Table)> tables, bool withParquet)
    {
        foreach ((string name, ObservableTable table) in tables)
        {
            string text = TextOf(table);
            WholeFile.Write(folder.ObservablePath(name), text);
            if (withParquet)
            {
                string path = Path.ChangeExtension(folder.ObservablePath(name), ParquetTable.Suffix);
                ParquetTable.Write(path, TextTable.Parse(folder.ObservablePath(name), text));
            }
        }
    }

    /// <summary>The tables, each with the name of its file's middle part.</summary>
    public static IEnumerable<(string Name, ObservableTable Table)> Of(ObservableSet observables)
    {
        foreach ((ObservablePlan plan, ObservableTable table) in observables.Tables())
        {
            yield return (plan.Name + table.Suffix, table);
        }
    }

    /// <summary>A table as its file has it.</summary>
    public static string TextOf(ObservableTable table)
    {
        StringBuilder text = new();
        foreach (string line in table.Description)
        {
            text.Append("# ").Append(line).Append('\n');
        }

        text.Append(string.Join(',', table.Columns)).Append('\n');
        foreach (object[] row in table.Rows)
        {
            for (int k = 0; k < row.Length; k++)
            {
                text.Append(k > 0 ? "," : "").Append(TextOf(row[k]));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string TextOf(object cell) => cell switch
    {
        double value => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)cell,
    };
}
