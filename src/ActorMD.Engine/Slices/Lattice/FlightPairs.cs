using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Notes some of eight pairs, and how far the second of each is seen from the first.</summary>
    /// <param name="contacts">Gets them.</param>
    /// <param name="first">The first of the eight.</param>
    /// <param name="meets">One bit for each that may collide.</param>
    /// <param name="joins">One bit for each that may be members of a tuple.</param>
    /// <param name="x">Along the first axis.</param>
    /// <param name="y">Along the second axis.</param>
    /// <param name="z">Along the third axis.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Note(
        ContactBuffer contacts, int first, uint meets, uint joins, Vector256<float> x, Vector256<float> y, Vector256<float> z)
    {
        int* slots = Slots + first;
        for (; meets != 0; meets &= meets - 1)
        {
            int lane = BitOperations.TrailingZeroCount(meets);
            contacts.Note(slots[lane], slots[lane + Capacity], x[lane], y[lane], z[lane]);
        }

        for (; joins != 0; joins &= joins - 1)
        {
            int lane = BitOperations.TrailingZeroCount(joins);
            contacts.NoteJoining(slots[lane], slots[lane + Capacity], x[lane], y[lane], z[lane]);
        }
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _slots.Dispose();
    }
}
