using System.Runtime.CompilerServices;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Sharing;

/// <summary>To which block and strip each particle belongs, and what strips have to know of those close to a boundary. By slot.</summary>
/// <remarks>
/// Four bytes for every particle, and more only for those close to a boundary: most particles are not, and what two threads touch at the
/// same time is what limits their speed.
/// </remarks>
internal sealed unsafe class Membership : IDisposable
{
    private readonly NativeArray<BlockMember> _blocks;
    private readonly NativeArray<StripMember> _strips;

    public Membership(int capacity)
    {
        _blocks = new NativeArray<BlockMember>(capacity);
        _strips = new NativeArray<StripMember>(capacity);
        Blocks = _blocks.Pointer;
        Strips = _strips.Pointer;
    }

    /// <summary>Of all particles.</summary>
    public readonly BlockMember* Blocks;

    /// <summary>Of those that belong to a strip.</summary>
    public readonly StripMember* Strips;

    public long ByteCount => _blocks.ByteCount + _strips.ByteCount;

    /// <summary>A slice begins: the membership of a particle by where it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int slot, in BlockMember member)
    {
        Blocks[slot] = member;
        if (member.Strip >= 0)
        {
            Strips[slot] = StripMember.OfNewSlice;
        }
    }

    /// <summary>
    /// Slots have been given anew. What is known of strips is not needed any more, and in the order of cells most of the memory never
    /// again: strips are stretches of slots then.
    /// </summary>
    public void ForgetStrips() => _strips.Clear();

    /// <summary>Whether a block can find the events of a pair that its particle takes part in: both belong to the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AreOf(int block, int slot, int other)
    {
        BlockMember own = Blocks[slot];
        return own.Block == block && (!own.IsBorder || Blocks[other].Block == block);
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _strips.Dispose();
    }
}
