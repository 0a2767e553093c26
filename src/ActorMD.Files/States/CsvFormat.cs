using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Whole;
using ActorMD.Physics;

namespace ActorMD.Files.States;

/// <summary>Comma-separated values: one header line, one row per particle and frame; pandas and spreadsheets read it.</summary>
/// <remarks>
/// A new value in the column <c>frame</c>, <c>step</c> or <c>time</c> (the first of them that there is) starts a new frame. The box stands
/// in every row: <c>box_x</c>, <c>box_y</c>, <c>box_z</c> and <c>boundary</c>, one word or one for each axis with | between them.
/// </remarks>
internal static class CsvFormat
{
    public static void WriteHeader(TextAppender text, ParticleFrame frame, FrameLayout layout)
    {
        text.Append(string.Join(',', Names(frame, layout)));
        text.Append('\n');
    }

    public static void Write(TextAppender text, ParticleFrame frame, FrameLayout layout, long index)
    {
        string[] species = [.. frame.SpeciesNames.Select(CsvRecords.Quote)];
        string? boundary = frame.Box is null ? null : BoundaryOf(frame.Box);
        for (int i = 0; i < frame.Count; i++)
        {
            if (layout.HasFrames)
            {
                text.Append(index);
                text.Append(',');
            }

            if (frame.Step is long step)
            {
                text.Append(step);
                text.Append(',');
            }

            if (frame.Time is double time)
            {
                text.Append(time);
                text.Append(',');
            }

            text.Append(frame.Ids?[i] ?? i);
            text.Append(',');
            text.Append(species[frame.Species[i]]);
            if (layout.HasTypes)
            {
                text.Append(',');
                text.Append((long)frame.TypeOf(frame.Species[i]));
            }

            text.Append(',', frame.Positions[i], frame.Dimension);
            if (frame.Velocities is { } velocities)
            {
                text.Append(',', velocities[i], frame.Dimension);
            }

            text.Append(',', frame.Radii, i);
            text.Append(',', frame.Masses, i);
            if (frame.Box is { } box)
            {
                text.Append(',', box.Lengths, frame.Dimension);
                text.Append(',');
                text.Append(boundary);
            }

            text.Append('\n');
        }
    }

    /// <summary>Reads all frames; stops at a fault.</summary>
    public static IEnumerable<ParticleFrame> ReadAll(FrameReading reading)
    {
        if (CsvRecords.Take(reading) is not { } header)
        {
            yield break;
        }

        ImmutableArray<string> names = [.. header];
        if (names is [{ } all] && all.IndexOfAny([';', '\t', ' ']) is >= 0 and int at)
        {
            string separator = all[at] switch { '\t' => "tabs", ' ' => "blanks", _ => "semicolons" };
            reading.Fault(
                "columns", $"the columns are separated by {separator}", "separate them by commas, and write numbers with decimal points");
            yield break;
        }

        ImmutableArray<FrameColumn> columns = [.. names.Select(ColumnOf)];
        if (!FrameColumns.Check(reading, columns) || !CheckBox(reading, columns))
        {
            yield break;
        }

        FrameColumn[] keyColumns = [FrameColumn.Frame, FrameColumn.Step, FrameColumn.Time];
        int keyColumn = columns.IndexOf(keyColumns.FirstOrDefault(columns.Contains, FrameColumn.Frame));
        FrameBuilder builder = new(reading, columns, names);
        HashSet<string> keys = [];
        string? currentKey = null;
        while (!reading.IsHopeless && CsvRecords.Take(reading) is { } fields)
        {
            string? key = keyColumn >= 0 && keyColumn < fields.Count ? Key(fields[keyColumn]) : null;
            if (key is not null && key != currentKey)
            {
                if (builder.Count > 0)
                {
                    if (Build(builder, reading) is not { } frame)
                    {
                        yield break;
                    }

                    yield return frame;
                    builder = new FrameBuilder(reading, columns, names);
                }

                if (!keys.Add(key))
                {
                    reading.Fault(
                        names[keyColumn], $"the frame {FrameReading.Shorten(key)} goes on here, after others",
                        "keep the rows of a frame together: sort by frame or time");
                    yield break;
                }

                currentKey = key;
            }

            builder.Add(fields);
        }

        if (builder.Count > 0 && Build(builder, reading) is { } last)
        {
            yield return last;
        }
    }

    // 1, 01 and 1.0 are one frame.
    private static string Key(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && Math.Abs(number) < 1L << 53
        ? (number + 0).ToString("R", CultureInfo.InvariantCulture)
        : field;

    private static ParticleFrame? Build(FrameBuilder builder, FrameReading reading)
    {
        Box? box = builder.ReadBox();
        return reading.Faults.Count == 0 ? builder.Build(new FrameHeader(null, box)) : null;
    }

    private static bool CheckBox(FrameReading reading, ImmutableArray<FrameColumn> columns)
    {
        int dimension = columns.Contains(FrameColumn.Z) ? 3 : 2;
        int found = Enumerable.Range(0, 3).Count(axis => columns.Contains(FrameColumn.BoxX + axis));
        if (found == 0 ? !columns.Contains(FrameColumn.Boundary) : Enumerable.Range(0, dimension)
            .All(axis => columns.Contains(FrameColumn.BoxX + axis)))
        {
            return true;
        }

        reading.Fault("box_x", "some lengths of the box have no column", "give as many as the position has components, or none");
        return false;
    }

    private static string BoundaryOf(Box box)
    {
        string[] words = [.. Enumerable.Range(0, box.Dimension).Select(axis => BoundaryWords.Of(box.BoundaryOf(axis)))];
        return words.Distinct().Count() == 1 ? words[0] : string.Join('|', words);
    }

    private static IEnumerable<string> Names(ParticleFrame frame, FrameLayout layout)
    {
        string[] axes = frame.Dimension == 3 ? ["x", "y", "z"] : ["x", "y"];
        List<string> names = layout.HasFrames ? ["frame"] : [];
        if (frame.Step is not null)
        {
            names.Add("step");
        }

        if (frame.Time is not null)
        {
            names.Add("time");
        }

        names.AddRange(["id", "species"]);
        if (layout.HasTypes)
        {
            names.Add("type");
        }

        names.AddRange(axes);
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

        if (frame.Box is not null)
        {
            names.AddRange(axes.Select(axis => "box_" + axis));
            names.Add("boundary");
        }

        return names;
    }

    private static FrameColumn ColumnOf(string name) => name.ToLowerInvariant() switch
    {
        "time" => FrameColumn.Time,
        "frame" => FrameColumn.Frame,
        "step" or "timestep" => FrameColumn.Step,
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
        "box_x" => FrameColumn.BoxX,
        "box_y" => FrameColumn.BoxY,
        "box_z" => FrameColumn.BoxZ,
        "boundary" => FrameColumn.Boundary,
        _ => FrameColumn.Ignored,
    };
}
