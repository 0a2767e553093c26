using System.Runtime.InteropServices;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>A particle during one time slice in 16 bytes: where it is in the middle, and its flight during half of it.</summary>
/// <remarks>Units and errors: <see cref="FixedPoint"/>.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct ListedFlight
{
    /// <summary>Bit of <see cref="Word"/>: the flight is too long for its numbers, which are not set.</summary>
    public const uint IsSplit = 1;

    /// <summary>Bit of <see cref="Word"/>: the particle is of one of the smaller species.</summary>
    public const uint IsSmall = 2;

    /// <summary>Along the grid's axes. On a periodic axis differences are those of the nearest images: the box is 2^32 long.</summary>
    public int X, Y, Z;

    /// <summary>Three numbers of ten bits, from the highest bit on, and the bits above.</summary>
    public uint Word;
}
