using System.Text.RegularExpressions;

namespace ActorMD.Architecture.Tests.Documents;

/// <summary>The names in the C# code, without its comments.</summary>
internal static partial class SourceText
{
    private static readonly HashSet<string> Product = [.. Sources.Product.SelectMany(NamesIn)];
    private static readonly HashSet<string> All = [.. Sources.All.SelectMany(NamesIn)];

    /// <summary>Whether a name stands anywhere in <c>src/</c>.</summary>
    public static bool Has(string name) => Product.Contains(name);

    /// <summary>Whether a name stands anywhere in <c>src/</c> or <c>tests/</c>.</summary>
    public static bool HasAnywhere(string name) => All.Contains(name);

    private static IEnumerable<string> NamesIn(Source source) =>
        source.Lines.SelectMany(line => Name().Matches(Comment().Replace(line, "")).Select(match => match.Value));

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Name();
}
