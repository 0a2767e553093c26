using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Calendar;

/// <summary>
/// Linked cells that hold, beside the slots, what the filter needs to know of each particle in single precision.
/// </summary>
/// <remarks>
/// Problem: in a dilute gas nearly all candidates miss, and looking at each costs a cache line of its own. Idea: a cell is a
/// block of four cache lines, eight rows of eight numbers: slots, three coordinates from the cell's corner, their time, three
/// velocity components. One pass over the rows decides about seven particles at once (<see cref="CellFilter"/>). The first lane
/// of the slots is the header. Fuller cells continue in overflow blocks.
/// The records are a cache: they only reject, the exact prediction accepts.
/// </remarks>
internal sealed unsafe class CellRecords : IDisposable
{
    /// <summary>Numbers in a block.</summary>
    public const int BlockSize = 64;

    /// <summary>Numbers in a row of a block.</summary>
    public const int Row = 8;

    private const int Capacity = Row - 1;
    private const int CountMask = 7;
    private const int LinkShift = 3;

    private readonly NativeArray<int> _blocks;
    private int _blockCount;
    private int _freeBlock; // 0 (a cell, never an overflow block) means none

    public CellRecords(CellGeometry geometry)
    {
        _blocks = new NativeArray<int>((geometry.CellCount + 16) * BlockSize);
        Blocks = _blocks.Pointer;
        _blockCount = (int)geometry.CellCount;
    }

    public int* Blocks { get; private set; }

    public long ByteCount => _blocks.ByteCount;

    /// <summary>Number of particles in a block.</summary>
    public static int CountOf(int header) => header & CountMask;

    /// <summary>Block that continues a full one; 0 if none.</summary>
    public static int LinkOf(int header) => header >> LinkShift;

    /// <summary>Enters a particle into a cell.</summary>
    /// <returns>Its lane: slot in the first row, the record to be filled in the others.</returns>
    public int* Add(int cell, int slot)
    {
        int* block = BlockOf(cell);
        while (CountOf(block[0]) == Capacity && LinkOf(block[0]) != 0)
        {
            block = BlockOf(LinkOf(block[0]));
        }

        if (CountOf(block[0]) == Capacity)
        {
            long offset = block - Blocks;
            int fresh = NewBlock();
            block = Blocks + offset; // the blocks may have moved
            block[0] |= fresh << LinkShift;
            block = BlockOf(fresh);
            block[0] = 0;
        }

        int* lane = block + CountOf(++block[0]);
        *lane = slot;
        return lane;
    }

    /// <summary>The lane of a particle in its cell.</summary>
    public int* Find(int cell, int slot)
    {
        for (int* block = BlockOf(cell); ; block = BlockOf(LinkOf(block[0])))
        {
            int used = CountOf(block[0]);
            for (int lane = 1; lane <= used; lane++)
            {
                if (block[lane] == slot)
                {
                    return block + lane;
                }
            }

            if (LinkOf(block[0]) == 0)
            {
                throw new InvalidOperationException($"slot {slot} is not in its cell {cell}");
            }
        }
    }

    /// <summary>Removes a particle from its cell; the last one of the chain moves into the gap.</summary>
    public void Remove(int cell, int slot)
    {
        int* found = Find(cell, slot);
        int* beforeLast = null, last = BlockOf(cell);
        while (LinkOf(last[0]) != 0)
        {
            beforeLast = last;
            last = BlockOf(LinkOf(last[0]));
        }

        int* mover = last + CountOf(last[0]);
        for (int row = 0; row < BlockSize; row += Row)
        {
            found[row] = mover[row];
        }

        last[0]--;
        if (CountOf(last[0]) == 0 && beforeLast != null)
        {
            beforeLast[0] &= CountMask;
            last[0] = _freeBlock << LinkShift;
            _freeBlock = (int)((last - Blocks) / BlockSize);
        }
    }

    public void Dispose() => _blocks.Dispose();

    private int* BlockOf(int index) => Blocks + (long)index * BlockSize;

    private int NewBlock()
    {
        if (_freeBlock != 0)
        {
            int block = _freeBlock;
            _freeBlock = LinkOf(BlockOf(block)[0]);
            return block;
        }

        if ((_blockCount + 1L) * BlockSize > _blocks.Length)
        {
            _blocks.Grow(_blocks.Length * 5 / 4 + 64 * BlockSize);
            Blocks = _blocks.Pointer;
        }

        return _blockCount++;
    }
}
