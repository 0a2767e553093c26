using ActorMD.Kinetic.Estimates;
using ActorMD.Studies.Convergence;

namespace ActorMD.Cli.Terminal;

/// <summary>What something will cost, in two lines, before it begins.</summary>
internal static class CostListing
{
    /// <summary>Adds the lines.</summary>
    /// <param name="listing">Gets them.</param>
    /// <param name="cost">What is shown.</param>
    /// <param name="of">Ends the names of the lines, such as " of what is left".</param>
    public static Listing WithCost(this Listing listing, CostEstimate cost, string of = "")
    {
        string tuples = string.Concat(cost.Tuples.Select(t => $", {Numbers.Rate(t.Count)} tuples of order {t.Order}"));
        string work = cost is { Collisions: { } collisions, Seconds: { } seconds }
            ? $", {Numbers.Rate(collisions)} collisions, {Numbers.Span(seconds)} on one thread"
            : "";
        return listing
            .With($"expected search{of}", $"{Numbers.Rate(cost.CandidatesPerParticle)} candidates{tuples} per particle")
            .With($"expected cost{of}", $"{Numbers.Rate(cost.MemoryBytes / 1e6)} MB of memory{work}");
    }

    /// <summary>The line of measurements.</summary>
    /// <param name="cases">How many gases.</param>
    /// <param name="bytes">Memory of the largest.</param>
    /// <param name="seconds">Of all together.</param>
    public static string Of(int cases, double bytes, double seconds) =>
        $"{cases} {(cases == 1 ? "case" : "cases")}: about {Numbers.Span(seconds)}, {Numbers.Rate(bytes / 1e6)} MB of memory";

    /// <summary>The lines of a study.</summary>
    /// <param name="cost">What is shown.</param>
    /// <param name="workers">Threads.</param>
    public static Listing Of(StudyCost cost, int workers)
    {
        Listing listing = new();
        foreach (RungCost rung in cost.Rungs)
        {
            listing.WithCost(rung.Replica, $", a replica of N = {rung.Particles}");
        }

        string replicas = cost.Rungs.IsEmpty ? "" : $" and at least {cost.Rungs.Max(r => r.ReplicasMin)} replicas of each N";
        return listing.With(
            "expected cost",
            $"{Numbers.Rate(cost.MemoryBytes / 1e6)} MB of memory, about {Numbers.Span(cost.WallSeconds)} on {workers} threads: "
            + $"{Numbers.Span(cost.KineticSeconds)} for the kinetic equation{replicas}");
    }
}
