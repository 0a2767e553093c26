namespace ActorMD.Files.Cases;

/// <summary>A value that the command line puts in place of the case file's.</summary>
/// <param name="Path">
/// Keys joined by points. Items of a list are named by their <c>name</c>, zones by their <c>order</c>, any item by its index from 0:
/// <c>species.A.count</c>, <c>zones.3.distance</c>, <c>box.lengths.0</c>.
/// </param>
/// <param name="Value">The value as YAML: a number, a word, <c>[1, 1, 2]</c>.</param>
/// <param name="Source">What the user typed, for error messages.</param>
public sealed record CaseOverride(string Path, string Value, string Source)
{
    /// <summary>Splits <c>species.A.count=5</c>. Never throws: <see cref="CaseFile.Load"/> reports a malformed one.</summary>
    public static CaseOverride Parse(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        string source = $"--set {assignment}";
        return equals < 0
            ? new CaseOverride("", assignment.Trim(), source)
            : new CaseOverride(assignment[..equals].Trim(), assignment[(equals + 1)..].Trim(), source);
    }

    /// <summary><c>--seed</c>.</summary>
    public static CaseOverride Seed(string value) => new("seed", value.Trim(), $"--seed {value}");

    /// <summary><c>--until</c>.</summary>
    public static CaseOverride Until(string value) => new("run.until", value.Trim(), $"--until {value}");
}
