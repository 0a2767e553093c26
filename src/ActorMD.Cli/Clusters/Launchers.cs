namespace ActorMD.Cli.Clusters;

/// <summary>The runtimes of several processes, in the order of preference.</summary>
internal static class Launchers
{
    public static IReadOnlyList<ILauncher> All { get; } = [new MpiLauncher(), new AkkaLauncher()];
}
