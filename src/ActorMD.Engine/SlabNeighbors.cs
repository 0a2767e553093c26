using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ActorMD.Engine;

/// <summary>For every particle the slots of those that it can meet during a slab, in chunks of seven and a link.</summary>
internal sealed unsafe class SlabNeighbors : IDisposable
{
    /// <summary>Entries of a chunk.</summary>
    public const int ChunkEntries = 7;

    private const int ChunkSize = ChunkEntries + 1; // the last is the next chunk
    private const int FillBits = 3;
    private const int FillMask = (1 << FillBits) - 1;
    private const int None = -1;
    private const int Empty = (None << FillBits) | ChunkEntries; // no chunk; the next entry opens one

    private readonly int _count;
    private readonly NativeArray<int> _headArray;
    private readonly NativeArray<int> _pool;
    private readonly int* _heads;
    private int* _chunks;
    private int _chunkCount;

    public SlabNeighbors(int count)
    {
        _count = count;
        _headArray = new NativeArray<int>(count);
        _heads = _headArray.Pointer;
        _pool = new NativeArray<int>((count + 64L) * ChunkSize);
        _chunks = _pool.Pointer;
    }

    public long ByteCount => _headArray.ByteCount + _pool.ByteCount;

    /// <summary>Empties all lists.</summary>
    public void Begin()
    {
        new Span<int>(_heads, _count).Fill(Empty);
        _chunkCount = 0;
    }

    /// <summary>Empties one particle's list.</summary>
    public void Clear(int slot) => _heads[slot] = Empty;

    /// <summary>The newest chunk of a list, null if there is none, and how many entries it has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* First(int slot, out int fill)
    {
        int head = _heads[slot];
        fill = head & FillMask;
        return head >= 0 ? Chunk(head >> FillBits) : null;
    }

    /// <summary>The chunk behind one, which is full; or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* Next(int* chunk) => chunk[ChunkEntries] >= 0 ? Chunk(chunk[ChunkEntries]) : null;

    public void PrefetchHead(int slot) => Sse.Prefetch0(_heads + slot);

    public void PrefetchList(int slot)
    {
        if (_heads[slot] >= 0)
        {
            Sse.Prefetch0(Chunk(_heads[slot] >> FillBits));
        }
    }

    /// <summary>Adds an entry to a list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int slot, int other)
    {
        int head = _heads[slot];
        if ((head & FillMask) == ChunkEntries)
        {
            head = NewChunk(head >> FillBits) << FillBits;
        }

        Chunk(head >> FillBits)[head & FillMask] = other;
        _heads[slot] = head + 1;
    }

    /// <summary>Adds an entry unless the list has it.</summary>
    public void AddNew(int slot, int other)
    {
        for (int* chunk = First(slot, out int fill); chunk != null; chunk = Next(chunk), fill = ChunkEntries)
        {
            if (new ReadOnlySpan<int>(chunk, fill).Contains(other))
            {
                return;
            }
        }

        Add(slot, other);
    }

    public void Dispose()
    {
        _headArray.Dispose();
        _pool.Dispose();
    }

    private int* Chunk(int index) => _chunks + (long)index * ChunkSize;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int NewChunk(int next)
    {
        if ((_chunkCount + 1L) * ChunkSize > _pool.Length)
        {
            _pool.Grow(_pool.Length * 5 / 4 + ChunkSize);
            _chunks = _pool.Pointer;
        }

        Chunk(_chunkCount)[ChunkEntries] = next;
        return _chunkCount++;
    }
}
