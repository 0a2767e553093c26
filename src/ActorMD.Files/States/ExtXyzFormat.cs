using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files;

/// <summary>Extended XYZ: frames one after the other; OVITO and VMD read it, ASE where species are named as chemical elements.</summary>
/// <remarks>
/// A frame is the number of particles, a line of key=value, and one line per particle. <c>Boundary</c> and <c>Dimension</c> are our
/// own keys: pbc does not tell walls from open sides. Two dimensions are written as z = 0 in a box of height 1.
/// </remarks>
internal static partial class ExtXyzFormat
{
    private static readonly char[] Blanks = [' ', '\t'];

    public static void Write(TextAppender text, ParticleFrame frame)
    {
        text.Append(frame.Count);
        text.Append('\n');
        WriteComment(text, frame);
        for (int id = 0; id < frame.Count; id++)
        {
            text.Append(frame.SpeciesNames[frame.Species[id]]);
            text.Append(' ', frame.Positions[id], 3);
            if (frame.Velocities is { } velocities)
            {
                text.Append(' ', velocities[id], 3);
            }

            text.Append(' ', frame.Radii, id);
            text.Append(' ', frame.Masses, id);
            text.Append(' ');
            text.Append(id);
            text.Append('\n');
        }
    }

    /// <summary>Reads the next frame; null at the end of the file or after a fault.</summary>
    public static ParticleFrame? Read(FrameReading reading)
    {
        while (reading.Peek() is { } blank && string.IsNullOrWhiteSpace(blank))
        {
            reading.Take();
        }

        if (reading.Take() is not { } countLine)
        {
            return null;
        }

        if (!int.TryParse(countLine.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count == 0)
        {
            reading.Fault(
                null, $"'{FrameReading.Shorten(countLine)}' is not a number of particles",
                "a frame starts with a line that holds the number of its particles, 1 or more");
            return null;
        }

        if (reading.Take() is not { } comment)
        {
            reading.FaultAtEnd("the line of the frame's properties");
            return null;
        }

        Header? header = ReadHeader(reading, comment);
        if (header is null)
        {
            return null;
        }

        FrameBuilder builder = new(reading, header.Columns, header.Names);
        for (int i = 0; i < count && !reading.IsHopeless; i++)
        {
            if (reading.Take() is not { } line)
            {
                reading.FaultAtEnd(Invariant($"particle {i + 1} of {count}"));
                return null;
            }

            string[] fields = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            builder.Add(header.IsPlain && fields.Length > 4 ? fields[..4] : fields);
        }

        return builder.Build(header.Dimension, header.Box, header.Origin, header.Time);
    }

    private static void WriteComment(TextAppender text, ParticleFrame frame)
    {
        if (frame.Box is { } box)
        {
            double height = frame.Dimension == 3 ? box.Lengths.Z : 1;
            text.Append(Invariant($"Lattice=\"{box.Lengths.X:R} 0 0 0 {box.Lengths.Y:R} 0 0 0 {height:R}\" Origin=\"0 0 0\" "));
            text.Append($"pbc=\"{string.Join(' ', Enumerable.Range(0, 3).Select(axis => box.IsPeriodic(axis) ? 'T' : 'F'))}\" ");
        }

        text.Append("Properties=species:S:1:pos:R:3");
        text.Append(frame.Velocities is null ? "" : ":velo:R:3");
        text.Append(frame.Radii is null ? "" : ":radius:R:1");
        text.Append(frame.Masses is null ? "" : ":mass:R:1");
        text.Append(":id:I:1");
        if (frame.Time is double time)
        {
            text.Append(Invariant($" Time={time:R}"));
        }

        text.Append(Invariant($" Dimension={frame.Dimension}"));
        if (frame.Box is { } sides)
        {
            text.Append(
                $" Boundary=\"{string.Join(' ', Enumerable.Range(0, frame.Dimension).Select(axis => sides.BoundaryOf(axis).ToString().ToLowerInvariant()))}\"");
        }

        text.Append('\n');
    }

    private sealed record Header(
        ImmutableArray<FrameColumn> Columns, ImmutableArray<string> Names, bool IsPlain, int? Dimension, Box? Box, Vec3 Origin,
        double? Time);

    private static Header? ReadHeader(FrameReading reading, string comment)
    {
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in KeyValuePattern().Matches(comment))
        {
            values[match.Groups["key"].Value] = match.Groups["text"].Success ? match.Groups["text"].Value : match.Groups["word"].Value;
        }

        int before = reading.Faults.Count;
        bool isPlain = !values.TryGetValue("Properties", out string? properties);
        (ImmutableArray<FrameColumn> columns, ImmutableArray<string> names) = ReadProperties(reading, properties ?? "species:S:1:pos:R:3");
        int? dimension = values.TryGetValue("Dimension", out string? digits)
            ? digits is "2" or "3" ? digits[0] - '0' : Fault<int>(reading, "Dimension", $"the dimension is '{digits}'", "give 2 or 3")
            : null;
        double? time = values.TryGetValue("Time", out string? timeText) ? Numbers(reading, "Time", timeText, 1)?[0] : null;
        Vec3 origin = Vec3.Zero;
        if (values.TryGetValue("Origin", out string? originText) && Numbers(reading, "Origin", originText, 3) is { } corner)
        {
            origin = new Vec3(corner[0], corner[1], corner[2]);
        }

        Box? box = ReadBox(reading, values, dimension ?? 3);
        return reading.Faults.Count == before ? new Header(columns, names, isPlain, dimension, box, origin, time) : null;
    }

    private static (ImmutableArray<FrameColumn>, ImmutableArray<string>) ReadProperties(FrameReading reading, string properties)
    {
        List<FrameColumn> columns = [];
        List<string> names = [];
        string[] parts = properties.Split(':');
        bool isWhole = parts.Length % 3 == 0;
        for (int i = 0; isWhole && i < parts.Length; i += 3)
        {
            isWhole = int.TryParse(parts[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width is >= 1 and <= 100;
            for (int j = 0; isWhole && j < width; j++)
            {
                columns.Add(ColumnOf(parts[i], j, width));
                names.Add(width == 1 ? parts[i] : Invariant($"{parts[i]}[{j}]"));
            }
        }

        if (!isWhole)
        {
            reading.Fault(
                "Properties", $"'{FrameReading.Shorten(properties)}' is not a list of properties",
                "write name:type:columns for each, like species:S:1:pos:R:3:velo:R:3");
        }
        else
        {
            FrameBuilder.CheckColumns(reading, [.. columns]);
        }

        return ([.. columns], [.. names]);
    }

    private static FrameColumn ColumnOf(string name, int index, int width) => (name.ToLowerInvariant(), width) switch
    {
        ("species" or "element" or "symbol" or "elements", 1) => FrameColumn.Species,
        ("type", 1) => FrameColumn.Type,
        ("id" or "ids" or "identifier" or "particle_identifier", 1) => FrameColumn.Id,
        ("pos" or "position" or "positions", 2 or 3) => FrameColumn.X + index,
        ("velo" or "vel" or "velocity" or "velocities", 2 or 3) => FrameColumn.VelocityX + index,
        ("radius" or "radii", 1) => FrameColumn.Radius,
        ("diameter", 1) => FrameColumn.Diameter,
        ("mass" or "masses", 1) => FrameColumn.Mass,
        _ => FrameColumn.Ignored,
    };

    private static Box? ReadBox(FrameReading reading, Dictionary<string, string> values, int dimension)
    {
        if (!values.TryGetValue("Lattice", out string? lattice) || Numbers(reading, "Lattice", lattice, 9) is not { } cell)
        {
            return null;
        }

        if (Enumerable.Range(0, 9).Any(i => i % 4 == 0 ? !(cell[i] > 0) : cell[i] != 0))
        {
            return Fault<Box?>(
                reading, "Lattice", $"the lattice '{lattice}' is not a rectangular box",
                "give \"Lx 0 0 0 Ly 0 0 0 Lz\" with lengths above 0");
        }

        Vec3 lengths = new(cell[0], cell[4], dimension == 3 ? cell[8] : 0);
        string[] words = values.TryGetValue("Boundary", out string? boundary)
            ? boundary.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : [.. (values.GetValueOrDefault("pbc") ?? "T T T").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(flag => flag is "T" or "1" or "True" or "true" ? "periodic" : "open")];
        Boundary[] sides = new Boundary[3];
        for (int axis = 0; axis < dimension; axis++)
        {
            if (!Enum.TryParse(words.ElementAtOrDefault(axis), ignoreCase: true, out sides[axis]))
            {
                return Fault<Box?>(reading, "Boundary", "the boundaries cannot be read", "give periodic, reflecting or open for each axis");
            }
        }

        return new Box(dimension, lengths, sides[0], sides[1], dimension == 3 ? sides[2] : Boundary.Open);
    }

    private static double[]? Numbers(FrameReading reading, string key, string text, int count)
    {
        string[] words = text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        double[] numbers = new double[count];
        bool isGood = words.Length == count;
        for (int i = 0; isGood && i < count; i++)
        {
            isGood = double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) && double.IsFinite(numbers[i]);
        }

        return isGood ? numbers : Fault<double[]?>(reading, key, $"'{FrameReading.Shorten(text)}' is not {Count(count)}", $"give {Count(count)}");
    }

    private static string Count(int count) => count == 1 ? "a finite number" : Invariant($"{count} finite numbers");

    private static T? Fault<T>(FrameReading reading, string key, string problem, string remedy)
    {
        reading.Fault(key, problem, remedy);
        return default;
    }

    [GeneratedRegex("(?<key>[A-Za-z_][A-Za-z0-9_-]*)\\s*=\\s*(\"(?<text>[^\"]*)\"|(?<word>[^\\s\"]+))")]
    private static partial Regex KeyValuePattern();
}
