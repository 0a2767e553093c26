using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Runs.Observables;

namespace ActorMD.Runs.Ensembles;

/// <summary>The summary of an ensemble.</summary>
internal static class EnsembleResult
{
    /// <summary>Everything that the sums tell; what it has cost is zero.</summary>
    public static RunSummary Summary(ReplicaLayout layout, EnsembleSums sums)
    {
        Case @case = layout.Case;
        Gas gas = @case.Gas;
        double initial = sums.Mean(layout.InitialEnergy) ?? 0, final = sums.Mean(layout.FinalEnergy) ?? 0;
        ReadOnlySpan<long> totals = sums.Totals;
        return new RunSummary
        {
            Name = @case.Name,
            Version = ProductVersion.Text,
            Runtime = "local",
            Domains = gas.Dimension == 2 ? "1x1" : "1x1x1",
            Workers = 0,
            Particles = @case.ParticleCount,
            Time = @case.Run.Until,
            WallSeconds = 0,
            CpuSeconds = 0,
            PeakRssBytes = 0,
            Events = Events(gas, totals),
            CollisionsPerCpuSecond = null,
            Energy = new EnergySummary(initial, final, Largest(sums, 0)),
            MomentumDrift = Largest(sums, 1),
            AngularMomentumDrift = Largest(sums, 2),
            Temperature = new TemperatureSummary(
                Mean("temperature"),
                gas.Species.ToImmutableSortedDictionary(s => s.Name, s => Mean($"temperature_{s.Name}"), StringComparer.Ordinal)),
            Pressure = new PressureSummary(Mean("pressure"), Mean("Z"), Mean("pressure_walls")),
            CollisionFrequency = MeasuredFrequency.Keys(gas).ToImmutableSortedDictionary(
                key => key, key => Mean($"frequency_{key}"), StringComparer.Ordinal),
            Pathologies = new PathologySummary(totals[gas.OrderMax], totals[gas.OrderMax + 1]),
            Windows = new WindowSummary(0, 0, null, null),
            OverlapMax = Largest(sums, 3) ?? 0,
            Digest = sums.Digest,
            Ensemble = new EnsembleSummary(
                sums.Count,
                layout.Averages.ToImmutableSortedDictionary(
                    name => name, name => sums.StandardError(layout.IndexOf(name)), StringComparer.Ordinal)),
        };

        double? Mean(string average) => sums.Mean(layout.IndexOf(average));
    }

    private static double? Largest(EnsembleSums sums, int extreme) => double.IsNaN(sums.Largest[extreme]) ? null : sums.Largest[extreme];

    private static ImmutableSortedDictionary<string, long> Events(Gas gas, ReadOnlySpan<long> totals)
    {
        var events = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        events[SummaryKeys.Walls] = totals[0];
        for (int order = 2; order <= gas.OrderMax; order++)
        {
            events[SummaryKeys.Order(order)] = totals[order - 1];
        }

        events[SummaryKeys.Crossings] = totals[^1];
        return events.ToImmutable();
    }
}
