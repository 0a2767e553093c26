namespace ActorMD.Actors.Hosting;

/// <summary>How a node takes part. No result depends on it.</summary>
public sealed record NodeOptions
{
    /// <summary>Threads for the domains of this node; no more than domains are used. Default: all cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How many nodes the coordinator waits for before it places the domains. Default 1: itself.</summary>
    public int NodeCount { get; init; } = 1;

    /// <summary>How long after its own start it waits for them; then it begins with those that are there. Default 30 s.</summary>
    public TimeSpan FormationTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a node writes into its log, and tells the coordinator, what it is doing. Default 2 s.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(2);
}
