using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Whole;

namespace ActorMD.Runs.Sessions;

/// <summary>Keeps a second process from writing the same run. The lock dies with its process.</summary>
public sealed class RunLock : IDisposable
{
    private const int TrialCount = 3;
    private static readonly TimeSpan LookTime = TimeSpan.FromMilliseconds(5);

    private readonly FolderLock _held;

    private RunLock(FolderLock held) => _held = held;

    /// <exception cref="InputFaultException">Another process holds it, and not only to look whether it is free.</exception>
    public static RunLock Acquire(RunFolder folder)
    {
        for (int trial = 1; ; trial++)
        {
            if (FolderLock.TryAcquire(folder.Directory) is { } held)
            {
                return new RunLock(held);
            }

            if (trial == TrialCount)
            {
                throw Taken(folder);
            }

            Thread.Sleep(LookTime);
        }
    }

    /// <summary>Acquires the lock and hands it on; releases it when that fails.</summary>
    public static T Hold<T>(RunFolder folder, Func<RunLock, T> open)
    {
        RunLock @lock = Acquire(folder);
        try
        {
            return open(@lock);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    public void Dispose() => _held.Dispose();

    private static InputFaultException Taken(RunFolder folder) => new(new InputFault(
        folder.Directory, null, null, "another process is running this run",
        "wait until it ends, stop it, or choose another folder with --out"));
}
