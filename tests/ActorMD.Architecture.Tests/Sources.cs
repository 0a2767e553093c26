namespace ActorMD.Architecture.Tests;

/// <summary>A source file of the work tree.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed record Source(string Path, string Text)
{
    /// <summary>The namespace that its folder asks for.</summary>
    public string FolderNamespace => string.Join('.', Path.Split('/')[1..^1]);

    /// <summary>Its lines, without their ends.</summary>
    public string[] Lines { get; } = Text.Split('\n');
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
