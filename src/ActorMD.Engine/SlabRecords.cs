using System.Runtime.CompilerServices;

namespace ActorMD.Engine;

/// <summary>
/// The records of a slab's grid, single-precision numbers by place: first those that are sorted by cell, then, in linked lists by
/// cell, those that a collision has thrown out of theirs.
/// </summary>
/// <remarks>
/// A particle has one record, or several if its flight was cut into parts. A removed record stays where it is, but its X is no
/// number: nothing is near it.
/// </remarks>
internal sealed unsafe class SlabRecords : IDisposable
{
    /// <summary>Records are read in groups of so many, from any place on.</summary>
    public const int Lanes = 8;

    /// <summary>End of a list.</summary>
    public const int None = -1;

    private readonly NativeArray<float>[] _numbers = new NativeArray<float>[4];
    private readonly NativeArray<int> _slots;
    private readonly NativeArray<int> _siblings;
    private readonly NativeArray<Link> _links = new(256);
    private readonly NativeArray<int> _heads;
    private int _capacity;

    public SlabRecords(int count, int cellCount)
    {
        _capacity = count + count / 8 + 256;
        for (int row = 0; row < _numbers.Length; row++)
        {
            _numbers[row] = new NativeArray<float>(_capacity + (long)Lanes);
        }

        _slots = new NativeArray<int>(_capacity + (long)Lanes);
        _siblings = new NativeArray<int>(_capacity + (long)Lanes);
        _heads = new NativeArray<int>(cellCount + (long)Lanes);
        new Span<int>(_heads.Pointer, cellCount + Lanes).Fill(None);
        SetPointers();
    }

    /// <summary>Centres.</summary>
    public float* X { get; private set; }

    public float* Y { get; private set; }

    public float* Z { get; private set; }

    /// <summary>Radii.</summary>
    public float* R { get; private set; }

    /// <summary>Slots of the particles, ~slot if the flight was cut.</summary>
    public int* Slot { get; private set; }

    /// <summary>The slot of a record's particle.</summary>
    public int SlotAt(int place) => Slot[place] < 0 ? ~Slot[place] : Slot[place];

    /// <summary>Next record of the same particle, or <see cref="None"/>.</summary>
    public int* Sibling { get; private set; }

    /// <summary>First linked record by cell, or <see cref="None"/>.</summary>
    public int* Heads => _heads.Pointer;

    /// <summary>Number of sorted records; the linked ones follow.</summary>
    public int SortedCount { get; private set; }

    /// <summary>Number of all records.</summary>
    public int Count { get; private set; }

    public long ByteCount =>
        _numbers.Sum(row => row.ByteCount) + _slots.ByteCount + _siblings.ByteCount + _links.ByteCount + _heads.ByteCount;

    /// <summary>Forgets all records and makes room for so many sorted ones.</summary>
    public void Begin(int sortedCount)
    {
        for (int k = 0; k < Count - SortedCount; k++)
        {
            _heads.Pointer[_links.Pointer[k].Cell] = None;
        }

        Reserve(sortedCount);
        (SortedCount, Count) = (sortedCount, sortedCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int place, SweptSphere* sphere, int slot, bool isCut, int sibling)
    {
        X[place] = sphere->X;
        Y[place] = sphere->Y;
        Z[place] = sphere->Z;
        R[place] = sphere->R;
        Slot[place] = isCut ? ~slot : slot;
        Sibling[place] = sibling;
    }

    /// <summary>Adds a record to the list of its cell.</summary>
    /// <returns>Its place.</returns>
    public int Add(SweptSphere* sphere, int slot, bool isCut, int sibling)
    {
        Reserve(Count + 1);
        int place = Count++;
        Set(place, sphere, slot, isCut, sibling);
        _links.Grow(Count - SortedCount > _links.Length ? 2 * _links.Length : 0);
        _links.Pointer[place - SortedCount] = new Link { Cell = sphere->Cell, Next = _heads.Pointer[sphere->Cell] };
        _heads.Pointer[sphere->Cell] = place;
        return place;
    }

    /// <summary>Next record in the list of a cell, or <see cref="None"/>.</summary>
    public int NextOf(int place) => _links.Pointer[place - SortedCount].Next;

    /// <summary>Removes all records of a particle, given its first.</summary>
    public void Remove(int place)
    {
        for (; place != None; place = Sibling[place])
        {
            X[place] = float.NaN;
        }
    }

    public void Dispose()
    {
        foreach (NativeArray<float> row in _numbers)
        {
            row.Dispose();
        }

        _slots.Dispose();
        _siblings.Dispose();
        _links.Dispose();
        _heads.Dispose();
    }

    private void Reserve(int count)
    {
        if (count <= _capacity)
        {
            return;
        }

        _capacity = count + count / 8;
        foreach (NativeArray<float> row in _numbers)
        {
            row.Grow(_capacity + (long)Lanes);
        }

        _slots.Grow(_capacity + (long)Lanes);
        _siblings.Grow(_capacity + (long)Lanes);
        SetPointers();
    }

    private void SetPointers()
    {
        X = _numbers[0].Pointer;
        Y = _numbers[1].Pointer;
        Z = _numbers[2].Pointer;
        R = _numbers[3].Pointer;
        Slot = _slots.Pointer;
        Sibling = _siblings.Pointer;
    }

    private struct Link
    {
        public int Cell;
        public int Next;
    }
}
