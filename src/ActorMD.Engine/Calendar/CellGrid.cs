using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Calendar;

/// <summary>Linked cells: which slots are in which cell.</summary>
/// <remarks>
/// A cell is a block of eight integers: a header and seven entries, so that a whole cell is copied by one unaligned vector
/// load; fuller cells continue in overflow blocks.
/// </remarks>
internal sealed unsafe class CellGrid : IDisposable
{
    /// <summary>Integers of one block.</summary>
    public const int BlockSize = 8;

    public const int BlockCapacity = BlockSize - 1;

    private const int CountMask = 7;
    private const int FlagBit = 8; // set when any entry of the block has the flag
    private const int LinkShift = 4;

    private readonly NativeArray<int> _blocks;
    private int _blockCount;
    private int _freeBlock; // 0 (a cell, never an overflow block) means none

    public CellGrid(CellGeometry geometry)
    {
        _blocks = new NativeArray<int>((geometry.CellCount + 64) * BlockSize + BlockSize);
        Blocks = _blocks.Pointer;
        _blockCount = (int)geometry.CellCount;
    }

    public int* Blocks { get; private set; }

    public long ByteCount => _blocks.ByteCount;

    /// <summary>Enters a slot (or a slot with a flag) into a cell.</summary>
    public void Add(int cell, int entry)
    {
        int* block = Blocks + (long)cell * BlockSize;
        while ((block[0] & CountMask) == BlockCapacity && block[0] >> LinkShift != 0)
        {
            block = Blocks + (long)(block[0] >> LinkShift) * BlockSize;
        }

        int used = block[0] & CountMask;
        if (used == BlockCapacity)
        {
            long offset = block - Blocks;
            int fresh = NewBlock();
            block = Blocks + offset; // the blocks may have moved
            block[0] |= fresh << LinkShift;
            block = Blocks + (long)fresh * BlockSize;
            block[0] = 0;
            used = 0;
        }

        block[1 + used] = entry;
        block[0] = (block[0] + 1) | (entry < 0 ? FlagBit : 0);
    }

    /// <summary>Removes a slot, flagged or not, from a cell.</summary>
    public void Remove(int cell, int slot)
    {
        // The last entry of the chain moves into the gap.
        int* first = Blocks + (long)cell * BlockSize;
        int* beforeLast = null, last = first;
        int* found = null, foundBlock = null;
        for (int* block = first; ; block = Blocks + (long)(block[0] >> LinkShift) * BlockSize)
        {
            int used = block[0] & CountMask;
            for (int k = 1; k <= used && found == null; k++)
            {
                if ((block[k] & Candidate.SlotMask) == slot)
                {
                    found = block + k;
                    foundBlock = block;
                }
            }

            last = block;
            if (block[0] >> LinkShift == 0)
            {
                break;
            }

            beforeLast = block;
        }

        if (found == null)
        {
            throw new InvalidOperationException($"slot {slot} is not in its cell {cell}");
        }

        int lastUsed = last[0] & CountMask;
        *found = last[lastUsed];
        last[0]--;
        if (((foundBlock[0] | last[0]) & FlagBit) != 0)
        {
            RefreshFlag(foundBlock);
            RefreshFlag(last);
        }

        if (lastUsed == 1 && beforeLast != null)
        {
            int index = (int)((last - Blocks) / BlockSize);
            beforeLast[0] &= (1 << LinkShift) - 1;
            last[0] = _freeBlock << LinkShift;
            _freeBlock = index;
        }
    }

    /// <summary>Number of entries in a block.</summary>
    public static int CountOf(int header) => header & CountMask;

    /// <summary>Whether a block has neither flagged entries nor a continuation.</summary>
    public static bool IsPlain(int header) => header < FlagBit;

    /// <summary>Block that continues a full one; 0 if none.</summary>
    public static int LinkOf(int header) => header >> LinkShift;

    public void Dispose() => _blocks.Dispose();

    private static void RefreshFlag(int* block)
    {
        int used = block[0] & CountMask;
        int flag = 0;
        for (int k = 1; k <= used; k++)
        {
            flag |= block[k] < 0 ? FlagBit : 0;
        }

        block[0] = (block[0] & ~FlagBit) | flag;
    }

    private int NewBlock()
    {
        if (_freeBlock != 0)
        {
            int block = _freeBlock;
            _freeBlock = Blocks[(long)block * BlockSize] >> LinkShift;
            return block;
        }

        if ((_blockCount + 2L) * BlockSize > _blocks.Length)
        {
            _blocks.Grow(_blocks.Length * 5 / 4 + 64 * BlockSize);
            Blocks = _blocks.Pointer;
        }

        return _blockCount++;
    }
}
