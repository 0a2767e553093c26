using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>For every particle the slots of those that it can meet: one line of memory, and more lines if these are many.</summary>
/// <remarks>
/// A pair stands in the lists of both. In at least one of them it stands ahead, at the front of a line, otherwise at its back: a
/// pass through all pairs reads only the fronts. Words without an entry hold the particle itself. An entry is the slot times 16, the
/// offset of its flight in memory.
/// </remarks>
internal sealed unsafe class NeighborLists : IDisposable
{
    /// <summary>Entries of a line.</summary>
    public const int LineEntries = 15;

    /// <summary>An entry is a slot, shifted by so many bits.</summary>
    public const int EntryShift = 4;

    private const int LineSize = LineEntries + 1; // the last word: number of the next line, entries at the back, entries ahead
    private const int CountBits = 4;
    private const int CountMask = (1 << CountBits) - 1;
    private const int NextShift = 2 * CountBits;
    private const int MoreLinesMax = 1 << (32 - NextShift);

    private readonly int _count;
    private readonly NativeArray<int> _lineArray;
    private readonly NativeArray<int> _moreArray;
    private readonly int* _lines; // by slot
    private readonly bool _isShare;
    private int* _more;
    private int _shareEnd;
    private int _moreCount; // and one that is not used: number 0 says that there is no next line

    public NeighborLists(int count)
    {
        _count = count;
        _lineArray = new NativeArray<int>((long)count * LineSize);
        _moreArray = new NativeArray<int>(64 * LineSize);
        _lines = _lineArray.Pointer;
        _more = _moreArray.Pointer;
    }

    /// <summary>A thread's share: the lists of all, and room for second lines of its own.</summary>
    public NeighborLists(NeighborLists whole)
    {
        _isShare = true;
        (_count, _lineArray, _moreArray) = (whole._count, whole._lineArray, whole._moreArray);
        _lines = whole._lines;
    }

    /// <summary>Lines behind the first ones so far.</summary>
    public int MoreCount => _moreCount;

    /// <summary>Between the last look at the lists and <see cref="Begin"/>: half a line per slot for other uses.</summary>
    public void* Scratch => _lines;

    public long ByteCount => _lineArray.ByteCount + _moreArray.ByteCount;

    /// <summary>Empties all lists.</summary>
    public void Begin()
    {
        for (int slot = 0; slot < _count; slot++)
        {
            Clear(slot);
        }

        _moreCount = 1;
    }

    /// <summary>The first of the second lines are those of shares, from now on until all lists are emptied.</summary>
    public void BeginShares(int lineCount)
    {
        _moreCount = 1 + lineCount;
        _moreArray.Grow((long)_moreCount * LineSize);
        _more = _moreArray.Pointer;
    }

    /// <summary>A share has no second lines yet.</summary>
    public void BeginShare(int firstLine, int lineCount)
    {
        _moreCount = 1 + firstLine;
        _shareEnd = _moreCount + lineCount;
        TakeOver();
    }

    /// <summary>The second lines may have moved in memory.</summary>
    public void TakeOver() => _more = _moreArray.Pointer;

    /// <summary>Empties one particle's list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear(int slot) => Open(First(slot), slot, 0);

    /// <summary>The first line of a list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* First(int slot) => _lines + (long)slot * LineSize;

    /// <summary>The line behind one; or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* Next(int* line)
    {
        uint next = (uint)line[LineEntries] >> NextShift;
        return next != 0 ? _more + (long)next * LineSize : null;
    }

    /// <summary>How many entries stand ahead in a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AheadCount(int* line) => line[LineEntries] & CountMask;

    public void PrefetchList(int slot) => Sse.Prefetch0(First(slot));

    /// <summary>Adds a pair that the lists do not have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int slot, int other)
    {
        AddAhead(slot, other);
        AddAtBack(other, slot);
    }

    /// <summary>Adds a pair unless the lists have it.</summary>
    public void AddNew(int slot, int other)
    {
        Standing own = Find(slot, other), others = Find(other, slot);
        if (own == Standing.None)
        {
            if (others == Standing.Ahead)
            {
                AddAtBack(slot, other);
            }
            else
            {
                AddAhead(slot, other);
            }
        }

        if (others == Standing.None)
        {
            if (own == Standing.AtBack)
            {
                AddAhead(other, slot);
            }
            else
            {
                AddAtBack(other, slot);
            }
        }
    }

    public void Dispose()
    {
        if (_isShare)
        {
            return;
        }

        _lineArray.Dispose();
        _moreArray.Dispose();
    }

    private static void Open(int* line, int slot, int lastWord)
    {
        Vector256<int> own = Vector256.Create(slot << EntryShift);
        own.Store(line);
        own.Store(line + Vector256<int>.Count);
        line[LineEntries] = lastWord;
    }

    private static bool IsFull(int lastWord) => (lastWord & CountMask) + (lastWord >> CountBits & CountMask) == LineEntries;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddAhead(int slot, int other)
    {
        int* line = LineWithRoom(slot);
        line[line[LineEntries] & CountMask] = other << EntryShift;
        line[LineEntries]++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddAtBack(int slot, int other)
    {
        int* line = LineWithRoom(slot);
        line[LineEntries - 1 - (line[LineEntries] >> CountBits & CountMask)] = other << EntryShift;
        line[LineEntries] += 1 << CountBits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int* LineWithRoom(int slot)
    {
        int* line = First(slot);
        return IsFull(line[LineEntries]) ? SecondWithRoom(slot) : line;
    }

    // Of the lines behind the first only the next one may have room.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int* SecondWithRoom(int slot)
    {
        int* line = Next(First(slot));
        if (line != null && !IsFull(line[LineEntries]))
        {
            return line;
        }

        if (_isShare && _moreCount == _shareEnd)
        {
            throw new SharingConflictException("longer lists than expected") { IsForRoom = true };
        }

        if (_moreCount == MoreLinesMax)
        {
            throw new InvalidOperationException("the lists of neighbours are full");
        }

        if (!_isShare)
        {
            _moreArray.Grow((_moreCount + 1L) * LineSize > _moreArray.Length ? _moreArray.Length * 5 / 4 + LineSize : 0);
            _more = _moreArray.Pointer;
        }

        int* first = First(slot);
        line = _more + (long)_moreCount * LineSize;
        Open(line, slot, first[LineEntries] >> NextShift << NextShift);
        first[LineEntries] = _moreCount++ << NextShift | first[LineEntries] & ((1 << NextShift) - 1);
        return line;
    }

    private Standing Find(int slot, int other)
    {
        Vector256<int> wanted = Vector256.Create(other << EntryShift);
        for (int* line = First(slot); line != null; line = Next(line))
        {
            uint low = Vector256.Equals(Vector256.Load(line), wanted).ExtractMostSignificantBits();
            uint high = Vector256.Equals(Vector256.Load(line + Vector256<int>.Count), wanted).ExtractMostSignificantBits();
            uint found = (low | high << Vector256<int>.Count) & ((1u << LineEntries) - 1);
            if (found != 0)
            {
                return BitOperations.TrailingZeroCount(found) < AheadCount(line) ? Standing.Ahead : Standing.AtBack;
            }
        }

        return Standing.None;
    }

    private enum Standing
    {
        None,
        Ahead,
        AtBack,
    }
}
