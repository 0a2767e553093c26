using System.Runtime.InteropServices;

namespace ActorMD.Engine.Sharing;

/// <summary>To which block and strip a particle belongs in a slice that threads share.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal struct BlockMember
{
    /// <summary>No block, no strip.</summary>
    public const sbyte None = -1;

    public sbyte Block;

    /// <summary>The strip that it is close to, or <see cref="None"/>.</summary>
    public sbyte Strip;

    /// <summary>Whether its neighbours may be in another block.</summary>
    public bool IsBorder;

    /// <summary>Before it is known in which planes its records are.</summary>
    public static BlockMember OfNoBlock => new() { Block = None, Strip = None };

    /// <summary>The particle has one more record, in another plane.</summary>
    /// <param name="plane">Membership of a particle in that plane.</param>
    /// <returns>Whether the records before are in another block.</returns>
    public bool Joins(BlockMember plane)
    {
        bool isOther = Block >= 0 && plane.Block != Block;
        plane.Strip = plane.Strip >= 0 ? plane.Strip : Strip;
        plane.IsBorder |= IsBorder;
        this = plane;
        return isOther;
    }
}
