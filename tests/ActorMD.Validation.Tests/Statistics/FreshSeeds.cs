using System.Globalization;

namespace ActorMD.Validation.Tests.Statistics;

/// <summary>Other seeds for all checks: <c>scripts/test --validation --seeds K</c> repeats them with K sets.</summary>
internal static class FreshSeeds
{
    private const string Variable = "ACTORMD_VALIDATION_SEEDS";

    /// <summary>Number of the set; 0: the seeds that stand in the tests.</summary>
    public static ulong Number { get; } =
        ulong.Parse(Environment.GetEnvironmentVariable(Variable) ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The seed of the set that takes the place of one in a test.</summary>
    public static ulong Of(ulong seed) => seed + 1000 * Number;
}
