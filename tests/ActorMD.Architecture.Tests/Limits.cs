using System.Globalization;

namespace ActorMD.Architecture.Tests;

/// <summary>The limits of size. They stand in <c>.editorconfig</c>, and nowhere else.</summary>
internal static class Limits
{
    private static readonly string[] Settings = File.ReadAllLines(Path.Combine(Repository.Root, ".editorconfig"));

    /// <summary>Characters of a line.</summary>
    public static int LineLength { get; } = Read("max_line_length");

    /// <summary>Lines of a file.</summary>
    public static int FileLines { get; } = Read("actormd_max_file_lines");

    /// <summary>Lines of a class over all files that declare a part of it.</summary>
    public static int ClassLines { get; } = Read("actormd_max_class_lines");

    /// <summary>Fields of one object of a class: what is static or constant is no state.</summary>
    public static int ClassFields { get; } = Read("actormd_max_class_fields");

    private static int Read(string key)
    {
        string prefix = key + " = ";
        string line = Settings.Single(line => line.StartsWith(prefix, StringComparison.Ordinal));
        return int.Parse(line[prefix.Length..], CultureInfo.InvariantCulture);
    }
}
