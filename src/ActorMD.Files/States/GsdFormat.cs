using System.Text;
using ActorMD.Files.Gsd;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>GSD with the schema "hoomd" 1.4: the format of HOOMD-blue, for OVITO and freud.</summary>
/// <remarks>
/// The schema has numbers of 32 bits, so a state is rounded and no run can go on from it. Its box is periodic and has its origin in the
/// middle. What it has no place for is logged, as it allows: the time as <c>log/time</c>, walls and open sides as <c>log/boundary</c>,
/// ids with gaps as <c>log/particles/id</c>, type numbers as <c>log/type_number</c>.
/// </remarks>
internal sealed class GsdFormat : IBinaryFormat
{
    /// <summary>Of the files.</summary>
    public const string Suffix = ".gsd";

    private const string Step = "configuration/step", Dimensions = "configuration/dimensions", BoxOf = "configuration/box";
    private const string Count = "particles/N", Types = "particles/types", TypeId = "particles/typeid", Mass = "particles/mass";
    private const string Diameter = "particles/diameter", Position = "particles/position", Velocity = "particles/velocity";
    private const string Time = "log/time", Sides = "log/boundary", Id = "log/particles/id", TypeNumber = "log/type_number";

    private const double FloatMax = float.MaxValue, FloatMin = 1.2e-38;

    private GsdFormat()
    {
    }

    public static GsdFormat Instance { get; } = new();

    public string? Obstacle(IReadOnlyList<ParticleFrame> frames) =>
        frames.Any(frame => frame.Box is null) ? "a GSD file needs a box, and the particles come without one"
        : frames.Any(frame => frame.Radii is null || frame.Masses is null)
            ? "a GSD file has a diameter and a mass of every sphere (1 where none is written), and those of the particles are unknown"
        : !FrameLayout.AreAlike(frames) || frames.Any(frame => frame.Count != frames[0].Count || frame.Step < 0)
            ? "the frames have different particles or columns or steps below 0, which a GSD file cannot tell"
        : frames.Any(frame => LargestOf(frame) > FloatMax || SmallestOf(frame) < FloatMin)
            ? "a GSD file has numbers of 32 bits, and these are too large or too small for it"
        : null;

    public void Write(Stream stream, IReadOnlyList<ParticleFrame> frames, CancellationToken stop)
    {
        GsdWriter writer = new(stream);
        ParticleFrame? first = null;
        foreach (ParticleFrame frame in frames)
        {
            stop.ThrowIfCancellationRequested();
            WriteFrame(writer, frame, first);
            writer.EndFrame();
            first ??= frame;
        }

        writer.Finish("ActorMD");
    }

    public IEnumerable<ParticleFrame> Read(Stream stream, SpeciesTable species)
    {
        GsdReader reader = new(stream);
        for (long frame = 0; frame < reader.FrameCount; frame++)
        {
            yield return ReadFrame(reader, frame, species);
        }
    }

    // What a later frame does not have is that of the first one.
    private static void WriteFrame(GsdWriter writer, ParticleFrame frame, ParticleFrame? first)
    {
        Box box = frame.Box!;
        if (frame.Step is long step)
        {
            writer.Add<ulong>(Step, [(ulong)Math.Max(0, step)], GsdType.UInt64);
        }

        if (first is null || first.Box != box)
        {
            writer.Add<byte>(Dimensions, [(byte)frame.Dimension], GsdType.UInt8);
            writer.Add<float>(BoxOf, [(float)box.Lengths.X, (float)box.Lengths.Y, (float)box.Lengths.Z, 0, 0, 0], GsdType.Single);
            if (first is not null || Enumerable.Range(0, frame.Dimension).Any(axis => !box.IsPeriodic(axis)))
            {
                writer.Add<byte>(Sides, [.. Enumerable.Range(0, 3).Select(axis => (byte)box.BoundaryOf(axis))], GsdType.UInt8);
            }
        }

        if (first is null)
        {
            writer.Add<uint>(Count, [(uint)frame.Count], GsdType.UInt32);
        }

        WriteTypes(writer, frame, first);
        if (first is null || !Same(frame.Radii, first.Radii))
        {
            writer.Add<float>(Diameter, Array.ConvertAll(frame.Radii!, r => (float)(2 * r)), GsdType.Single);
        }

        if (frame.Masses is { } masses && !Same(masses, first?.Masses))
        {
            writer.Add<float>(Mass, Array.ConvertAll(masses, m => (float)m), GsdType.Single);
        }

        writer.Add<float>(Position, Floats(frame.Positions, box), GsdType.Single, 3);
        if (frame.Velocities is { } velocities)
        {
            writer.Add<float>(Velocity, Floats(velocities, null), GsdType.Single, 3);
        }

        if (frame.Time is double time)
        {
            writer.Add<double>(Time, [time], GsdType.Double);
        }

        bool hasOtherIds = first is not null && !(frame.Ids ?? []).AsSpan().SequenceEqual(first.Ids ?? []);
        if (hasOtherIds || (first is null && frame.Ids is not null))
        {
            writer.Add<long>(Id, frame.Ids ?? [.. Enumerable.Range(0, frame.Count).Select(id => (long)id)], GsdType.Int64);
        }
    }

    private static void WriteTypes(GsdWriter writer, ParticleFrame frame, ParticleFrame? first)
    {
        if (first is null)
        {
            byte[][] names = [.. frame.SpeciesNames.Select(Encoding.UTF8.GetBytes)];
            int width = names.Max(name => name.Length) + 1;
            byte[] table = new byte[width * names.Length];
            for (int k = 0; k < names.Length; k++)
            {
                names[k].CopyTo(table, k * width);
            }

            writer.Add<byte>(Types, table, GsdType.Int8, width);
            if (!frame.TypeNumbers.IsDefault && frame.TypeNumbers.Where((number, k) => number != k + 1).Any())
            {
                writer.Add<int>(TypeNumber, frame.TypeNumbers.AsSpan(), GsdType.Int32);
            }
        }

        if (first is null || !frame.Species.SequenceEqual(first.Species))
        {
            writer.Add<uint>(TypeId, Array.ConvertAll(frame.Species, s => (uint)s), GsdType.UInt32);
        }
    }

    private static ParticleFrame ReadFrame(GsdReader reader, long frame, SpeciesTable species)
    {
        int count = (int)Math.Min(int.MaxValue, reader.Numbers(frame, Count, 1)?[0] ?? 0);
        int dimension = (int)(reader.Numbers(frame, Dimensions, 1)?[0] ?? 3);
        if (dimension is not (2 or 3))
        {
            throw new InvalidDataException(Invariant($"there are {dimension} dimensions, and 2 or 3 are known"));
        }

        double[] edges = reader.Numbers(frame, BoxOf, 6) ?? [1, 1, 1, 0, 0, 0];
        if (edges[3] != 0 || edges[4] != 0 || edges[5] != 0)
        {
            throw new InvalidDataException("the box is tilted, and only rectangular ones are known");
        }

        double[] sides = reader.Numbers(frame, Sides, 3) ?? [0, 0, 0];
        Box box = new(
            dimension, new Vec3(edges[0], edges[1], dimension == 3 ? edges[2] : 0), Side(sides[0]), Side(sides[1]),
            dimension == 3 ? Side(sides[2]) : Boundary.Open);
        double[] positions = reader.Numbers(frame, Position, count, 3)
            ?? throw new InvalidDataException("the particles have no positions");

        // What the schema says of chunks that are not there: diameter and mass are 1. Velocities are unknown then.
        double[] diameters = reader.Numbers(frame, Diameter, count) ?? Ones(count, positions.Length);
        double[] masses = reader.Numbers(frame, Mass, count) ?? Ones(count, positions.Length);
        return new ParticleFrame
        {
            Dimension = dimension,
            SpeciesNames = species.Names,
            Species = ReadSpecies(reader, frame, count, species),
            Ids = reader.Longs(frame, Id, count),
            Positions = Vectors(positions, 0.5 * box.Lengths),
            Velocities = reader.Numbers(frame, Velocity, count, 3) is { } velocities ? Vectors(velocities, Vec3.Zero) : null,
            Masses = masses,
            Radii = Array.ConvertAll(diameters, diameter => 0.5 * diameter),
            Box = box,
            Time = reader.Numbers(frame, Time, 1)?[0],
            Step = reader.Longs(frame, Step, 1)?[0],
        };
    }

    private static int[] ReadSpecies(GsdReader reader, long frame, int count, SpeciesTable species)
    {
        string[] names = reader.Texts(frame, Types) ?? ["A"];
        double[]? numbers = reader.Numbers(frame, TypeNumber, names.Length);
        double[] types = reader.Numbers(frame, TypeId, count) ?? new double[count];
        bool areNumbers = numbers is null && names.All(name => SpeciesTable.NumberOf(name) is not null);
        int[] indices = new int[names.Length];
        for (int k = 0; k < names.Length; k++)
        {
            int? number = areNumbers ? null : (int)(numbers?[k] ?? k + 1);
            indices[k] = species.IndexOf(names[k], number, out string? problem);
            if (problem is not null || names[k].Length == 0 || names[k].Any(c => char.IsControl(c) || c == '\uFFFD') || number < 1)
            {
                throw new InvalidDataException(problem ?? "a type has a name that is no text, or a number below 1");
            }
        }

        return Array.ConvertAll(
            types, type => type >= 0 && type < names.Length ? indices[(int)type] : throw new InvalidDataException("a type has no name"));
    }

    private static Boundary Side(double number) => number is 0 or 1 or 2
        ? (Boundary)(int)number
        : throw new InvalidDataException(Invariant($"{number} is no boundary of the box"));

    // The number of particles is only believed where positions are as many.
    private static double[] Ones(int count, int coordinates) => coordinates == 3 * (long)count
        ? [.. Enumerable.Repeat(1.0, count)]
        : throw new InvalidDataException("there are other positions than particles");

    private static Vec3[] Vectors(double[] values, Vec3 corner)
    {
        Vec3[] vectors = new Vec3[values.Length / 3];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = new Vec3(values[3 * i] + corner.X, values[3 * i + 1] + corner.Y, values[3 * i + 2] + corner.Z);
        }

        return vectors;
    }

    // Positions from the middle of the box; rounding must not put one onto the upper face, which is outside for HOOMD.
    private static float[] Floats(Vec3[] values, Box? box)
    {
        float[] floats = new float[3 * values.Length];
        for (int axis = 0; axis < 3; axis++)
        {
            double half = box is null ? 0 : 0.5 * box.Lengths[axis];
            float limit = box is not null && box.IsPeriodic(axis) ? (float)half : float.PositiveInfinity;
            for (int i = 0; i < values.Length; i++)
            {
                float value = (float)(values[i][axis] - half);
                floats[3 * i + axis] = value == limit ? MathF.BitDecrement(value) : value;
            }
        }

        return floats;
    }

    private static bool Same(double[]? one, double[]? other) =>
        one == other || (one is not null && other is not null && one.AsSpan().SequenceEqual(other));

    private static double LargestOf(ParticleFrame frame) =>
        Numbers([.. frame.Positions, .. frame.Velocities ?? [], frame.Box!.Lengths]).Concat(frame.Masses ?? []).Concat(frame.Radii!).Max(Math.Abs) * 2;

    private static double SmallestOf(ParticleFrame frame) => frame.Radii!.Concat(frame.Masses ?? []).Min();

    private static IEnumerable<double> Numbers(Vec3[] vectors) =>
        vectors.SelectMany(v => (double[])[v.X, v.Y, v.Z]);
}
