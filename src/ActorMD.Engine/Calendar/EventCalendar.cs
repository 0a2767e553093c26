using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Calendar;

/// <summary>Decides between two slots whose next events have exactly the same time.</summary>
internal interface ITieBreaker
{
    /// <summary>Whether the event of slot a comes before that of slot b in the order (order k, particle ids).</summary>
    bool Precedes(int a, int b);
}

/// <summary>The order in which particles' next events happen; O(1) amortised.</summary>
/// <remarks>
/// Problem: a heap of all particles costs log N cache misses per change. Idea (Paul, J. Comput. Phys. 221, 615, 2007): a ring
/// of buckets of equal width in time, in no order inside; only the bucket that is being worked off is sorted. An event beyond
/// the ring waits in a list that is looked through once per turn. Nothing is ever removed: only a particle's newest entry is valid,
/// and stale ones are dropped when their bucket comes up. (That an entry's time is still the key would not be enough: another event of the
/// particle at the very same time has another place among those of that time.)
/// Buckets are chains of chunks of one cache line: three entries and a link.
/// </remarks>
internal sealed unsafe class EventCalendar : IDisposable
{
    private const int ChunkEntries = 4; // the last is the header: Slot = next chunk, Count = entries used
    private const int ChunkCapacity = ChunkEntries - 1;
    private const double EntriesPerBucket = 4;

    private readonly NextEvent* _events;
    private readonly ITieBreaker _ties;
    private readonly NativeArray<int> _heads;
    private readonly NativeArray<Entry> _pool;
    private readonly NativeArray<Entry> _current;
    private readonly NativeArray<Entry> _far;
    private readonly double _bucketsPerTime;
    private readonly double _start;
    private readonly int _mask;
    private int* _head;
    private Entry* _chunks;
    private Entry* _sorted; // descending: the next event is the last
    private int _sortedCount;
    private int _chunkCount;
    private int _freeChunk = -1;
    private int _farCount;
    private long _waiting; // entries in buckets and beyond the ring, stale ones included
    private long _bucket = -1;

    /// <param name="events">Next events by slot; their Time is the key.</param>
    /// <param name="slotCount">Number of slots.</param>
    /// <param name="start">No key lies before this time, but for rounding.</param>
    /// <param name="rate">Expected number of calendar entries per unit of time.</param>
    /// <param name="ties">Total order at equal times.</param>
    public EventCalendar(NextEvent* events, int slotCount, double start, double rate, ITieBreaker ties)
    {
        _events = events;
        _ties = ties;
        _start = start;
        _bucketsPerTime = rate > 0 && double.IsFinite(rate) ? rate / EntriesPerBucket : 1;
        int buckets = 16;
        while (buckets < 2L * slotCount && buckets < 1 << 29)
        {
            buckets <<= 1;
        }

        _mask = buckets - 1;
        _heads = new NativeArray<int>(buckets);
        _head = _heads.Pointer;
        new Span<int>(_head, buckets).Fill(-1);
        _pool = new NativeArray<Entry>((slotCount / 2 + 256L) * ChunkEntries);
        _chunks = _pool.Pointer;
        _current = new NativeArray<Entry>(1024);
        _sorted = _current.Pointer;
        _far = new NativeArray<Entry>(1024);
    }

    public long ByteCount => _heads.ByteCount + _pool.ByteCount + _current.ByteCount + _far.ByteCount;

    /// <summary>How many entries are sorted: the nearest events, for prefetching.</summary>
    public int SortedCount => _sortedCount;

    /// <summary>Slot of the k-th sorted entry from the front (maybe stale).</summary>
    public int SortedSlot(int k) => _sorted[_sortedCount - 1 - k].Slot;

    /// <summary>Enters the slot's present key. An infinite key is an event that never happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Insert(int slot)
    {
        double time = _events[slot].Time;
        _events[slot].Entries++;
        double position = (time - _start) * _bucketsPerTime;
        if (position < _bucket + 1)
        {
            InsertSorted(time, slot);
        }
        else if (position < _bucket + 1 + (double)_mask)
        {
            InsertBucket((int)((long)position & _mask), time, slot);
        }
        else
        {
            InsertFar(time, slot);
        }
    }

    /// <summary>The slot whose event is the next one, not later than the given time; -1 if there is none.</summary>
    public int Next(double until)
    {
        while (true)
        {
            while (_sortedCount > 0)
            {
                ref Entry last = ref _sorted[_sortedCount - 1];
                if (IsValid(last))
                {
                    return last.Time <= until ? last.Slot : -1;
                }

                _sortedCount--;
            }

            // The same monotone map as in Insert: no entry up to 'until' can lie in a later bucket.
            if (_waiting == 0 || (until - _start) * _bucketsPerTime < _bucket + 1)
            {
                return -1;
            }

            Advance();
        }
    }

    /// <summary>Removes the entry that <see cref="Next"/> returned.</summary>
    public void Pop() => _sortedCount--;

    public void Dispose()
    {
        _heads.Dispose();
        _pool.Dispose();
        _current.Dispose();
        _far.Dispose();
    }

    private void InsertBucket(int bucket, double time, int slot)
    {
        int chunk = _head[bucket];
        if (chunk < 0 || _chunks[(long)chunk * ChunkEntries + ChunkCapacity].Count == ChunkCapacity)
        {
            int fresh = NewChunk();
            ref Entry header = ref _chunks[(long)fresh * ChunkEntries + ChunkCapacity];
            header.Slot = chunk;
            header.Count = 0;
            _head[bucket] = fresh;
            chunk = fresh;
        }

        Entry* entries = _chunks + (long)chunk * ChunkEntries;
        int used = entries[ChunkCapacity].Count++;
        entries[used] = EntryOf(time, slot);
        _waiting++;
    }

    private int NewChunk()
    {
        if (_freeChunk >= 0)
        {
            int chunk = _freeChunk;
            _freeChunk = _chunks[(long)chunk * ChunkEntries + ChunkCapacity].Slot;
            return chunk;
        }

        if (((long)_chunkCount + 1) * ChunkEntries > _pool.Length)
        {
            _pool.Grow(_pool.Length * 5 / 4);
            _chunks = _pool.Pointer;
        }

        return _chunkCount++;
    }

    private void InsertFar(double time, int slot)
    {
        if (double.IsPositiveInfinity(time))
        {
            return;
        }

        if (_farCount == _far.Length)
        {
            _far.Grow(2 * _far.Length);
        }

        _far.Pointer[_farCount++] = EntryOf(time, slot);
        _waiting++;
    }

    private void InsertSorted(double time, int slot)
    {
        if (_sortedCount == _current.Length)
        {
            _current.Grow(2 * _current.Length);
            _sorted = _current.Pointer;
        }

        int k = _sortedCount++;
        while (k > 0 && Earlier(_sorted[k - 1], time, slot))
        {
            _sorted[k] = _sorted[k - 1];
            k--;
        }

        _sorted[k] = EntryOf(time, slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Entry EntryOf(double time, int slot) => new() { Time = time, Slot = slot, Count = _events[slot].Entries };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsValid(in Entry entry) => _events[entry.Slot].Entries == entry.Count && _events[entry.Slot].Time == entry.Time;

    // A stale entry has no place among those of the same time any more: its particle's event is another one now.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Earlier(in Entry entry, double time, int slot)
    {
        if (entry.Time < time)
        {
            return true;
        }

        return entry.Time == time && (!IsValid(entry) || _ties.Precedes(entry.Slot, slot));
    }

    private void Advance()
    {
        _bucket++;
        int index = (int)(_bucket & _mask);
        if (index == 0)
        {
            ReenterFar();
        }

        Prefetch(index);
        int chunk = _head[index];
        _head[index] = -1;
        while (chunk >= 0)
        {
            Entry* entries = _chunks + (long)chunk * ChunkEntries;
            ref Entry header = ref entries[ChunkCapacity];
            for (int k = 0; k < header.Count; k++)
            {
                if (IsValid(entries[k]))
                {
                    AppendUnsorted(entries[k]);
                }
            }

            _waiting -= header.Count;
            int next = header.Slot;
            header.Slot = _freeChunk;
            _freeChunk = chunk;
            chunk = next;
        }

        Sort();
    }

    // The sorted part is empty when a bucket comes up, so its entries are collected and sorted once.
    private void AppendUnsorted(in Entry entry)
    {
        if (_sortedCount == _current.Length)
        {
            _current.Grow(2 * _current.Length);
            _sorted = _current.Pointer;
        }

        _sorted[_sortedCount++] = entry;
    }

    private void Sort()
    {
        const int InsertionMax = 24;
        if (_sortedCount > InsertionMax)
        {
            new Span<Entry>(_sorted, _sortedCount).Sort((a, b) =>
                Earlier(a, b.Time, b.Slot) ? 1 : Earlier(b, a.Time, a.Slot) ? -1 : 0);
            return;
        }

        int count = _sortedCount;
        _sortedCount = 0;
        for (int k = 0; k < count; k++)
        {
            Entry entry = _sorted[k];
            InsertSorted(entry.Time, entry.Slot);
        }
    }

    private void ReenterFar()
    {
        int count = _farCount;
        _farCount = 0;
        _waiting -= count;
        for (int k = 0; k < count; k++)
        {
            Entry entry = _far.Pointer[k];
            if (IsValid(entry))
            {
                Insert(entry.Slot);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(int index)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        Sse.Prefetch0(_head + ((index + 16) & _mask));
        int chunk = _head[(index + 3) & _mask];
        if (chunk >= 0)
        {
            Sse.Prefetch0(_chunks + (long)chunk * ChunkEntries);
            Sse.Prefetch0(_chunks + (long)chunk * ChunkEntries + ChunkEntries / 2);
        }

        chunk = _head[(index + 1) & _mask];
        while (chunk >= 0)
        {
            Entry* entries = _chunks + (long)chunk * ChunkEntries;
            for (int k = 0; k < entries[ChunkCapacity].Count; k++)
            {
                Sse.Prefetch0(_events + entries[k].Slot);
            }

            chunk = entries[ChunkCapacity].Slot;
        }
    }

    private struct Entry
    {
        public double Time;
        public int Slot;

        /// <summary>Number of the particle's entry; in the header of a chunk how many of its entries are used.</summary>
        public int Count;
    }
}
