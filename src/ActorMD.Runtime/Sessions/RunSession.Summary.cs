using System.Collections.Immutable;
using ActorMD.Files;
using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>The numbers of summary.json.</summary>
public sealed partial class RunSession
{
    private RunSummary Summarize(SystemState state, VelocityMoments moments, OverlapReport overlaps)
    {
        Gas gas = _case.Gas;
        EventTally tally = _simulator.Tally;
        TallyMark end = TallyMark.Of(_case.Run.Until, tally);
        TallyMark start = _progress.Baseline is { } baseline ? TallyMark.Of(baseline) : end;
        TemperatureSummary temperature = MeanTemperature();
        double? pressure = temperature.Overall is { } mean
            ? Pressure.FromVirial(gas, moments.Count, mean, start, end)
            : null;
        double loopSeconds = _resources.LoopCpuSeconds + _simulator.RemoteCpuSeconds;
        Drift drift = Drift.Since(_progress, gas.Box, moments);
        return new RunSummary
        {
            Name = _case.Name,
            Version = ProductVersion.Text,
            Runtime = _execution.Runtime,
            Domains = _execution.Domains.ToText(gas.Dimension),
            Workers = Math.Min(_execution.Workers, _execution.Domains.Count),
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
            Temperature = temperature,
            Pressure = new PressureSummary(
                pressure, Pressure.Compressibility(gas, moments.Count, temperature.Overall ?? 0, pressure), Pressure.OnWalls(gas, start, end)),
            CollisionFrequency = MeasuredFrequency.Between(gas, _case.Counts, start, end),
            Pathologies = new PathologySummary(tally.MultipleCount, tally.GrazingCount),
            Windows = SummarizeWindows(tally),
            OverlapMax = OverlapLimit.Largest(overlaps),
            Digest = StateDigest.Of(state),
        };
    }

    // Of this session only: a resumed run may have another split.
    private WindowSummary SummarizeWindows(EventTally tally)
    {
        RunWork work = _simulator.Work;
        long counted = tally.EventCount - _eventCountBefore;
        return new WindowSummary(
            work.CommittedWindowCount,
            work.CutWindowCount + work.RetryCount,
            work.CommittedWindowCount > 0 ? work.WindowTime / work.CommittedWindowCount : null,
            work.SimulatedEventCount > 0 ? 1 - (double)counted / work.SimulatedEventCount : null);
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

    // Over the rows of thermo.csv after equilibrate: they are the same bytes after any number of resumes.
    private TemperatureSummary MeanTemperature()
    {
        ImmutableArray<ThermoRow> rows =
            [.. ThermoReader.Read(_folder.ThermoPath, _case.Gas).Where(row => row.Time >= _case.Run.Equilibrate)];
        var bySpecies = ImmutableSortedDictionary.CreateBuilder<string, double?>(StringComparer.Ordinal);
        for (int a = 0; a < _case.Gas.Species.Length; a++)
        {
            int index = a;
            bySpecies[_case.Gas.Species[a].Name] = Mean(rows, row => row.TemperatureBySpecies[index]);
        }

        return new TemperatureSummary(Mean(rows, row => row.Temperature), bySpecies.ToImmutable());
    }

    private static double? Mean(ImmutableArray<ThermoRow> rows, Func<ThermoRow, double?> value)
    {
        double sum = 0;
        int count = 0;
        foreach (ThermoRow row in rows)
        {
            if (value(row) is { } number)
            {
                sum += number;
                count++;
            }
        }

        return count > 0 ? sum / count : null;
    }
}
