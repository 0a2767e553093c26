using System.Text;

namespace ActorMD.Files.Whole;

/// <summary>Files that appear whole or not at all: readers and crashes meet the old one or the new one.</summary>
/// <remarks>
/// Problem: a file that is written beside its place and renamed leaves its half behind when the process is killed. Idea: where the
/// system can, the content is written into a file without a name, which vanishes with its process, and gets its name when it is whole.
/// Elsewhere, and for the instant in which an older file is replaced, the name with <see cref="TemporarySuffix"/> is used.
/// </remarks>
public static class WholeFile
{
    /// <summary>Ends the name of what is not yet in its place.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int BufferSize = 1 << 16;

    /// <summary>Writes text in UTF-8.</summary>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where it appears, in place of an older one.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="toDisk">Whether it must survive a power failure.</param>
    public static void Write(string path, Action<FileStream> write, bool toDisk = false)
    {
        if (NamelessFile.TryCreate(Path.GetDirectoryName(Path.GetFullPath(path))!) is { } nameless)
        {
            using (nameless)
            {
                write(nameless.Stream);
                Disk.Flush(nameless.Stream, path, toDisk);
                if (nameless.TryAppear(path))
                {
                    NoteName(path, toDisk);
                    return;
                }

                nameless.Stream.Position = 0;
                WriteBeside(path, nameless.Stream.CopyTo, toDisk);
                return;
            }
        }

        WriteBeside(path, write, toDisk);
    }

    // The name must be on the disk, too, before older files are removed because of it.
    private static void NoteName(string path, bool toDisk)
    {
        if (toDisk)
        {
            Disk.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
    }

    private static void WriteBeside(string path, Action<FileStream> write, bool toDisk)
    {
        string temporary = path + TemporarySuffix;
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                Disk.Flush(stream, path, toDisk);
            }

            File.Move(temporary, path, overwrite: true);
            NoteName(path, toDisk);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
