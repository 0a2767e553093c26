using ActorMD.Files;

namespace ActorMD.Runtime;

/// <summary>Keeps a second process from writing the same run. The lock dies with its process; the empty file may stay.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="InputFaultException">Another process holds it.</exception>
    public static RunLock Acquire(RunFolder folder)
    {
        string path = Path.Combine(folder.Directory, "run.lock.tmp");
        try
        {
            return new RunLock(new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new InputFaultException(new InputFault(
                folder.Directory, null, null, "another process is running this run",
                "wait until it ends, stop it, or choose another folder with --out"));
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

    public void Dispose() => _file.Dispose();
}
