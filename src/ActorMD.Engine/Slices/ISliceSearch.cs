namespace ActorMD.Engine.Slices;

/// <summary>
/// How the pairs that can meet in a time slice are found: on a lattice of 16-bit numbers (<see cref="Lattice.ByLattice{TSizes}"/>, gases),
/// or with lists of neighbours (<see cref="Lists.ByLists{TSizes}"/>, fluids).
/// </summary>
/// <remarks>
/// <para>
/// A search only rejects: what it notes in the contact buffer gets its exact event time from the states themselves. So the trajectory does
/// not depend on the search. Never reject a pair that meets in the slice: that is all that it has to keep.
/// </para>
/// <para>
/// Implemented by structs that are type arguments of the event loop: every call is direct, and what is not used is not compiled.
/// </para>
/// </remarks>
internal unsafe interface ISliceSearch : IDisposable
{
    /// <summary>Whether the particles that the coming events will read are worth a second step of prefetching.</summary>
    static abstract bool PrefetchesInSteps { get; }

    /// <summary>Where the found pairs go.</summary>
    ContactBuffer Contacts { get; }

    /// <summary>Length of the unit in which contacts are seen.</summary>
    double ContactUnit { get; }

    /// <summary>Bytes of native memory.</summary>
    long ByteCount { get; }

    /// <summary>Whether the placement of the last slice may serve once more.</summary>
    bool MayKeepPlacement { get; }

    /// <summary>A slice begins with the placement of the last one.</summary>
    /// <param name="clock">The slice.</param>
    /// <returns>How far particles fly.</returns>
    PlacementCounts KeepPlacement(in SliceClock clock);

    /// <summary>A slice begins: places all particles in the grid.</summary>
    PlacementCounts Place(in SliceClock clock);

    /// <summary>The placement is final.</summary>
    void EndPlacement();

    /// <summary>Notes pairs that meet in the slice, until there are some.</summary>
    /// <param name="next">Where to go on; 0 at first.</param>
    /// <returns>Whether there may be more.</returns>
    bool FindPairs(ref int next);

    /// <summary>A particle has a new flight from a moment on.</summary>
    void Move(int slot, float low);

    /// <summary>Notes what a particle can meet from a moment on (tau in [-1, 1]) until the end of the slice.</summary>
    void Search(int slot, float low);

    /// <summary>Gives neighbours in space slots side by side; the placement is of no use afterwards.</summary>
    void Renumber(WorkParts parts);

    /// <summary>Loads what the next event of a particle will read: the particle itself; where its neighbours are; the neighbours.</summary>
    void PrefetchParticle(int slot);

    /// <summary>The second step, if there is one.</summary>
    void PrefetchRecords(SliceEvent* entry);

    /// <summary>The last step.</summary>
    void PrefetchNeighbors(SliceEvent* entry);
}
