using System.Text.RegularExpressions;
using ActorMD.Testing;

namespace ActorMD.Cli.Tests.Documents;

/// <summary>A command in a block of README or a document, and what is shown below it.</summary>
/// <param name="Document">Relative to the repository.</param>
/// <param name="Words">The arguments behind <c>scripts/actormd</c>.</param>
/// <param name="Shown">The lines of output that the document shows.</param>
internal sealed partial record DocumentedCommand(string Document, string[] Words, string[] Shown)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocumentedCommand> All { get; } = [.. Paths().SelectMany(Read)];

    /// <summary>Each command with its options: one of <c>launch</c> has another one behind <c>--</c>.</summary>
    public IEnumerable<(string Command, string[] Options)> Parts()
    {
        int dashes = Array.IndexOf(Words, "--");
        string[][] parts = dashes < 0 ? [Words] : [Words[..dashes], Words[(dashes + 1)..]];
        return parts.Select(part => (
            // Only bench has commands below it.
            Command: part is ["bench", [not '-', ..] below, ..] ? $"bench {below}" : part[0],
            Options: part.Where(word => Option().IsMatch(word)).Select(word => word.Split('=')[0]).ToArray()));
    }

    public override string ToString() => $"{Document}: {string.Join(' ', Words)}";

    private static IEnumerable<string> Paths() => Directory.GetFiles(Repository.Root, "*.md")
        .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"));

    private static IEnumerable<DocumentedCommand> Read(string path)
    {
        string document = Path.GetRelativePath(Repository.Root, path);
        foreach (Match block in Block().Matches(File.ReadAllText(path)))
        {
            string[] lines = block.Groups[1].Value.Split('\n');
            for (int k = 0; k < lines.Length; k++)
            {
                Match command = Command().Match(lines[k]);
                if (command.Success)
                {
                    IEnumerable<string> shown = lines[(k + 1)..].TakeWhile(line => !line.StartsWith("$ ", StringComparison.Ordinal));
                    yield return new DocumentedCommand(
                        document, command.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                        [.. shown.Where(line => line.Length > 0)]);
                }
            }
        }
    }

    [GeneratedRegex("^```(?:text|sh)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"scripts/actormd ([a-z][^#\n]*?)(?:\s+#.*|\s+\.\.\..*)?$")]
    private static partial Regex Command();

    [GeneratedRegex("^--?[a-z]")]
    private static partial Regex Option();
}
