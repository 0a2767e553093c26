using ActorMD.Physics;

namespace ActorMD.Files.Cases;

/// <summary>Names of the entries of summary.json that depend on the case.</summary>
public static class SummaryKeys
{
    public const string Walls = "walls";

    public const string Crossings = "crossings";

    /// <summary>Events of order k: <c>order3</c>.</summary>
    public static string Order(int order) => FormattableString.Invariant($"order{order}");

    /// <summary>Pair collisions of two species, in the order of the case: <c>AB</c>.</summary>
    public static string Pair(Gas gas, int a, int b) => gas.Species[Math.Min(a, b)].Name + gas.Species[Math.Max(a, b)].Name;
}
