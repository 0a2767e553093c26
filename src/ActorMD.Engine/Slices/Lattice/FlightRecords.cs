using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>
/// The flights of a slice by the number of their record, as columns (<see cref="LatticeFlight"/>): first those that are sorted by cell,
/// then, in linked lists by cell, those that a collision has thrown out of theirs.
/// </summary>
/// <remarks>A particle has one record, or several if its flight was split into parts: their U, V, W only say how far they reach.</remarks>
internal sealed unsafe class FlightRecords : IDisposable
{
    /// <summary>Records are read in groups of so many, from any record on.</summary>
    public const int Lanes = 32;

    /// <summary>End of a list.</summary>
    public const int None = -1;

    /// <summary>Flags on <see cref="Slot"/>: a part of a split flight; a record that is no longer true.</summary>
    public const int SplitFlag = 1 << 30, RemovedFlag = 1 << 31;

    public const int SlotMask = SplitFlag - 1;

    private const int RowCount = 6;

    private readonly NativeArray<short> _numbers;
    private readonly NativeArray<int> _slots;
    private readonly NativeArray<int> _siblings;
    private readonly NativeArray<float> _taus;
    private readonly NativeArray<Link> _links;
    private readonly NativeArray<int> _heads;
    private readonly bool _isShare;
    private int _capacity;
    private int _ownLinked; // the first linked record of this object
    private int _firstToSee; // the first linked record that searches have to find
    private int _linkedMax;
    private int _shareEnd;

    public FlightRecords(int count, int cellCount)
    {
        _capacity = count + count / 16 + 256;
        _numbers = new NativeArray<short>(RowCount * Stride);
        _slots = new NativeArray<int>(_capacity + (long)Lanes);
        _siblings = new NativeArray<int>(_capacity + (long)Lanes);
        _taus = new NativeArray<float>(_capacity + (long)Lanes);
        _links = new NativeArray<Link>(256);
        _heads = new NativeArray<int>(cellCount + (long)Lanes);
        new Span<int>(_heads.Pointer, cellCount + Lanes).Fill(None);
        SetPointers();
    }

    /// <summary>A thread's share of the records: the sorted ones of all, and room for linked ones of its own.</summary>
    public FlightRecords(FlightRecords whole)
    {
        _isShare = true;
        (_numbers, _slots, _siblings, _taus, _links, _heads) =
            (whole._numbers, whole._slots, whole._siblings, whole._taus, whole._links, whole._heads);
    }

    /// <summary>From one row of numbers to the next: X, Y, Z, U, V, W.</summary>
    public nint Stride => _capacity + Lanes;

    /// <summary>Centres in lattice steps.</summary>
    public short* X { get; private set; }

    public short* Y { get; private set; }

    public short* Z { get; private set; }

    /// <summary>Flights in half a slice, in lattice steps.</summary>
    public short* U { get; private set; }

    public short* V { get; private set; }

    public short* W { get; private set; }

    /// <summary>Slots of the particles, with flags.</summary>
    public int* Slot { get; private set; }

    /// <summary>When the particle is at the centre of a part, tau in [-1, 1]; only for parts.</summary>
    public float* Tau { get; private set; }

    /// <summary>Next part of the same flight, or <see cref="None"/>; only for parts.</summary>
    public int* Sibling { get; private set; }

    /// <summary>First linked record by cell, or <see cref="None"/>.</summary>
    public int* Heads => _heads.Pointer;

    /// <summary>Number of sorted records; the linked ones follow.</summary>
    public int SortedCount { get; private set; }

    /// <summary>End of all records.</summary>
    public int Count { get; private set; }

    /// <summary>A search does not find more linked records than this.</summary>
    public int LinkedCountMax => _isShare ? _linkedMax : Count - SortedCount;

    /// <summary>Whether there are linked records that a search has to look at.</summary>
    public bool HasLinked => Count > _firstToSee;

    public long ByteCount => _numbers.ByteCount + _slots.ByteCount + _siblings.ByteCount + _taus.ByteCount
        + _links.ByteCount + _heads.ByteCount;

    /// <summary>Forgets all records and makes room for so many sorted ones.</summary>
    public void Begin(int sortedCount)
    {
        Unlink();
        Reserve(sortedCount);
        (SortedCount, Count, _ownLinked, _firstToSee) = (sortedCount, sortedCount, sortedCount, sortedCount);
    }

    /// <summary>As <see cref="Begin"/>, with room for linked records of shares.</summary>
    public void BeginShares(int sortedCount, int linkedCount)
    {
        Begin(sortedCount);
        Reserve(sortedCount + linkedCount);
        _links.Grow(linkedCount);
    }

    /// <summary>A share of the slice that the whole has begun.</summary>
    /// <param name="whole">The records of all threads.</param>
    /// <param name="firstLinked">First of the share's own linked records, counted from the first of all.</param>
    /// <param name="linkedCount">Room for them.</param>
    /// <param name="linkedMax">Room of all shares.</param>
    /// <param name="seesOthers">Whether searches have to find linked records of other shares.</param>
    public void BeginShare(FlightRecords whole, int firstLinked, int linkedCount, int linkedMax, bool seesOthers)
    {
        _capacity = whole._capacity;
        SetPointers();
        _linkedMax = linkedMax;
        SortedCount = whole.SortedCount;
        Count = _ownLinked = SortedCount + firstLinked;
        _shareEnd = Count + linkedCount;
        _firstToSee = seesOthers ? None : Count;
    }

    /// <summary>Forgets the linked records.</summary>
    public void Unlink()
    {
        for (int record = _ownLinked; record < Count; record++)
        {
            _heads.Pointer[_links.Pointer[record - SortedCount].Cell] = None;
        }

        Count = _ownLinked;
    }

    /// <summary>Loads a record into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int record)
    {
        Sse.Prefetch0(X + record);
        Sse.Prefetch0(Y + record);
        Sse.Prefetch0(Z + record);
        Sse.Prefetch0(U + record);
        Sse.Prefetch0(V + record);
        Sse.Prefetch0(W + record);
        Sse.Prefetch0(Slot + record);
    }

    /// <summary>A whole flight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int record, LatticeFlight* flight, int slot)
    {
        X[record] = flight->X;
        Y[record] = flight->Y;
        Z[record] = flight->Z;
        U[record] = flight->U;
        V[record] = flight->V;
        W[record] = flight->W;
        Slot[record] = slot;
    }

    /// <summary>A part of a flight that was split.</summary>
    public void SetPart(int record, LatticeFlight* part, int slot, float tau, int sibling)
    {
        Set(record, part, slot | SplitFlag);
        Tau[record] = tau;
        Sibling[record] = sibling;
    }

    /// <summary>Adds a record to the list of a cell.</summary>
    public int Add(int cell)
    {
        Reserve(Count + 1);
        int record = Count++;
        if (Count - SortedCount > _links.Length)
        {
            _links.Grow(2 * _links.Length);
        }

        _links.Pointer[record - SortedCount] = new Link { Cell = cell, Next = _heads.Pointer[cell] };
        _heads.Pointer[cell] = record;
        return record;
    }

    /// <summary>Next record in the list of a cell, or <see cref="None"/>.</summary>
    public int NextOf(int record) => _links.Pointer[record - SortedCount].Next;

    /// <summary>Removes all records of a particle, given its first.</summary>
    public void Remove(int record)
    {
        while ((Slot[record] & SplitFlag) != 0 && Sibling[record] != None)
        {
            Slot[record] |= RemovedFlag;
            record = Sibling[record];
        }

        Slot[record] |= RemovedFlag;
    }

    /// <summary>The slots of those particles whose sorted records, or the last of several parts, are in a range of records.</summary>
    /// <returns>How many there are.</returns>
    public int Order(int from, int to, int* order)
    {
        int count = 0;
        for (int record = from; record < to; record++)
        {
            if (IsLast(record))
            {
                order[count++] = Slot[record] & SlotMask;
            }
        }

        return count;
    }

    /// <summary>How many particles <see cref="Order"/> finds.</summary>
    public int CountFlights(int from, int to)
    {
        int count = 0;
        for (int record = from; record < to; record++)
        {
            count += IsLast(record) ? 1 : 0;
        }

        return count;
    }

    public void Dispose()
    {
        if (_isShare)
        {
            return;
        }

        _numbers.Dispose();

        _slots.Dispose();
        _siblings.Dispose();
        _taus.Dispose();
        _links.Dispose();
        _heads.Dispose();
    }

    private bool IsLast(int record) => (Slot[record] & SplitFlag) == 0 || Sibling[record] == None;

    private void Reserve(int count)
    {
        if (count <= (_isShare ? _shareEnd : _capacity))
        {
            return;
        }

        if (_isShare)
        {
            throw new SharingConflictException("more records than expected") { IsForRoom = true };
        }

        long old = Stride;
        _capacity = count + count / 4;
        _numbers.Grow(RowCount * Stride);
        for (int row = RowCount - 1; row > 0; row--)
        {
            Buffer.MemoryCopy(_numbers.Pointer + row * old, _numbers.Pointer + row * Stride, Stride * sizeof(short), old * sizeof(short));
        }

        _slots.Grow(_capacity + (long)Lanes);
        _siblings.Grow(_capacity + (long)Lanes);
        _taus.Grow(_capacity + (long)Lanes);
        SetPointers();
    }

    private void SetPointers()
    {
        X = _numbers.Pointer;
        Y = X + Stride;
        Z = Y + Stride;
        U = Z + Stride;
        V = U + Stride;
        W = V + Stride;
        Slot = _slots.Pointer;
        Sibling = _siblings.Pointer;
        Tau = _taus.Pointer;
    }

    private struct Link
    {
        public int Cell;
        public int Next;
    }
}
