using System.Text;

namespace ActorMD.Files.States;

/// <summary>Fields of CSV as RFC 4180 has them: in quotes where they hold commas, quotes (doubled) or line ends.</summary>
internal static class CsvRecords
{
    /// <summary>
    /// The fields of the next record; blanks around fields without quotes are left away. Null at the end, or after a fault.
    /// </summary>
    public static List<string>? Take(FrameReading reading)
    {
        while (reading.Take() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                return Split(reading, line);
            }
        }

        return null;
    }

    /// <summary>A field, in quotes where it needs them.</summary>
    public static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\n\r") >= 0
        || field.AsSpan().Trim().Length < field.Length ? $"\"{field.Replace("\"", "\"\"")}\"" : field;

    private static List<string>? Split(FrameReading reading, string line)
    {
        List<string> fields = [];
        int at = 0;
        while (true)
        {
            int start = at;
            while (start < line.Length && line[start] is ' ' or '\t')
            {
                start++;
            }

            if (start < line.Length && line[start] == '"')
            {
                if (Quoted(reading, ref line, ref start) is not { } text)
                {
                    return null;
                }

                fields.Add(text);
                at = start;
                while (at < line.Length && line[at] is ' ' or '\t')
                {
                    at++;
                }

                if (at < line.Length && line[at] != ',')
                {
                    reading.Fault(null, "something follows a closed quote", "put a comma after it, or double the quotes inside");
                    return null;
                }
            }
            else
            {
                at = line.IndexOf(',', at) is >= 0 and var comma ? comma : line.Length;
                fields.Add(line[start..Math.Max(start, at)].Trim());
            }

            if (at >= line.Length)
            {
                return fields;
            }

            at++;
        }
    }

    // A quoted field may go on over several lines.
    private static string? Quoted(FrameReading reading, ref string line, ref int at)
    {
        int first = reading.Line;
        StringBuilder text = new();
        at++;
        while (true)
        {
            if (at >= line.Length)
            {
                if (reading.Take() is not { } next)
                {
                    reading.FaultAt(first, null, "a quote is not closed", "close it, or double the quotes inside");
                    return null;
                }

                text.Append('\n');
                (line, at) = (next, 0);
            }
            else if (line[at] != '"')
            {
                text.Append(line[at++]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                text.Append('"');
                at += 2;
            }
            else
            {
                at++;
                return text.ToString();
            }
        }
    }
}
