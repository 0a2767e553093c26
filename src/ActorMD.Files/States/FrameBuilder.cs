using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>Collects the rows of one frame, whatever the order of its columns.</summary>
/// <param name="reading">Where faults go.</param>
/// <param name="columns">What each field of a row means.</param>
/// <param name="names">What the file calls them.</param>
internal sealed partial class FrameBuilder(FrameReading reading, ImmutableArray<FrameColumn> columns, ImmutableArray<string> names)
{
    private readonly bool _hasSpecies = columns.Contains(FrameColumn.Species);
    private readonly bool _hasVelocities = columns.Contains(FrameColumn.VelocityX);
    private readonly bool _hasMomenta = columns.Contains(FrameColumn.MomentumX) && columns.Contains(FrameColumn.Mass);
    private readonly List<int> _species = [];
    private readonly List<int> _lines = [];
    private readonly List<long> _ids = [];
    private readonly List<Vec3> _positions = [];
    private readonly List<Vec3> _velocities = [];
    private readonly List<double> _masses = [];
    private readonly List<double> _radii = [];
    private Vec3 _lengths;
    private string? _boundary;
    private int _line;

    /// <summary>The smallest id that the format has: particles without gaps from it on need no ids.</summary>
    public long FirstId { get; init; }

    /// <summary>Whether types must be numbers.</summary>
    public bool TypesAreNumbers { get; init; }

    /// <summary>Time of the rows; null without such a column.</summary>
    public double? Time { get; private set; }

    /// <summary>Step of the rows; null without such a column.</summary>
    public long? Step { get; private set; }

    public int Count => _positions.Count;

    /// <summary>Adds the particle of the current line.</summary>
    /// <param name="fields">Its fields.</param>
    /// <param name="line">Its line, if that is not the one that was read last.</param>
    public void Add(IReadOnlyList<string> fields, int? line = null)
    {
        _line = line ?? reading.Line;
        if (fields.Count != columns.Length)
        {
            Fault(
                null, Invariant($"the line has {fields.Count} fields"),
                Invariant($"each particle has {columns.Length}: {string.Join(' ', names)}"));
            return;
        }

        Vec3 position = Vec3.Zero, velocity = Vec3.Zero, momentum = Vec3.Zero, lengths = Vec3.Zero;
        string? species = null, type = null, boundary = null;
        double mass = 0, radius = 0, density = 0;
        double? time = null;
        long? step = null;
        int before = reading.Faults.Count;
        for (int i = 0; i < fields.Count; i++)
        {
            string field = fields[i];
            switch (columns[i])
            {
                case FrameColumn.Ignored:
                    break;
                case FrameColumn.Species:
                    species = Name(field, i);
                    break;
                case FrameColumn.Type:
                    type = Name(field, i);
                    break;
                case FrameColumn.Id:
                    _ids.Add(Id(field, i));
                    break;
                case >= FrameColumn.X and <= FrameColumn.Z and var axis:
                    position = position.With(axis - FrameColumn.X, Number(field, i));
                    break;
                case >= FrameColumn.VelocityX and <= FrameColumn.VelocityZ and var axis:
                    velocity = velocity.With(axis - FrameColumn.VelocityX, Number(field, i));
                    break;
                case >= FrameColumn.MomentumX and <= FrameColumn.MomentumZ and var axis:
                    momentum = momentum.With(axis - FrameColumn.MomentumX, Number(field, i, double.MaxValue));
                    break;
                case FrameColumn.Radius:
                    radius = Positive(field, i);
                    break;
                case FrameColumn.Diameter:
                    radius = 0.5 * Positive(field, i, 2);
                    break;
                case FrameColumn.Mass:
                    mass = Positive(field, i);
                    break;
                case FrameColumn.Density:
                    density = Number(field, i, double.MaxValue);
                    break;
                case FrameColumn.Time:
                    time = Number(field, i);
                    break;
                case FrameColumn.Frame:
                    Whole(field, i);
                    break;
                case FrameColumn.Step:
                    step = Whole(field, i);
                    break;
                case >= FrameColumn.BoxX and <= FrameColumn.BoxZ and var axis:
                    lengths = lengths.With(axis - FrameColumn.BoxX, Positive(field, i));
                    break;
                case FrameColumn.Boundary:
                    boundary = field;
                    break;
            }
        }

        if (columns.Contains(FrameColumn.Density) && reading.Faults.Count == before)
        {
            mass = SphereDensity.MassOf(density, radius);
            if (mass is not (>= FileNumber.PositiveMin and <= FileNumber.Max))
            {
                Fault("density", Invariant($"the density {density} gives the mass {mass}"), "give a density above 0");
            }
        }

        if (_hasMomenta && reading.Faults.Count == before)
        {
            velocity = Velocity(velocity, momentum, mass);
        }

        int index = reading.Faults.Count == before ? IndexOf(species, type) : -1;
        if (index >= 0 && (Count == 0 || IsSameFrame(time, step, lengths, boundary)))
        {
            (Time, Step, _lengths, _boundary) = (time, step, lengths, boundary);
            _species.Add(index);
            _positions.Add(position);
            _velocities.Add(velocity);
            _lines.Add(_line);
            if (mass > 0)
            {
                _masses.Add(mass);
            }

            if (radius > 0)
            {
                _radii.Add(radius);
            }
        }
    }

    /// <summary>The frame, sorted by id; null after a fault.</summary>
    /// <param name="header">What the frame's header says.</param>
    public ParticleFrame? Build(FrameHeader header)
    {
        if (reading.Faults.Count > 0 || !reading.IsCountRight(Count))
        {
            return null;
        }

        int[] order = [.. Enumerable.Range(0, Count)];
        if (_ids.Count > 0 && !Sort(order))
        {
            return null;
        }

        long[] ids = [.. order.Select(i => _ids.Count > 0 ? _ids[i] : FirstId + i)];
        bool hasGaps = ids.Where((id, k) => id != FirstId + k).Any();
        bool hasVelocities = _hasVelocities || _hasMomenta, hasZ = columns.Contains(FrameColumn.Z);
        bool isPlane = Enumerable.Range(0, Count).All(i => header.Corner(2, _positions[i].Z) == 0 && _velocities[i].Z == 0);
        int dimension = header.Dimension ?? (hasZ && !(header.MayBePlane && isPlane) ? 3 : 2);
        Box? box = header.BoxOf(dimension);
        Vec3[] positions = [.. order.Select(i => header.Relative(_positions[i], dimension))];
        int outside = Array.FindIndex(positions, x => Math.Max(Math.Abs(x.X), Math.Max(Math.Abs(x.Y), Math.Abs(x.Z))) > FileNumber.Max);
        if (outside >= 0)
        {
            reading.FaultAt(
                _lines[order[outside]], null, "a position, from the corner of the box, is too large to calculate with",
                "put it into the box, or choose other units");
            return null;
        }

        if (dimension == 2 && !isPlane)
        {
            int i = Enumerable.Range(0, Count).First(i => header.Corner(2, _positions[i].Z) != 0 || _velocities[i].Z != 0);
            reading.FaultAt(
                _lines[i], "z", "a particle has a z component, and the file two dimensions",
                "give z and vz the value 0, or three dimensions");
            return null;
        }

        return new ParticleFrame
        {
            Dimension = dimension,
            SpeciesNames = reading.Species.Names,
            Species = [.. order.Select(i => _species[i])],
            Ids = hasGaps ? ids : null,
            Positions = positions,
            Velocities = hasVelocities ? [.. order.Select(i => _velocities[i])] : null,
            Masses = _masses.Count > 0 ? [.. order.Select(i => _masses[i])] : null,
            Radii = _radii.Count > 0 ? [.. order.Select(i => _radii[i])] : null,
            Box = box,
            Time = header.Time ?? Time,
            Step = header.Step ?? Step,
            Source = reading.File,
            Lines = [.. order.Select(i => _lines[i])],
            IsPlane = isPlane,
            Solid = dimension == 2 && header.Dimension is null && hasZ && header.BoxOf(3) is { } solid
                ? (solid, header.Relative(Vec3.Zero, 3).Z)
                : null,
        };
    }

    /// <summary>The box of the columns; null without them.</summary>
    public Box? ReadBox()
    {
        if (!columns.Contains(FrameColumn.BoxX) || reading.Faults.Count > 0)
        {
            return null;
        }

        int dimension = columns.Contains(FrameColumn.Z) ? 3 : 2;
        string[] words = (_boundary ?? "periodic").Split('|');
        Boundary?[] sides = [.. Enumerable.Range(0, dimension)
            .Select(axis => BoundaryWords.Parse(words.Length == 1 ? words[0] : words.ElementAtOrDefault(axis)))];
        if (sides.Contains(null) || (words.Length != 1 && words.Length != dimension))
        {
            Fault(
                "boundary", $"'{FrameReading.Shorten(_boundary ?? "")}' is no boundary of the box",
                $"give {BoundaryWords.Possible}, or one for each axis with | between them");
            return null;
        }

        return new Box(
            dimension, dimension == 3 ? _lengths : _lengths with { Z = 0 }, sides[0]!.Value, sides[1]!.Value,
            dimension == 3 ? sides[2]!.Value : Boundary.Open);
    }

    private bool Sort(int[] order)
    {
        Array.Sort([.. _ids], order);
        for (int i = 1; i < order.Length; i++)
        {
            if (_ids[order[i]] == _ids[order[i - 1]])
            {
                int first = Math.Min(_lines[order[i]], _lines[order[i - 1]]), second = Math.Max(_lines[order[i]], _lines[order[i - 1]]);
                reading.FaultAt(
                    second, "id", Invariant($"two particles have the id {_ids[order[i]]}: the other stands on line {first}"),
                    "give each particle an id of its own, and frames a column 'frame' or 'time'");
                return false;
            }
        }

        return true;
    }

    private bool IsSameFrame(double? time, long? step, Vec3 lengths, string? boundary)
    {
        if (time == Time && step == Step && lengths == _lengths && boundary == _boundary)
        {
            return true;
        }

        Fault(null, "the time, the step or the box is not that of the frame's first particle", "give all particles of a frame the same");
        return false;
    }
}
