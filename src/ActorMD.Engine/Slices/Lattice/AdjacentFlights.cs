using System.Numerics;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>The flights around one cell, copied side by side from several ranges of records, each in its image.</summary>
/// <remarks>Rows X, Y, Z, U, V, W (<see cref="LatticeFlight"/>), and the slots of the particles.</remarks>
internal sealed unsafe class AdjacentFlights : IDisposable
{
    private const int Lanes = 32; // a flight is tested against so many others at once: one bit each
    private const int RowCount = 6;
    private const int WordCountMax = 1024;

    private readonly NativeArray<short> _numbers = new(0);
    private readonly NativeArray<int> _slots = new(0);
    private readonly NativeArray<NearWord> _words = new(WordCountMax);
    private readonly NativeArray<NearPair> _pairs = new(WordCountMax);
    private int _stride;

    public AdjacentFlights() => Grow(1000);

    /// <summary>Number of flights.</summary>
    public int Count { get; private set; }

    /// <summary>Slots of the particles, with flags.</summary>
    public int* Slots => _slots.Pointer;

    /// <summary>The first row.</summary>
    public short* Numbers => _numbers.Pointer;

    /// <summary>From one row to the next.</summary>
    public nint Stride => _stride;

    public long ByteCount => _numbers.ByteCount + _slots.ByteCount + _words.ByteCount + _pairs.ByteCount;

    public void Begin() => Count = 0;

    /// <summary>Copies a range of records, shifted by an image's lattice steps.</summary>
    public void Add(FlightRecords records, int from, int to, short shiftX, short shiftY, short shiftZ)
    {
        int first = Count, count = to - from;
        Count += count;
        if (Count + Lanes > _stride)
        {
            Grow(Count);
        }

        nint stride = _stride, stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        short* row = _numbers.Pointer + first;
        short* x = records.X + from, y = records.Y + from, z = records.Z + from, u = records.U + from, v = records.V + from,
            w = records.W + from;
        int* slots = _slots.Pointer + first, fromSlots = records.Slot + from;
        Vector512<short> shiftsX = Vector512.Create(shiftX), shiftsY = Vector512.Create(shiftY), shiftsZ = Vector512.Create(shiftZ);
        for (nint k = 0; k < count; k += FlightRecords.Lanes)
        {
            (Vector512.Load(x + k) + shiftsX).Store(row + k);
            (Vector512.Load(y + k) + shiftsY).Store(row + stride + k);
            (Vector512.Load(z + k) + shiftsZ).Store(row + stride2 + k);
            Vector512.Load(u + k).Store(row + stride3 + k);
            Vector512.Load(v + k).Store(row + stride4 + k);
            Vector512.Load(w + k).Store(row + stride5 + k);
            Vector512.Load(fromSlots + k).Store(slots + k);
            Vector512.Load(fromSlots + k + Vector512<int>.Count).Store(slots + k + Vector512<int>.Count);
        }
    }

    /// <summary>
    /// Some flights from a first one on, each against all behind it: which can have met, judged along each axis alone? The distance
    /// in the middle of the slice is at most what they fly relative to each other in half a slice, and their reach.
    /// </summary>
    /// <param name="first">The first.</param>
    /// <param name="end">Behind the last that is asked for; comes back as how far it went, by one at least.</param>
    /// <param name="reach">In steps along the axes.</param>
    /// <returns>The pairs; until the next call.</returns>
    public ReadOnlySpan<NearPair> FindNear(int first, ref int end, Vector128<int> reach)
    {
        int perFlight = (Count - first + Lanes - 1) / Lanes;
        _words.Grow(perFlight);
        end = (int)Math.Min(end, first + _words.Length / Math.Max(perFlight, 1));
        int words = FindNear(_numbers.Pointer, _stride, first, end, Count, reach, _words.Pointer);
        _pairs.Grow(words * (long)Lanes + 2);
        return new ReadOnlySpan<NearPair>(_pairs.Pointer, CollectPairs(_words.Pointer, words, Count, _pairs.Pointer));
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _slots.Dispose();
        _words.Dispose();
        _pairs.Dispose();
    }

    // Without branches that no processor can foresee: a word is written in any case, and overwritten by the next one if it is empty.
    private static int FindNear(short* row, nint stride, int first, int end, int count, Vector128<int> reach, NearWord* words)
    {
        nint stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        Vector512<short> reachX = Vector512.Create((short)reach[0]), reachY = Vector512.Create((short)reach[1]),
            reachZ = Vector512.Create((short)reach[2]);
        NearWord* word = words;
        for (int flight = first; flight < end; flight++)
        {
            short* own = row + flight;
            Vector512<short> x = Vector512.Create(*own), y = Vector512.Create(own[stride]), z = Vector512.Create(own[stride2]);
            Vector512<short> u = Vector512.Create(own[stride3]), v = Vector512.Create(own[stride4]), w = Vector512.Create(own[stride5]);
            for (int group = flight + 1; group < count; group += Lanes)
            {
                short* other = row + group;
                Vector512<short> gapX = Vector512.Abs(x - Vector512.Load(other)) - Vector512.Abs(u - Vector512.Load(other + stride3));
                Vector512<short> gapY = Vector512.Abs(y - Vector512.Load(other + stride))
                    - Vector512.Abs(v - Vector512.Load(other + stride4));
                Vector512<short> gapZ = Vector512.Abs(z - Vector512.Load(other + stride2))
                    - Vector512.Abs(w - Vector512.Load(other + stride5));
                Vector512<short> near = Vector512.LessThanOrEqual(gapX, reachX) & Vector512.LessThanOrEqual(gapY, reachY)
                    & Vector512.LessThanOrEqual(gapZ, reachZ);
                uint lanes = (uint)near.ExtractMostSignificantBits();
                (word->Lanes, word->Own, word->Group) = (lanes, flight, group);
                word += lanes != 0 ? 1 : 0;
            }
        }

        return (int)(word - words);
    }

    // Most words have one bit or two: these are taken without a branch, too.
    private static int CollectPairs(NearWord* words, int wordCount, int count, NearPair* pairs)
    {
        NearPair* pair = pairs;
        for (NearWord* word = words; word < words + wordCount; word++)
        {
            int own = word->Own, group = word->Group, behind = count - group;
            uint lanes = word->Lanes & (behind >= Lanes ? uint.MaxValue : (1u << behind) - 1);
            (pair->Own, pair->Other) = (own, group + BitOperations.TrailingZeroCount(lanes));
            pair += lanes != 0 ? 1 : 0;
            lanes &= lanes - 1;
            (pair->Own, pair->Other) = (own, group + BitOperations.TrailingZeroCount(lanes));
            pair += lanes != 0 ? 1 : 0;
            for (lanes &= lanes - 1; lanes != 0; lanes &= lanes - 1)
            {
                (pair->Own, pair->Other) = (own, group + BitOperations.TrailingZeroCount(lanes));
                pair++;
            }
        }

        return (int)(pair - pairs);
    }

    private void Grow(int count)
    {
        int stride = count + count / 4 + 3 * Lanes / 2, old = _stride;
        _numbers.Grow((long)RowCount * stride);
        _slots.Grow(stride);
        for (int row = RowCount - 1; row > 0; row--)
        {
            Buffer.MemoryCopy(
                _numbers.Pointer + row * (long)old, _numbers.Pointer + row * (long)stride, stride * (long)sizeof(short),
                old * (long)sizeof(short));
        }

        _stride = stride;
    }
}

/// <summary>Two flights that may meet, as numbers among those around a cell.</summary>
internal struct NearPair
{
    public int Own, Other;
}

/// <summary>Which flights of a group may meet one.</summary>
internal struct NearWord
{
    /// <summary>A bit for each flight of the group.</summary>
    public uint Lanes;

    /// <summary>The one.</summary>
    public int Own;

    /// <summary>The first of the group.</summary>
    public int Group;
}
