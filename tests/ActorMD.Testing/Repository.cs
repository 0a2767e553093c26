namespace ActorMD.Testing;

/// <summary>Files of this work tree.</summary>
public static class Repository
{
    /// <summary>The folder that holds ActorMD.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Its folder of sources.</summary>
    public static string Sources => Path.Combine(Root, "src");

    public static string ExamplesDirectory => Path.Combine(Root, "examples");

    public static string KnownDigestsPath => Path.Combine(Root, "tests", "known-digests.json");

    /// <summary>The names of all examples: their files without the suffix.</summary>
    public static IEnumerable<string> ExampleNames =>
        Directory.GetFiles(ExamplesDirectory, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorMD.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds ActorMD.sln");
    }
}
