using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Files.Studies;
using ActorMD.Report.Documents;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;
using ActorMD.Runs;

namespace ActorMD.Report.Sections;

/// <summary>Where the numbers come from, and how to get them again.</summary>
internal static class OriginSection
{
    public static ReportSection Of(ImmutableArray<Source> sources)
    {
        List<ReportBlock> blocks =
        [
            new TableBlock(["", .. sources.Select(source => source.Label)],
            [.. new[]
            {
                Row("version of ActorMD", Version),
                Row("digest of the final state", source => source.Summary?.Digest ?? Words.Undefined),
                Row("computed on", source =>
                    string.Join(", ", source.Log.Select(entry => entry.Node)
                    .Where(node => node != "launch").Distinct()) is { Length: > 0 } nodes ? nodes : Words.Undefined),
                Row("from, to (UTC)", source =>
                    source.Log.IsEmpty ? Words.Undefined
                    : FormattableString.Invariant($"{source.Log[0].At:yyyy-MM-dd HH:mm:ss}, {source.Log[^1].At:yyyy-MM-dd HH:mm:ss}")),
                Row("folder", source => source.Folder.Directory),
            }.Where(row => row.Cells.Any(cell => cell.Text != Words.Undefined))]),
        ];
        foreach (Source source in sources)
        {
            string to = source.Summary is null ? "" : ", to the same digest", which = sources.Length > 1 ? $" ({source.Label})" : "";
            blocks.Add(new CodeBlock($"The same again{to}{which}", Command(source)));
            string input = source.Kind == SourceKind.Study ? new StudyFolder(source.Folder.Directory).StudyPath : source.Folder.CasePath;
            blocks.Add(new CodeBlock(
                Path.GetFileName(input) + (sources.Length > 1 ? $" of {source.Label}" : ""), File.ReadAllText(input), IsFolded: true));
        }

        blocks.Add(new TextBlock(
            $"This report: ActorMD {ProductVersion.Text}, {RuntimeInformation.FrameworkDescription}, "
                + $"{RuntimeInformation.OSDescription.Trim()}, {FormattableString.Invariant($"{Environment.ProcessorCount}")} cores."));
        return new ReportSection("origin", "Environment, and how to get the same again", [.. blocks]);

        TableRow Row(string name, Func<Source, string> text) => new(name, [.. sources.Select(source => new TableCell(text(source)))]);
    }

    /// <summary>The command that computes the folder again, beside the old one.</summary>
    internal static string Command(Source source)
    {
        string[] words = (source.Command ?? "run").Split(' ', 2);
        string input = source.Kind == SourceKind.Study ? new StudyFolder(source.Folder.Directory).StudyPath : source.Folder.CasePath;
        string rest = words.Length > 1 ? " " + words[1] : "";
        return $"actormd {words[0]} {Quoted(input)}{rest} --out {Quoted(source.Folder.Directory + "-again")}";
    }

    private static string Version(Source source) =>
        source.Summary?.Version ?? (
            source.Json is { } json && json.TryGetProperty("version", out var version) ? version.ToString() : Words.Undefined);

    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
