using ActorMD.Files.Inputs;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>Reads particle files that are no text, and holds what they say to the same rules as texts.</summary>
internal static class BinaryFile
{
    /// <summary>Reads frames. Never throws for what is wrong with the file.</summary>
    public static ParticleFileLoad Read(
        string path, Stream stream, IBinaryFormat format, bool lastOnly, bool salvage, out int frameCount, CancellationToken stop)
    {
        List<ParticleFrame> frames = [];
        SpeciesTable species = new();
        InputFault? fault = null;
        int? count = null;
        frameCount = 0;
        try
        {
            foreach (ParticleFrame found in format.Read(stream, species))
            {
                stop.ThrowIfCancellationRequested();
                ParticleFrame frame = Arrange(path, found);
                count ??= frame.Count;
                if (frame.Count != count)
                {
                    throw new InvalidDataException(
                        Invariant($"the frame has {frame.Count} particles, and the first one {count}: all frames need the same particles"));
                }

                if (lastOnly)
                {
                    frames.Clear();
                }

                frames.Add(frame);
                frameCount++;
            }

            if (frameCount == 0)
            {
                throw new InvalidDataException("the file holds no particles");
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            string remedy = salvage && frameCount == 0
                ? "no whole frame stands before this: nothing can be kept"
                : "restore it from a copy, or write it again";
            fault = new InputFault(path, null, null, Invariant($"frame {frameCount}: {error.Message.TrimEnd('.')}"), remedy);
        }

        return fault is null || (salvage && frames.Count > 0)
            ? new ParticleFileLoad([.. frames.Select(frame => frame.WithSpecies(species))], []) { Left = fault }
            : new ParticleFileLoad([], [fault]);
    }

    // Checked, and sorted by ids, which are left out where they have no gaps.
    private static ParticleFrame Arrange(string path, ParticleFrame found)
    {
        Check(found);
        int[] order = [.. Enumerable.Range(0, found.Count)];
        if (found.Ids is { } given)
        {
            Array.Sort([.. given], order);
            for (int k = 1; k < order.Length; k++)
            {
                if (given[order[k]] == given[order[k - 1]])
                {
                    throw new InvalidDataException(Invariant($"two particles have the id {given[order[k]]}"));
                }
            }
        }

        T[]? Sorted<T>(T[]? values) => values is null ? null : [.. order.Select(i => values[i])];
        long[]? ids = Sorted(found.Ids);
        return new ParticleFrame
        {
            Dimension = found.Dimension,
            SpeciesNames = found.SpeciesNames,
            Species = Sorted(found.Species)!,
            Ids = ids is not null && ids.Where((id, k) => id != k).Any() ? ids : null,
            Positions = Sorted(found.Positions)!,
            Velocities = Sorted(found.Velocities),
            Masses = Sorted(found.Masses),
            Radii = Sorted(found.Radii),
            Box = found.Box,
            Time = found.Time,
            Step = found.Step,
            Source = path,
        };
    }

    private static void Check(ParticleFrame frame)
    {
        int d = frame.Dimension;
        bool IsSound(Vec3 v) => IsNumber(v.X) && IsNumber(v.Y) && IsNumber(v.Z) && (d == 3 || v.Z == 0);
        if (frame.Count == 0)
        {
            throw new InvalidDataException("there are no particles");
        }

        if (frame.Box is { } box && Enumerable.Range(0, d).Any(axis => !IsPositive(box.Lengths[axis])))
        {
            throw new InvalidDataException("a side of the box is not above 0, or too large to calculate with");
        }

        for (int i = 0; i < frame.Count; i++)
        {
            string? problem = !IsSound(frame.Positions[i]) ? "position"
                : frame.Velocities is { } velocities && !IsSound(velocities[i]) ? "velocity"
                : frame.Masses is { } masses && !IsPositive(masses[i]) ? "mass"
                : frame.Radii is { } radii && !IsPositive(radii[i]) ? "diameter"
                : frame.Ids is { } ids && ids[i] is < 0 or long.MaxValue ? "id" : null;
            if (problem is not null)
            {
                throw new InvalidDataException(Invariant($"the {problem} of particle {i} cannot be calculated with"));
            }
        }

        if (frame.Time is double time && !IsNumber(time))
        {
            throw new InvalidDataException(Invariant($"the time {time} cannot be calculated with"));
        }
    }

    private static bool IsNumber(double value) => Math.Abs(value) <= FileNumber.Max;

    private static bool IsPositive(double value) => value is >= FileNumber.PositiveMin and <= FileNumber.Max;
}
