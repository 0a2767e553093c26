using System.Runtime.CompilerServices;

namespace ActorMD.Engine;

/// <summary>Pairs of records that may meet, as columns: so many at once that a vector has something to do.</summary>
internal sealed unsafe class FlightPairs : IDisposable
{
    public const int Capacity = 256;

    private readonly NativeArray<short> _numbers = new(6 * Capacity);
    private readonly NativeArray<int> _slots = new(2 * Capacity);

    public int Count { get; private set; }

    public long ByteCount => _numbers.ByteCount + _slots.ByteCount;

    /// <summary>How far the second is seen from the first, in lattice steps.</summary>
    public short* X => _numbers.Pointer;

    public short* Y => X + Capacity;

    public short* Z => X + 2 * Capacity;

    /// <summary>How they fly relative to each other in half the slab.</summary>
    public short* U => X + 3 * Capacity;

    public short* V => X + 4 * Capacity;

    public short* W => X + 5 * Capacity;

    public int* First => _slots.Pointer;

    public int* Second => _slots.Pointer + Capacity;

    public void Clear() => Count = 0;

    /// <returns>Whether there is no room for more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int first, int second, short x, short y, short z, int u, int v, int w)
    {
        short* column = _numbers.Pointer + Count;
        column[0] = x;
        column[Capacity] = y;
        column[2 * Capacity] = z;
        column[3 * Capacity] = (short)u;
        column[4 * Capacity] = (short)v;
        column[5 * Capacity] = (short)w;
        int* slots = _slots.Pointer + Count;
        slots[0] = first;
        slots[Capacity] = second;
        return ++Count == Capacity;
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _slots.Dispose();
    }
}
