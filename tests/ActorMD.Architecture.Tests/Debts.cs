using System.Globalization;

namespace ActorMD.Architecture.Tests;

/// <summary>What is still beyond a limit, as <c>Debts.txt</c> lists it: it may become less, and never more.</summary>
internal static class Debts
{
    private static readonly Dictionary<string, int> Listed = File
        .ReadAllLines(Path.Combine(Repository.Root, "tests", "ActorMD.Architecture.Tests", "Debts.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .ToDictionary(
            line => line[..line.LastIndexOf(' ')], line => int.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture));

    /// <summary>The size that something may have: the limit, or what is listed for it.</summary>
    /// <param name="name">What is measured, and of what.</param>
    /// <param name="limit">For all that is not listed.</param>
    public static int Allowed(string name, int limit) => Math.Max(limit, Listed.GetValueOrDefault(name, limit));
}
