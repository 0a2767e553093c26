using ActorMD.Files;
using Spectre.Console;

namespace ActorMD.Cli;

/// <summary>The result of a run in a few lines.</summary>
internal static class SummaryTable
{
    public static Grid Of(RunSummary summary, RunFolder folder)
    {
        Grid grid = TwoColumns.Create();
        long collisions = summary.Events.Where(e => e.Key.StartsWith("order", StringComparison.Ordinal)).Sum(e => e.Value);
        grid.Add("collisions", $"{Numbers.Count(collisions)}, {Numbers.Rate(summary.CollisionsPerCpuSecond)} per CPU second");
        string bySpecies = summary.Temperature.BySpecies.Count > 1
            ? $" ({string.Join(", ", summary.Temperature.BySpecies.Select(t => $"{t.Key} {Numbers.Short(t.Value)}"))})"
            : "";
        grid.Add("temperature", Numbers.Short(summary.Temperature.Overall) + bySpecies);
        grid.Add("pressure", $"{Numbers.Short(summary.Pressure.Value)}, Z = {Numbers.Short(summary.Pressure.Z)}");
        grid.Add(
            "collision rates",
            string.Join(", ", summary.CollisionFrequency.Select(f => $"{f.Key} {Numbers.Short(f.Value)}")) + " per particle and unit time");
        grid.Add("energy drift", Numbers.Short(summary.Energy.RelativeDrift) + " relative");
        if (summary.Pathologies.Multiple + summary.Pathologies.Grazing > 0)
        {
            grid.Add("pathologies", $"{summary.Pathologies.Multiple} multiple, {summary.Pathologies.Grazing} grazing events");
        }

        grid.Add("time taken", $"{Numbers.Span(summary.WallSeconds)}, {summary.PeakRssBytes / 1_000_000} MB");
        grid.Add("digest", summary.Digest);
        grid.Add("folder", folder.Directory);
        return grid;
    }
}
