using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorMD.Files.Whole;

/// <summary>Keeps other processes out of a folder as long as this one holds it. It dies with its process and leaves no file.</summary>
/// <remarks>The folder itself is locked. Where that cannot be done (not Linux, some network file systems) a file in it is.</remarks>
public sealed partial class FolderLock : IDisposable
{
    private const string FileName = "run.lock";
    private const int CloseOnExec = 0x80000;
    private const int ExclusiveAtOnce = 2 | 4;
    private const int WouldBlock = 11;

    private readonly IDisposable _held;

    private FolderLock(IDisposable held) => _held = held;

    /// <summary>The lock; null when another process has it.</summary>
    public static FolderLock? TryAcquire(string folder)
    {
        if (OperatingSystem.IsLinux())
        {
            SafeFileHandle handle = new(Open(folder, CloseOnExec), ownsHandle: true);
            if (!handle.IsInvalid && Flock(handle, ExclusiveAtOnce) == 0)
            {
                return new FolderLock(handle);
            }

            bool isTaken = !handle.IsInvalid && Marshal.GetLastPInvokeError() == WouldBlock;
            handle.Dispose();
            if (isTaken)
            {
                return null;
            }
        }

        string path = Path.Combine(folder, FileName);
        try
        {
            return new FolderLock(new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _held.Dispose();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle handle, int operation);
}
