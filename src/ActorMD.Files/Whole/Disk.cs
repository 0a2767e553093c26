using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorMD.Files.Whole;

/// <summary>Waits until files and their names are on the disk.</summary>
/// <remarks>
/// .NET's FileStream.Flush(flushToDisk: true) says nothing when the disk fails (10.0, Linux: an error EIO of fsync is passed over). A
/// checkpoint that may be lost would then be taken for sound, and older ones be removed.
/// </remarks>
public static partial class Disk
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    // What cannot be flushed: pipes and the like (EINVAL, ENOTSUP), and what is not written (EROFS).
    private static readonly int[] NothingToFlush = [22, 30, 95];

    /// <summary>Hands what a stream has to the operating system, and waits until it is on the disk if that is wanted.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Its name, for the message.</param>
    /// <param name="toDisk">Whether it must survive a power failure.</param>
    /// <exception cref="IOException">The disk is full or has failed.</exception>
    public static void Flush(FileStream stream, string path, bool toDisk)
    {
        bool isLinux = OperatingSystem.IsLinux();
        stream.Flush(toDisk && !isLinux);
        if (toDisk && isLinux)
        {
            Wait(stream.SafeFileHandle, path);
        }
    }

    /// <summary>Waits until the names in a folder are on the disk, where the system can do that.</summary>
    /// <exception cref="IOException">The disk has failed.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsLinux())
        {
            using SafeFileHandle handle = new(Open(folder, ReadOnly | CloseOnExec), ownsHandle: true);
            if (!handle.IsInvalid)
            {
                Wait(handle, folder);
            }
        }
    }

    private static void Wait(SafeFileHandle handle, string path)
    {
        if (Synchronize(handle) != 0 && Marshal.GetLastPInvokeError() is int error && !NothingToFlush.Contains(error))
        {
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'"); // as .NET says it
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(SafeFileHandle handle);
}
