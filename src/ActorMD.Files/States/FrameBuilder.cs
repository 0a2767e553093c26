using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files;

/// <summary>Collects the rows of one frame, whatever the order of its columns.</summary>
/// <param name="reading">Where faults go.</param>
/// <param name="columns">What each field of a row means.</param>
/// <param name="names">What the file calls them.</param>
internal sealed class FrameBuilder(FrameReading reading, ImmutableArray<FrameColumn> columns, ImmutableArray<string> names)
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

    /// <summary>Whether the columns make a particle; reports what is missing or doubled.</summary>
    public static bool CheckColumns(FrameReading reading, ImmutableArray<FrameColumn> columns)
    {
        foreach ((FrameColumn column, string name) in new[] { (FrameColumn.X, "x"), (FrameColumn.Y, "y") })
        {
            if (!columns.Contains(column))
            {
                reading.Fault(name, $"there is no column for the position's {name}", "name the columns of the centres x, y and z");
                return false;
            }
        }

        int dimension = columns.Contains(FrameColumn.Z) ? 3 : 2;
        if (!AreWhole(columns, FrameColumn.VelocityX, dimension) || !AreWhole(columns, FrameColumn.MomentumX, dimension))
        {
            reading.Fault(
                "velocity", "some components of the velocity have no column", "give as many components as of the position, or none");
            return false;
        }

        if (columns.Contains(FrameColumn.MomentumX) && !columns.Contains(FrameColumn.Mass) && !columns.Contains(FrameColumn.VelocityX))
        {
            reading.Fault("momenta", "there are momenta, but no masses", "write the masses too (ASE: atoms.set_masses), or velocities");
            return false;
        }

        foreach (FrameColumn column in columns)
        {
            if (column != FrameColumn.Ignored && columns.Count(c => c == column) > 1)
            {
                reading.Fault(null, $"two columns give the same quantity ({column})", "keep one of them");
                return false;
            }
        }

        if (columns.Contains(FrameColumn.Radius) && columns.Contains(FrameColumn.Diameter))
        {
            reading.Fault(null, "there are columns for the radius and for the diameter", "keep one of them");
            return false;
        }

        return true;
    }

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
                _lines[order[outside]], null, "a position, from the corner of the box, is too large to calculate with", "put it into the box, or choose other units");
            return null;
        }

        if (dimension == 2 && !isPlane)
        {
            int i = Enumerable.Range(0, Count).First(i => header.Corner(2, _positions[i].Z) != 0 || _velocities[i].Z != 0);
            reading.FaultAt(
                _lines[i], "z", "a particle has a z component, and the file two dimensions", "give z and vz the value 0, or three dimensions");
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
        Boundary?[] sides = [.. Enumerable.Range(0, dimension).Select(axis => BoundaryWords.Parse(words.Length == 1 ? words[0] : words.ElementAtOrDefault(axis)))];
        if (sides.Contains(null) || (words.Length != 1 && words.Length != dimension))
        {
            Fault(
                "boundary", $"'{FrameReading.Shorten(_boundary ?? "")}' is no boundary of the box",
                $"give {BoundaryWords.Possible}, or one for each axis with | between them");
            return null;
        }

        return new Box(dimension, dimension == 3 ? _lengths : _lengths with { Z = 0 }, sides[0]!.Value, sides[1]!.Value, dimension == 3 ? sides[2]!.Value : Boundary.Open);
    }

    private void Fault(string? key, string problem, string remedy) => reading.FaultAt(_line, key, problem, remedy);

    private static bool AreWhole(ImmutableArray<FrameColumn> columns, FrameColumn first, int dimension)
    {
        int found = Enumerable.Range(0, 3).Count(axis => columns.Contains(first + axis));
        return found == 0 || Enumerable.Range(0, dimension).All(axis => columns.Contains(first + axis));
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

    // ASE has momenta and no velocities. Of both, velocities are those with all digits.
    private Vec3 Velocity(Vec3 velocity, Vec3 momentum, double mass)
    {
        if (!_hasVelocities)
        {
            Vec3 quotient = new(momentum.X / mass, momentum.Y / mass, momentum.Z / mass);
            if (!(Math.Max(Math.Abs(quotient.X), Math.Max(Math.Abs(quotient.Y), Math.Abs(quotient.Z))) <= FileNumber.Max))
            {
                Fault("momenta", "the velocity, momentum over mass, is too large to calculate with", "choose other units");
            }

            return quotient;
        }

        for (int axis = 0; axis < 3; axis++)
        {
            // Programs that write eight decimals are not contradicted.
            double expected = mass * velocity[axis], slack = 1e-6 * Math.Max(Math.Abs(expected), Math.Abs(momentum[axis])) + 2e-8 * (1 + mass);
            if (!(Math.Abs(momentum[axis] - expected) <= slack))
            {
                Fault(
                    "momenta", Invariant($"the momentum {momentum[axis]} is not mass times velocity, {expected}"), "remove one of the two columns");
                break;
            }
        }

        return velocity;
    }

    private int IndexOf(string? species, string? type)
    {
        int? number = type is null ? null : SpeciesTable.NumberOf(type);
        if (type is not null && number is null && (_hasSpecies || TypesAreNumbers))
        {
            Fault("type", $"'{FrameReading.Shorten(type)}' is not the number of a type", "give a whole number, 1 or more");
            return -1;
        }

        int index = reading.Species.IndexOf(species ?? (number is null ? type : null), number, out string? problem);
        if (problem is not null)
        {
            Fault("type", problem, "give each type one name in the whole file");
        }

        return index;
    }

    private string? Name(string field, int column)
    {
        string? problem = field.Length == 0 ? "the species is empty"
            : field.Any(c => char.IsControl(c) || c == '\uFFFD') ? "the species has characters that are no text"
            : null;
        if (problem is null)
        {
            return field;
        }

        Fault(names[column], problem, "give a name");
        return null;
    }

    private double Number(string field, int column, double max = FileNumber.Max)
    {
        if (FileNumber.TryParse(field, out double value, out string? problem, max))
        {
            return value;
        }

        Fault(names[column], $"'{FrameReading.Shorten(field)}' {problem}", "give a decimal number");
        return double.NaN;
    }

    private double Positive(string field, int column, double scale = 1)
    {
        if (FileNumber.TryParsePositive(field, out double value, out string? problem, scale))
        {
            return value;
        }

        Fault(names[column], $"'{FrameReading.Shorten(field)}' {problem}", "give a number above 0");
        return double.NaN;
    }

    private long Whole(string field, int column)
    {
        if (!long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            Fault(names[column], $"'{FrameReading.Shorten(field)}' is not a whole number", "give the particle's or the frame's number");
        }

        return value;
    }

    private long Id(string field, int column)
    {
        long id = Whole(field, column);
        if (id < FirstId || id == long.MaxValue)
        {
            Fault(
                names[column], Invariant($"the id {id} is out of range"), Invariant($"ids of this format begin at {FirstId}"));
        }

        return id;
    }
}
