namespace ActorMD.Engine;

/// <summary>How candidates for events are searched.</summary>
public enum SearchMethod
{
    /// <summary>Chosen by packing, boundaries and zones.</summary>
    Automatic,

    /// <summary>Linked cells.</summary>
    Cells,

    /// <summary>Linked cells with single-precision records that reject most candidates: for dilute gases and zones.</summary>
    FilteredCells,

    /// <summary>Time slabs. Not for zones, open sides and very small boxes.</summary>
    Slabs,

    /// <summary>Neighbour lists. Not for zones, open sides and very small boxes.</summary>
    Lists,
}

/// <summary>Settings of the search structure, for benchmarks and tests: the trajectory does not depend on them.</summary>
/// <param name="Method">Cells or lists.</param>
/// <param name="CellWidth">Cell width in mean distances of particles, n^(-1/d), never below the reach; null chooses by method.</param>
/// <param name="Skin">Skin of neighbour lists in units of the largest diameter; null chooses by packing.</param>
public sealed record SearchSettings(SearchMethod Method = SearchMethod.Automatic, double? CellWidth = null, double? Skin = null)
{
    public static SearchSettings Automatic { get; } = new();
}
