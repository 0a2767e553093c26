using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Runs.Output;
using ActorMD.Runs.Sessions;
using Serilog.Core;

namespace ActorMD.Runs.Ensembles;

/// <summary>How the work of a node of an ensemble ended.</summary>
public enum NodeOutcome
{
    /// <summary>All its replicas are computed.</summary>
    Done,

    /// <summary>A stop was asked for; what is under way is written.</summary>
    Stopped,

    /// <summary>No process leads the ensemble: it has died, or never came.</summary>
    Abandoned,
}

/// <summary>A node of an ensemble that does not lead it: computes its share of the replicas into a file beside the checkpoint.</summary>
/// <remarks>
/// The leading node (<see cref="EnsembleSession"/>) reads these files and merges all replicas in the order of their numbers. Nodes share
/// the run folder and nothing else. A replica is the same bits whoever computes it, so one that two have computed, since one of them died
/// or saw an old checkpoint, does no harm.
/// </remarks>
/// <param name="load">The case, with the particles of its file.</param>
/// <param name="replicaCount">Of all nodes.</param>
/// <param name="workerCount">Threads.</param>
/// <param name="folder">Of the ensemble; all nodes see it.</param>
/// <param name="share">Of this node, which is not 0.</param>
public sealed class EnsembleNode(CaseLoad load, int replicaCount, int workerCount, RunFolder folder, ReplicaShare share)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // without a process that leads

    private readonly ReplicaLayout _layout = new(load.Case!);
    private readonly string _fingerprint = CaseFingerprint.OfAll(load.Case!);
    private readonly EnsembleStore _leading = new(folder.CheckpointDirectory);
    private readonly EnsembleStore _own = EnsembleStore.OfNode(folder.CheckpointDirectory, share.Node);
    private readonly ResourceMeter _resources = new(0, 0);
    private readonly SortedDictionary<int, ReplicaResult> _finished = [];
    private readonly Dictionary<int, ReplicaSnapshot> _running = [];
    private long _lastLed = Stopwatch.GetTimestamp();
    private bool _isWritten = true;

    /// <summary>Computes the share, or until a stop is asked for.</summary>
    public NodeOutcome Run(CancellationToken stop)
    {
        EnsembleCheckpoint? begun;
        while ((begun = Begun()) is null)
        {
            if (stop.IsCancellationRequested || IsAbandoned())
            {
                return stop.IsCancellationRequested ? NodeOutcome.Stopped
                    : File.Exists(folder.SummaryPath) ? NodeOutcome.Done : NodeOutcome.Abandoned;
            }

            Thread.Sleep(Tick);
        }

        Take(begun);
        using Logger log = RunLog.Open(
            folder.NodeLogPath(FormattableString.Invariant($"node-{share.Node + 1}")), load.Case!.Name, Environment.MachineName);
        log.Information("Node {Number} of {NodeCount} computes its replicas", share.Node + 1, share.NodeCount);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        int threads = Math.Clamp(workerCount, 1, Math.Max(1, share.CountFrom(begun.Sums.Count, replicaCount)));
        ReplicaWorkers workers = new(
            load, _layout, begun with { Finished = [.. begun.Finished, .. _finished.Values], Running = [.. _running.Values] }, threads, share,
            ending);
        workers.Start();
        ReplicaReport.Failed? failure = null;
        bool isAbandoned = false;
        try
        {
            for (long written = Stopwatch.GetTimestamp(); workers.Next(Tick, out ReplicaReport? report);)
            {
                failure ??= OnReport(report);
                isAbandoned |= IsAbandoned();
                if (failure is not null || isAbandoned)
                {
                    ending.Cancel();
                }

                if (Stopwatch.GetElapsedTime(written) > WriteInterval)
                {
                    written = Stopwatch.GetTimestamp();
                    workers.Merged(Forget());
                    Write();
                }
            }
        }
        finally
        {
            ending.Cancel();
            workers.Join();
        }

        Write();
        if (failure is not null)
        {
            log.Error(failure.Error, "Replica {Replica} failed", failure.Replica);
            failure.Diagnosis?.Write(folder);
            ExceptionDispatchInfo.Throw(failure.Error);
        }

        log.Information("Node {Number} of {NodeCount} ends, {Collisions} collisions", share.Node + 1, share.NodeCount, workers.CollisionCount);
        return stop.IsCancellationRequested ? NodeOutcome.Stopped : isAbandoned ? NodeOutcome.Abandoned : NodeOutcome.Done;
    }

    private ReplicaReport.Failed? OnReport(ReplicaReport? report)
    {
        switch (report)
        {
            case ReplicaReport.Finished finished:
                _running.Remove(finished.Result.Index);
                _finished[finished.Result.Index] = finished.Result;
                _isWritten = false;
                break;
            case ReplicaReport.Reached reached:
                _running[reached.Snapshot.Index] = reached.Snapshot;
                _isWritten = false;
                break;
        }

        return report as ReplicaReport.Failed;
    }

    // The checkpoint of the ensemble that is led now, if it is this one.
    private EnsembleCheckpoint? Begun() =>
        RunSession.IsRunning(folder) && Read(_leading) is { } found && found.ReplicaCount == replicaCount ? found : null;

    private EnsembleCheckpoint? Read(EnsembleStore store)
    {
        try
        {
            return store.Exists && store.Read(out _) is { } found && found.Fingerprint == _fingerprint ? found : null;
        }
        catch (InputFaultException)
        {
            return null; // it is being replaced
        }
    }

    // What this node had, where it alone was started again, and what the leading one has from an interruption.
    private void Take(EnsembleCheckpoint begun)
    {
        EnsembleCheckpoint? own = Read(_own);
        foreach (ReplicaResult replica in own?.Finished ?? [])
        {
            _finished[replica.Index] = replica;
        }

        foreach (ReplicaSnapshot replica in (ReplicaSnapshot[])[.. begun.Running, .. own?.Running ?? []])
        {
            if (share.Has(replica.Index) && !_finished.ContainsKey(replica.Index))
            {
                _running[replica.Index] = replica;
            }
        }
    }

    // What is in the means is kept by the leading node.
    private int Forget()
    {
        int merged = Read(_leading)?.Sums.Count ?? 0;
        while (_finished.Count > 0 && _finished.First().Key < merged)
        {
            _finished.Remove(_finished.First().Key);
        }

        return merged;
    }

    private void Write()
    {
        if (!_isWritten)
        {
            _own.Write(new EnsembleCheckpoint(
                _fingerprint, replicaCount, new EnsembleSums(_layout.ValueCount, ReplicaLayout.ExtremeCount, _layout.CountCount), 0,
                [.. _finished.Values], [.. _running.Values], _resources.WallSeconds, _resources.CpuSeconds));
            _isWritten = true;
        }
    }

    private bool IsAbandoned()
    {
        _lastLed = RunSession.IsRunning(folder) ? Stopwatch.GetTimestamp() : _lastLed;
        return Stopwatch.GetElapsedTime(_lastLed) > Patience;
    }
}
