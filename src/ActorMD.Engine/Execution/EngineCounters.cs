namespace ActorMD.Engine.Execution;

/// <summary>Work of the engine's caches. Differs between cache settings; the trajectory does not.</summary>
public sealed class EngineCounters
{
    /// <summary>Ends a search that takes too long; what was searched for is of no use then.</summary>
    public CancellationToken Abort { get; internal set; }

    /// <summary>Cell crossings; with time slices: placements of particles in the grid, one each per slice.</summary>
    public long CrossingCount { get; internal set; }

    /// <summary>Full predictions of a particle's next event; with time slices: searches after an event.</summary>
    public long PredictionCount { get; internal set; }

    /// <summary>Predictions repeated because the stored partner had changed.</summary>
    public long StaleCount { get; internal set; }

    /// <summary>Candidates (pairs) whose time was computed.</summary>
    public long CandidateCount { get; internal set; }

    /// <summary>Time slices that several threads have shared.</summary>
    public long SharedSliceCount { get; internal set; }

    /// <summary>Shared slices that were rolled back, since the threads had got in each other's way, and run by one thread.</summary>
    public long RolledBackSliceCount { get; internal set; }

    /// <summary>Events in shared slices that turned out wrong when the boundary strips were run, and were rolled back by themselves.</summary>
    public long RolledBackEventCount { get; internal set; }

    /// <summary>Events in shared slices that boundary strips have run.</summary>
    public long StripEventCount { get; internal set; }

    /// <summary>Particles that blocks have left to boundary strips, in all slices.</summary>
    public long DeferredCount { get; internal set; }

    /// <summary>Adds the work of another thread.</summary>
    internal void Add(EngineCounters other)
    {
        CrossingCount += other.CrossingCount;
        PredictionCount += other.PredictionCount;
        StaleCount += other.StaleCount;
        CandidateCount += other.CandidateCount;
        RolledBackEventCount += other.RolledBackEventCount;
        StripEventCount += other.StripEventCount;
        DeferredCount += other.DeferredCount;
    }

    internal void Clear()
    {
        (CrossingCount, PredictionCount, StaleCount, CandidateCount) = (0, 0, 0, 0);
        (RolledBackEventCount, StripEventCount, DeferredCount) = (0, 0, 0);
    }

    /// <summary>The counters as they are now.</summary>
    public EngineCounters Clone() => (EngineCounters)MemberwiseClone();
}
