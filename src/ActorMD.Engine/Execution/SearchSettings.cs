using ActorMD.Physics;

namespace ActorMD.Engine.Execution;

/// <summary>How candidates for events are searched.</summary>
public enum SearchMethod
{
    /// <summary>Time slices where they can be used.</summary>
    Automatic,

    /// <summary>Time slices. Not for open sides and boxes of less than three cells: there the choice is automatic.</summary>
    TimeSlices,

    /// <summary>Time slices with lists of neighbours: for fluids without zones.</summary>
    TimeSlicesWithLists,

    /// <summary>Linked cells.</summary>
    Cells,

    /// <summary>Linked cells with single-precision records that reject most candidates: for zones.</summary>
    FilteredCells,
}

/// <summary>Settings of the search structure, for benchmarks and tests: the trajectory does not depend on them.</summary>
/// <param name="Method">Time slices or cells.</param>
/// <param name="CellWidth">Cell width in mean distances of particles, n^(-1/d), never below the reach; null chooses by method.</param>
/// <param name="StripDepth">Planes of cells on either side of a boundary between threads that are its strip; null chooses by method.</param>
/// <param name="SmallMax">Species with diameters above this are large, and searched apart; null chooses by cost.</param>
public sealed record SearchSettings(
    SearchMethod Method = SearchMethod.Automatic, double? CellWidth = null, int? StripDepth = null, double? SmallMax = null)
{
    /// <summary>Threads that share time slices; the engine uses as many of them as it has room for.</summary>
    public IWorkTeam Team { get; init; } = SerialTeam.Instance;

    /// <summary>
    /// Blocks of cells along x, y, z whose sides should have the same number of cells; null: one along x for each thread.
    /// </summary>
    public Int3? Blocks { get; init; }

    /// <summary>Ends a long search for tuples by an <see cref="OperationCanceledException"/>; the simulator is of no use afterwards.</summary>
    public CancellationToken Abort { get; init; }

    /// <summary>Everything chosen by the gas itself, on one thread.</summary>
    public static SearchSettings Automatic { get; } = new();
}
