namespace ActorMD.Engine;

/// <summary>Work of the engine's caches. Differs between cache settings; the trajectory does not.</summary>
public sealed class EngineCounters
{
    /// <summary>Cell crossings; with time slabs: places of particles in the grid, one each per slab.</summary>
    public long CrossingCount { get; internal set; }

    /// <summary>Full predictions of a particle's next event; with time slabs: searches after an event.</summary>
    public long PredictionCount { get; internal set; }

    /// <summary>Predictions repeated because the stored partner had changed.</summary>
    public long StaleCount { get; internal set; }

    /// <summary>Candidates (pairs) whose time was computed.</summary>
    public long CandidateCount { get; internal set; }

    public EngineCounters Clone() => (EngineCounters)MemberwiseClone();
}
