using System.Globalization;

namespace ActorMD.Architecture.Tests;

/// <summary>What is still larger than the limits.</summary>
internal static class Allowances
{
    /// <summary>Lines of a name and a number; # begins a comment.</summary>
    public static Dictionary<string, int> Read(string file) => File.ReadAllLines(Path.Combine(Repository.Root, "tests/ActorMD.Architecture.Tests/Allowances", file))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture));
}
