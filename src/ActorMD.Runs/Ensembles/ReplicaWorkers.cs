using System.Collections.Concurrent;
using System.Diagnostics;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Physics;
using ActorMD.Runs.Output;
using ActorMD.Runs.Sessions;

namespace ActorMD.Runs.Ensembles;

/// <summary>What a worker tells.</summary>
internal abstract record ReplicaReport
{
    private ReplicaReport()
    {
    }

    public sealed record Finished(ReplicaResult Result) : ReplicaReport;

    /// <summary>A replica under way is there.</summary>
    public sealed record Reached(ReplicaSnapshot Snapshot) : ReplicaReport;

    /// <summary>A replica, or the computer, has failed. <paramref name="Diagnosis"/> is there when the physics was violated.</summary>
    public sealed record Failed(int Replica, Exception Error, Diagnosis? Diagnosis) : ReplicaReport;
}

/// <summary>Threads that compute replicas, each one replica after the other, in the order of their numbers.</summary>
internal sealed class ReplicaWorkers
{
    // No worker begins a replica that is further ahead of the first unfinished one: what waits for it has bounded size.
    private const int AheadPerWorker = 8;
    private static readonly TimeSpan StopPoll = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly ReplicaLayout _layout;
    private readonly CaseLoad _load;
    private readonly int _replicaCount;
    private readonly ReplicaShare _share;
    private readonly Dictionary<int, ReplicaSnapshot> _snapshots;
    private readonly HashSet<int> _finished;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _abort = new();
    private readonly Gauge[] _gauges;
    private readonly Thread[] _threads;
    private readonly BlockingCollection<ReplicaReport> _reports = [];
    private int _active;
    private int _next;
    private int _merged;

    /// <param name="load">The case, with the particles of its file.</param>
    /// <param name="layout">Of the results.</param>
    /// <param name="begun">What is done already.</param>
    /// <param name="workerCount">Threads.</param>
    /// <param name="share">Which replicas are computed.</param>
    /// <param name="stop">Ends the work; what is under way is reported.</param>
    public ReplicaWorkers(
        CaseLoad load, ReplicaLayout layout, EnsembleCheckpoint begun, int workerCount, ReplicaShare share, CancellationTokenSource stop)
    {
        _share = share;
        _load = load;
        _layout = layout;
        _replicaCount = begun.ReplicaCount;
        _snapshots = begun.Running.ToDictionary(replica => replica.Index);
        _finished = [.. begun.Finished.Select(replica => replica.Index)];
        _merged = begun.Sums.Count;
        _next = begun.Sums.Count;
        _stop = stop;
        _stop.Token.Register(() => _abort.CancelAfter(Patience));
        _gauges = [.. Enumerable.Range(0, workerCount).Select(_ => new Gauge())];
        _threads = [.. _gauges.Select(gauge => new Thread(() => Work(gauge)) { IsBackground = true, Name = "replicas" })];
    }

    /// <summary>Sum of the shares of the replicas under way.</summary>
    public double Fraction => _gauges.Sum(gauge => Volatile.Read(ref gauge.Fraction));

    /// <summary>Events of order 2 and up of this session.</summary>
    public long CollisionCount => _gauges.Sum(gauge => Volatile.Read(ref gauge.CollisionCount));

    public void Start()
    {
        _active = _threads.Length;
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Waits for a report.</summary>
    /// <param name="time">At most so long.</param>
    /// <param name="report">In the order in which things happened; null when the time is over.</param>
    /// <returns>Whether there can be more.</returns>
    public bool Next(TimeSpan time, out ReplicaReport? report)
    {
        _reports.TryTake(out report, time);
        return report is not null || !_reports.IsCompleted;
    }

    /// <summary>Waits until all have ended, after a stop.</summary>
    public void Join()
    {
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    /// <summary>So many replicas are in the means: there is room for others.</summary>
    public void Merged(int count)
    {
        lock (_gate)
        {
            _merged = count;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work(Gauge gauge)
    {
        int replica = -1;
        try
        {
            while ((replica = Next()) >= 0)
            {
                Compute(replica, gauge);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // While an initial state was made, or before the next replica: that one begins again.
        }
        catch (Exception error)
        {
            _reports.Add(new ReplicaReport.Failed(replica, error, null));
        }

        Volatile.Write(ref gauge.Fraction, 0);
        if (Interlocked.Decrement(ref _active) == 0)
        {
            _reports.CompleteAdding();
        }
    }

    // The number of the next replica, or -1 when there is none.
    private int Next()
    {
        lock (_gate)
        {
            while (_next < _replicaCount && (_finished.Contains(_next) || !_share.Has(_next)))
            {
                _next++;
            }

            while (_next < _replicaCount && _next >= _merged + AheadPerWorker * _gauges.Length * _share.NodeCount)
            {
                _stop.Token.ThrowIfCancellationRequested();
                Monitor.Wait(_gate, StopPoll);
            }

            return _next < _replicaCount && !_stop.IsCancellationRequested ? _next++ : -1;
        }
    }

    private void Compute(int replica, Gauge gauge)
    {
        using ReplicaRun run = _snapshots.TryGetValue(replica, out ReplicaSnapshot? snapshot)
            ? new ReplicaRun(_layout, snapshot, _abort.Token)
            : new ReplicaRun(_layout, replica, Initial(replica), _abort.Token);
        long before = run.Simulation.CollisionCount, counted = gauge.CollisionCount;
        long noted = Stopwatch.GetTimestamp();
        try
        {
            while (run.Result is null)
            {
                if (_stop.IsCancellationRequested)
                {
                    _reports.Add(new ReplicaReport.Reached(run.Snapshot()));
                    return;
                }

                if (Stopwatch.GetElapsedTime(noted) > SnapshotInterval)
                {
                    noted = Stopwatch.GetTimestamp();
                    _reports.Add(new ReplicaReport.Reached(run.Snapshot()));
                }

                run.Advance();
                Volatile.Write(ref gauge.CollisionCount, counted + run.Simulation.CollisionCount - before);
                Volatile.Write(ref gauge.Fraction, run.Fraction);
            }
        }
        catch (PhysicsViolationException violation)
        {
            _reports.Add(new ReplicaReport.Failed(replica, violation, Diagnosis.Of(run.Case, run.Simulation, violation)));
            return;
        }

        Volatile.Write(ref gauge.Fraction, 0);
        _reports.Add(new ReplicaReport.Finished(run.Result));
    }

    private SystemState Initial(int replica) =>
        RunStart.Build(_load with { Case = ReplicaSeeds.CaseOf(_layout.Case, replica) }, progress: null, _stop.Token);

    private sealed class Gauge
    {
        public double Fraction;
        public long CollisionCount;
    }
}
