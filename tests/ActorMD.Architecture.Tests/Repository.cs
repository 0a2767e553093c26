namespace ActorMD.Architecture.Tests;

/// <summary>This work tree.</summary>
internal static class Repository
{
    /// <summary>The folder that holds ActorMD.sln.</summary>
    public static string Root { get; } = FindRoot();

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
