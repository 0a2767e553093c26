using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files;

/// <summary>Collects the rows of one frame, whatever the order of its columns.</summary>
internal sealed class FrameBuilder
{
    private const string OnlySpecies = "1";

    private readonly FrameReading _reading;
    private readonly ImmutableArray<FrameColumn> _columns;
    private readonly ImmutableArray<string> _names;
    private readonly List<string> _speciesNames = [];
    private readonly Dictionary<string, int> _speciesOf = [];
    private readonly List<int> _species = [];
    private readonly List<int> _lines = [];
    private readonly List<long> _ids = [];
    private readonly List<Vec3> _positions = [];
    private readonly List<Vec3> _velocities = [];
    private readonly List<double> _masses = [];
    private readonly List<double> _radii = [];

    /// <param name="reading">Where faults go.</param>
    /// <param name="columns">What each field of a row means.</param>
    /// <param name="names">What the file calls them.</param>
    public FrameBuilder(FrameReading reading, ImmutableArray<FrameColumn> columns, ImmutableArray<string> names)
    {
        _reading = reading;
        _columns = columns;
        _names = names;
    }

    /// <summary>Time of the row that was added last; null without such a column.</summary>
    public double? Time { get; private set; }

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

        FrameColumn[] velocities = columns.Contains(FrameColumn.Z)
            ? [FrameColumn.VelocityX, FrameColumn.VelocityY, FrameColumn.VelocityZ]
            : [FrameColumn.VelocityX, FrameColumn.VelocityY];
        if (columns.Any(column => column is >= FrameColumn.VelocityX and <= FrameColumn.VelocityZ) && !velocities.All(columns.Contains))
        {
            reading.Fault(
                "velocity", "some components of the velocity have no column", "give as many components as of the position, or none");
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

        return true;
    }

    /// <summary>Adds the particle of the current line.</summary>
    public void Add(string[] fields)
    {
        if (fields.Length != _columns.Length)
        {
            _reading.Fault(
                null, Invariant($"the line has {fields.Length} fields"),
                Invariant($"each particle has {_columns.Length}: {string.Join(' ', _names)}"));
            return;
        }

        Vec3 position = Vec3.Zero, velocity = Vec3.Zero;
        string? species = null, type = null;
        int before = _reading.Faults.Count;
        for (int i = 0; i < fields.Length; i++)
        {
            switch (_columns[i])
            {
                case FrameColumn.Ignored:
                    break;
                case FrameColumn.Species:
                    species = Name(fields[i], i);
                    break;
                case FrameColumn.Type:
                    type = Name(fields[i], i);
                    break;
                case FrameColumn.Id:
                    _ids.Add(Whole(fields[i], i));
                    break;
                case >= FrameColumn.X and <= FrameColumn.Z and var axis:
                    position = position.With(axis - FrameColumn.X, Number(fields[i], i));
                    break;
                case >= FrameColumn.VelocityX and <= FrameColumn.VelocityZ and var axis:
                    velocity = velocity.With(axis - FrameColumn.VelocityX, Number(fields[i], i));
                    break;
                case FrameColumn.Radius:
                    _radii.Add(Positive(fields[i], i));
                    break;
                case FrameColumn.Diameter:
                    _radii.Add(0.5 * Positive(fields[i], i));
                    break;
                case FrameColumn.Mass:
                    _masses.Add(Positive(fields[i], i));
                    break;
                case FrameColumn.Time:
                    Time = Number(fields[i], i);
                    break;
            }
        }

        if (_reading.Faults.Count == before)
        {
            _species.Add(IndexOf(species ?? type ?? OnlySpecies));
            _positions.Add(position);
            _velocities.Add(velocity);
            _lines.Add(_reading.Line);
        }
    }

    /// <summary>The frame, sorted by id; null after a fault.</summary>
    /// <param name="dimension">d; null where the file does not say: 2 without a column z.</param>
    /// <param name="box">Null where the file has none.</param>
    /// <param name="origin">Corner of the box, subtracted from all positions.</param>
    /// <param name="time">Null where the file does not say.</param>
    public ParticleFrame? Build(int? dimension, Box? box, Vec3 origin, double? time)
    {
        if (_reading.Faults.Count > 0)
        {
            return null;
        }

        int[] order = [.. Enumerable.Range(0, Count)];
        if (_ids.Count > 0)
        {
            Array.Sort([.. _ids], order);
            for (int i = 1; i < order.Length; i++)
            {
                if (_ids[order[i]] == _ids[order[i - 1]])
                {
                    int first = Math.Min(_lines[order[i]], _lines[order[i - 1]]), second = Math.Max(_lines[order[i]], _lines[order[i - 1]]);
                    _reading.FaultAt(
                        second, "id", Invariant($"two particles have the id {_ids[order[i]]}: the other stands on line {first}"),
                        "give each particle an id of its own");
                    return null;
                }
            }
        }

        bool hasVelocities = _columns.Contains(FrameColumn.VelocityX);
        return new ParticleFrame
        {
            Dimension = dimension ?? (_columns.Contains(FrameColumn.Z) ? 3 : 2),
            SpeciesNames = [.. _speciesNames],
            Species = [.. order.Select(i => _species[i])],
            Positions = [.. order.Select(i => origin == Vec3.Zero ? _positions[i] : _positions[i] - origin)],
            Velocities = hasVelocities ? [.. order.Select(i => _velocities[i])] : null,
            Masses = _masses.Count > 0 ? [.. order.Select(i => _masses[i])] : null,
            Radii = _radii.Count > 0 ? [.. order.Select(i => _radii[i])] : null,
            Box = box,
            Time = time,
            Lines = [.. order.Select(i => _lines[i])],
        };
    }

    private int IndexOf(string name)
    {
        if (!_speciesOf.TryGetValue(name, out int index))
        {
            index = _speciesNames.Count;
            _speciesOf.Add(name, index);
            _speciesNames.Add(name);
        }

        return index;
    }

    private string? Name(string field, int column)
    {
        if (field.Length > 0)
        {
            return field;
        }

        _reading.Fault(_names[column], "the species is empty", "give a name");
        return null;
    }

    private double Number(string field, int column)
    {
        if (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
        {
            return value;
        }

        _reading.Fault(_names[column], $"'{field}' is not a finite number", "give a decimal number");
        return double.NaN;
    }

    private double Positive(string field, int column)
    {
        double value = Number(field, column);
        if (value <= 0)
        {
            _reading.Fault(_names[column], $"'{field}' is not above 0", "give a number above 0");
        }

        return value;
    }

    private long Whole(string field, int column)
    {
        if (!long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            _reading.Fault(_names[column], $"'{field}' is not a whole number", "give the particle's number");
        }

        return value;
    }
}
