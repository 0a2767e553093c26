using System.Collections.Immutable;
using System.Globalization;
using static System.FormattableString;

namespace ActorMD.Files.States;

// The particles, once all sections are read: they may come in any order.
internal sealed partial class LammpsDataReading
{
    private ParticleFrame? Build()
    {
        if (_atoms.Count == 0 || _atoms.Count != _count)
        {
            reading.FaultAtEnd("the section Atoms with as many lines as there are atoms");
            return null;
        }

        if (_hasBounds.Contains(false))
        {
            reading.FaultAt(
                1, "xlo xhi", "the bounds of the box are missing", "give lines 'xlo xhi', 'ylo yhi' and 'zlo zhi' in the header");
            return null;
        }

        if (_velocities.Count > 0 && _velocities.Count != _count)
        {
            reading.FaultAtEnd("velocities of all atoms");
            return null;
        }

        return Style() is { } style && reading.Faults.Count == 0 ? Build(style.Split(' ')) : null;
    }

    private ParticleFrame? Build(string[] style)
    {
        LammpsBox box = LammpsBox.Of(_low, _high, _sides[0], _sides[1], _sides[2]);
        bool hasSizes = style.Contains("diameter"), hasMasses = !hasSizes && _masses.Count > 0;
        bool hasImages = _atoms[0].Fields.Length == style.Length + 3;
        ImmutableArray<string> names =
        [
            .. style, .. (string[])(hasImages ? ["ix", "iy", "iz"] : []), .. (string[])(_velocities.Count > 0 ? ["vx", "vy", "vz"] : []),
            .. (string[])(_labels.Count > 0 ? ["species"] : []), .. (string[])(hasMasses ? ["mass"] : []),
        ];
        FrameBuilder builder = new(reading, [.. names.Select(ColumnOf)], names) { FirstId = 1, TypesAreNumbers = true };
        int typeIndex = Array.IndexOf(style, "type"), given = style.Length + (hasImages ? 3 : 0);
        foreach ((string[] fields, int line) in _atoms)
        {
            if (fields.Length != given || TypeOf(fields[typeIndex]) is not int type
                || (hasMasses && !_masses.ContainsKey(type)) || (_labels.Count > 0 && !_labels.ContainsKey(type)))
            {
                reading.FaultAt(
                    line, "Atoms",
                    Invariant($"the line has {fields.Length} fields, or its type has no number up to {_typeCount}, no mass or no label"),
                    $"each particle has {string.Join(' ', names[..given])}");
                return null;
            }

            List<string> row = [.. fields];
            row[typeIndex] = type.ToString(CultureInfo.InvariantCulture);
            if (_velocities.Count > 0)
            {
                if (!long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long id)
                    || !_velocities.TryGetValue(id, out string[]? velocity))
                {
                    reading.FaultAt(
                        line, "Velocities", $"the atom '{FrameReading.Shorten(fields[0])}' has no velocity",
                        "give velocities of all atoms, or of none");
                    return null;
                }

                row.AddRange(velocity);
            }

            if (_labels.Count > 0)
            {
                row.Add(_labels[type]);
            }

            if (hasMasses)
            {
                row.Add(_masses[type].ToString("R", CultureInfo.InvariantCulture));
            }

            builder.Add(row, line);
        }

        ParticleFrame? frame = builder.Build(_own with { Box = box.Box, Origin = box.Origin, MayBePlane = box.MayBePlane });
        return frame is null || !hasSizes ? frame : Sharpen(frame);
    }

    // The densities of our own files give masses up to the last digit; the title has that digit.
    private ParticleFrame Sharpen(ParticleFrame frame)
    {
        ImmutableArray<int> numbers = reading.Species.Numbers;
        for (int i = 0; i < frame.Count; i++)
        {
            int type = numbers[frame.Species[i]];
            if (_ownMasses.TryGetValue(type, out double mass) && Math.Abs(mass - frame.Masses![i]) <= MassTolerance * mass)
            {
                frame.Masses[i] = mass;
            }
        }

        return frame;
    }

    // Styles with as many fields are told apart by what is no whole number.
    private string? Style()
    {
        if (_style is not null && Styles.TryGetValue(_style, out string? columns))
        {
            return columns;
        }

        string[] first = _atoms[0].Fields;
        bool isThirdWhole = first.Length > 2 && long.TryParse(first[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        string? guess = _style is not null ? null : (first.Length, isThirdWhole) switch
        {
            (5 or 8, _) => "atomic",
            (6, false) => "charge",
            (7, false) => "sphere",
            _ => null,
        };
        if (guess is not null)
        {
            return Styles[guess];
        }

        reading.FaultAt(
            _atoms[0].Line - 1, "Atoms",
            _style is null ? "nothing says which atom style this is" : $"the atom style '{FrameReading.Shorten(_style)}' is not known",
            $"write it behind the section's name, like 'Atoms # sphere'; known are {string.Join(", ", Styles.Keys)}");
        return null;
    }

    private static FrameColumn ColumnOf(string name) => name switch
    {
        "id" => FrameColumn.Id,
        "type" => FrameColumn.Type,
        "species" => FrameColumn.Species,
        "x" => FrameColumn.X,
        "y" => FrameColumn.Y,
        "z" => FrameColumn.Z,
        "vx" => FrameColumn.VelocityX,
        "vy" => FrameColumn.VelocityY,
        "vz" => FrameColumn.VelocityZ,
        "diameter" => FrameColumn.Diameter,
        "density" => FrameColumn.Density,
        "mass" => FrameColumn.Mass,
        _ => FrameColumn.Ignored,
    };
}
