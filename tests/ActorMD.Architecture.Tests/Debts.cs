using System.Globalization;

namespace ActorMD.Architecture.Tests;

/// <summary>What is still beyond a limit, as <c>Debts.txt</c> lists it: it may become less, and never more.</summary>
internal static class Debts
{
    private static readonly Dictionary<string, int> Listed = File
        .ReadAllLines(Path.Combine(Repository.Root, "tests", "ActorMD.Architecture.Tests", "Debts.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture));

    /// <summary>The size that something may have: the limit, or what is listed for it.</summary>
    public static int Allowed(string name, int limit) => Math.Max(limit, Listed.GetValueOrDefault(name, limit));

    /// <summary>Whether a size is a debt that has been paid, so that its line must go.</summary>
    public static bool IsPaid(string name, int size, int limit) => size <= limit && Listed.ContainsKey(name);
}
