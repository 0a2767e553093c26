using ActorMD.Physics;
using PureHDF;

namespace ActorMD.Files.States;

/// <summary>H5MD 1.1 (P. de Buyl, P. Colberg, F. Höfling, Comput. Phys. Commun. 185, 1546 (2014)): particles in an HDF5 file.</summary>
/// <remarks>
/// Everything is under <c>/particles/all</c>, in numbers of 64 bits. What H5MD has no name for has one of ours: <c>diameter</c> beside
/// <c>mass</c>, an attribute <c>actormd_boundary</c> of the box where a side is not periodic, and names and numbers of the species under
/// <c>/parameters/actormd</c>. <see cref="H5mdReading"/> reads it.
/// </remarks>
internal sealed class H5mdFormat : IBinaryFormat
{
    /// <summary>The group of the particles, and those that are ours.</summary>
    public const string Particles = "particles", Group = "all", Parameters = "parameters", Own = "actormd";

    /// <summary>Names of elements.</summary>
    public const string Position = "position", Velocity = "velocity", Mass = "mass", Diameter = "diameter", Species = "species", Id = "id";

    /// <summary>Names of what an element that changes with time consists of.</summary>
    public const string Step = "step", Time = "time", Value = "value";

    /// <summary>The box and its attributes.</summary>
    public const string BoxGroup = "box", Edges = "edges", Dimension = "dimension", Sides = "boundary", OwnSides = "actormd_boundary";

    /// <summary>Names and type numbers of the species, and whether steps are those of the frames.</summary>
    public const string SpeciesNames = "species_names", SpeciesNumbers = "species_numbers";

    /// <summary>What a side is called that is not periodic.</summary>
    public const string NotPeriodic = "none";

    private H5mdFormat()
    {
    }

    public static H5mdFormat Instance { get; } = new();

    public string? Obstacle(IReadOnlyList<ParticleFrame> frames) =>
        frames.Any(frame => frame.Box is null) ? "an H5MD file needs a box, and the particles come without one"
        : !FrameLayout.AreAlike(frames) || frames.Any(frame => !SameIds(frame, frames[0]) || !SameSides(frame, frames[0]))
            ? "the frames have different particles, kinds of sides or columns, and in an H5MD file all are alike"
        : null;

    public void Write(Stream stream, IReadOnlyList<ParticleFrame> frames, CancellationToken stop)
    {
        ParticleFrame first = frames[0];
        int d = first.Dimension;
        H5Group all = new()
        {
            [BoxGroup] = BoxOf(frames),
            [Species] = Element(frames, frame => Array.ConvertAll(frame.Species, frame.TypeOf), frame => frame.Species, []),
            [Position] = Series(frames, Flat(frames, frame => frame.Positions, d, stop), [(ulong)first.Count, (ulong)d]),
        };
        if (first.Velocities is not null)
        {
            all[Velocity] = Series(frames, Flat(frames, frame => frame.Velocities!, d, stop), [(ulong)first.Count, (ulong)d]);
        }

        if (first.Masses is not null)
        {
            all[Mass] = Element(frames, frame => frame.Masses!, frame => frame.Masses!, []);
        }

        if (first.Radii is not null)
        {
            all[Diameter] = Element(frames, frame => Array.ConvertAll(frame.Radii!, r => 2 * r), frame => frame.Radii!, []);
        }

        if (first.Ids is { } ids)
        {
            all[Id] = ids;
        }

        H5File file = new()
        {
            ["h5md"] = new H5Group
            {
                Attributes = new() { ["version"] = (int[])[1, 1] },
                ["author"] = new H5Group { Attributes = new() { ["name"] = "unknown" } },
                ["creator"] = new H5Group { Attributes = new() { ["name"] = "ActorMD", ["version"] = VersionOf() } },
            },
            [Particles] = new H5Group { [Group] = all },
            [Parameters] = new H5Group
            {
                [Own] = new H5Group
                {
                    [SpeciesNames] = first.SpeciesNames.ToArray(),
                    [SpeciesNumbers] = (int[])[.. Enumerable.Range(0, first.SpeciesNames.Length).Select(first.TypeOf)],
                },
            },
        };
        file.Write(stream);
    }

    public IEnumerable<ParticleFrame> Read(Stream stream, SpeciesTable species) => new H5mdReading(stream, species).Frames();

    private static string VersionOf() => typeof(H5mdFormat).Assembly.GetName().Version?.ToString(3) ?? "";

    private static H5Group BoxOf(IReadOnlyList<ParticleFrame> frames)
    {
        Box box = frames[0].Box!;
        IEnumerable<Boundary> sides = Enumerable.Range(0, box.Dimension).Select(box.BoundaryOf);
        H5Group group = new()
        {
            Attributes = new()
            {
                [Dimension] = box.Dimension,
                [Sides] = (string[])[.. sides.Select(side => side == Boundary.Periodic ? "periodic" : NotPeriodic)],
            },
            [Edges] = Element(frames, LengthsOf, LengthsOf, []),
        };
        if (sides.Any(side => side != Boundary.Periodic))
        {
            group.Attributes[OwnSides] = (string[])[.. sides.Select(BoundaryWords.Of)];
        }

        return group;
    }

    private static double[] LengthsOf(ParticleFrame frame) =>
        [.. Enumerable.Range(0, frame.Dimension).Select(axis => frame.Box!.Lengths[axis])];

    // Once where it is the same in all frames, else of every frame.
    private static object Element<T, TKey>(
        IReadOnlyList<ParticleFrame> frames, Func<ParticleFrame, T[]> of, Func<ParticleFrame, TKey[]> key, ulong[] columns)
    {
        TKey[] first = key(frames[0]);
        return frames.All(frame => key(frame).AsSpan().SequenceEqual(first))
            ? of(frames[0])
            : Series(frames, frames.SelectMany(of).ToArray(), [(ulong)first.Length, .. columns]);
    }

    private static H5Group Series<T>(IReadOnlyList<ParticleFrame> frames, T[] values, ulong[] shape)
    {
        H5Group group = new()
        {
            [Step] = frames.Select((frame, k) => frame.Step ?? k).ToArray(),
            [Value] = new H5Dataset(values, fileDims: [(ulong)frames.Count, .. shape]),
        };
        if (frames[0].Time is not null)
        {
            group[Time] = frames.Select(frame => frame.Time!.Value).ToArray();
        }

        return group;
    }

    private static double[] Flat(IReadOnlyList<ParticleFrame> frames, Func<ParticleFrame, Vec3[]> of, int d, CancellationToken stop)
    {
        double[] values = new double[checked(frames.Count * frames[0].Count * d)];
        int k = 0;
        foreach (ParticleFrame frame in frames)
        {
            stop.ThrowIfCancellationRequested();
            foreach (Vec3 vector in of(frame))
            {
                for (int axis = 0; axis < d; axis++)
                {
                    values[k++] = vector[axis];
                }
            }
        }

        return values;
    }

    private static bool SameIds(ParticleFrame one, ParticleFrame other) =>
        one.Count == other.Count && (one.Ids ?? []).AsSpan().SequenceEqual(other.Ids ?? []);

    private static bool SameSides(ParticleFrame one, ParticleFrame other) =>
        one.Box! with { Lengths = Vec3.Zero } == other.Box! with { Lengths = Vec3.Zero };
}
