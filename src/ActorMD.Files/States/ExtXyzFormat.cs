using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>Extended XYZ: frames one after the other; OVITO and VMD read it, ASE where species are named as chemical elements.</summary>
/// <remarks>
/// A frame is the number of particles, a line of key=value, and one line per particle. <c>Boundary</c> and <c>Dimension</c> are our
/// own keys: pbc does not tell walls from open sides. Two dimensions are written as z = 0 in a box of height 1. ASE looks for
/// <c>masses</c> and <c>momenta</c>; <c>velo</c> has the velocities with all digits. <c>type_number</c> is written where the order of the
/// species does not tell it.
/// </remarks>
internal static class ExtXyzFormat
{
    private static readonly char[] Blanks = [' ', '\t'];

    private static readonly string[] KnownKeys = [
        "Properties", "Lattice", "pbc", "Boundary", "Dimension", "Time", "Origin", "Step", "Timestep"];

    public static void Write(TextAppender text, ParticleFrame frame, FrameLayout layout)
    {
        text.Append(frame.Count);
        text.Append('\n');
        WriteComment(text, frame, layout);
        for (int i = 0; i < frame.Count; i++)
        {
            text.Append(frame.SpeciesNames[frame.Species[i]]);
            text.Append(' ', frame.Positions[i], 3);
            if (frame.Velocities is { } velocities)
            {
                text.Append(' ', velocities[i], 3);
                if (frame.Masses is { } masses)
                {
                    text.Append(' ', masses[i] * velocities[i], 3);
                }
            }

            text.Append(' ', frame.Radii, i);
            text.Append(' ', frame.Masses, i);
            if (layout.HasTypes)
            {
                text.Append(' ');
                text.Append((long)frame.TypeOf(frame.Species[i]));
            }

            text.Append(' ');
            text.Append(frame.Ids?[i] ?? i);
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

        return builder.Build(header.Frame);
    }

    private static void WriteComment(TextAppender text, ParticleFrame frame, FrameLayout layout)
    {
        if (frame.Box is { } box)
        {
            double height = frame.Dimension == 3 ? box.Lengths.Z : 1;
            text.Append(Invariant($"Lattice=\"{box.Lengths.X:R} 0 0 0 {box.Lengths.Y:R} 0 0 0 {height:R}\" Origin=\"0 0 0\" "));
            text.Append($"pbc=\"{string.Join(' ', Enumerable.Range(0, 3).Select(axis => box.IsPeriodic(axis) ? 'T' : 'F'))}\" ");
        }

        text.Append("Properties=species:S:1:pos:R:3");
        text.Append(frame.Velocities is null ? "" : frame.Masses is null ? ":velo:R:3" : ":velo:R:3:momenta:R:3");
        text.Append(frame.Radii is null ? "" : ":radius:R:1");
        text.Append(frame.Masses is null ? "" : ":masses:R:1");
        text.Append(layout.HasTypes ? ":type_number:I:1" : "");
        text.Append(":id:I:1");
        if (frame.Time is double time)
        {
            text.Append(Invariant($" Time={time:R}"));
        }

        if (frame.Step is long step)
        {
            text.Append(Invariant($" Timestep={step}"));
        }

        text.Append(Invariant($" Dimension={frame.Dimension}"));
        if (frame.Box is { } sides)
        {
            text.Append($" Boundary=\"{string.Join(' ', Enumerable.Range(0, frame.Dimension).Select(axis => BoundaryWords.Of(sides.BoundaryOf(axis))))}\"");
        }

        text.Append('\n');
    }

    private sealed record Header(ImmutableArray<FrameColumn> Columns, ImmutableArray<string> Names, bool IsPlain, FrameHeader Frame);

    private static Header? ReadHeader(FrameReading reading, string comment)
    {
        int before = reading.Faults.Count;
        if (ReadKeys(reading, comment) is not { } values)
        {
            return null;
        }

        bool isPlain = !values.TryGetValue("Properties", out string? properties);
        (ImmutableArray<FrameColumn> columns, ImmutableArray<string> names) = ReadProperties(reading, properties ?? "species:S:1:pos:R:3");
        int? dimension = null;
        if (values.TryGetValue("Dimension", out string? digits))
        {
            dimension = digits is "2" or "3" ? digits[0] - '0' : null;
            if (dimension is null || (dimension == 3 && !columns.Contains(FrameColumn.Z)))
            {
                reading.Fault(
                    "Dimension", $"the dimension is '{FrameReading.Shorten(digits)}'",
                    "give 2 or 3, and as many components of the positions");
            }
        }

        double? time = values.TryGetValue("Time", out string? timeText) ? Numbers(reading, "Time", timeText, 1)?[0] : null;
        long? step = null;
        if (values.TryGetValue("Timestep", out string? stepText) || values.TryGetValue("Step", out stepText))
        {
            if (long.TryParse(stepText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            {
                step = number;
            }
            else
            {
                reading.Fault("Timestep", $"'{FrameReading.Shorten(stepText)}' is not a whole number", "give the number of the time step");
            }
        }

        Vec3 origin = Vec3.Zero;
        if (values.TryGetValue("Origin", out string? originText) && Numbers(reading, "Origin", originText, 3) is { } corner)
        {
            origin = new Vec3(corner[0], corner[1], corner[2]);
        }

        Box? box = ReadBox(reading, values, dimension ?? (columns.Contains(FrameColumn.Z) ? 3 : 2));
        return reading.Faults.Count == before
            ? new Header(columns, names, isPlain, new FrameHeader(dimension, box, time, step) { Origin = origin })
            : null;
    }

    // A title that is no list of keys may have quotes and brackets as it likes.
    private static Dictionary<string, string>? ReadKeys(FrameReading reading, string comment)
    {
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        if (ExtXyzKeys.Parse(comment, out string? problem) is not { } pairs)
        {
            if (!comment.Contains("Properties", StringComparison.OrdinalIgnoreCase)
                && !comment.Contains("Lattice", StringComparison.OrdinalIgnoreCase))
            {
                return values;
            }

            reading.Fault(null, problem!, "write key=value, texts with blanks in quotes, lists in brackets");
            return null;
        }

        foreach ((string key, string value) in pairs)
        {
            if (!values.TryAdd(key, value) && KnownKeys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                reading.Fault(key, $"the key '{key}' is given twice", "keep one of them");
                return null;
            }
        }

        return values;
    }

    private static (ImmutableArray<FrameColumn>, ImmutableArray<string>) ReadProperties(FrameReading reading, string properties)
    {
        List<FrameColumn> columns = [];
        List<string> names = [];
        string[] parts = properties.Split(':');
        bool isWhole = parts.Length % 3 == 0;
        for (int i = 0; isWhole && i < parts.Length; i += 3)
        {
            isWhole = int.TryParse(parts[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width is >= 1 and <= 100
                && parts[i + 1] is "S" or "R" or "I" or "L" && columns.Count < 1000;
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
                "write name:type:columns for each, like species:S:1:pos:R:3:velo:R:3, with the types S, R, I and L");
        }
        else
        {
            FrameColumns.Check(reading, [.. columns]);
        }

        return ([.. columns], [.. names]);
    }

    private static FrameColumn ColumnOf(string name, int index, int width) => (name.ToLowerInvariant(), width) switch
    {
        ("species" or "element" or "symbol" or "elements", 1) => FrameColumn.Species,
        ("type" or "type_number", 1) => FrameColumn.Type,
        ("id" or "ids" or "identifier" or "particle_identifier", 1) => FrameColumn.Id,
        ("pos" or "position" or "positions", 2 or 3) => FrameColumn.X + index,
        ("velo" or "vel" or "velocity" or "velocities", 2 or 3) => FrameColumn.VelocityX + index,
        ("momenta" or "momentum", 2 or 3) => FrameColumn.MomentumX + index,
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

        if (Enumerable.Range(0, 9).Any(i => i % 4 == 0 ? !(cell[i] >= FileNumber.PositiveMin) : cell[i] != 0))
        {
            return Fault<Box?>(
                reading, "Lattice", $"the lattice '{FrameReading.Shorten(lattice)}' is not a rectangular box",
                "give \"Lx 0 0 0 Ly 0 0 0 Lz\" with lengths above 0");
        }

        Boundary?[]? sides = ReadSides(reading, values, dimension);
        if (sides is null)
        {
            return null;
        }

        Vec3 lengths = new(cell[0], cell[4], dimension == 3 ? cell[8] : 0);
        return new Box(dimension, lengths, sides[0]!.Value, sides[1]!.Value, dimension == 3 ? sides[2]!.Value : Boundary.Open);
    }

    // Boundary says all; pbc does not tell walls from open sides.
    private static Boundary?[]? ReadSides(FrameReading reading, Dictionary<string, string> values, int dimension)
    {
        Boundary?[]? sides = values.TryGetValue("Boundary", out string? boundary)
            ? [.. Words(boundary).Select(BoundaryWords.Parse)]
            : null;
        if (sides is not null && (sides.Length != dimension || sides.Contains(null)))
        {
            return Fault<Boundary?[]?>(
                reading, "Boundary", $"the boundaries '{FrameReading.Shorten(boundary!)}' cannot be read",
                $"give {BoundaryWords.Possible} for each axis");
        }

        string flags = values.GetValueOrDefault("pbc") ?? "T T T";
        Boundary?[] periodic = [.. Words(flags).Select(BoundaryWords.ParseFlag)];
        if ((periodic.Length != 3 && periodic.Length != dimension) || periodic.Contains(null))
        {
            return Fault<Boundary?[]?>(
                reading, "pbc", $"'{FrameReading.Shorten(flags)}' does not say which axes are periodic",
                "give T or F for each axis, like pbc=\"T T F\"");
        }

        for (int axis = 0; sides is not null && values.ContainsKey("pbc") && axis < dimension; axis++)
        {
            if ((sides[axis] == Boundary.Periodic) != (periodic[axis] == Boundary.Periodic))
            {
                return Fault<Boundary?[]?>(
                    reading, "pbc", "pbc and Boundary contradict each other", "give T where the boundary is periodic");
            }
        }

        return sides ?? periodic;
    }

    private static string[] Words(string text) => text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);

    private static double[]? Numbers(FrameReading reading, string key, string text, int count)
    {
        string[] words = Words(text);
        double[] numbers = new double[count];
        bool isGood = words.Length == count;
        for (int i = 0; isGood && i < count; i++)
        {
            isGood = FileNumber.TryParse(words[i], out numbers[i], out _);
        }

        return isGood
            ? numbers
            : Fault<double[]?>(reading, key, $"'{FrameReading.Shorten(text)}' is not {Count(count)}", $"give {Count(count)}");
    }

    private static string Count(int count) => count == 1 ? "a finite number" : Invariant($"{count} finite numbers");

    private static T? Fault<T>(FrameReading reading, string key, string problem, string remedy)
    {
        reading.Fault(key, problem, remedy);
        return default;
    }
}
