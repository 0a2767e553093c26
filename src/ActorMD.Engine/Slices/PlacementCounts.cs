namespace ActorMD.Engine.Slices;

/// <summary>What is learned when particles are placed in the cells of a slice.</summary>
/// <param name="Widest">
/// Length of the longest flight that had to be split, or radius of its sphere, in grid units; 0 if there is none.
/// </param>
/// <param name="Records">Number of records.</param>
/// <param name="Split">Number of flights that had to be split.</param>
internal readonly record struct PlacementCounts(float Widest, int Records, int Split)
{
    /// <summary>Of two ranges of slots.</summary>
    public static PlacementCounts operator +(PlacementCounts a, PlacementCounts b) =>
        new(Math.Max(a.Widest, b.Widest), a.Records + b.Records, a.Split + b.Split);
}
