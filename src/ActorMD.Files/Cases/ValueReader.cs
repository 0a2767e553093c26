using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Reads the single values of a file, and keeps their faults and the lines where they stand.</summary>
internal sealed class ValueReader(string file)
{
    // Products of four numbers must neither overflow nor vanish.
    private const double NumberMin = 1e-50, NumberMax = 1e50;

    private readonly Dictionary<string, (SourceLocation Location, string Key)> _where = [];
    private readonly HashSet<string> _faulty = [];

    public string File { get; } = file;

    public List<InputFault> Faults { get; } = [];

    public List<InputFault> Warnings { get; } = [];

    /// <summary>Patterns of all keys that the reader asked for: what it knows.</summary>
    public SortedSet<string> KnownKeys { get; } = new(StringComparer.Ordinal);

    public void Remember(KeyPath path, SourceLocation location) => _where[path.Subject] = (location, path.Display);

    public void Fault(KeyPath path, SourceLocation location, string problem, string remedy)
    {
        Faults.Add(new InputFault(location.File, location.Line, path.Display.Length == 0 ? null : path.Display, problem, remedy));
        _faulty.Add(path.Subject);
    }

    /// <summary>Reports a fault of a value that was read, unless a fault of it or of what holds it is known already.</summary>
    public void Fault(GasFault fault)
    {
        for (string around = fault.Subject; around.Length > 0; around = Around(around))
        {
            if (_faulty.Contains(around))
            {
                return;
            }
        }

        Faults.Add(At(fault.Subject, fault.Problem, fault.Remedy));
    }

    public void Fault(string subject, string problem, string remedy) => Fault(new GasFault(subject, problem, remedy));

    public void Warn(string subject, string problem, string remedy) => Warnings.Add(At(subject, problem, remedy));

    public void Warn(KeyPath path, SourceLocation location, string problem, string remedy) =>
        Warnings.Add(new InputFault(location.File, location.Line, path.Display, problem, remedy));

    /// <summary>Faults of a value that only stands for another one are not reported.</summary>
    public void Hide(KeyPath path) => _faulty.Add(path.Subject);

    /// <summary>Whether a fault of just this value is known.</summary>
    public bool IsFaulty(string subject) => _faulty.Contains(subject);

    // A default has no location of its own: then that of the nearest key around it.
    private InputFault At(string subject, string problem, string remedy)
    {
        for (string around = subject; around.Length > 0; around = Around(around))
        {
            if (_where.TryGetValue(around, out (SourceLocation Location, string Key) found))
            {
                return new InputFault(found.Location.File, found.Location.Line, found.Key, problem, remedy);
            }
        }

        return new InputFault(File, 1, subject, problem, remedy);
    }

    private static string Around(string subject) => subject[..Math.Max(0, subject.LastIndexOfAny(['.', '[']))];

    /// <summary>A finite number of usual size; NaN after a fault.</summary>
    public double Number(YamlTree node, KeyPath path, string expected)
    {
        if (node is not YamlText scalar)
        {
            Fault(path, node.Location, $"'{path.Display}' is {node.Kind}, not a number", $"give {expected}");
            return double.NaN;
        }

        if (YamlNumber.Read(scalar, out double value) is { } flaw)
        {
            Fault(path, node.Location, flaw.Problem, flaw.Remedy ?? $"give {expected}");
            return double.NaN;
        }

        if (Math.Abs(value) is > NumberMax or (> 0 and < NumberMin))
        {
            Fault(
                path, node.Location, $"{scalar.Text} is too {(Math.Abs(value) > 1 ? "large" : "small")} to calculate with",
                Invariant($"choose units in which it lies between {NumberMin} and {NumberMax}"));
            return double.NaN;
        }

        return value;
    }

    /// <summary>A whole number of the given range; null after a fault.</summary>
    public int? Whole(YamlTree node, KeyPath path, string expected)
    {
        if (node is not YamlText scalar)
        {
            Fault(path, node.Location, $"'{path.Display}' is {node.Kind}, not a whole number", $"give {expected}");
            return null;
        }

        if (YamlNumber.ReadWhole(scalar, out decimal value) is { } flaw)
        {
            Fault(path, node.Location, flaw.Problem, flaw.Remedy ?? $"give {expected}");
            return null;
        }

        if (value is < int.MinValue or > int.MaxValue)
        {
            Fault(
                path, node.Location, $"{scalar.Text} is beyond the range of counts", Invariant($"give {expected}, at most {int.MaxValue}"));
            return null;
        }

        return (int)value;
    }

    /// <summary>An unsigned 64-bit number; null after a fault.</summary>
    public ulong? Seed(YamlTree node, KeyPath path)
    {
        string expected = Invariant($"a whole number from 0 to {ulong.MaxValue}");
        if (node is not YamlText scalar)
        {
            Fault(path, node.Location, $"'{path.Display}' is {node.Kind}, not a number", $"give {expected}");
            return null;
        }

        if (YamlNumber.ReadWhole(scalar, out decimal value) is { } flaw)
        {
            Fault(path, node.Location, flaw.Problem, flaw.Remedy ?? $"give {expected}");
            return null;
        }

        if (value is < ulong.MinValue or > ulong.MaxValue)
        {
            Fault(path, node.Location, $"{scalar.Text} is beyond the range of seeds", $"give {expected}");
            return null;
        }

        return (ulong)value;
    }

    /// <summary>Text as it was typed; null after a fault.</summary>
    public string? Text(YamlTree node, KeyPath path, string expected)
    {
        if (node is YamlText { IsNull: false, Text.Length: > 0 } scalar)
        {
            return scalar.Text;
        }

        Fault(path, node.Location, $"'{path.Display}' is {node.Kind}, not a word", $"give {expected}");
        return null;
    }

    /// <summary>One of several words; null after a fault.</summary>
    public T? Word<T>(YamlTree node, KeyPath path, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        string list = string.Join(", ", words.Keys);
        if (node is not YamlText scalar || node.IsNull)
        {
            Fault(path, node.Location, $"'{path.Display}' is {node.Kind}, not a word", $"possible are {list}");
            return null;
        }

        if (words.TryGetValue(scalar.Text, out T value))
        {
            return value;
        }

        Fault(path, node.Location, $"'{scalar.Text}' is no value of '{path.Display}'", Suggestion.Remedy(scalar.Text, [.. words.Keys]));
        return null;
    }

    /// <summary>A vector of d numbers; null after a fault.</summary>
    public Vec3? Vector(YamlTree node, KeyPath path, int dimension, string meaning)
    {
        if (node is not YamlList list)
        {
            Fault(
                path, node.Location, $"'{path.Display}' is {node.Kind}, not a list",
                Invariant($"give a list of {dimension} numbers: {meaning}"));
            return null;
        }

        if (list.Items.Length != dimension)
        {
            Fault(
                path, node.Location, Invariant($"'{path.Display}' has {list.Items.Length} components in {dimension} dimensions"),
                Invariant($"give {dimension} numbers: {meaning}"));
            return null;
        }

        Vec3 vector = Vec3.Zero;
        for (int axis = 0; axis < dimension; axis++)
        {
            KeyPath item = path.Item(axis);
            Remember(item, list.Items[axis].Location);
            vector = vector.With(axis, Number(list.Items[axis], item, "a number"));
        }

        return vector.IsFinite ? vector : null;
    }
}
