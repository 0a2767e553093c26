namespace ActorMD.Runs.Monitoring;

/// <summary>The logs of all processes of a run.</summary>
public static class LogFiles
{
    private const int AllBytes = 64 << 20;

    /// <summary>The lines of all logs of a folder by their time; of very large logs the newest 64 MB.</summary>
    public static IEnumerable<LogEntry> ReadAll(string directory) => ReadNewest(directory, AllBytes);

    /// <summary>The newest lines of all logs of a folder by their time.</summary>
    /// <param name="directory">A run folder.</param>
    /// <param name="bytes">How much of each log is read, from its end.</param>
    public static IEnumerable<LogEntry> ReadNewest(string directory, int bytes) => Directory.GetFiles(directory, "*.jsonl")
        .Order(StringComparer.Ordinal).SelectMany(path => ReadTail(path, bytes))
            .Select(LogEntry.TryParse).OfType<LogEntry>().OrderBy(entry => entry.At);

    private static List<string> ReadTail(string path, int bytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - bytes);
        using StreamReader reader = new(file);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
