using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>LAMMPS dump: OVITO, VMD and LAMMPS itself read it.</summary>
/// <remarks>
/// Ids and types count from 1, as LAMMPS wants; the time step is that of the file it came from or the number of the frame, and the time
/// stands in ITEM: TIME. Boundaries are pp (periodic), ff (walls) and ss (open). Coordinates are read in all of LAMMPS's kinds: x, xs
/// (scaled), xu (unwrapped) and xsu. Two dimensions are written as z = 0 between -0.5 and 0.5, periodic, which is LAMMPS's own convention;
/// other bounds of z are a box like those of x and y.
/// </remarks>
internal static class LammpsFormat
{
    private const string Columns = "id type element x y z vx vy vz radius mass";

    private static readonly char[] Blanks = [' ', '\t'];

    // Of several kinds of coordinates the first is used.
    private static readonly string[] Kinds = ["", "s", "u", "su"];

    public static void Write(TextAppender text, ParticleFrame frame, long index)
    {
        Box box = frame.Box ?? throw new ArgumentException("a LAMMPS dump needs a box", nameof(frame));
        if (frame.Time is double time)
        {
            text.Append(Invariant($"ITEM: TIME\n{time:R}\n"));
        }

        text.Append(Invariant($"ITEM: TIMESTEP\n{frame.Step ?? index}\nITEM: NUMBER OF ATOMS\n{frame.Count}\n"));
        text.Append($"ITEM: BOX BOUNDS {string.Join(' ', Enumerable.Range(0, 3).Select(axis => Flag(box, axis)))}\n");
        for (int axis = 0; axis < 3; axis++)
        {
            text.Append(
                axis < box.Dimension
                    ? Invariant($"0 {box.Lengths[axis]:R}\n")
                    : Invariant($"{-LammpsBox.FlatBound} {LammpsBox.FlatBound}\n"));
        }

        bool hasNames = !Enumerable.Range(0, frame.SpeciesNames.Length)
            .All(s => SpeciesTable.NumberOf(frame.SpeciesNames[s]) == frame.TypeOf(s));
        string[] absent = [.. Absent(frame, hasNames)];
        text.Append($"ITEM: ATOMS {string.Join(' ', Columns.Split(' ').Except(absent))}\n");
        LammpsIds ids = new(frame);
        for (int i = 0; i < frame.Count; i++)
        {
            text.Append(ids[i]);
            text.Append(' ');
            text.Append((long)frame.TypeOf(frame.Species[i]));
            if (hasNames)
            {
                text.Append(' ');
                text.Append(frame.SpeciesNames[frame.Species[i]]);
            }

            text.Append(' ', frame.Positions[i], 3);
            if (frame.Velocities is { } velocities)
            {
                text.Append(' ', velocities[i], 3);
            }

            text.Append(' ', frame.Radii, i);
            text.Append(' ', frame.Masses, i);
            text.Append('\n');
        }
    }

    /// <summary>Reads the next frame; null at the end of the file or after a fault.</summary>
    public static ParticleFrame? Read(FrameReading reading)
    {
        Sections found = new();
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
                    null, $"'{FrameReading.Shorten(item)}' stands where a section should start",
                    "a LAMMPS dump consists of sections 'ITEM: NAME'; a LAMMPS data file has the suffix .data or .lmp");
                return null;
            }

            string name = item[5..].Trim();
            if (name.StartsWith("ATOMS", StringComparison.Ordinal))
            {
                return ReadAtoms(reading, name, found);
            }

            if (!ReadSection(reading, name, found))
            {
                return null;
            }
        }

        if (found.Names.Count > 0)
        {
            reading.FaultAtEnd("a section 'ITEM: ATOMS'");
        }

        return null;
    }

    private sealed class Sections
    {
        public HashSet<string> Names { get; } = [];

        public double? Time { get; set; }

        public long? Step { get; set; }

        public int? Count { get; set; }

        public LammpsBox? Box { get; set; }
    }

    private static bool ReadSection(FrameReading reading, string name, Sections found)
    {
        bool isBounds = name.StartsWith("BOX BOUNDS", StringComparison.Ordinal);
        if (!isBounds && name is not ("TIME" or "TIMESTEP" or "NUMBER OF ATOMS" or "UNITS"))
        {
            reading.Fault(
                null, $"the section '{FrameReading.Shorten(name)}' is not known",
                "known are UNITS, TIME, TIMESTEP, NUMBER OF ATOMS, BOX BOUNDS and ATOMS");
            return false;
        }

        if (!found.Names.Add(isBounds ? "BOX BOUNDS" : name))
        {
            reading.Fault(
                null, $"the section '{FrameReading.Shorten(name)}' stands twice in one frame", "a frame ends with its section ATOMS");
            return false;
        }

        if (isBounds)
        {
            return ReadBounds(reading, name, found);
        }

        if (reading.Take()?.Trim() is not { } value)
        {
            reading.FaultAtEnd($"the value of '{name}'");
            return false;
        }

        switch (name)
        {
            case "TIME" when FileNumber.TryParse(value, out double number, out _):
                found.Time = number;
                return true;
            case "TIMESTEP" when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                found.Step = number;
                return true;
            case "NUMBER OF ATOMS" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0:
                found.Count = number;
                return true;
            case "UNITS":
                return true;
            default:
                reading.Fault(
                    name, $"'{FrameReading.Shorten(value)}' is not a number that '{name}' can have",
                    name == "TIME" ? "give a finite number" : name == "TIMESTEP"
                        ? "give a whole number"
                        : "give a whole number, 1 or more");
                return false;
        }
    }

    private static bool ReadBounds(FrameReading reading, string name, Sections found)
    {
        string[] flags = name["BOX BOUNDS".Length..].Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        bool isTilted = flags is ["xy", "xz", "yz", ..];
        flags = isTilted ? flags[3..] : flags;
        double[] low = new double[3], high = new double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            if (reading.Take() is not { } line)
            {
                reading.FaultAtEnd("the bounds of the box");
                return false;
            }

            string[] words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (isTilted && words.Length == 3 && FileNumber.TryParse(words[2], out double tilt, out _))
            {
                if (tilt != 0)
                {
                    reading.Fault("BOX BOUNDS", "the box is not rectangular", "give a rectangular box");
                    return false;
                }

                words = words[..2];
            }

            if (words.Length != 2 || !LammpsBox.TryParse(words[0], words[1], out low[axis], out high[axis]))
            {
                reading.Fault(
                    "BOX BOUNDS", $"'{FrameReading.Shorten(line)}' are not the two bounds of an axis of a rectangular box",
                    "give two finite numbers, the lower one first");
                return false;
            }
        }

        Boundary?[] sides = flags.Length == 0
            ? [Boundary.Periodic, Boundary.Periodic, Boundary.Periodic]
            : [.. flags.Select(BoundaryWords.ParseLammps)];
        if (sides.Length != 3 || sides.Contains(null))
        {
            reading.Fault(
                "BOX BOUNDS", $"'{FrameReading.Shorten(name)}' does not say what the boundaries are",
                "give two letters of p, f, s and m for each axis, like 'BOX BOUNDS pp pp ff'; the box must be rectangular");
            return false;
        }

        found.Box = LammpsBox.Of(low, high, sides[0]!.Value, sides[1]!.Value, sides[2]!.Value);
        return true;
    }

    private static ParticleFrame? ReadAtoms(FrameReading reading, string name, Sections found)
    {
        if (found.Count is not int total)
        {
            reading.Fault(null, "the section NUMBER OF ATOMS is missing before ATOMS", "give 'ITEM: NUMBER OF ATOMS' and the number");
            return null;
        }

        ImmutableArray<string> names = [.. name["ATOMS".Length..].Split(Blanks, StringSplitOptions.RemoveEmptyEntries)];
        string?[] kinds = [.. "xyz".Select(axis => Kinds.FirstOrDefault(kind => names.Contains(axis + kind)))];
        ImmutableArray<FrameColumn> columns = [.. names.Select(n => ColumnOf(n, kinds))];
        if (!FrameColumns.Check(reading, columns))
        {
            return null;
        }

        bool IsScaled(int axis) => kinds[axis] is "s" or "su";
        if (found.Box is null && (IsScaled(0) || IsScaled(1) || IsScaled(2)))
        {
            reading.Fault(null, "the section BOX BOUNDS is missing before scaled coordinates", "give 'ITEM: BOX BOUNDS' and the bounds");
            return null;
        }

        FrameBuilder builder = new(reading, columns, names) { FirstId = 1, TypesAreNumbers = true };
        for (int i = 0; i < total && !reading.IsHopeless; i++)
        {
            if (reading.Take() is not { } line)
            {
                reading.FaultAtEnd(Invariant($"particle {i + 1} of {total}"));
                return null;
            }

            builder.Add(line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries));
        }

        return builder.Build(new FrameHeader(null, found.Box?.Box, found.Time, found.Step)
        {
            Origin = found.Box?.Origin ?? Vec3.Zero,
            IsScaled = (IsScaled(0), IsScaled(1), IsScaled(2)),
            MayBePlane = found.Box is { MayBePlane: true },
        });
    }

    private static FrameColumn ColumnOf(string name, string?[] kinds)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            if (kinds[axis] is { } kind && name == "xyz"[axis] + kind)
            {
                return FrameColumn.X + axis;
            }
        }

        return name switch
        {
            "id" => FrameColumn.Id,
            "type" => FrameColumn.Type,
            "element" or "typelabel" => FrameColumn.Species,
            "vx" => FrameColumn.VelocityX,
            "vy" => FrameColumn.VelocityY,
            "vz" => FrameColumn.VelocityZ,
            "radius" => FrameColumn.Radius,
            "diameter" => FrameColumn.Diameter,
            "mass" => FrameColumn.Mass,
            _ => FrameColumn.Ignored,
        };
    }

    private static IEnumerable<string> Absent(ParticleFrame frame, bool hasNames)
    {
        if (!hasNames)
        {
            yield return "element";
        }

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

    private static string Flag(Box box, int axis) => axis >= box.Dimension ? "pp" : BoundaryWords.ToLammps(box.BoundaryOf(axis));
}
