namespace ActorMD.Engine.Execution;

/// <summary>Threads that do the parts of one work, again and again. The engine starts no threads: they are handed in.</summary>
/// <remarks>A work of a time slice takes a millisecond or less, and a slice has four to nine of them: waiting must be cheap.</remarks>
public interface IWorkTeam
{
    /// <summary>Number of threads, the caller's included: so many parts may wait for each other.</summary>
    int Count { get; }

    /// <summary>Does a work's parts 0, 1, ... on one thread each, part 0 on the caller's, and waits for all.</summary>
    /// <param name="parts">Number of parts, at most <see cref="Count"/>.</param>
    /// <param name="work">Does the part of a number. It must not throw.</param>
    void Run(int parts, Action<int> work);
}

/// <summary>The caller's thread alone.</summary>
public sealed class SerialTeam : IWorkTeam
{
    private SerialTeam()
    {
    }

    /// <summary>The only one that is needed: it has no state.</summary>
    public static SerialTeam Instance { get; } = new();

    /// <inheritdoc/>
    public int Count => 1;

    /// <inheritdoc/>
    public void Run(int parts, Action<int> work)
    {
        for (int part = 0; part < parts; part++)
        {
            work(part);
        }
    }
}
