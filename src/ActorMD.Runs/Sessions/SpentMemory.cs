namespace ActorMD.Runs.Sessions;

/// <summary>Gives memory back that large arrays leave behind.</summary>
/// <remarks>
/// The engine keeps its particles outside the managed heap, so that the collector does not notice how much memory is wanted there: what the
/// initial state was made of would stay beside it.
/// </remarks>
internal static class SpentMemory
{
    private const int ParticleCountMin = 100_000; // fewer leave nothing that matters

    /// <summary>Gives back what nothing uses any more, where there are many particles.</summary>
    public static void Release(int particleCount)
    {
        if (particleCount >= ParticleCountMin)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
