namespace ActorMD.Files;

/// <summary>Case files: YAML in, a validated <see cref="Case"/> out, and back.</summary>
public static class CaseFile
{
    /// <summary>First line of every file that <see cref="Write"/> makes.</summary>
    private const string ResolvedHeader = "# Resolved by ActorMD: all defaults filled in. Runs as it is.";

    /// <summary>Reads and validates a case. Nothing is thrown for what a user may have done wrong: all faults are listed.</summary>
    /// <param name="path">The case file.</param>
    /// <param name="overrides">Values from the command line, applied in order.</param>
    /// <param name="readParticles">
    /// Whether the file of <c>initial.positions.file</c> is read and checked. A resume needs it no more: false.
    /// </param>
    public static CaseLoad Load(string path, IReadOnlyList<CaseOverride> overrides, bool readParticles = true) => throw new NotSupportedException();

    /// <summary>The case as YAML with all defaults filled in; <see cref="Load"/> gives the same case again.</summary>
    public static string Write(Case @case) => throw new NotSupportedException();

    /// <summary>Whether the file is there and was made by <see cref="Write"/>.</summary>
    internal static bool IsResolved(string path) => File.Exists(path) && File.ReadLines(path).FirstOrDefault() == ResolvedHeader;
}
