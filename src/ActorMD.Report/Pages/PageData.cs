using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Scenes;

namespace ActorMD.Report.Pages;

/// <summary>The numbers that the scripts of the page draw.</summary>
internal static class PageData
{
    public static string Json(ReportDocument document)
    {
        using MemoryStream stream = new();
        // Its default encoder escapes every character that could end the script element.
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("plots");
            foreach (Plot plot in document.Plots)
            {
                Write(json, plot);
            }

            json.WriteEndArray();
            json.WriteStartArray("scenes");
            foreach (Scene scene in document.Sections.SelectMany(section => section.Blocks).OfType<SceneBlock>()
                .Select(block => block.Scene))
            {
                Write(json, scene);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Plot plot)
    {
        json.WriteStartObject();
        json.WriteString("id", plot.Id);
        Write(json, "x", plot.X);
        Write(json, "y", plot.Y);
        json.WriteStartArray("series");
        foreach (PlotSeries series in plot.Series)
        {
            json.WriteStartObject();
            json.WriteString("name", series.Name);
            json.WriteString("style", series.Style.ToString().ToLowerInvariant());
            json.WriteNumber("color", series.Color);
            WriteNumbers(json, "x", series.Points.Select(p => p.X));
            WriteNumbers(json, "y", series.Points.Select(p => p.Y));
            if (series.Points.Any(p => p.Error > 0))
            {
                WriteNumbers(json, "e", series.Points.Select(p => p.Error));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, PlotAxis axis)
    {
        json.WriteStartObject(name);
        json.WriteString("label", axis.Label);
        json.WriteBoolean("log", axis.IsLog);
        json.WriteBoolean("whole", axis.IsWhole);
        if (axis.Words is { } words)
        {
            json.WriteStartArray("words");
            foreach (string word in words)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Scene scene)
    {
        json.WriteStartObject();
        json.WriteNumber("dimension", scene.Dimension);
        WriteNumbers(json, "lengths", scene.Lengths);
        json.WriteStartArray("species");
        foreach ((string name, double radius) in scene.Species)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("radius", radius);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBase64String("speciesOf", scene.SpeciesOf);
        WriteNumbers(json, "times", scene.Times);
        json.WriteBase64String("positions", MemoryMarshal.AsBytes(scene.Positions.AsSpan())); // little-endian, as browsers read it
        json.WriteBase64String("speeds", scene.Speeds);
        json.WriteNumber("speedMax", scene.SpeedMax);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
