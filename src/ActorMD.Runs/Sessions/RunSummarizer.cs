using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Messages;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Simulations;

namespace ActorMD.Runs.Sessions;

/// <summary>The numbers of summary.json.</summary>
/// <param name="case">Of the run.</param>
/// <param name="execution">How it is computed.</param>
/// <param name="simulation">What goes on.</param>
/// <param name="costs">Of the run.</param>
internal sealed class RunSummarizer(Case @case, ExecutionPlan execution, ISimulation simulation, RunCosts costs)
{
    // Of this session, where domains have computed it.
    private long CountedEventCount => simulation.Work.SliceCount > 0 ? costs.EventCount : 0;

    /// <summary>Summarizes a run that has reached its end.</summary>
    /// <param name="state">At the end.</param>
    /// <param name="moments">Of that state.</param>
    /// <param name="overlaps">In that state.</param>
    /// <param name="progress">At the end.</param>
    /// <param name="rows">All rows of thermo.csv, as they stand there: the same bytes after any number of resumes.</param>
    public RunSummary Of(
        SystemState state, VelocityMoments moments, OverlapReport overlaps, RunProgress progress, IEnumerable<ThermoRow> rows)
    {
        Gas gas = @case.Gas;
        EventTally tally = simulation.Tally;
        RunAverages averages = RunAverages.Of(@case, progress.Baseline, tally, rows);
        Drift drift = Drift.Since(progress, gas.Box, moments);
        SharingSummary sharing = Sharing();
        return new RunSummary
        {
            Name = @case.Name,
            Version = ProductVersion.Text,
            Runtime = execution.Runtime,
            Domains = execution.Domains.ToText(gas.Dimension),
            Workers = sharing.Workers,
            Sharing = sharing,
            Particles = moments.Count,
            Time = @case.Run.Until,
            WallSeconds = costs.Meter.WallSeconds,
            CpuSeconds = costs.CpuSeconds,
            PeakRssBytes = ResourceMeter.PeakRssBytes,
            Events = CountEvents(tally, costs.CrossingCount),
            CollisionsPerCpuSecond = costs.CollisionsPerCpuSecond,
            Energy = new EnergySummary(progress.InitialEnergy, moments.Energy, drift.Energy),
            MomentumDrift = drift.Momentum is null ? null : progress.MomentumDriftMax,
            AngularMomentumDrift = drift.AngularMomentum is null ? null : progress.AngularMomentumDriftMax,
            Temperature = Temperatures(gas, averages),
            Pressure = new PressureSummary(averages.Pressure, averages.Z, averages.WallPressure),
            CollisionFrequency = averages.Frequencies,
            Pathologies = new PathologySummary(tally.MultipleCount, tally.GrazingCount),
            Windows = SummarizeWindows(),
            SharedSlices = simulation.Engine is { SharedSliceCount: > 0 } work
                ? new SharedSliceSummary(work.SharedSliceCount, work.RolledBackSliceCount, work.RolledBackEventCount)
                : null,
            OverlapMax = OverlapLimit.Largest(overlaps),
            Digest = StateDigest.Of(state),
        };
    }

    // Of this session only: a resumed run may have another split.
    private WindowSummary SummarizeWindows()
    {
        RunWork work = simulation.Work;
        return new WindowSummary(
            work.SliceCount,
            work.VoidSliceCount,
            work.SliceCount > 0 ? work.SliceTime / work.SliceCount : null,
            work.SimulatedEventCount > 0 ? 1 - (double)CountedEventCount / work.SimulatedEventCount : null);
    }

    /// <summary>How the work is shared, as far as it is known now.</summary>
    /// <remarks>Threads that could share time slices, but never had one worth sharing, have not worked.</remarks>
    public SharingSummary Sharing()
    {
        RunWork work = simulation.Work;
        bool isIdle = simulation.Engine is { SharedSliceCount: 0 } && simulation.ThreadCount > 1 && costs.EventCount > 0;
        double? Share(long count) => work.SimulatedEventCount > 0 ? (double)count / work.SimulatedEventCount : null;
        return new SharingSummary(
            isIdle ? 1 : simulation.ThreadCount, simulation.NodeCount, new Split(simulation.DomainCount, 1, 1).ToText(@case.Gas.Dimension),
            work.SliceCount + (simulation.Engine?.SharedSliceCount ?? 0),
            work.VoidSliceCount + (simulation.Engine?.RolledBackSliceCount ?? 0),
            Share(Math.Max(0, work.SimulatedEventCount - work.UndoneEventCount - CountedEventCount)), Share(work.UndoneEventCount),
            work.SentByteCount,
            work.Method ?? (simulation.Engine is { SharedSliceCount: > 0 } ? RunWork.Slices : null),
            isIdle ? "no stretch of time was worth sharing" : simulation.SharingObstacle);
    }

    private static ImmutableSortedDictionary<string, long> CountEvents(EventTally tally, long crossingCount)
    {
        var events = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        events[SummaryKeys.Walls] = tally.OrderCounts[1];
        for (int order = 2; order < tally.OrderCounts.Length; order++)
        {
            events[SummaryKeys.Order(order)] = tally.OrderCounts[order];
        }

        events[SummaryKeys.Crossings] = crossingCount;
        return events.ToImmutable();
    }

    private static TemperatureSummary Temperatures(Gas gas, RunAverages averages) => new(
        averages.Temperature,
        Enumerable.Range(0, gas.Species.Length).ToImmutableSortedDictionary(
            a => gas.Species[a].Name, a => averages.TemperatureBySpecies[a], StringComparer.Ordinal));
}
