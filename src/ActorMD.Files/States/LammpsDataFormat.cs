using ActorMD.Files.Whole;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>LAMMPS data file (<c>read_data</c>): one frame. <see cref="LammpsDataReading"/> reads it.</summary>
/// <remarks>
/// Written as atom style sphere (diameter and density) where sizes and masses are known, else as atomic. The title, which LAMMPS passes
/// over, has what the format has no place for: dimension, boundaries, time, step, and the masses with all digits. What cannot be held is
/// refused: several frames, sizes without masses, masses that differ within a type where there are no sizes, names that are no type labels.
/// </remarks>
internal static class LammpsDataFormat
{
    private const int TypeMax = 100_000;

    /// <summary>Why a frame cannot be written; null when it can.</summary>
    public static string? Obstacle(ParticleFrame frame)
    {
        int[] used = [.. frame.Species.Distinct()];
        string[] names = [.. used.Select(s => frame.SpeciesNames[s])];
        if (frame.Box is null)
        {
            return "a LAMMPS data file needs a box, and the particles come without one";
        }

        if (frame.Radii is not null && frame.Masses is null)
        {
            return "a LAMMPS data file cannot hold sizes without masses";
        }

        if (frame.Radii is null && frame.Masses is not null && MassesByType(frame) is null)
        {
            return "a LAMMPS data file without sizes cannot hold different masses in one type";
        }

        if (frame.Radii is { } radii && frame.Masses is { } masses
            && Enumerable.Range(0, frame.Count).Any(i => !(Math.Abs(Mass(masses[i], radii[i]) - masses[i]) <= 1e-15 * masses[i])))
        {
            return "a LAMMPS data file gives densities, and those of these masses and sizes cannot be calculated with";
        }

        return used.Max(frame.TypeOf) > TypeMax
            ? Invariant($"a LAMMPS data file lists all types up to the largest, and that is {used.Max(frame.TypeOf)}")
            : NeedsLabels(frame) && (names.Distinct().Count() < names.Length || names.Any(name => !IsLabel(name)))
            ? "the species' names cannot be type labels of LAMMPS: they must differ, and begin with a letter"
            : null;
    }

    public static void Write(TextAppender text, ParticleFrame frame)
    {
        Box box = frame.Box!;
        double?[]? masses = MassesByType(frame);
        int typeCount = frame.Species.Max(frame.TypeOf);
        WriteTitle(text, frame, box, frame.Radii is null ? null : masses);
        text.Append(Invariant($"\n{frame.Count} atoms\n{typeCount} atom types\n\n"));
        for (int axis = 0; axis < 3; axis++)
        {
            string bounds = axis < box.Dimension
                ? Invariant($"0 {box.Lengths[axis]:R}")
                : Invariant($"{-LammpsBox.FlatBound} {LammpsBox.FlatBound}");
            text.Append($"{bounds} {"xyz"[axis]}lo {"xyz"[axis]}hi\n");
        }

        WriteTypes(text, frame, frame.Radii is null ? masses : null, typeCount);
        WriteAtoms(text, frame);
    }

    private static void WriteTitle(TextAppender text, ParticleFrame frame, Box box, double?[]? masses)
    {
        string sides = string.Join(' ', Enumerable.Range(0, box.Dimension).Select(axis => BoundaryWords.Of(box.BoundaryOf(axis))));
        text.Append(Invariant($"{LammpsDataReading.OwnTitle} Dimension={box.Dimension} Boundary=\"{sides}\""));
        text.Append(frame.Time is double time ? Invariant($" Time={time:R}") : "");
        text.Append(frame.Step is long step ? Invariant($" Timestep={step}") : "");
        if (masses is not null)
        {
            string list = string.Join(
                ' ', masses.Select((mass, type) => (mass, type)).Where(m => m.mass is not null)
                    .Select(m => Invariant($"{m.type}:{m.mass:R}")));
            text.Append($" Masses=\"{list}\"");
        }

        text.Append('\n');
    }

    private static void WriteTypes(TextAppender text, ParticleFrame frame, double?[]? masses, int typeCount)
    {
        if (NeedsLabels(frame))
        {
            string?[] labels = new string?[typeCount + 1];
            foreach (int species in frame.Species.Distinct())
            {
                labels[frame.TypeOf(species)] = frame.SpeciesNames[species];
            }

            text.Append("\nAtom Type Labels\n\n");
            for (int type = 1; type <= typeCount; type++)
            {
                text.Append(Invariant($"{type} {labels[type] ?? Unused(labels, type)}\n"));
            }
        }

        if (masses is not null)
        {
            // LAMMPS wants a mass of every type, also of those that no particle has.
            text.Append("\nMasses\n\n");
            for (int type = 1; type <= typeCount; type++)
            {
                text.Append(Invariant($"{type} {masses[type] ?? 1:R}\n"));
            }
        }
    }

    private static void WriteAtoms(TextAppender text, ParticleFrame frame)
    {
        LammpsIds ids = new(frame);
        text.Append($"\nAtoms # {(frame.Radii is null ? "atomic" : "sphere")}\n\n");
        for (int i = 0; i < frame.Count; i++)
        {
            text.Append(ids[i]);
            text.Append(' ');
            text.Append((long)frame.TypeOf(frame.Species[i]));
            if (frame.Radii is { } radii)
            {
                text.Append(' ');
                text.Append(2 * radii[i]);
                text.Append(' ');
                text.Append(SphereDensity.Of(frame.Masses![i], radii[i]));
            }

            text.Append(' ', frame.Positions[i], 3);
            text.Append('\n');
        }

        if (frame.Velocities is not { } velocities)
        {
            return;
        }

        text.Append("\nVelocities\n\n");
        for (int i = 0; i < frame.Count; i++)
        {
            text.Append(ids[i]);
            text.Append(' ', velocities[i], 3);
            text.Append(frame.Radii is null ? "\n" : " 0 0 0\n");
        }
    }

    // By type number; null for types without particles. Null when particles of a type differ, or have none.
    private static double?[]? MassesByType(ParticleFrame frame)
    {
        if (frame.Masses is not { } masses || frame.Species.Max(frame.TypeOf) is > TypeMax and var max)
        {
            return null;
        }

        double?[] found = new double?[frame.Species.Max(frame.TypeOf) + 1];
        for (int i = 0; i < frame.Count; i++)
        {
            ref double? known = ref found[frame.TypeOf(frame.Species[i])];
            known ??= masses[i];
            if (known != masses[i])
            {
                return null;
            }
        }

        return found;
    }

    private static double Mass(double mass, double radius) => SphereDensity.MassOf(SphereDensity.Of(mass, radius), radius);

    private static bool NeedsLabels(ParticleFrame frame) =>
        frame.Species.Distinct().Any(s => SpeciesTable.NumberOf(frame.SpeciesNames[s]) != frame.TypeOf(s));

    // LAMMPS: no digit, * or # first; here also nothing that a reader would take for the end of the word.
    private static bool IsLabel(string name) =>
        name.Length > 0 && char.IsLetter(name[0]) && !name.Any(c => char.IsWhiteSpace(c) || c == '#');

    private static string Unused(string?[] labels, int type)
    {
        string label = Invariant($"unused{type}");
        return labels.Contains(label) ? label + "_" : label;
    }
}
