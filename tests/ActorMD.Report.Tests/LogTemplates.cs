using System.Text;
using System.Text.RegularExpressions;

namespace ActorMD.Report.Tests;

/// <summary>The events that the code can log, found in its sources: level, template, and the file that logs it.</summary>
internal static partial class LogTemplates
{
    /// <param name="Level">Serilog's name.</param>
    /// <param name="Template">The message with the names of its properties.</param>
    /// <param name="File">Path below src.</param>
    internal sealed record LogTemplate(string Level, string Template, string File)
    {
        /// <summary>The names in braces, in their order.</summary>
        public IEnumerable<string> Fields => FieldPattern().Matches(Template).Select(match => match.Groups[1].Value);
    }

    /// <summary>Every call of a logger below a folder.</summary>
    public static IReadOnlyList<LogTemplate> In(string sources) =>
    [
        .. Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .SelectMany(path => Of(File.ReadAllText(path), Path.GetRelativePath(sources, path).Replace('\\', '/'))),
    ];

    private static IEnumerable<LogTemplate> Of(string code, string file)
    {
        // Akka's own loggers number their properties: what they say arrives as {Runtime}: {Text}.
        foreach (Match call in CallPattern().Matches(code))
        {
            if (Template(code, call.Index + call.Length) is { Length: > 0 } template && !NumberPattern().IsMatch(template))
            {
                yield return new LogTemplate(call.Groups[1].Value, template, file);
            }
        }
    }

    // The first argument that is a literal: an exception may stand before it. Literals joined by + are one.
    private static string Template(string code, int position)
    {
        int start = code.IndexOf('"', position), end = code.IndexOf(';', position);
        if (start < 0 || start > end)
        {
            return "";
        }

        StringBuilder text = new();
        while (true)
        {
            int close = code.IndexOf('"', start + 1);
            text.Append(code, start + 1, close - start - 1);
            Match next = JoinPattern().Match(code, close + 1);
            if (!next.Success || next.Index != close + 1)
            {
                return text.ToString();
            }

            start = next.Index + next.Length - 1;
        }
    }

    [GeneratedRegex(@"(?i:log)\.(Verbose|Debug|Information|Warning|Error|Fatal)\(")]
    private static partial Regex CallPattern();

    [GeneratedRegex(@"\s*\+\s*""")]
    private static partial Regex JoinPattern();

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex FieldPattern();

    [GeneratedRegex(@"\{\d")]
    private static partial Regex NumberPattern();
}
