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
    private long _written;
    private long _collisionCount;

    private EnsembleSession(
        RunLock @lock, CaseLoad load, RunFolder folder, EnsembleStore store, EnsembleCheckpoint begun, ReplicaList list, int workerCount)
    {
        _lock = @lock;
        _load = load;
        _case = load.Case!;
        _folder = folder;
        _store = store;
        _layout = new ReplicaLayout(_case);
        _list = list;
        _sums = begun.Sums;
        _replicaCount = begun.ReplicaCount;
        _workerCount = Math.Clamp(workerCount, 1, Math.Max(1, _replicaCount - _sums.Count));
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

    /// <summary>Threads.</summary>
    public int WorkerCount => _workerCount;

    /// <summary>What was wrong with a newer checkpoint that a resume had to pass over; or null.</summary>
    public string? Complaint { get; private init; }

    /// <summary>Starts an ensemble in a directory; an earlier run there is removed only under its lock, and only with force.</summary>
    /// <exception cref="InputFaultException">
    /// A run is there and force is not given, another process runs it, or nothing can be written.
    /// </exception>
    public static EnsembleSession Start(CaseLoad load, int replicaCount, int workerCount, string directory, bool force) => RunLock.Hold(
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
            EnsembleSession session = new(@lock, load, folder, store, begun, list, workerCount);
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
    /// <exception cref="InputFaultException">
    /// No sound checkpoint, one of another case or of more replicas, or another process runs it.
    /// </exception>
    public static EnsembleSession Resume(RunFolder folder, CaseLoad load, int? replicaCount, int workerCount) => RunLock.Hold(
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
            EnsembleSession session = new(@lock, load, folder, store, begun, list, workerCount) { Complaint = complaint };
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
        ReplicaWorkers workers = new(_load, _layout, Snapshot(), _workerCount, ending);
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

                if (Stopwatch.GetElapsedTime(_written) > CheckpointInterval)
                {
                    Write();
                }

                _collisionCount = workers.CollisionCount;
                observer.Advanced(Pace(workers));
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
        Write();
        if (_sums.Count < _replicaCount)
        {
            _log.Information("Interrupted after {Done} of {Replicas} replicas", _sums.Count, _replicaCount);
            CloseFiles();
            _folder.Seal(ProductVersion.Text);
            return null;
        }

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
        CpuSeconds = _resources.CpuSeconds,
        PeakRssBytes = ResourceMeter.PeakRssBytes,
        CollisionsPerCpuSecond = _resources.LoopCpuSeconds > 0 ? _collisionCount / _resources.LoopCpuSeconds : null,
    };
}
