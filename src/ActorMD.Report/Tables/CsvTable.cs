using System.Collections.Immutable;
using System.Globalization;

namespace ActorMD.Report.Tables;

/// <summary>A table of a run folder: a header line and rows. Lines that begin with # are comments.</summary>
internal sealed class CsvTable
{
    private readonly Dictionary<string, int> _columns;
    private readonly string[][] _rows;

    private CsvTable(ImmutableArray<string> names, string[][] rows)
    {
        Names = names;
        _rows = rows;
        _columns = names.Select((name, k) => (name, k))
            .GroupBy(c => c.name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().k, StringComparer.Ordinal);
    }

    /// <summary>Of the columns.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Length;

    /// <summary>Reads a file; null where it is missing or empty. The half of a row that is just being written is left out.</summary>
    public static CsvTable? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        string[][] lines = [.. Lines(reader).Where(line => line.Length > 0 && line[0] != '#').Select(Fields)];
        return lines.Length == 0 ? null : new CsvTable([.. lines[0]], [.. lines[1..].Where(row => row.Length == lines[0].Length)]);
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string name) => _columns.ContainsKey(name);

    /// <summary>A field; empty where there is no such column.</summary>
    public string Text(int row, string name) => _columns.TryGetValue(name, out int column) ? _rows[row][column] : "";

    /// <summary>A field as a number; NaN where it is none.</summary>
    public double Number(int row, string name) =>
        double.TryParse(Text(row, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    /// <summary>Whether all fields of a column are numbers or empty, and one at least is a number.</summary>
    public bool IsNumeric(string name) => _columns.TryGetValue(name, out int column)
        && Array.Exists(_rows, row => row[column].Length > 0)
        && Array.TrueForAll(_rows, row =>
            row[column].Length == 0 || double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static string[] Fields(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            return line.Split(',');
        }

        List<string> fields = [];
        System.Text.StringBuilder field = new();
        bool isQuoted = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}
