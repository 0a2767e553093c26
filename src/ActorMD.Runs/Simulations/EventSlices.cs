namespace ActorMD.Runs.Simulations;

/// <summary>How often the events of a run are taken, where they are wanted.</summary>
internal static class EventSlices
{
    /// <summary>
    /// Loop steps after which they are taken. An event has some 160 bytes: so they stay in the cache of a core, and the arrays that hold
    /// them are small for the garbage collector, too.
    /// </summary>
    public const long StepsPerTake = 400;
}
