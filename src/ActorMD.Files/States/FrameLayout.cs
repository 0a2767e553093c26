namespace ActorMD.Files.States;

/// <summary>What all frames of a file have, so that they can have the same columns.</summary>
/// <param name="HasFrames">CSV: a column with the number of the frame, where times do not tell frames apart.</param>
/// <param name="HasTypes">A column with type numbers, where the order of the species does not tell them.</param>
internal sealed record FrameLayout(bool HasFrames, bool HasTypes)
{
    public static FrameLayout Of(IReadOnlyList<ParticleFrame> frames)
    {
        return new FrameLayout(frames.Count > 1 && !AreTold(frames), !TypesFollow(frames));
    }

    /// <summary>Whether all frames have the same columns, as a table needs.</summary>
    public static bool AreAlike(IReadOnlyList<ParticleFrame> frames)
    {
        ParticleFrame first = frames[0];
        return frames.All(frame => frame.Dimension == first.Dimension
            && frame.Time is null == first.Time is null
            && frame.Step is null == first.Step is null
            && frame.Velocities is null == first.Velocities is null
            && frame.Masses is null == first.Masses is null
            && frame.Radii is null == first.Radii is null
            && frame.Box is null == first.Box is null);
    }

    // Whether the column that a reader looks at first, step or time, tells frames apart.
    private static bool AreTold(IReadOnlyList<ParticleFrame> frames) => frames[0].Step is not null
        ? frames.Select(frame => frame.Step).Distinct().Count() == frames.Count
        : frames[0].Time is not null && frames.Select(frame => frame.Time).Distinct().Count() == frames.Count;

    // Whether a reader that sees only names gives all species the same numbers: those that they have as names, or that of their order.
    private static bool TypesFollow(IReadOnlyList<ParticleFrame> frames)
    {
        Dictionary<int, string> used = [];
        bool inOrder = true, asNamed = true, areNumbers = true;
        foreach (ParticleFrame frame in frames)
        {
            foreach (int species in frame.Species)
            {
                string name = frame.SpeciesNames[species];
                if (used.TryAdd(species, name))
                {
                    int? number = SpeciesTable.NumberOf(name);
                    inOrder &= frame.TypeOf(species) == used.Count;
                    asNamed &= number == frame.TypeOf(species);
                    areNumbers &= number is not null;
                }
            }
        }

        return used.Values.Distinct().Count() == used.Count && (areNumbers ? asNamed : inOrder);
    }
}
