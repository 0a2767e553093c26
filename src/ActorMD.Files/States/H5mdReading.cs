using ActorMD.Physics;
using PureHDF;
using PureHDF.Selections;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>Reads the particles of an H5MD file, also of those that other programs have written.</summary>
internal sealed class H5mdReading
{
    private const double PackedMost = 1032; // the most that deflate can pack into a byte

    private readonly SpeciesTable _species;
    private readonly long _length; // of the file, bytes
    private readonly IH5Group _root;
    private readonly IH5Group _all;
    private readonly long[] _steps;
    private readonly int _count;
    private readonly int _dimension;

    /// <exception cref="InvalidDataException">It is no H5MD file with particles, or is damaged.</exception>
    public H5mdReading(Stream stream, SpeciesTable species)
    {
        (_species, _length) = (species, stream.Length);
        (_root, _all, _steps, _count, _dimension) = Guarded(() =>
        {
            IH5Group root = BoundedHdf.Open(stream);
            IH5Group all = OnlyGroup(root);
            IH5Dataset positions = ElementOf(all, H5mdFormat.Position, out long[] steps)
                ?? throw new InvalidDataException("the particles have no positions");
            ulong[] shape = positions.Space.Dimensions;
            return shape is [_, var count, 2 or 3] && steps.Length > 0 && shape[0] == (ulong)steps.Length
                && count * 16.0 < _length * PackedMost
                ? (root, all, steps, checked((int)count), (int)shape[2])
                : throw new InvalidDataException("the positions are not those of particles with 2 or 3 coordinates at several times");
        });
    }

    /// <summary>The frames, one after another.</summary>
    public IEnumerable<ParticleFrame> Frames()
    {
        for (int k = 0; k < _steps.Length; k++)
        {
            int frame = k;
            yield return Guarded(() => Read(frame));
        }
    }

    private ParticleFrame Read(int frame)
    {
        double[]? masses = Values(H5mdFormat.Mass, frame, 1), diameters = Values(H5mdFormat.Diameter, frame, 1);
        double[]? velocities = Values(H5mdFormat.Velocity, frame, _dimension), ids = Values(H5mdFormat.Id, frame, 1);
        return new ParticleFrame
        {
            Dimension = _dimension,
            SpeciesNames = _species.Names,
            Species = ReadSpecies(frame),
            Ids = ids is null ? null : Array.ConvertAll(ids, id => (long)id),
            Positions = Vectors(Values(H5mdFormat.Position, frame, _dimension)!),
            Velocities = velocities is null ? null : Vectors(velocities),
            Masses = masses,
            Radii = diameters is null ? null : Array.ConvertAll(diameters, diameter => 0.5 * diameter),
            Box = ReadBox(frame),
            Time = ReadTime(frame),
            Step = _steps[frame],
        };
    }

    private int[] ReadSpecies(int frame)
    {
        double[] numbers = Values(H5mdFormat.Species, frame, 1) ?? [.. Enumerable.Repeat(1.0, _count)];
        Dictionary<int, string> names = OwnNames();
        Dictionary<int, int> indices = [];

        // Species of other programs may count from 0; types count from 1.
        int shift = names.Count == 0 && numbers.Min() == 0 ? 1 : 0;
        return Array.ConvertAll(numbers, value =>
        {
            int number = checked((int)value) + shift;
            if (!indices.TryGetValue(number, out int index))
            {
                string? name = names.GetValueOrDefault(number);
                index = _species.IndexOf(name, number, out string? problem);
                if (problem is not null || number < 1 || (names.Count > 0 && name is null))
                {
                    throw new InvalidDataException(problem ?? Invariant($"the species {number} has no name, or is below 1"));
                }

                indices.Add(number, index);
            }

            return index;
        });
    }

    private Dictionary<int, string> OwnNames()
    {
        if (!_root.LinkExists(H5mdFormat.Parameters) || !_root.Group(H5mdFormat.Parameters).LinkExists(H5mdFormat.Own))
        {
            return [];
        }

        IH5Group own = _root.Group(H5mdFormat.Parameters).Group(H5mdFormat.Own);
        string[] names = Believed(own.Dataset(H5mdFormat.SpeciesNames)).Read<string[]>();
        int[] numbers = Believed(own.Dataset(H5mdFormat.SpeciesNumbers)).Read<int[]>();
        bool isSound = names.Length == numbers.Length && numbers.Distinct().Count() == numbers.Length
            && names.All(name => name.Length > 0 && !name.Any(c => char.IsControl(c) || c == '\uFFFD'));
        return isSound
            ? numbers.Zip(names).ToDictionary(pair => pair.First, pair => pair.Second)
            : throw new InvalidDataException("the names of the species are damaged");
    }

    private Box ReadBox(int frame)
    {
        IH5Group box = _all.Group(H5mdFormat.BoxGroup);
        string[] sides = Words(box.Attribute(H5mdFormat.Sides));
        string[] words = box.AttributeExists(H5mdFormat.OwnSides) ? Words(box.Attribute(H5mdFormat.OwnSides))
            : [.. sides.Select(side => side == H5mdFormat.NotPeriodic ? "open" : side)];
        Boundary?[] boundaries = [.. words.Select(BoundaryWords.Parse)];
        double[] edges = Series(box, H5mdFormat.Edges, frame, _dimension)
            ?? throw new InvalidDataException("the box has no edges");
        if (boundaries.Length != _dimension || boundaries.Contains(null))
        {
            throw new InvalidDataException("the boundaries of the box are not 'periodic' or 'none' for each axis");
        }

        return _dimension == 3
            ? new Box(3, new Vec3(edges[0], edges[1], edges[2]), boundaries[0]!.Value, boundaries[1]!.Value, boundaries[2]!.Value)
            : new Box(2, new Vec3(edges[0], edges[1], 0), boundaries[0]!.Value, boundaries[1]!.Value, Boundary.Open);
    }

    private double? ReadTime(int frame)
    {
        IH5Group position = _all.Group(H5mdFormat.Position);
        if (!position.LinkExists(H5mdFormat.Time))
        {
            return null;
        }

        double[] times = Numbers(position.Dataset(H5mdFormat.Time), null);
        return times.Length == _steps.Length ? times[frame]
            : times.Length == 1 ? Offset(position.Dataset(H5mdFormat.Time)) + times[0] * frame
            : throw new InvalidDataException("there are other times than frames");
    }

    // Of all particles at a frame; null where there is no such element.
    private double[]? Values(string name, int frame, int columns) => Series(_all, name, frame, columns * _count);

    private double[]? Series(IH5Group group, string name, int frame, int length)
    {
        if (ElementOf(group, name, out long[] steps) is not { } found)
        {
            return null;
        }

        int row = steps.Length == 0 ? 0 : Array.IndexOf(steps, _steps[frame]);
        if (row < 0)
        {
            throw new InvalidDataException(Invariant($"'{name}' is not given at the step {_steps[frame]}, where positions are"));
        }

        ulong[] shape = found.Space.Dimensions;
        ulong[] ofFrame = steps.Length == 0 ? shape : shape[1..];
        if (ofFrame.Aggregate(1.0, (product, side) => product * side) != length)
        {
            throw new InvalidDataException(
                Invariant($"'{name}' has {string.Join(" x ", ofFrame)} numbers a frame, and {length} are needed"));
        }

        ulong[] starts = new ulong[shape.Length], blocks = [1, .. ofFrame];
        starts.AsSpan(..Math.Min(1, starts.Length)).Fill((ulong)row);
        double[] numbers = Numbers(found, steps.Length == 0 ? null : new HyperslabSelection(shape.Length, starts, blocks));
        return numbers.Length == length
            ? numbers
            : throw new InvalidDataException(Invariant($"'{name}' holds {numbers.Length} numbers, and says {length}"));
    }

    // An element is a set of numbers, or a group with those of several steps.
    private IH5Dataset? ElementOf(IH5Group group, string name, out long[] steps)
    {
        steps = [];
        if (!group.LinkExists(name))
        {
            return null;
        }

        if (group.Get(name) is IH5Dataset once)
        {
            return once;
        }

        IH5Group series = group.Group(name);
        IH5Dataset value = Believed(series.Dataset(H5mdFormat.Value)), step = series.Dataset(H5mdFormat.Step);
        double[] given = Numbers(step, null);
        ulong count = value.Space.Dimensions is [var rows, ..] ? rows : 0;
        steps = step.Space.Rank == 0 && count < int.MaxValue
            ? [.. Enumerable.Range(0, (int)count).Select(k => (long)(Offset(step) + given[0] * k))]
            : Array.ConvertAll(given, number => (long)number);
        return (ulong)steps.Length == count && steps.Distinct().Count() == steps.Length
            ? value
            : throw new InvalidDataException($"'{name}' has other steps than values");
    }

    // Times and steps in equal distances are given by one number, and where they begin by an attribute.
    private static double Offset(IH5Dataset numbers) =>
        numbers.AttributeExists("offset") ? Convert.ToDouble(numbers.Attribute("offset").Read<double>()) : 0;

    private double[] Numbers(IH5Dataset set, Selection? selection)
    {
        IH5Dataset found = Believed(set);
        IH5DataType type = found.Type;
        bool isSigned = type.Class == H5DataTypeClass.FixedPoint && type.FixedPoint.IsSigned;
        return (type.Class, type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 8) => found.Read<double[]>(selection),
            (H5DataTypeClass.FloatingPoint, 4) => Array.ConvertAll(found.Read<float[]>(selection), x => (double)x),
            (H5DataTypeClass.FixedPoint, 8) when isSigned => Array.ConvertAll(found.Read<long[]>(selection), x => (double)x),
            (H5DataTypeClass.FixedPoint, 8) => Array.ConvertAll(found.Read<ulong[]>(selection), x => (double)x),
            (H5DataTypeClass.FixedPoint, 4) when isSigned => Array.ConvertAll(found.Read<int[]>(selection), x => (double)x),
            (H5DataTypeClass.FixedPoint, 4) => Array.ConvertAll(found.Read<uint[]>(selection), x => (double)x),
            (H5DataTypeClass.FixedPoint, 2) => Array.ConvertAll(found.Read<short[]>(selection), x => (double)x),
            (H5DataTypeClass.FixedPoint or H5DataTypeClass.Enumerated, 1) =>
                Array.ConvertAll(found.Read<byte[]>(selection), x => (double)x),
            (H5DataTypeClass.Enumerated, 4) => Array.ConvertAll(found.Read<int[]>(selection), x => (double)x),
            _ => throw new InvalidDataException(
                $"'{found.Name}' has numbers of a kind that is not known: {type.Class} of {type.Size} bytes"),
        };
    }

    // A set of numbers that can be in the file.
    private IH5Dataset Believed(IH5Dataset set) => BytesOf(set.Space, set.Type) <= _length * PackedMost
        ? set
        : throw new InvalidDataException(Invariant($"'{set.Name}' claims more numbers than a file of {_length} bytes can hold"));

    // Attributes are never packed.
    private string[] Words(IH5Attribute attribute) => BytesOf(attribute.Space, attribute.Type) <= _length
        ? attribute.Read<string[]>()
        : throw new InvalidDataException(Invariant($"'{attribute.Name}' claims more words than a file of {_length} bytes can hold"));

    private static double BytesOf(IH5Dataspace space, IH5DataType type) =>
        space.Dimensions.Aggregate((double)type.Size, (product, side) => product * side);

    private static IH5Group OnlyGroup(IH5Group root)
    {
        if (!root.LinkExists("h5md") || !root.LinkExists(H5mdFormat.Particles))
        {
            throw new InvalidDataException("the file has no groups 'h5md' and 'particles': it is no H5MD file of particles");
        }

        IH5Object[] groups = [.. root.Group(H5mdFormat.Particles).Children()];
        return groups is [IH5Group only]
            ? only
            : throw new InvalidDataException(
                "the file has several groups of particles or none, and one is read: "
                    + string.Join(", ", groups.Select(group => group.Name)));
    }

    private Vec3[] Vectors(double[] values)
    {
        Vec3[] vectors = new Vec3[_count];
        for (int i = 0; i < vectors.Length; i++)
        {
            int k = _dimension * i;
            vectors[i] = new Vec3(values[k], values[k + 1], _dimension == 3 ? values[k + 2] : 0);
        }

        return vectors;
    }

    // The library tells of damage by errors of many kinds.
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not InvalidDataException)
        {
            throw new InvalidDataException($"the file is no H5MD file that can be read, or is damaged: {error.Message}", error);
        }
    }
}
