using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Output;
using ActorMD.Runs.Sessions;
using Serilog.Core;

namespace ActorMD.Runs.Ensembles;

/// <summary>Independent replicas of a case on all cores, and their means with standard errors in a run folder.</summary>
/// <remarks>
/// Replicas are computed in any order and added to running sums in the order of their numbers, so that the result is the same, to the
/// last bit, for any number of workers and after any interruption, and memory does not grow with their number.
/// </remarks>
public sealed class EnsembleSession : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CollectInterval = TimeSpan.FromSeconds(0.3); // when this node has nothing else to do
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(4);

    private readonly CaseLoad _load;
    private readonly Case _case;
    private readonly RunFolder _folder;
    private readonly RunLock _lock;
    private readonly EnsembleStore _store;
    private readonly ReplicaLayout _layout;
    private readonly ReplicaList _list;
    private readonly EnsembleSums _sums;
    private readonly int _replicaCount;
    private readonly int _workerCount;
    private readonly Logger _log;
    private readonly ResourceMeter _resources;
    private readonly PaceMeter _pace;
    private readonly SortedDictionary<int, ReplicaResult> _finished = [];
    private readonly Dictionary<int, ReplicaSnapshot> _running = [];
    private readonly Dictionary<int, double> _nodeCpuSeconds = [];
    private readonly ReplicaShare _share;
    private long _written;
    private long _collisionCount;

    private EnsembleSession(
        RunLock @lock, CaseLoad load, RunFolder folder, EnsembleStore store, EnsembleCheckpoint begun, ReplicaList list, int workerCount,
        ReplicaShare share)
    {
        _share = share;
        _lock = @lock;
        _load = load;
        _case = load.Case!;
        _folder = folder;
        _store = store;
        _layout = new ReplicaLayout(_case);
        _list = list;
        _sums = begun.Sums;
        _replicaCount = begun.ReplicaCount;
        _workerCount = Math.Clamp(workerCount, 1, Math.Max(1, share.CountFrom(_sums.Count, _replicaCount)));
        foreach (ReplicaResult replica in begun.Finished)
        {
            _finished[replica.Index] = replica;
        }

        foreach (ReplicaSnapshot replica in begun.Running)
        {
            _running[replica.Index] = replica;
        }

        _log = RunLog.Open(folder.LogPath, _case.Name, Environment.MachineName);
        _resources = new ResourceMeter(begun.WallSeconds, begun.CpuSeconds);
        _pace = new PaceMeter(_replicaCount);
    }

    /// <summary>Replicas that are in the means.</summary>
    public int Done => _sums.Count;

    /// <summary>Of all.</summary>
    public int ReplicaCount => _replicaCount;

    /// <summary>What was wrong with a newer checkpoint that a resume had to pass over; or null.</summary>
    public string? Complaint { get; private init; }

    /// <summary>Starts an ensemble in a directory; an earlier run there is removed only under its lock, and only with force.</summary>
    /// <param name="load">The case, with the particles of its file.</param>
    /// <param name="replicaCount">Of all nodes.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="directory">The run folder.</param>
    /// <param name="force">Whether an earlier run is removed.</param>
    /// <param name="share">Of this node, which leads: number 0.</param>
    /// <exception cref="InputFaultException">
    /// A run is there and force is not given, another process runs it, or nothing can be written.
    /// </exception>
    public static EnsembleSession Start(
        CaseLoad load, int replicaCount, int workerCount, string directory, bool force, ReplicaShare? share = null) => RunLock.Hold(
        RunFolder.Make(directory),
        @lock =>
        {
            Case @case = load.Case ?? throw new ArgumentException("the case has faults", nameof(load));
            ReplicaLayout layout = new(@case);
            RunFolder folder = RunFolder.Begin(directory, force, @case, FormattableString.Invariant($"ensemble --replicas {replicaCount}"));
            ReplicaList list = ReplicaList.Create(folder.ReplicasPath, layout.Averages);
            EnsembleCheckpoint begun = new(
                CaseFingerprint.OfAll(@case), replicaCount,
                new EnsembleSums(layout.ValueCount, ReplicaLayout.ExtremeCount, layout.CountCount), list.Length, [], [], 0, 0);
            list.Flush(toDisk: true); // a checkpoint never says more than the files have
            EnsembleStore store = new(folder.CheckpointDirectory);
            store.Write(begun);
            EnsembleSession session = new(@lock, load, folder, store, begun, list, workerCount, share ?? ReplicaShare.All);
            session._log.Information(
                "Started {Replicas} replicas of {Particles} particles, seed {Seed}, version {Version}", replicaCount, @case.ParticleCount,
                @case.Seed, ProductVersion.Text);
            return session;
        });

    /// <summary>Goes on from the newest sound checkpoint.</summary>
    /// <param name="folder">Of an ensemble that was interrupted or killed, or that is to have more replicas.</param>
    /// <param name="load">Its case, with the particles of its file.</param>
    /// <param name="replicaCount">More replicas than were wanted so far; null: as many.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="share">Of this node, which leads: number 0.</param>
    /// <exception cref="InputFaultException">
    /// No sound checkpoint, one of another case or of more replicas, or another process runs it.
    /// </exception>
    public static EnsembleSession Resume(
        RunFolder folder, CaseLoad load, int? replicaCount, int workerCount, ReplicaShare? share = null) => RunLock.Hold(
        folder,
        @lock =>
        {
            Case @case = load.Case ?? throw new ArgumentException("the case has faults", nameof(load));
            EnsembleStore store = new(folder.CheckpointDirectory);
            EnsembleCheckpoint begun = store.Read(out string? complaint);
            if (begun.Fingerprint != CaseFingerprint.OfAll(@case))
            {
                throw new InputFaultException(new InputFault(
                    folder.CheckpointDirectory, null, null, "the ensemble in the folder is one of another case",
                    "give the same case and options, another folder with --out, or --force instead of --resume"));
            }

            if (replicaCount < begun.ReplicaCount)
            {
                throw new InputFaultException(new InputFault(
                    "--replicas", null, null,
                    FormattableString.Invariant($"the ensemble in {folder.Directory} was begun with {begun.ReplicaCount} replicas"),
                    "give at least as many, or another folder with --out"));
            }

            begun = begun with { ReplicaCount = replicaCount ?? begun.ReplicaCount };
            ReplicaList list = ReplicaList.Resume(folder.ReplicasPath, begun.ListLength);
            folder.Unseal();
            EnsembleSession session = new(@lock, load, folder, store, begun, list, workerCount, share ?? ReplicaShare.All) { Complaint = complaint };
            session.TakeLeftovers();
            if (complaint is not null)
            {
                session._log.Warning("Passed over a checkpoint: {Complaint}", complaint);
            }

            session._log.Information("Resumed after {Done} of {Replicas} replicas", begun.Sums.Count, begun.ReplicaCount);
            return session;
        });

    /// <summary>
    /// Computes all replicas, or until a stop is asked for; then a checkpoint is written and the ensemble can be resumed.
    /// </summary>
    /// <returns>The summary; null when it was stopped.</returns>
    /// <exception cref="PhysicsViolationException">
    /// The physics was violated in a replica; a diagnosis is left in the run folder.
    /// </exception>
    /// <exception cref="InitialStateException">No initial state was found; an ensemble without any replica is removed.</exception>
    public RunSummary? Run(IEnsembleObserver observer, CancellationToken stop)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ReplicaWorkers workers = new(_load, _layout, Snapshot(), _workerCount, _share, ending);
        _resources.BeginLoop();
        workers.Start();
        ReplicaReport.Failed? failure = null;
        try
        {
            while (workers.Next(Tick, out ReplicaReport? report))
            {
                if (report is not null)
                {
                    OnReport(report, workers);
                }

                if (report is ReplicaReport.Failed failed)
                {
                    failure ??= failed;
                    ending.Cancel();
                }

                AdvanceTo(workers, observer, CheckpointInterval);
            }

            while (failure is null && !stop.IsCancellationRequested && _sums.Count < _replicaCount)
            {
                Thread.Sleep(Tick); // the other nodes are not done
                AdvanceTo(workers, observer, CollectInterval);
            }
        }
        finally
        {
            ending.Cancel();
            workers.Join();
        }

        _resources.EndLoop();
        _collisionCount = workers.CollisionCount;
        return failure is null ? End() : Fail(failure);
    }

    private void AdvanceTo(ReplicaWorkers workers, IEnsembleObserver observer, TimeSpan interval)
    {
        if (Stopwatch.GetElapsedTime(_written) > interval)
        {
            Collect();
            Merge(workers);
            Write();
        }

        _collisionCount = workers.CollisionCount;
        observer.Advanced(Pace(workers));
    }

    // What the other nodes have finished.
    private void Collect()
    {
        string fingerprint = CaseFingerprint.OfAll(_case);
        for (int node = 1; node < _share.NodeCount; node++)
        {
            if (Read(EnsembleStore.OfNode(_folder.CheckpointDirectory, node)) is { } found && found.Fingerprint == fingerprint)
            {
                _nodeCpuSeconds[node] = found.CpuSeconds;
                Take(found.Finished);
            }
        }
    }

    private void Take(IEnumerable<ReplicaResult> finished)
    {
        foreach (ReplicaResult replica in finished)
        {
            if (replica.Index >= _sums.Count && replica.Index < _replicaCount)
            {
                _running.Remove(replica.Index);
                _finished[replica.Index] = replica;
            }
        }
    }

    // What nodes of an earlier session have left becomes part of the checkpoint.
    private void TakeLeftovers()
    {
        string fingerprint = CaseFingerprint.OfAll(_case);
        foreach (EnsembleCheckpoint found in EnsembleStore.OfNodes(_folder.CheckpointDirectory).Select(Read).OfType<EnsembleCheckpoint>())
        {
            if (found.Fingerprint == fingerprint)
            {
                Take(found.Finished);
                foreach (ReplicaSnapshot replica in found.Running)
                {
                    if (replica.Index >= _sums.Count && replica.Index < _replicaCount && !_finished.ContainsKey(replica.Index))
                    {
                        _running[replica.Index] = replica;
                    }
                }
            }
        }

        Write();
        RemoveLeftovers();
    }

    private void RemoveLeftovers()
    {
        foreach (EnsembleStore store in EnsembleStore.OfNodes(_folder.CheckpointDirectory))
        {
            store.Remove();
        }
    }

    // They were asked to stop as this one was, and write what is under way.
    private void WaitForNodes()
    {
        long began = Stopwatch.GetTimestamp();
        DateTime stopped = DateTime.UtcNow;
        IEnumerable<EnsembleStore> nodes = Enumerable.Range(1, _share.NodeCount - 1)
            .Select(node => EnsembleStore.OfNode(_folder.CheckpointDirectory, node)).Where(store => store.Exists);
        while (_sums.Count < _replicaCount && Stopwatch.GetElapsedTime(began) < NodePatience && nodes.Any(store => !(store.Written > stopped)))
        {
            Thread.Sleep(Tick);
        }
    }

    private static EnsembleCheckpoint? Read(EnsembleStore store)
    {
        try
        {
            return store.Exists ? store.Read(out _) : null;
        }
        catch (InputFaultException)
        {
            return null; // it is being replaced, or damaged: its replicas are computed again
        }
    }

    public void Dispose()
    {
        CloseFiles();
        _lock.Dispose();
    }

    private void CloseFiles()
    {
        _list.Dispose();
        _log.Dispose();
    }

    private RunSummary? End()
    {
        WaitForNodes();
        Write();
        if (_sums.Count < _replicaCount)
        {
            _log.Information("Interrupted after {Done} of {Replicas} replicas", _sums.Count, _replicaCount);
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
            return null;
        }

        RemoveLeftovers();
        RunSummary summary = Summarize();
        _log.Information("Finished {Replicas} replicas: digest {Digest}", _replicaCount, summary.Digest);
        CloseFiles();
        WideTables.Write(_folder, summary);
        _folder.Finish(ProductVersion.Text, summary);
        return summary;
    }

    private RunSummary? Fail(ReplicaReport.Failed failure)
    {
        _log.Error(failure.Error, "Replica {Replica} failed", failure.Replica);
        if (failure.Error is InitialStateException && _sums.Count == 0)
        {
            Dispose();
            _folder.Remove();
        }
        else
        {
            Write();
            failure.Diagnosis?.Write(_folder);
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
        }

        ExceptionDispatchInfo.Throw(failure.Error);
        return null;
    }

    private void OnReport(ReplicaReport report, ReplicaWorkers workers)
    {
        switch (report)
        {
            case ReplicaReport.Finished finished:
                _running.Remove(finished.Result.Index);
                _finished[finished.Result.Index] = finished.Result;
                Merge(workers);
                break;
            case ReplicaReport.Reached reached:
                _running[reached.Snapshot.Index] = reached.Snapshot;
                break;
        }
    }

    // Adds all that are next in the order of numbers.
    private void Merge(ReplicaWorkers workers)
    {
        while (_finished.Remove(_sums.Count, out ReplicaResult? replica))
        {
            _sums.Add(replica);
            _list.Append(replica, _layout.AveragesOf(replica.Values));
            _log.Information("Replica {Replica} with seed {Seed} ended with digest {Digest}", replica.Index, replica.Seed, replica.Digest);
        }

        workers.Merged(_sums.Count);
    }

    private void Write()
    {
        _list.Flush(toDisk: true);
        _store.Write(Snapshot());
        ThermoWriter.Write(_folder.ThermoPath, _case.Gas, _layout.MeanRows(_sums));
        ThermoWriter.Write(_folder.ThermoErrorsPath, _case.Gas, _layout.ErrorRows(_sums));
        ObservableTables.Write(_folder, _sums.Tables.Select(sums => (sums.Name, sums.Table())), _case.Output.Parquet);
        _written = Stopwatch.GetTimestamp();
        _log.Information(
            "Done are {Done} of {Replicas} replicas, {Collisions} collisions in this session", _sums.Count, _replicaCount, _collisionCount);
    }

    private EnsembleCheckpoint Snapshot() => new(
        CaseFingerprint.OfAll(_case), _replicaCount, _sums, _list.Length, [.. _finished.Values], [.. _running.Values],
        _resources.WallSeconds, _resources.CpuSeconds);

    private EnsemblePace Pace(ReplicaWorkers workers) => new(
        _sums.Count, _replicaCount,
        _pace.Measure(_sums.Count + _finished.Count + workers.Fraction, workers.CollisionCount),
        [.. Headlines()]);

    private IEnumerable<NamedMean> Headlines()
    {
        foreach (
            string name in (string[])["Z", "temperature", .. MeasuredFrequency.Keys(_case.Gas).Take(1).Select(key => $"frequency_{key}")])
        {
            int index = _layout.IndexOf(name);
            if (_sums.Mean(index) is { } mean)
            {
                yield return new NamedMean(name, mean, _sums.StandardError(index));
            }
        }
    }

    private RunSummary Summarize() => EnsembleResult.Summary(_layout, _sums) with
    {
        Workers = _workerCount,
        WallSeconds = _resources.WallSeconds,
        CpuSeconds = _resources.CpuSeconds + _nodeCpuSeconds.Values.Sum(),
        PeakRssBytes = ResourceMeter.PeakRssBytes,
        CollisionsPerCpuSecond = _resources.LoopCpuSeconds > 0 ? _collisionCount / _resources.LoopCpuSeconds : null,
    };
}
