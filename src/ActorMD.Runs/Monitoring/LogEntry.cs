using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorMD.Runs.Output;

namespace ActorMD.Runs.Monitoring;

/// <summary>One line of a log that <see cref="RunLog"/> has written.</summary>
/// <param name="At">Time of day, UTC.</param>
/// <param name="Level">Serilog's name of the level.</param>
/// <param name="Template">The message with the names of its properties.</param>
/// <param name="Node">The node that wrote it.</param>
/// <param name="Properties">By name.</param>
public sealed record LogEntry(DateTime At, string Level, string Template, string Node, IReadOnlyDictionary<string, JsonElement> Properties)
{
    /// <summary>A line; null for one that is no entry, such as the half of one that is just being written.</summary>
    public static LogEntry? TryParse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            Dictionary<string, JsonElement> properties = document.RootElement.EnumerateObject()
                .ToDictionary(property => property.Name, property => property.Value.Clone(), StringComparer.Ordinal);
            return properties.TryGetValue("@t", out JsonElement at) && properties.TryGetValue("@mt", out JsonElement template)
                ? new LogEntry(
                    DateTime.Parse(at.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
                    Text(properties, "@l") ?? "Information", template.GetString()!, Text(properties, "node") ?? "?", properties)
                : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether the message begins like this.</summary>
    public bool Says(string beginning) => Template.StartsWith(beginning, StringComparison.Ordinal);

    /// <summary>A property as a number; null if there is no such number.</summary>
    public double? Number(string name) =>
        Properties.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>A property as text; null if there is none.</summary>
    public string? Text(string name) => Text(Properties, name);

    /// <summary>The message with the values of its properties, as a person reads them: numbers with six digits.</summary>
    public string Render()
    {
        StringBuilder text = new();
        int position = 0;
        while (position < Template.Length)
        {
            int open = Template.IndexOf('{', position), close = open < 0 ? -1 : Template.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            text.Append(Template, position, open - position);
            string name = Template[(open + 1)..close];
            text.Append(Properties.TryGetValue(name, out JsonElement value) ? Read(value) : "{" + name + "}");
            position = close + 1;
        }

        return text.Append(Template, position, Template.Length - position).ToString();
    }

    private static string Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when !value.TryGetInt64(out _) && value.TryGetDouble(out double number) =>
            number.ToString("G6", CultureInfo.InvariantCulture),
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            string.Join(", ", value.EnumerateArray()),
        _ => value.ToString(),
    };

    private static string? Text(IReadOnlyDictionary<string, JsonElement> properties, string name) =>
        properties.TryGetValue(name, out JsonElement value) ? value.ToString() : null;
}
