using System.Collections.Immutable;
using System.Text.Json;

namespace ActorMD.Examples.Tests;

/// <summary>tests/known-digests.json: the digest of every example's final state.</summary>
internal static class KnownDigests
{
    public static ImmutableSortedDictionary<string, string> Read() =>
        JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(File.ReadAllText(Repository.KnownDigestsPath))
        ?? throw new InvalidDataException($"{Repository.KnownDigestsPath} is empty");

    /// <summary>Fails, and says what to do, unless this is the pinned digest of the example.</summary>
    public static void AssertIsPinned(string name, string digest)
    {
        string? known = Read().GetValueOrDefault(name);
        Assert.True(
            digest == known,
            $"The trajectory of examples/{name}.yaml changed: its digest is {digest}, tests/known-digests.json has {known ?? "none"}. "
            + "Same case and seed must give the same bits in every version and on every machine. If the example itself, the drawing of "
            + "initial states or the physics was changed on purpose, put the new digest there and say why in the commit; "
            + "otherwise this is a bug.");
    }
}
