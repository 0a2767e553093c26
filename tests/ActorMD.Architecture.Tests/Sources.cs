using System.Text.RegularExpressions;

namespace ActorMD.Architecture.Tests;

/// <summary>A source file of the work tree.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed partial record Source(string Path, string Text)
{
    /// <summary>The namespace that its folder asks for: <c>src/ActorMD.Files/Cases/Case.cs</c> belongs in ActorMD.Files.Cases.</summary>
    public string FolderNamespace => string.Join('.', Path.Split('/')[1..^1]);

    /// <summary>The namespace that it declares; null in a file of attributes or of statements.</summary>
    public string? Namespace => NamespacePattern().Match(Text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The first type that it declares; null when it has none.</summary>
    public string? FirstType => TypePattern().Match(Text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Its lines, without their ends.</summary>
    public string[] Lines { get; } = Text.TrimEnd('\n').Split('\n');

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|ref|unsafe|file) )*(?:class|struct|record struct|record class|record|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypePattern();
}

/// <summary>The C# files of src/ and tests/.</summary>
internal static class Sources
{
    /// <summary>All, in the order of their paths.</summary>
    public static IReadOnlyList<Source> All { get; } = [.. Read("src"), .. Read("tests")];

    /// <summary>Those of src/.</summary>
    public static IEnumerable<Source> Product => All.Where(source => source.Path.StartsWith("src/", StringComparison.Ordinal));

    private static IEnumerable<Source> Read(string folder) =>
        from project in Directory.GetDirectories(Path.Combine(Repository.Root, folder))
        from part in Directory.GetDirectories(project).Where(d => Path.GetFileName(d) is not ("bin" or "obj")).Prepend(project)
        from path in Directory.GetFiles(part, "*.cs", part == project ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories)
        orderby path
        select new Source(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllText(path));
}
