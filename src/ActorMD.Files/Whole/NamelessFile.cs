using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorMD.Files.Whole;

/// <summary>A file without a name in a folder, on Linux: it gets one at the end, or vanishes with its process.</summary>
internal sealed partial class NamelessFile : IDisposable
{
    private const int BufferSize = 1 << 16;
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;
    private const int PermissionsOfAll = 0x1B6; // rw for all users, less what the process's mask takes away
    private const int CurrentFolder = -100;
    private const int FollowLink = 0x400;

    private NamelessFile(FileStream stream) => Stream = stream;

    public FileStream Stream { get; }

    // O_TMPFILE has the bit of O_DIRECTORY in it, which is another one on Arm.
    private static int Nameless => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 or Architecture.Arm => 0x404000,
        _ => 0x410000,
    };

    /// <summary>A new one; null where the system or the file system has no such files.</summary>
    public static NamelessFile? TryCreate(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        int descriptor = Open(folder, Nameless | ReadWrite | CloseOnExec, PermissionsOfAll);
        return descriptor < 0
            ? null
            : new NamelessFile(new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, BufferSize));
    }

    /// <summary>Gives it a name, in place of an older file of that name.</summary>
    /// <returns>Whether that was possible; if not, nothing has changed.</returns>
    public bool TryAppear(string path)
    {
        string self = FormattableString.Invariant($"/proc/self/fd/{Stream.SafeFileHandle.DangerousGetHandle()}");
        if (Link(CurrentFolder, self, CurrentFolder, path, FollowLink) == 0)
        {
            return true;
        }

        string temporary = path + WholeFile.TemporarySuffix;
        File.Delete(temporary);
        if (!File.Exists(path) || Link(CurrentFolder, self, CurrentFolder, temporary, FollowLink) != 0)
        {
            return false;
        }

        File.Move(temporary, path, overwrite: true);
        return true;
    }

    public void Dispose() => Stream.Dispose();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "linkat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(int fromFolder, string from, int toFolder, string to, int flags);
}
