using System.Text.RegularExpressions;

namespace ActorMD.Examples.Tests.Documents;

/// <summary>The C# code of <c>src/</c> without its comments.</summary>
internal static partial class SourceText
{
    private static readonly Lazy<HashSet<string>> Names = new(() => [.. Files().SelectMany(NamesIn)]);

    /// <summary>Whether a name stands anywhere in the code, comments aside.</summary>
    public static bool Has(string name) => Names.Value.Contains(name);

    private static IEnumerable<string> Files() => Directory
        .GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static IEnumerable<string> NamesIn(string path) => File.ReadLines(path)
        .SelectMany(line => Name().Matches(Comment().Replace(line, "")).Select(match => match.Value));

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Name();
}
