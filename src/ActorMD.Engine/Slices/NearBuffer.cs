using System.Runtime.CompilerServices;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices;

/// <summary>Room for the records that one search finds: groups of records side by side, with a bit for each that is near.</summary>
internal sealed unsafe class NearBuffer : IDisposable
{
    private const int RowCountMax = 256; // of cells around a particle: each may begin a group
    private readonly NativeArray<NearGroup> _groups = new(256);

    public NearBuffer() => First = _groups.Pointer;

    /// <summary>The first group.</summary>
    public NearGroup* First { get; private set; }

    public long ByteCount => _groups.ByteCount;

    /// <summary>Makes room for as many groups as one search can find.</summary>
    /// <param name="sortedCount">Records that lie side by side.</param>
    /// <param name="lanes">Records in a group of them.</param>
    /// <param name="linkedCount">Records that are found one by one.</param>
    public void Reserve(int sortedCount, int lanes, int linkedCount)
    {
        long count = sortedCount / lanes + linkedCount + RowCountMax;
        if (count > _groups.Length)
        {
            _groups.Grow(count + count / 4);
            First = _groups.Pointer;
        }
    }

    public void Dispose() => _groups.Dispose();

    /// <summary>One bit for each of so many lanes, at most as many as there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LanesUpTo(int count, int lanes) => (uint)((1L << Math.Min(count, lanes)) - 1);
}

/// <summary>Records side by side, and which of them are near.</summary>
internal struct NearGroup
{
    /// <summary>The first record.</summary>
    public int Record;

    /// <summary>One bit per record.</summary>
    public uint Lanes;
}
