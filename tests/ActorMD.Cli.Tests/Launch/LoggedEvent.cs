using System.Globalization;
using System.Text.Json;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>A line of a run's logs.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Template">Its sentence, with names in braces.</param>
/// <param name="Text">The runtime's own sentence, or empty.</param>
/// <param name="Node">The node that wrote it.</param>
/// <param name="Member">The node it is about, or empty.</param>
/// <param name="Time">Simulation time; NaN: it has none.</param>
internal sealed record LoggedEvent(DateTime At, string Template, string Text, string Node, string Member, double Time)
{
    /// <summary>All whole lines of all logs of a run folder, by their time.</summary>
    public static List<LoggedEvent> ReadAll(string folder) =>
        [.. Directory.GetFiles(folder, "*.jsonl").SelectMany(Read).OrderBy(logged => logged.At)];

    /// <summary>The whole lines of a file as they stand there; none if it is not there.</summary>
    public static IEnumerable<LoggedEvent> Read(string path) =>
        Lines(path).Where(line => line.EndsWith('}')).Select(Parse);

    public bool Says(string beginning) => Template.StartsWith(beginning, StringComparison.Ordinal);

    private static string[] Lines(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n');
    }

    private static LoggedEvent Parse(string line)
    {
        JsonElement entry = JsonDocument.Parse(line).RootElement;
        return new LoggedEvent(
            DateTime.Parse(Text("@t"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), Text("@mt"), Text("Text"),
            Text("node"),
            Text("member"), entry.TryGetProperty("time", out JsonElement time) ? time.GetDouble() : double.NaN);

        string Text(string name) =>
            entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }
}
