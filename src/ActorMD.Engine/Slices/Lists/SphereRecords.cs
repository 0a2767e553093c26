using System.Runtime.CompilerServices;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>
/// The records of the grid of time slices, single-precision numbers by the number of the record: first those that are sorted by cell, then,
/// in linked lists by cell, those that a collision has thrown out of theirs.
/// </summary>
/// <remarks>
/// A particle has one record, or several if its flight was split into parts. A removed record stays where it is, but its X is no
/// number: nothing is near it.
/// </remarks>
internal sealed unsafe class SphereRecords : IDisposable
{
    /// <summary>Records are read in groups of so many, from any record on.</summary>
    public const int Lanes = 8;

    /// <summary>End of a list.</summary>
    public const int None = -1;

    private const int RowCount = 4;

    private readonly NativeArray<float> _numbers;
    private readonly NativeArray<int> _slots;
    private readonly NativeArray<int> _siblings;
    private readonly NativeArray<Link> _links;
    private readonly NativeArray<int> _heads;
    private readonly bool _isShare;
    private int _capacity;
    private int _shareEnd;
    private bool _hasShares;

    public SphereRecords(int count, int cellCount)
    {
        _capacity = count + count / 8 + 256;
        _numbers = new NativeArray<float>(RowCount * Stride);
        _slots = new NativeArray<int>(_capacity + (long)Lanes);
        _siblings = new NativeArray<int>(_capacity + (long)Lanes);
        _links = new NativeArray<Link>(256);
        _heads = new NativeArray<int>(cellCount + (long)Lanes);
        new Span<int>(_heads.Pointer, cellCount + Lanes).Fill(None);
        SetPointers();
    }

    /// <summary>A thread's share of the records: the sorted ones of all, and room for linked ones of its own.</summary>
    public SphereRecords(SphereRecords whole)
    {
        _isShare = true;
        (_numbers, _slots, _siblings, _links, _heads) = (whole._numbers, whole._slots, whole._siblings, whole._links, whole._heads);
    }

    /// <summary>From one row of numbers to the next: X, Y, Z, R.</summary>
    private nint Stride => _capacity + Lanes;

    /// <summary>Centres.</summary>
    public float* X { get; private set; }

    public float* Y { get; private set; }

    public float* Z { get; private set; }

    /// <summary>Radii.</summary>
    public float* R { get; private set; }

    /// <summary>Slots of the particles, ~slot if the flight was split.</summary>
    public int* Slot { get; private set; }

    /// <summary>The slot of a record's particle.</summary>
    public int SlotAt(int record) => Slot[record] < 0 ? ~Slot[record] : Slot[record];

    /// <summary>Whether a record is a part of a split flight.</summary>
    public bool IsSplit(int record) => Slot[record] < 0;

    /// <summary>Next part of the same flight, or <see cref="None"/>; only for parts.</summary>
    private int* Sibling { get; set; }

    /// <summary>First linked record by cell, or <see cref="None"/>.</summary>
    public int* Heads => _heads.Pointer;

    /// <summary>Number of sorted records; the linked ones follow.</summary>
    public int SortedCount { get; private set; }

    /// <summary>End of all records.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there are linked records.</summary>
    public bool HasLinked => _isShare || Count > SortedCount;

    public long ByteCount =>
        _numbers.ByteCount + _slots.ByteCount + _siblings.ByteCount + _links.ByteCount + _heads.ByteCount;

    /// <summary>Forgets all records and makes room for so many sorted ones.</summary>
    public void Begin(int sortedCount)
    {
        if (_hasShares)
        {
            new Span<int>(_heads.Pointer, (int)_heads.Length).Fill(None);
        }
        else
        {
            for (int k = 0; k < Count - SortedCount; k++)
            {
                _heads.Pointer[_links.Pointer[k].Cell] = None;
            }
        }

        Reserve(sortedCount);
        (SortedCount, Count, _hasShares) = (sortedCount, sortedCount, false);
    }

    /// <summary>As <see cref="Begin"/>; the first linked records are those of shares, from now on until all is forgotten.</summary>
    public void BeginShares(int sortedCount, int linkedCount)
    {
        Begin(sortedCount);
        Count += linkedCount;
        Reserve(Count);
        _links.Grow(linkedCount);
        _hasShares = true;
    }

    /// <summary>A share has no linked records yet.</summary>
    /// <param name="whole">The records of all threads.</param>
    /// <param name="firstLinked">First of the share's own linked records, counted from the first of all.</param>
    /// <param name="linkedCount">Room for them.</param>
    public void BeginShare(SphereRecords whole, int firstLinked, int linkedCount)
    {
        SortedCount = whole.SortedCount;
        Count = SortedCount + firstLinked;
        _shareEnd = Count + linkedCount;
        TakeOver(whole);
    }

    /// <summary>The records of the whole may have moved in memory.</summary>
    public void TakeOver(SphereRecords whole)
    {
        _capacity = whole._capacity;
        SetPointers();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int record, SweptSphere* sphere, int slot, bool isSplit, int sibling)
    {
        X[record] = sphere->X;
        Y[record] = sphere->Y;
        Z[record] = sphere->Z;
        R[record] = sphere->R;
        if (isSplit)
        {
            Slot[record] = ~slot;
            Sibling[record] = sibling;
        }
        else
        {
            Slot[record] = slot;
        }
    }

    /// <summary>Adds a record to the list of its cell.</summary>
    /// <returns>Its number.</returns>
    public int Add(SweptSphere* sphere, int slot, bool isSplit, int sibling)
    {
        Reserve(Count + 1);
        int record = Count++;
        Set(record, sphere, slot, isSplit, sibling);
        if (Count - SortedCount > _links.Length)
        {
            _links.Grow(2 * _links.Length);
        }

        _links.Pointer[record - SortedCount] = new Link { Cell = sphere->Cell, Next = _heads.Pointer[sphere->Cell] };
        _heads.Pointer[sphere->Cell] = record;
        return record;
    }

    /// <summary>Next record of the same particle, or <see cref="None"/>.</summary>
    public int NextPart(int record) => IsSplit(record) ? Sibling[record] : None;

    /// <summary>Next record in the list of a cell, or <see cref="None"/>.</summary>
    public int NextOf(int record) => _links.Pointer[record - SortedCount].Next;

    /// <summary>Removes all records of a particle, given its first.</summary>
    public void Remove(int record)
    {
        for (; record != None; record = NextPart(record))
        {
            X[record] = float.NaN;
        }
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
        _links.Dispose();
        _heads.Dispose();
    }

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
        _capacity = count + count / 8;
        _numbers.Grow(RowCount * Stride);
        for (int row = RowCount - 1; row > 0; row--)
        {
            Buffer.MemoryCopy(_numbers.Pointer + row * old, _numbers.Pointer + row * Stride, Stride * sizeof(float), old * sizeof(float));
        }

        _slots.Grow(_capacity + (long)Lanes);
        _siblings.Grow(_capacity + (long)Lanes);
        SetPointers();
    }

    private void SetPointers()
    {
        X = _numbers.Pointer;
        Y = X + Stride;
        Z = Y + Stride;
        R = Z + Stride;
        Slot = _slots.Pointer;
        Sibling = _siblings.Pointer;
    }

    private struct Link
    {
        public int Cell;
        public int Next;
    }
}
