namespace ActorMD.Engine;

/// <summary>How candidates for events are searched.</summary>
public enum SearchMethod
{
    /// <summary>Chosen by packing, boundaries and zones.</summary>
    Automatic,

    /// <summary>Linked cells.</summary>
    Cells,

    /// <summary>Neighbour lists. Not for zones, open sides and very small boxes.</summary>
    Lists,
}

/// <summary>Settings of the search structure, for benchmarks and tests: the trajectory does not depend on them.</summary>
/// <param name="Method">Cells or lists.</param>
/// <param name="CellWidth">Cell width in units of the mean distance of particles, n^(-1/d); never below the reach.</param>
/// <param name="Skin">Skin of neighbour lists in units of the largest diameter; null chooses by packing.</param>
public sealed record SearchSettings(SearchMethod Method = SearchMethod.Automatic, double CellWidth = 0.85, double? Skin = null)
{
    public static SearchSettings Automatic { get; } = new();
}
