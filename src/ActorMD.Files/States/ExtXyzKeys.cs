using System.Text;

namespace ActorMD.Files.States;

/// <summary>The key=value pairs of extended XYZ's second line, as the programs that write it do.</summary>
/// <remarks>
/// A value is a word, a text in double or single quotes, or a list in brackets or braces, commas or blanks between its items:
/// <c>pbc="T T F"</c>, <c>pbc=[T, T, F]</c>, <c>Lattice=[[6, 0, 0], [0, 6, 0], [0, 0, 6]]</c>. A word without = is a key that is true.
/// Lists become texts with blanks between the items.
/// </remarks>
internal static class ExtXyzKeys
{
    /// <summary>The pairs in their order; null, and what is wrong, when a quote or a bracket is not closed.</summary>
    public static List<(string Key, string Value)>? Parse(string line, out string? problem)
    {
        List<(string, string)> pairs = [];
        problem = null;
        int at = 0;
        while (SkipBlanks(line, ref at))
        {
            if (Value(line, ref at, isKey: true, out problem) is not { } key)
            {
                return null;
            }

            int mark = at;
            if (!SkipBlanks(line, ref at) || line[at] != '=')
            {
                at = mark;
                pairs.Add((key, "T"));
                continue;
            }

            at++;
            if (!SkipBlanks(line, ref at))
            {
                problem = $"the key '{FrameReading.Shorten(key)}' has no value";
                return null;
            }

            if (Value(line, ref at, isKey: false, out problem) is not { } value)
            {
                return null;
            }

            pairs.Add((key, value));
        }

        return pairs;
    }

    private static bool SkipBlanks(string line, ref int at)
    {
        while (at < line.Length && char.IsWhiteSpace(line[at]))
        {
            at++;
        }

        return at < line.Length;
    }

    private static string? Value(string line, ref int at, bool isKey, out string? problem)
    {
        problem = null;
        char first = line[at];
        if (first is '"' or '\'')
        {
            return Quoted(line, ref at, out problem);
        }

        if (!isKey && first is '[' or '{')
        {
            return Listed(line, ref at, out problem);
        }

        int start = at;
        while (at < line.Length && !char.IsWhiteSpace(line[at]) && !(isKey && line[at] == '=' && at > start))
        {
            at++;
        }

        return line[start..at];
    }

    private static string? Quoted(string line, ref int at, out string? problem)
    {
        char quote = line[at++];
        StringBuilder text = new();
        for (; at < line.Length; at++)
        {
            if (line[at] == quote)
            {
                at++;
                problem = null;
                return text.ToString();
            }

            if (line[at] == '\\' && at + 1 < line.Length)
            {
                at++;
            }

            text.Append(line[at]);
        }

        problem = "a quote is not closed";
        return null;
    }

    private static string? Listed(string line, ref int at, out string? problem)
    {
        StringBuilder text = new();
        int depth = 0;
        for (; at < line.Length; at++)
        {
            char c = line[at];
            depth += c is '[' or '{' ? 1 : c is ']' or '}' ? -1 : 0;
            text.Append(c is '[' or '{' or ']' or '}' or ',' or '"' ? ' ' : c);
            if (depth == 0)
            {
                at++;
                problem = null;
                return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
        }

        problem = "a bracket is not closed";
        return null;
    }
}
