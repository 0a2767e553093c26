namespace ActorMD.Runs.Simulations;

/// <summary>How often the events of a run are taken, where they are wanted.</summary>
internal static class EventSlices
{
    /// <summary>Loop steps after which they are taken: an event has some 160 bytes, and so they stay in the cache of a core.</summary>
    public const long StepsPerTake = 2048;
}
