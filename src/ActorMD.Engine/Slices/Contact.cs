namespace ActorMD.Engine.Slices;

/// <summary>Two particles that may meet in this slice, and how far the second is seen from the first in the middle of it.</summary>
/// <remarks>What is seen tells which periodic image meets; it may be off by less than half a box.</remarks>
internal struct Contact
{
    public int Slot, Other;

    /// <summary>Along the axes of the grid, in the unit of the search that has found it.</summary>
    public float X, Y, Z;
}
