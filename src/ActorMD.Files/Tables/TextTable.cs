using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;

namespace ActorMD.Files.Tables;

/// <summary>A table of CSV in columns of one type each: <c>long?</c>, <c>double?</c> or text; null where a field is empty.</summary>
/// <param name="Description">The lines before the header that begin with <c># </c>, without that.</param>
/// <param name="Names">Of the columns.</param>
/// <param name="Columns">One array a column: <c>long?[]</c>, <c>double?[]</c> or <c>string?[]</c>, all of one length.</param>
public sealed record TextTable(ImmutableArray<string> Description, ImmutableArray<string> Names, ImmutableArray<Array> Columns)
{
    private const string Mark = "# ";

    /// <summary>Reads CSV. A column has numbers only if they are written as ActorMD writes them, so that the text comes back.</summary>
    /// <param name="path">Named in faults.</param>
    /// <param name="text">The table.</param>
    /// <exception cref="InputFaultException">It is no table.</exception>
    public static TextTable Parse(string path, string text)
    {
        List<string> description = [];
        int start = 0;
        while (text.AsSpan(start).StartsWith(Mark, StringComparison.Ordinal) && text.IndexOf('\n', start) is >= 0 and var end)
        {
            description.Add(text[(start + Mark.Length)..end].TrimEnd('\r'));
            start = end + 1;
        }

        FrameReading reading = new(path, new StringReader(text[start..]));
        List<string>? header = CsvRecords.Take(reading);
        List<List<string>> rows = [];
        while (header is not null && CsvRecords.Take(reading) is { } row)
        {
            if (row.Count != header.Count)
            {
                reading.Fault(
                    null, FormattableString.Invariant($"the row has {row.Count} fields, and the header {header.Count}"),
                    "repair the table");
                break;
            }

            rows.Add(row);
        }

        if (reading.Faults.Count > 0)
        {
            throw new InputFaultException(reading.Faults.ToImmutableArray());
        }

        return header is not null && header.Distinct().Count() == header.Count
            ? new TextTable([.. description], [.. header], [.. header.Select((_, k) => Column([.. rows.Select(row => row[k])]))])
            : throw new InputFaultException(new InputFault(
                path, null, null, "the file has no header, or two columns of one name", "give a table with a header"));
    }

    /// <summary>The table as CSV.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        foreach (string line in Description)
        {
            text.Append(Mark).Append(line).Append('\n');
        }

        text.Append(string.Join(',', Names.Select(CsvRecords.Quote))).Append('\n');
        for (int row = 0; row < (Columns.IsEmpty ? 0 : Columns[0].Length); row++)
        {
            text.Append(string.Join(',', Columns.Select(column => TextOf(column.GetValue(row))))).Append('\n');
        }

        return text.ToString();
    }

    private static Array Column(string[] fields)
    {
        if (Array.TrueForAll(fields, field => field.Length == 0 || IsLong(field)))
        {
            return Array.ConvertAll(fields, field => field.Length == 0 ? (long?)null : long.Parse(field, CultureInfo.InvariantCulture));
        }

        return Array.TrueForAll(fields, field => field.Length == 0 || IsDouble(field))
            ? Array.ConvertAll(fields, field => field.Length == 0 ? (double?)null : double.Parse(field, CultureInfo.InvariantCulture))
            : Array.ConvertAll(fields, field => field.Length == 0 ? null : field);
    }

    private static bool IsLong(string field) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && TextOf(value) == field;

    private static bool IsDouble(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && TextOf(value) == field;

    private static string TextOf(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => CsvRecords.Quote((string)value),
    };
}
