using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Protocol.Messages;
using ActorMD.Runs.Observables;

namespace ActorMD.Runs.Sessions;

/// <summary>The numbers of summary.json.</summary>
public sealed partial class RunSession
{
    private RunSummary Summarize(SystemState state, VelocityMoments moments, OverlapReport overlaps)
    {
        Gas gas = _case.Gas;
        EventTally tally = _simulator.Tally;
        // From the rows of the file: they are the same bytes after any number of resumes.
        RunAverages averages = RunAverages.Of(_case, _progress.Baseline, tally, ThermoReader.Read(_folder.ThermoPath, gas));
        double loopSeconds = _resources.LoopCpuSeconds + _simulator.RemoteCpuSeconds;
        Drift drift = Drift.Since(_progress, gas.Box, moments);
        return new RunSummary
        {
            Name = _case.Name,
            Version = ProductVersion.Text,
            Runtime = _execution.Runtime,
            Domains = _execution.Domains.ToText(gas.Dimension),
            Workers = Sharing(tally).Workers,
            Sharing = Sharing(tally),
            Particles = moments.Count,
            Time = _case.Run.Until,
            WallSeconds = _resources.WallSeconds,
            CpuSeconds = CpuSeconds,
            PeakRssBytes = ResourceMeter.PeakRssBytes,
            Events = CountEvents(tally, CrossingCount),
            CollisionsPerCpuSecond = loopSeconds > 0 ? (tally.CollisionCount - _collisionCountBefore) / loopSeconds : null,
            Energy = new EnergySummary(_progress.InitialEnergy, moments.Energy, drift.Energy),
            MomentumDrift = drift.Momentum is null ? null : _progress.MomentumDriftMax,
            AngularMomentumDrift = drift.AngularMomentum is null ? null : _progress.AngularMomentumDriftMax,
            Temperature = Temperatures(gas, averages),
            Pressure = new PressureSummary(averages.Pressure, averages.Z, averages.WallPressure),
            CollisionFrequency = averages.Frequencies,
            Pathologies = new PathologySummary(tally.MultipleCount, tally.GrazingCount),
            Windows = SummarizeWindows(tally),
            SharedSlices = _simulator.Engine is { SharedSliceCount: > 0 } work
                ? new SharedSliceSummary(work.SharedSliceCount, work.RolledBackSliceCount, work.RolledBackEventCount)
                : null,
            OverlapMax = OverlapLimit.Largest(overlaps),
            Digest = StateDigest.Of(state),
        };
    }

    // Of this session only: a resumed run may have another split.
    private WindowSummary SummarizeWindows(EventTally tally)
    {
        RunWork work = _simulator.Work;
        long counted = work.CommittedWindowCount > 0 ? tally.EventCount - _eventCountBefore : 0;
        return new WindowSummary(
            work.CommittedWindowCount,
            work.ShortenedWindowCount + work.RetryCount,
            work.CommittedWindowCount > 0 ? work.WindowTime / work.CommittedWindowCount : null,
            work.SimulatedEventCount > 0 ? 1 - (double)counted / work.SimulatedEventCount : null,
            Math.Max(0, work.SimulatedEventCount - work.UndoneEventCount - counted),
            work.UndoneEventCount,
            work.CopyCount,
            work.MessageCount,
            work.SentByteCount,
            work.AttemptCount > 0 ? work.FrontDepthSum / work.AttemptCount : null,
            work.AttemptCount > 0 ? work.FrontDepthMax : null);
    }

    /// <summary>How the work is shared, as far as it is known now.</summary>
    public SharingSummary Sharing() => Sharing(_simulator.Tally);

    // Threads that could share time slices, but never had one worth sharing, have not worked.
    private SharingSummary Sharing(EventTally tally)
    {
        RunWork work = _simulator.Work;
        bool isIdle = _simulator.Engine is { SharedSliceCount: 0 } && _simulator.ThreadCount > 1 && tally.EventCount > _eventCountBefore;
        double? Share(long count) => work.SimulatedEventCount > 0 ? (double)count / work.SimulatedEventCount : null;
        long counted = work.CommittedWindowCount > 0 ? tally.EventCount - _eventCountBefore : 0;
        return new SharingSummary(
            isIdle ? 1 : _simulator.ThreadCount, _simulator.NodeCount, _execution.Domains.ToText(_case.Gas.Dimension),
            work.CommittedWindowCount + (_simulator.Engine?.SharedSliceCount ?? 0),
            work.ShortenedWindowCount + work.RetryCount + (_simulator.Engine?.RolledBackSliceCount ?? 0),
            Share(Math.Max(0, work.SimulatedEventCount - work.UndoneEventCount - counted)), Share(work.UndoneEventCount), work.SentByteCount,
            work.Method ?? (_simulator.Engine is { SharedSliceCount: > 0 } ? RunWork.Slices : null),
            isIdle ? "no stretch of time was worth sharing" : _simulator.SharingObstacle);
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
