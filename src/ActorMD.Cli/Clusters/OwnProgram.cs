namespace ActorMD.Cli.Clusters;

/// <summary>How this program is started again.</summary>
internal static class OwnProgram
{
    /// <summary>The first words of its command line.</summary>
    public static IReadOnlyList<string> Words
    {
        get
        {
            string host = Environment.ProcessPath ?? "dotnet";
            return Path.GetFileNameWithoutExtension(host) == "dotnet"
                ? [host, Path.Combine(AppContext.BaseDirectory, "actormd.dll")]
                : [host];
        }
    }
}
