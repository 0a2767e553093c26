namespace ActorMD.Architecture.Tests;

/// <summary>Says what stands in the way of a rule.</summary>
internal static class Wall
{
    /// <summary>Fails with all breaches, one a line, where xunit would show the beginning of the first few.</summary>
    public static void Holds(IEnumerable<string> breaches)
    {
        string all = string.Join('\n', breaches);
        Assert.True(all.Length == 0, all);
    }
}
