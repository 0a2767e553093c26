using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files;

/// <summary>LAMMPS dump: OVITO, VMD and LAMMPS itself read it.</summary>
/// <remarks>
/// Ids and types count from 1, as LAMMPS wants; the time step is the number of the frame, and the time stands in ITEM: TIME.
/// Boundaries are pp (periodic), ff (walls) and ss (open). Two dimensions are written as z = 0 between -0.5 and 0.5, periodic, which
/// is LAMMPS's own convention.
/// </remarks>
internal static class LammpsFormat
{
    private const string Columns = "id type element x y z vx vy vz radius mass";
    private const double FlatBound = 0.5;

    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>What a frame lacks to be written; null when nothing.</summary>
    public static string? Lacks(ParticleFrame frame) => frame.Box is null ? "a box" : null;

    public static void Write(TextAppender text, ParticleFrame frame, long index)
    {
        Box box = frame.Box ?? throw new ArgumentException("a LAMMPS dump needs a box", nameof(frame));
        if (frame.Time is double time)
        {
            text.Append(Invariant($"ITEM: TIME\n{time:R}\n"));
        }

        text.Append(Invariant($"ITEM: TIMESTEP\n{index}\nITEM: NUMBER OF ATOMS\n{frame.Count}\n"));
        text.Append($"ITEM: BOX BOUNDS {string.Join(' ', Enumerable.Range(0, 3).Select(axis => Flag(box, axis)))}\n");
        for (int axis = 0; axis < 3; axis++)
        {
            text.Append(axis < box.Dimension ? Invariant($"0 {box.Lengths[axis]:R}\n") : Invariant($"{-FlatBound} {FlatBound}\n"));
        }

        string[] absent = [.. Absent(frame)];
        text.Append($"ITEM: ATOMS {string.Join(' ', Columns.Split(' ').Except(absent))}\n");
        for (int id = 0; id < frame.Count; id++)
        {
            text.Append(id + 1L);
            text.Append(' ');
            text.Append(frame.Species[id] + 1L);
            text.Append(' ');
            text.Append(frame.SpeciesNames[frame.Species[id]]);
            text.Append(' ', frame.Positions[id], 3);
            if (frame.Velocities is { } velocities)
            {
                text.Append(' ', velocities[id], 3);
            }

            text.Append(' ', frame.Radii, id);
            text.Append(' ', frame.Masses, id);
            text.Append('\n');
        }
    }

    /// <summary>Reads the next frame; null at the end of the file or after a fault.</summary>
    public static ParticleFrame? Read(FrameReading reading)
    {
        double? time = null;
        int? count = null;
        Bounds? bounds = null;
        while (reading.Take() is { } line)
        {
            string item = line.Trim();
            if (item.Length == 0)
            {
                continue;
            }

            if (!item.StartsWith("ITEM:", StringComparison.Ordinal))
            {
                reading.Fault(
                    null, $"'{FrameReading.Shorten(item)}' stands where a section should start", "a LAMMPS dump consists of sections 'ITEM: NAME'");
                return null;
            }

            string name = item[5..].Trim();
            if (name.StartsWith("ATOMS", StringComparison.Ordinal))
            {
                return ReadAtoms(reading, name, count, bounds, time);
            }

            if (!ReadSection(reading, name, ref time, ref count, ref bounds))
            {
                return null;
            }
        }

        if (count is not null || time is not null || bounds is not null)
        {
            reading.FaultAtEnd("a section 'ITEM: ATOMS'");
        }

        return null;
    }

    private sealed record Bounds(Box Box, Vec3 Origin);

    private static bool ReadSection(FrameReading reading, string name, ref double? time, ref int? count, ref Bounds? bounds)
    {
        if (name.StartsWith("BOX BOUNDS", StringComparison.Ordinal))
        {
            bounds = ReadBounds(reading, name);
            return bounds is not null;
        }

        if (name is not ("TIME" or "TIMESTEP" or "NUMBER OF ATOMS" or "UNITS"))
        {
            reading.Fault(
                null, $"the section '{FrameReading.Shorten(name)}' is not known",
                "known are UNITS, TIME, TIMESTEP, NUMBER OF ATOMS, BOX BOUNDS and ATOMS");
            return false;
        }

        if (reading.Take()?.Trim() is not { } value)
        {
            reading.FaultAtEnd($"the value of '{name}'");
            return false;
        }

        switch (name)
        {
            case "TIME" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number):
                time = number;
                return true;
            case "NUMBER OF ATOMS" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0:
                count = number;
                return true;
            case "TIME" or "NUMBER OF ATOMS":
                reading.Fault(
                    name, $"'{FrameReading.Shorten(value)}' is not a number that '{name}' can have",
                    name == "TIME" ? "give a finite number" : "give a whole number, 1 or more");
                return false;
            default:
                return true;
        }
    }

    private static Bounds? ReadBounds(FrameReading reading, string name)
    {
        string[] flags = name["BOX BOUNDS".Length..].Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (flags.Contains("xy") || flags.Contains("abc"))
        {
            reading.Fault("BOX BOUNDS", "the box is not rectangular", "give a rectangular box");
            return null;
        }

        double[] low = new double[3], high = new double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            if (reading.Take() is not { } line)
            {
                reading.FaultAtEnd("the bounds of the box");
                return null;
            }

            string[] words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2
                || !double.TryParse(words[0], NumberStyles.Float, CultureInfo.InvariantCulture, out low[axis])
                || !double.TryParse(words[1], NumberStyles.Float, CultureInfo.InvariantCulture, out high[axis])
                || !double.IsFinite(high[axis] - low[axis]) || !(high[axis] > low[axis]))
            {
                reading.Fault(
                    "BOX BOUNDS", $"'{FrameReading.Shorten(line)}' are not the two bounds of an axis", "give two finite numbers, the lower one first");
                return null;
            }
        }

        Boundary[] sides = [.. Enumerable.Range(0, 3).Select(axis => flags.ElementAtOrDefault(axis) switch
        {
            "pp" or null => Boundary.Periodic,
            "ff" => Boundary.Reflecting,
            _ => Boundary.Open,
        })];
        Vec3 lengths = new(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
        bool mayBeFlat = low[2] == -FlatBound && high[2] == FlatBound;
        return new Bounds(
            mayBeFlat
                ? new Box(2, lengths with { Z = 0 }, sides[0], sides[1], Boundary.Open)
                : new Box(3, lengths, sides[0], sides[1], sides[2]),
            new Vec3(low[0], low[1], mayBeFlat ? 0 : low[2]));
    }

    private static ParticleFrame? ReadAtoms(FrameReading reading, string name, int? count, Bounds? bounds, double? time)
    {
        if (count is not int total)
        {
            reading.Fault(null, "the section NUMBER OF ATOMS is missing before ATOMS", "give 'ITEM: NUMBER OF ATOMS' and the number");
            return null;
        }

        ImmutableArray<string> names = [.. name["ATOMS".Length..].Split(Blanks, StringSplitOptions.RemoveEmptyEntries)];
        ImmutableArray<FrameColumn> columns = [.. names.Select(ColumnOf)];
        if (!FrameBuilder.CheckColumns(reading, columns))
        {
            return null;
        }

        FrameBuilder builder = new(reading, columns, names);
        for (int i = 0; i < total && !reading.IsHopeless; i++)
        {
            if (reading.Take() is not { } line)
            {
                reading.FaultAtEnd(Invariant($"particle {i + 1} of {total}"));
                return null;
            }

            builder.Add(line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries));
        }

        ParticleFrame? frame = builder.Build(bounds?.Box.Dimension ?? 3, bounds?.Box, bounds?.Origin ?? Vec3.Zero, time);
        bool isFlat = frame is null || (frame.Positions.All(x => x.Z == 0) && frame.Velocities?.All(v => v.Z == 0) is not false);
        if (frame is { Dimension: 2 } && !isFlat)
        {
            reading.Fault(
                "z", "particles have a z component, but the bounds -0.5 and 0.5 mean two dimensions",
                "give z and vz the value 0, or other bounds");
            return null;
        }

        return frame;
    }

    private static FrameColumn ColumnOf(string name) => name switch
    {
        "id" => FrameColumn.Id,
        "type" => FrameColumn.Type,
        "element" => FrameColumn.Species,
        "x" or "xu" => FrameColumn.X,
        "y" or "yu" => FrameColumn.Y,
        "z" or "zu" => FrameColumn.Z,
        "vx" => FrameColumn.VelocityX,
        "vy" => FrameColumn.VelocityY,
        "vz" => FrameColumn.VelocityZ,
        "radius" => FrameColumn.Radius,
        "diameter" => FrameColumn.Diameter,
        "mass" => FrameColumn.Mass,
        _ => FrameColumn.Ignored,
    };

    private static IEnumerable<string> Absent(ParticleFrame frame)
    {
        if (frame.Velocities is null)
        {
            yield return "vx";
            yield return "vy";
            yield return "vz";
        }

        if (frame.Radii is null)
        {
            yield return "radius";
        }

        if (frame.Masses is null)
        {
            yield return "mass";
        }
    }

    private static string Flag(Box box, int axis) => axis >= box.Dimension ? "pp" : box.BoundaryOf(axis) switch
    {
        Boundary.Periodic => "pp",
        Boundary.Reflecting => "ff",
        _ => "ss",
    };
}
