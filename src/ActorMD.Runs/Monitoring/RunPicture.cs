using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Runs.Sessions;

namespace ActorMD.Runs.Monitoring;

/// <summary>A run at a moment, as the logs of its processes and the files of its folder show it.</summary>
/// <param name="Name">Of the run.</param>
/// <param name="Time">Simulation time that was reached.</param>
/// <param name="Until">Simulation time at the end; null if the case cannot be read.</param>
/// <param name="Collisions">Events of order 2 and up.</param>
/// <param name="CollisionsPerSecond">Of wall time, between the last two reports.</param>
/// <param name="Slices">Time slices of domains since the protocol's run began.</param>
/// <param name="VoidSlices">Those that were undone and tried again.</param>
/// <param name="EnergyDrift">Relative, from the first to the last row of thermo.csv.</param>
/// <param name="Digest">Of a finished run.</param>
/// <param name="Nodes">All that have written a log, by name.</param>
/// <param name="Incidents">Failures and recoveries, the oldest first.</param>
public sealed record RunPicture(
    string Name, double Time, double? Until, long Collisions, double? CollisionsPerSecond, long Slices, long VoidSlices,
    double? EnergyDrift, string? Digest, ImmutableArray<NodeState> Nodes, ImmutableArray<LogEntry> Incidents)
{
    /// <summary>Of an ensemble: replicas that are done, and all; null elsewhere.</summary>
    public (int Done, int All)? Replicas { get; private init; }

    /// <summary>What a kinetic solution does after its main solution; null elsewhere.</summary>
    public string? Phase { get; private init; }

    /// <summary>How the run is.</summary>
    public RunCondition Condition { get; private init; }

    /// <summary>Wall time that is left at the present pace; null where there is none, or where it cannot be told.</summary>
    public double? SecondsLeft { get; private init; }

    /// <summary>The last checkpoint that was written: simulation time, and time of day (UTC); null: none is known.</summary>
    public (double? Time, DateTime At)? LastCheckpoint { get; private init; }

    /// <summary>Lines of the logs that warn.</summary>
    public int WarningCount { get; private init; }

    /// <summary>Lines of the logs that tell of errors.</summary>
    public int ErrorCount { get; private init; }

    /// <summary>What domains have cost; null where there are none.</summary>
    public BoundaryWork? Boundary { get; private init; }

    /// <summary>Share that is done, 0 to 1.</summary>
    public double Fraction => Digest is not null ? 1
        : Replicas is { All: > 0 } replicas ? Math.Clamp((double)replicas.Done / replicas.All, 0, 1)
        : Until is > 0 ? Math.Clamp(Time / Until.Value, 0, 1)
        : 0;

    private const int TailBytes = 4 << 20;
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(10);

    /// <summary>Reads the folder as it is now.</summary>
    /// <exception cref="InputFaultException">It holds no run.</exception>
    public static RunPicture Of(RunFolder folder, DateTime now)
    {
        List<LogEntry> entries = [.. LogFiles.ReadNewest(folder.Directory, TailBytes)];
        CaseLoad load = CaseFile.Load(folder.CasePath, [], readParticles: false);
        bool isFinished = File.Exists(folder.SummaryPath);
        string? leader = entries.LastOrDefault(entry => entry.Says(Monitoring.Incidents.Lead))?.Text("member");
        LogEntry[] reports = [.. entries.Where(entry => entry.Number("Collisions") is not null)];
        LogEntry? replicas = entries.LastOrDefault(entry => entry.Number("Replicas") is not null && entry.Number("Done") is not null);
        LogEntry? checkpoint = entries.LastOrDefault(entry => entry.Says("Wrote a checkpoint"));
        LogEntry? last = reports.LastOrDefault(), slices = entries.LastOrDefault(entry => entry.Says("Committed"));
        return new RunPicture(
            load.Case?.Name ?? folder.Name,
            last?.Number("time") ?? 0,
            load.Case?.Run.Until,
            (long)(last?.Number("Collisions") ?? 0),
            isFinished ? null : Rate(reports),
            (long)(slices?.Number("slice") ?? 0),
            (long)(slices?.Number("Void") ?? 0),
            load.Case is { } @case ? Drift(folder, @case) : null,
            isFinished ? RunSummary.Read(folder.SummaryPath).Digest : null,
            [.. entries.GroupBy(entry => entry.Node, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Where(group => group.Key != "launch").Select(group => StateOf(group.Key, [.. group], entries, leader, isFinished, now))],
            [.. entries.Where(Monitoring.Incidents.IsOne)])
        {
            Replicas = replicas is null ? null : ((int)(replicas.Number("Done") ?? 0), (int)replicas.Number("Replicas")!.Value),
            Phase = !isFinished && entries.LastOrDefault(entry => entry.Says("Refining") || entry.Says("Sampled")) is { } step
            && step.Says("Refining")
                ? step.Render()
                : null,
            Condition = ConditionOf(folder, entries, isFinished, now),
            SecondsLeft = isFinished ? null
                : replicas is not null ? Left(entries, "Done", replicas.Number("Replicas")!.Value, now)
                : load.Case is { Run.Until: var until } ? Left([.. reports], "time", until, now)
                : null,
            LastCheckpoint = checkpoint is null ? null : (checkpoint.Number("time"), checkpoint.At),
            WarningCount = entries.Count(entry => entry.Level == "Warning"),
            ErrorCount = entries.Count(entry => entry.Level is "Error" or "Fatal"),
            Boundary = entries.Select(BoundaryWork.Of).LastOrDefault(work => work is not null),
        };
    }

    private static RunCondition ConditionOf(RunFolder folder, List<LogEntry> entries, bool isFinished, DateTime now) =>
        isFinished ? RunCondition.Finished
        : File.Exists(folder.DiagnosisPath) ? RunCondition.Violated
        : entries.LastOrDefault(entry => entry.Node != "launch") is { } last && last.Says("Interrupted") ? RunCondition.Interrupted
        : entries.Count == 0 || IsOverdue(entries, now) && !IsHeld(folder) ? RunCondition.Silent
        : RunCondition.Running;

    // Who may not write in the folder cannot look at its lock.
    private static bool IsHeld(RunFolder folder)
    {
        try
        {
            return RunSession.IsRunning(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Whether the next line should have been there long since: in a long run they come seldom, and each says when the next one comes.
    private static bool IsOverdue(IReadOnlyList<LogEntry> entries, DateTime now) =>
        now - entries[^1].At > SilentAfter + TimeSpan.FromSeconds(
            entries.LastOrDefault(entry => entry.Number("NextSeconds") is not null)?.Number("NextSeconds") ?? 0);

    // From now on, at the pace of the last half of a minute at least, where there is so much.
    private static double? Left(IReadOnlyList<LogEntry> entries, string key, double end, DateTime now)
    {
        LogEntry[] known = [.. entries.Where(entry => entry.Number(key) is not null)];
        if (known.Length < 2)
        {
            return null;
        }

        LogEntry last = known[^1], first = known.LastOrDefault(entry => (last.At - entry.At).TotalSeconds >= 30) ?? known[0];
        double done = last.Number(key)!.Value - first.Number(key)!.Value, seconds = (last.At - first.At).TotalSeconds;
        double age = Math.Max(0, (now - last.At).TotalSeconds);
        return done > 0 && seconds > 0 ? Math.Max(0, (end - last.Number(key)!.Value) * seconds / done - age) : null;
    }

    // Over the last seconds, of one process: after a failure counts begin again at the checkpoint.
    private static double? Rate(LogEntry[] reports)
    {
        for (int k = reports.Length - 2; k >= 0; k--)
        {
            double seconds = (reports[^1].At - reports[k].At).TotalSeconds;
            double count = reports[^1].Number("Collisions")!.Value - reports[k].Number("Collisions")!.Value;
            if (count < 0)
            {
                return null;
            }

            if (seconds >= 1)
            {
                return count / seconds;
            }
        }

        return null;
    }

    private static double? Drift(RunFolder folder, Case @case)
    {
        if (!File.Exists(folder.ThermoPath))
        {
            return null;
        }

        ImmutableArray<ThermoRow> rows = ThermoReader.Read(folder.ThermoPath, @case.Gas);
        return rows.Length > 0 && rows[0].Energy != 0 ? (rows[^1].Energy - rows[0].Energy) / rows[0].Energy : null;
    }

    private static NodeState StateOf(string node, LogEntry[] own, List<LogEntry> all, string? leader, bool isFinished, DateTime now)
    {
        LogEntry last = own[^1];
        LogEntry? work = own.LastOrDefault(entry => entry.Says("Working"));
        LogEntry? placed = own.LastOrDefault(entry => entry.Says("Placed here"));
        bool isLost = all.Exists(entry =>
            entry.At > last.At && entry.Text("member") == node && (entry.Says("Lost node") || entry.Says("Node {member} is gone")));
        NodeCondition condition =
            isFinished || last.Says("Dismissed") || last.Says("Finished") || last.Says("Interrupted") ? NodeCondition.Done
            : isLost ? NodeCondition.Lost
            : IsOverdue(own, now) ? NodeCondition.Silent
            : NodeCondition.Working;
        return new NodeState(
            node, condition, node == leader, (work ?? placed)?.Text("domain"), work?.Number("slice"), work?.Number("EventsPerSecond"),
            work?.Number("BusyShare"), work?.Number("PeakRssBytes"), last.At);
    }
}
