using System.Collections.Immutable;
using ActorMD.Observables.Measuring;

namespace ActorMD.Files.Ensembles;

/// <summary>A table of an observable in one replica.</summary>
/// <param name="Name">Middle part of its file's name.</param>
/// <param name="Description">What the columns are.</param>
/// <param name="Columns">Names: first those that hold text.</param>
/// <param name="KeyCount">Columns that say what a row is about.</param>
/// <param name="Labels">By row: its text, separated by commas.</param>
/// <param name="Numbers">By row and column that holds no text; undefined is NaN.</param>
public sealed record ReplicaTable(
    string Name, ImmutableArray<string> Description, ImmutableArray<string> Columns, int KeyCount, ImmutableArray<string> Labels,
    double[] Numbers)
{
    /// <summary>Number of columns without text.</summary>
    public int NumberCount => Labels.IsEmpty ? 0 : Numbers.Length / Labels.Length;

    /// <summary>The table of a replica.</summary>
    /// <param name="name">Middle part of its file's name.</param>
    /// <param name="table">As it was measured.</param>
    public static ReplicaTable Of(string name, ObservableTable table)
    {
        List<double> numbers = [];
        string[] labels = new string[table.Rows.Count];
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = string.Join(',', table.Rows[row].OfType<string>());
            numbers.AddRange(table.Rows[row].Where(cell => cell is not string).Select(cell => ((IConvertible)cell).ToDouble(null)));
        }

        return new ReplicaTable(name, table.Description, table.Columns, table.KeyCount, [.. labels], [.. numbers]);
    }
}
