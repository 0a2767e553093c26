using ActorMD.Files.Inputs;

namespace ActorMD.Cli.Terminal;

/// <summary>Something went wrong while a command worked on a folder: what to do next depends on what is there.</summary>
internal sealed class FolderFailureException(string directory, Exception inner) : Exception(inner.Message, inner)
{
    /// <summary>Absolute path.</summary>
    public string Directory { get; } = directory;

    /// <summary>Does some work, and says on which folder when it fails.</summary>
    public static T Watch<T>(string directory, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is not (InputFaultException or FolderFailureException))
        {
            throw new FolderFailureException(directory, error);
        }
    }
}
