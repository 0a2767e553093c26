using System.Text.RegularExpressions;

namespace ActorMD.Examples.Tests.Documents;

/// <summary>The names in the C# code, without its comments.</summary>
internal static partial class SourceText
{
    private static readonly Lazy<HashSet<string>> Product = new(() => [.. Files("src").SelectMany(NamesIn)]);
    private static readonly Lazy<HashSet<string>> Tests = new(() => [.. Files("tests").SelectMany(NamesIn)]);

    /// <summary>Whether a name stands anywhere in <c>src/</c>.</summary>
    public static bool Has(string name) => Product.Value.Contains(name);

    /// <summary>Whether a name stands anywhere in <c>src/</c> or <c>tests/</c>.</summary>
    public static bool HasAnywhere(string name) => Has(name) || Tests.Value.Contains(name);

    private static IEnumerable<string> Files(string folder) => Directory
        .GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static IEnumerable<string> NamesIn(string path) => File.ReadLines(path)
        .SelectMany(line => Name().Matches(Comment().Replace(line, "")).Select(match => match.Value));

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Name();
}
