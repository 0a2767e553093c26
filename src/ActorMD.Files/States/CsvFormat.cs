using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Files;

/// <summary>Comma-separated values: one header line, one row per particle and frame; pandas and spreadsheets read it.</summary>
/// <remarks>A new time starts a new frame. There is no place for the box.</remarks>
internal static class CsvFormat
{
    public static void WriteHeader(TextAppender text, ParticleFrame frame)
    {
        text.Append(string.Join(',', Names(frame)));
        text.Append('\n');
    }

    public static void Write(TextAppender text, ParticleFrame frame)
    {
        for (int id = 0; id < frame.Count; id++)
        {
            if (frame.Time is double time)
            {
                text.Append(time);
                text.Append(',');
            }

            text.Append(id);
            text.Append(',');
            text.Append(frame.SpeciesNames[frame.Species[id]]);
            text.Append(',', frame.Positions[id], frame.Dimension);
            if (frame.Velocities is { } velocities)
            {
                text.Append(',', velocities[id], frame.Dimension);
            }

            text.Append(',', frame.Radii, id);
            text.Append(',', frame.Masses, id);
            text.Append('\n');
        }
    }

    /// <summary>Reads all frames; stops at a fault.</summary>
    public static IEnumerable<ParticleFrame> ReadAll(FrameReading reading)
    {
        if (reading.Take() is not { } header)
        {
            yield break;
        }

        ImmutableArray<string> names = [.. header.Split(',').Select(name => name.Trim())];
        ImmutableArray<FrameColumn> columns = [.. names.Select(ColumnOf)];
        if (!FrameBuilder.CheckColumns(reading, columns))
        {
            yield break;
        }

        int timeColumn = columns.IndexOf(FrameColumn.Time);
        FrameBuilder builder = new(reading, columns, names);
        string? currentTime = null;
        while (reading.Take() is { } line && !reading.IsHopeless)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] fields = [.. line.Split(',').Select(field => field.Trim())];
            string? time = timeColumn >= 0 ? fields.ElementAtOrDefault(timeColumn) : null;
            if (builder.Count > 0 && time != currentTime)
            {
                if (builder.Build(null, null, Vec3.Zero, builder.Time) is not { } frame)
                {
                    yield break;
                }

                yield return frame;
                builder = new FrameBuilder(reading, columns, names);
            }

            currentTime = time;
            builder.Add(fields);
        }

        if (builder.Count > 0 && builder.Build(null, null, Vec3.Zero, builder.Time) is { } last)
        {
            yield return last;
        }
    }

    private static IEnumerable<string> Names(ParticleFrame frame)
    {
        string[] axes = frame.Dimension == 3 ? ["x", "y", "z"] : ["x", "y"];
        List<string> names = frame.Time is null ? [] : ["time"];
        names.AddRange(["id", "species", .. axes]);
        if (frame.Velocities is not null)
        {
            names.AddRange(axes.Select(axis => "v" + axis));
        }

        if (frame.Radii is not null)
        {
            names.Add("radius");
        }

        if (frame.Masses is not null)
        {
            names.Add("mass");
        }

        return names;
    }

    private static FrameColumn ColumnOf(string name) => name.ToLowerInvariant() switch
    {
        "time" => FrameColumn.Time,
        "id" => FrameColumn.Id,
        "species" or "element" => FrameColumn.Species,
        "type" => FrameColumn.Type,
        "x" => FrameColumn.X,
        "y" => FrameColumn.Y,
        "z" => FrameColumn.Z,
        "vx" => FrameColumn.VelocityX,
        "vy" => FrameColumn.VelocityY,
        "vz" => FrameColumn.VelocityZ,
        "radius" => FrameColumn.Radius,
        "diameter" => FrameColumn.Diameter,
        "mass" => FrameColumn.Mass,
        _ => FrameColumn.Ignored,
    };
}
