using System.Text;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Case files: YAML in, a validated <see cref="Case"/> out, and back.</summary>
public static class CaseFile
{
    private const long LengthMax = 16 << 20;

    /// <summary>Reads and validates a case. Nothing is thrown for what a user may have done wrong: all faults are listed.</summary>
    /// <param name="path">The case file.</param>
    /// <param name="overrides">Values from the command line, applied in order.</param>
    /// <param name="readParticles">
    /// Whether the file of <c>initial.positions.file</c> is read and checked. A resume needs it no more: false.
    /// </param>
    public static CaseLoad Load(string path, IReadOnlyList<CaseOverride> overrides, bool readParticles = true)
    {
        try
        {
            if (!File.Exists(path))
            {
                string problem = Directory.Exists(path) ? "this is a folder, not a case file" : "the case file does not exist";
                return Failed(path, problem, "give the path of a case file; examples are in the folder examples/");
            }

            if (new FileInfo(path).Length > LengthMax)
            {
                return Failed(path, "the file is too large for a case file", Invariant($"a case file has at most {LengthMax >> 20} MiB"));
            }

            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                return Failed(path, "the file has bytes of value 0, so it is no text", "give a text file");
            }

            return Parse(text.TrimStart('\uFEFF'), path, overrides, readParticles);
        }
        catch (DecoderFallbackException)
        {
            return Failed(path, "the file is not text in UTF-8", "save it in UTF-8");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed(path, $"the file cannot be read: {error.Message.TrimEnd('.')}", "check its permissions");
        }
    }

    /// <summary>Reads and validates the text of a case file.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="path">The file's path, for messages, the default name, and relative paths in it.</param>
    /// <param name="overrides">Values from the command line, applied in order.</param>
    /// <param name="readParticles">See <see cref="Load"/>.</param>
    public static CaseLoad Parse(string text, string path, IReadOnlyList<CaseOverride> overrides, bool readParticles = true)
    {
        ValueReader values = new(path);
        return Parse(text, values, overrides, readParticles);
    }

    /// <summary>The case as YAML with all defaults filled in; <see cref="Load"/> gives the same case again.</summary>
    public static string Write(Case @case) => CaseWriter.Write(@case);

    /// <summary>Whether the file is there and is a resolved case.</summary>
    internal static bool IsResolved(string path) => File.Exists(path) && File.ReadLines(path).FirstOrDefault() == CaseWriter.Header;

    /// <summary>The command that a resolved case was begun by, without the paths; null where it is not said.</summary>
    internal static string? CommandOf(string path) => IsResolved(path) && File.ReadLines(path).Skip(1).FirstOrDefault() is { } line
        && line.StartsWith(CaseWriter.CommandHeader, StringComparison.Ordinal)
        ? line[CaseWriter.CommandHeader.Length..]
        : null;

    /// <summary>The resolved case with the command that begins it, from which a killed one begins anew.</summary>
    internal static string Write(Case @case, string? command)
    {
        string text = CaseWriter.Write(@case);
        return command is null ? text : text.Insert(CaseWriter.Header.Length + 1, $"{CaseWriter.CommandHeader}{command}\n");
    }

    internal static CaseLoad Parse(string text, ValueReader values, IReadOnlyList<CaseOverride> overrides, bool readParticles)
    {
        YamlTree? tree = YamlTreeReader.Read(text, line => new SourceLocation(values.File, line), values.Faults);
        if (tree is null)
        {
            return new CaseLoad(null, [.. values.Faults], []);
        }

        tree = OverrideApplier.Apply(tree, overrides, values.Faults);
        CaseReader reader = new(values, values.File, readParticles);
        Case? @case = reader.Read(tree);
        IEnumerable<InputFault> inOrder = values.Faults.OrderBy(fault => (fault.File == values.File ? fault.Line : null) ?? int.MaxValue);
        return new CaseLoad(@case, [.. inOrder], [.. values.Warnings], @case is null ? null : reader.Frame);
    }

    private static CaseLoad Failed(string path, string problem, string remedy) =>
        new(null, [new InputFault(path, null, null, problem, remedy)], []);
}
