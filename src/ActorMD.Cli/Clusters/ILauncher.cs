using ActorMD.Files.RunFolders;

namespace ActorMD.Cli.Clusters;

/// <summary>Starts the processes of a cluster, and starts them again when it has failed.</summary>
internal interface ILauncher
{
    /// <summary>Name of the runtime.</summary>
    string Runtime { get; }

    /// <summary>What is missing on this machine, and what to install; null if nothing is.</summary>
    string? Missing { get; }

    /// <summary>Runs a command on the processes to its end.</summary>
    /// <returns>The exit code.</returns>
    int Launch(LaunchPlan plan);
}

/// <summary>What is to be launched.</summary>
/// <param name="Count">Processes.</param>
/// <param name="Hosts">Machines as the launcher of the runtime takes them: <c>a:2,b:2</c>; null: this one.</param>
/// <param name="RetriesMax">Starts after a failure that bring no new checkpoint, before it gives up.</param>
/// <param name="Command">A run or resume command that is right, with its options.</param>
/// <param name="Folder">Its run folder.</param>
internal sealed record LaunchPlan(int Count, string? Hosts, int RetriesMax, IReadOnlyList<string> Command, RunFolder Folder);
