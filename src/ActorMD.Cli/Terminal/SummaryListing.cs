using ActorMD.Files.RunFolders;
using ActorMD.Runs.Observables;

namespace ActorMD.Cli.Terminal;

/// <summary>The result of a run in a few lines, what was measured beside what was expected.</summary>
internal static class SummaryListing
{
    /// <summary>The lines.</summary>
    /// <param name="summary">The result.</param>
    /// <param name="expected">Null: it was not computed.</param>
    public static Listing Of(RunSummary summary, Expected? expected)
    {
        Listing listing = new();
        (string Key, long Count)[] orders =
            [.. summary.Events.Where(e => e.Key.StartsWith("order", StringComparison.Ordinal)).Select(e => (e.Key, e.Value))];
        string byOrder = orders.Length > 1 ? $" ({string.Join(", ", orders.Select(o => $"{o.Key} {Numbers.Count(o.Count)}"))})" : "";
        listing.Add(
            "collisions",
            $"{Numbers.Count(orders.Sum(o => o.Count))}{byOrder}, {Numbers.Rate(summary.CollisionsPerCpuSecond)} per CPU second");
        string[] temperatures = [.. summary.Temperature.BySpecies.Select(t => $"{t.Key} {Numbers.Short(t.Value)}")];
        string bySpecies = temperatures.Length > 1 ? $" ({CaseListing.Few(temperatures, "temperatures.csv")})" : "";
        listing.Add("temperature", Numbers.Short(summary.Temperature.Overall) + bySpecies + Beside(expected?.Temperature));
        if (summary.Pressure.Value is { } pressure)
        {
            listing.Add("pressure", $"{Numbers.Short(pressure)}, Z = {Numbers.Short(summary.Pressure.Z)}{Beside(expected?.Z)}");
        }

        string[] frequencies =
        [
            .. summary.CollisionFrequency.Select(
                f => $"{f.Key} {Numbers.Short(f.Value)}{Beside(expected?.Frequencies.TryGetValue(f.Key, out double rate) == true ? rate : null)}"),
        ];
        listing.Add("events per particle and time", CaseListing.Few(frequencies, "frequencies.csv"));
        listing.Add("relative energy drift", Numbers.Short(summary.Energy.RelativeDrift));
        if (summary.Pathologies.Multiple + summary.Pathologies.Grazing > 0)
        {
            listing.Add("pathologies", $"{summary.Pathologies.Multiple} multiple, {summary.Pathologies.Grazing} grazing events");
        }

        string workers = summary.Sharing is { } sharing
            ? $", {sharing.Workers} {(sharing.Workers == 1 ? "thread" : "threads")}"
                + (sharing.Method is { } method && sharing.Workers > 1 ? $" that share {MethodInWords(method)}" : "")
                + (sharing.Reason is { } reason ? $" ({reason})" : "")
            : "";
        listing.Add("wall time, memory", $"{Numbers.Span(summary.WallSeconds)}, {summary.PeakRssBytes / 1_000_000} MB{workers}");
        listing.Add("digest", summary.Digest);
        return listing;
    }

    private static string MethodInWords(string method) => method switch
    {
        "slices" => "time slices",
        _ => "time slices, or leave them to one domain",
    };

    private static string Beside(double? expected) => expected is { } value ? $" (expected {Numbers.Short(value)})" : "";
}
