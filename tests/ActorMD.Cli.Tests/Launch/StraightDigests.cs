using System.Collections.Concurrent;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>The digests of the tube in one process, undisturbed; each end is computed once.</summary>
internal static class StraightDigests
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Known = new();

    /// <summary>The digest at an end of the run, as it stands on the command line.</summary>
    public static string At(string until) => Known.GetOrAdd(until, end => new Lazy<string>(() => Compute(end))).Value;

    private static string Compute(string until)
    {
        using Workplace place = new();
        Assert.Equal(0, place.Run("run", "tube.yaml", "--until", until, "--quiet", "--out", "straight").Code);
        return StraightRun.DigestOf(place["straight"]);
    }
}
