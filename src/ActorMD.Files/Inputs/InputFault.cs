namespace ActorMD.Files.Inputs;

/// <summary>Something wrong with what a user gave: what, where, and what would be right.</summary>
/// <param name="File">The file, or the option of the command line that set the value.</param>
/// <param name="Line">Line in the file, from 1; null where a whole file or an option is meant.</param>
/// <param name="Key">The case file's key (<c>species.A.mass</c>) or the column; null where there is none.</param>
/// <param name="Problem">What is wrong: one clause, no full stop.</param>
/// <param name="Remedy">What would be right: one clause, no full stop.</param>
public sealed record InputFault(string File, int? Line, string? Key, string Problem, string Remedy)
{
    /// <summary>One sentence that says what is wrong, then where, and what would be right.</summary>
    public override string ToString()
    {
        string where = Line is int line ? FormattableString.Invariant($"{File}({line})") : File;
        string key = Key is null ? "" : $", key {Key}";
        return $"{Sentence(Problem)}\n  at {where}{key}\n  {Sentence(Remedy)}";
    }

    private static string Sentence(string clause) =>
        clause.Length == 0 ? clause : char.ToUpperInvariant(clause[0]) + clause[1..] + (clause[^1] is '.' or '?' ? "" : ".");
}
