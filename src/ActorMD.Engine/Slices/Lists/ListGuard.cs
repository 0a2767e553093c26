namespace ActorMD.Engine.Slices.Lists;

/// <summary>Which lists a search may change. Here all: the search of one thread.</summary>
internal unsafe class ListGuard
{
    /// <summary>Every list may be changed.</summary>
    public static ListGuard None { get; } = new();

    /// <summary>Two spheres overlap of which one belongs to a split flight: whether their lists may be changed now.</summary>
    public virtual bool MayLinkSplit(int slot, int other) => true;

    /// <summary>A search has found records, whose particles' lists will be changed.</summary>
    /// <exception cref="SharingConflictException">Some of them are another thread's.</exception>
    public virtual void CheckFound(SphereRecords records, NearGroup* first, NearGroup* end)
    {
    }
}
