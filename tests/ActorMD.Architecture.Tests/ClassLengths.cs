using System.Text.RegularExpressions;

namespace ActorMD.Architecture.Tests;

/// <summary>Lines of classes over all their parts.</summary>
internal static partial class ClassLengths
{
    /// <summary>Full names of outermost types of src/, with the lines of all files that declare a part; a file of several types counts for its first.</summary>
    public static IReadOnlyDictionary<string, int> All { get; } = Sources.Product
        .Select(source => (Match: Declaration().Match(source.Text), source))
        .Where(s => s.Match.Success)
        .GroupBy(s => $"{s.source.FolderNamespace}.{s.Match.Groups[1].Value}", s => s.source.Lines.Length - 1)
        .ToDictionary(g => g.Key, g => g.Sum());

    [GeneratedRegex(@"^(?:public |internal |static |sealed |abstract |partial |readonly |ref |unsafe |file )*(?:class|struct|record struct|record class|record|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
