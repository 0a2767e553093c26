using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>Pairs of flights that may meet, as columns: so many at once that a vector has something to do.</summary>
internal sealed unsafe class FlightPairs : IDisposable
{
    /// <summary>From one column to the next.</summary>
    public const int Capacity = 256;

    private readonly NativeArray<short> _numbers = new(6 * Capacity);
    private readonly NativeArray<int> _slots = new(2 * Capacity);

    public int Count { get; set; }

    public long ByteCount => _numbers.ByteCount + _slots.ByteCount;

    /// <summary>
    /// The first of six columns: how far the second is seen from the first along the axes, in lattice steps, and how they fly relative
    /// to each other in half the slice.
    /// </summary>
    public short* Numbers => _numbers.Pointer;

    /// <summary>The slots of the first, and of the second.</summary>
    public int* Slots => _slots.Pointer;

    public void Dispose()
    {
        _numbers.Dispose();
        _slots.Dispose();
    }
}
