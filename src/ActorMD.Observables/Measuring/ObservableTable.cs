using System.Collections.Immutable;

namespace ActorMD.Observables.Measuring;

/// <summary>A table of results: becomes one file.</summary>
/// <param name="Suffix">Follows the observable's name in the file's name; empty for its main table.</param>
/// <param name="Description">What the columns are, with units: one sentence a line.</param>
/// <param name="Columns">Names.</param>
/// <param name="Rows">One cell a column: text, a whole number, or a number (NaN: undefined).</param>
public sealed record ObservableTable(
    string Suffix, ImmutableArray<string> Description, ImmutableArray<string> Columns, IReadOnlyList<object[]> Rows)
{
    private readonly int? _keyCount;

    /// <summary>
    /// Columns that say what a row is about: those before the first with an error, unless it is said. An ensemble gives no errors for them.
    /// </summary>
    public int KeyCount
    {
        get => _keyCount ?? Math.Max(0, Array.FindIndex([.. Columns], column => column.EndsWith("_error", StringComparison.Ordinal)) - 1);
        init => _keyCount = value;
    }
}
