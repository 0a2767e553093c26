using ActorMD.Files;

namespace ActorMD.Cli;

/// <summary>The result of a run in a few lines.</summary>
internal static class SummaryListing
{
    public static Listing Of(RunSummary summary, RunFolder folder)
    {
        Listing listing = new();
        (string Key, long Count)[] orders =
            [.. summary.Events.Where(e => e.Key.StartsWith("order", StringComparison.Ordinal)).Select(e => (e.Key, e.Value))];
        string byOrder = orders.Length > 1 ? $" ({string.Join(", ", orders.Select(o => $"{o.Key} {Numbers.Count(o.Count)}"))})" : "";
        listing.Add(
            "collisions",
            $"{Numbers.Count(orders.Sum(o => o.Count))}{byOrder}, {Numbers.Rate(summary.CollisionsPerCpuSecond)} per CPU second");
        string bySpecies = summary.Temperature.BySpecies.Count > 1
            ? $" ({string.Join(", ", summary.Temperature.BySpecies.Select(t => $"{t.Key} {Numbers.Short(t.Value)}"))})"
            : "";
        listing.Add("temperature", Numbers.Short(summary.Temperature.Overall) + bySpecies);
        if (summary.Pressure.Value is { } pressure)
        {
            listing.Add("pressure", $"{Numbers.Short(pressure)}, Z = {Numbers.Short(summary.Pressure.Z)}");
        }

        listing.Add(
            "events per particle and time",
            string.Join(", ", summary.CollisionFrequency.Select(f => $"{f.Key} {Numbers.Short(f.Value)}")));
        listing.Add("relative energy drift", Numbers.Short(summary.Energy.RelativeDrift));
        if (summary.Pathologies.Multiple + summary.Pathologies.Grazing > 0)
        {
            listing.Add("pathologies", $"{summary.Pathologies.Multiple} multiple, {summary.Pathologies.Grazing} grazing events");
        }

        listing.Add("wall time, memory", $"{Numbers.Span(summary.WallSeconds)}, {summary.PeakRssBytes / 1_000_000} MB");
        listing.Add("digest", summary.Digest);
        listing.Add("folder", folder.Directory);
        return listing;
    }
}
