namespace ActorMD.Files;

/// <summary>Writes a file whole or not at all: readers see the old one or the new one, and a failure leaves nothing behind.</summary>
public static class WholeFile
{
    /// <summary>Writes beside the file and renames.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="toDisk">Whether the content is to survive a power failure.</param>
    public static void Write(string path, Action<Stream> write, bool toDisk = false)
    {
        string temporary = path + ".tmp";
        bool isDone = false;
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(toDisk);
            }

            File.Move(temporary, path, overwrite: true);
            isDone = true;
        }
        finally
        {
            if (!isDone)
            {
                Remove(temporary);
            }
        }
    }

    /// <summary>Removes a file, if that can be done: on the way out of a failure that must be told, not this one.</summary>
    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure itself is on its way to the user.
        }
    }
}
