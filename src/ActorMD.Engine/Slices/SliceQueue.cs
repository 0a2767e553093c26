using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices;

/// <summary>The events of one time slice in the order (time, order k, particle ids).</summary>
/// <remarks>
/// Buckets of equal width in time, filled without order; only the bucket that is being worked off is sorted. Nothing is removed
/// before its turn: an event is stale when one of its participants has had another event since (<see cref="SliceEvent.Stamps"/>).
/// </remarks>
/// <param name="ids">Of the particles, by slot.</param>
/// <param name="membersOf">Of the tuples.</param>
/// <param name="room">Events for which there is always room; for more, memory has to grow, and is there twice meanwhile.</param>
internal sealed unsafe class SliceQueue(int* ids, SliceQueue.TupleMembers membersOf, int room = 0) : IDisposable
{
    private const int BucketCountMin = 64;
    private const int NoEvent = -1;
    private const int LeastRoom = 1024;
    private const int ExcessMax = 4;

    private readonly NativeArray<int> _headArray = new(BucketCountMin);
    private readonly int _room = Math.Max(LeastRoom, room);
    private readonly NativeArray<SliceEvent> _pool = new(Math.Max(LeastRoom, room));
    private readonly NativeArray<SliceEvent> _currentArray = new(256);
    private SliceEvent* _events;
    private SliceEvent* _current; // descending: the next event is the last
    private int* _heads;
    private int _eventCount;
    private int _currentCount;
    private int _bucketCount;
    private int _bucket;
    private double _start;
    private double _bucketsPerTime;

    public long ByteCount => _headArray.ByteCount + _pool.ByteCount + _currentArray.ByteCount;

    /// <summary>Forgets everything and starts a new slice; the events of the last one tell how many to expect.</summary>
    public void Begin(double start, double end)
    {
        int buckets = BucketCountMin;
        while (buckets < _eventCount && buckets < 1 << 28)
        {
            buckets <<= 1;
        }

        if (_pool.Length > _room && _pool.Length / ExcessMax > _eventCount)
        {
            _pool.Renew(Math.Max(_room, 2L * _eventCount)); // after a slice with far more events than usual
        }

        _headArray.Grow(buckets);
        _heads = _headArray.Pointer;
        _events = _pool.Pointer;
        _current = _currentArray.Pointer;
        new Span<int>(_heads, buckets).Fill(NoEvent);
        (_bucketCount, _bucket, _eventCount, _currentCount) = (buckets, -1, 0, 0);
        _start = start;
        _bucketsPerTime = end - start < double.PositiveInfinity ? buckets / (end - start) : 0;
    }

    /// <summary>Enters an event of two particles, or with a wall (partner = <see cref="SliceEvent.FirstWall"/> - axis).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(double time, int slot, int partner, uint stamps)
    {
        if (_eventCount == _pool.Length)
        {
            _pool.Grow(_pool.Length * 5 / 4);
            _events = _pool.Pointer;
        }

        SliceEvent* entry = _events + _eventCount;
        (entry->Time, entry->Slot, entry->Partner, entry->Stamps) = (time, slot, partner, stamps);
        int bucket = (int)Math.Min((time - _start) * _bucketsPerTime, _bucketCount - 1);
        if (bucket > _bucket)
        {
            entry->Next = _heads[bucket];
            _heads[bucket] = _eventCount;
        }
        else
        {
            InsertSorted(*entry);
        }

        _eventCount++;
    }

    /// <summary>The earliest event, which may be stale; null when the slice has no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SliceEvent* Peek()
    {
        while (_currentCount == 0)
        {
            if (!Advance())
            {
                return null;
            }
        }

        return _current + _currentCount - 1;
    }

    /// <summary>Removes what <see cref="Peek"/> returned; the record stays readable until the next call of this class.</summary>
    public void Pop() => _currentCount--;

    /// <summary>The bucket that is being worked off; -1 at first.</summary>
    public int Bucket => _bucket;

    /// <summary>An event of a later bucket; null if it is empty.</summary>
    public SliceEvent* FirstOf(int bucket) => bucket < _bucketCount && _heads[bucket] >= 0 ? _events + _heads[bucket] : null;

    /// <summary>Another event of the same bucket, or null.</summary>
    public SliceEvent* NextOf(SliceEvent* entry) => entry->Next >= 0 ? _events + entry->Next : null;

    /// <summary>Loads an event of a later bucket into the cache.</summary>
    public void PrefetchBucket(int bucket)
    {
        if (bucket < _bucketCount && _heads[bucket] >= 0)
        {
            Sse.Prefetch0(_events + _heads[bucket]);
        }
    }

    public void Dispose()
    {
        _headArray.Dispose();
        _pool.Dispose();
        _currentArray.Dispose();
    }

    private bool Advance()
    {
        if (_bucket + 1 >= _bucketCount)
        {
            return false;
        }

        _bucket++;
        for (int index = _heads[_bucket]; index >= 0; index = _events[index].Next)
        {
            Append(_events[index]);
        }

        if (_currentCount > 1)
        {
            Sort();
        }

        return true;
    }

    private void Append(in SliceEvent entry)
    {
        if (_currentCount == _currentArray.Length)
        {
            _currentArray.Grow(2 * _currentArray.Length);
            _current = _currentArray.Pointer;
        }

        _current[_currentCount++] = entry;
    }

    private void Sort()
    {
        const int InsertionMax = 24;
        if (_currentCount > InsertionMax)
        {
            new Span<SliceEvent>(_current, _currentCount).Sort((a, b) => Precedes(a, b) ? 1 : Precedes(b, a) ? -1 : 0);
            return;
        }

        int count = _currentCount;
        _currentCount = 0;
        for (int k = 0; k < count; k++)
        {
            InsertSorted(_current[k]);
        }
    }

    private void InsertSorted(SliceEvent entry)
    {
        Append(entry);
        int k = _currentCount - 1;
        while (k > 0 && Precedes(_current[k - 1], entry))
        {
            _current[k] = _current[k - 1];
            k--;
        }

        _current[k] = entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Precedes(in SliceEvent a, in SliceEvent b) => a.Time < b.Time || (a.Time == b.Time && PrecedesAtOnce(a, b));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool PrecedesAtOnce(in SliceEvent a, in SliceEvent b)
    {
        Span<int> idsA = stackalloc int[16], idsB = stackalloc int[16];
        int orderA = Participants(a, ref idsA), orderB = Participants(b, ref idsB);
        return orderA != orderB ? orderA < orderB : idsA.SequenceCompareTo(idsB) < 0;
    }

    private int Participants(in SliceEvent entry, ref Span<int> ids1)
    {
        if (entry.Partner <= SliceEvent.FirstRollback)
        {
            ids1 = [];
            return 0;
        }

        if (entry.Partner <= SliceEvent.FirstTuple)
        {
            ReadOnlySpan<int> members = membersOf(SliceEvent.FirstTuple - entry.Partner);
            ids1 = ids1[..members.Length];
            members.CopyTo(ids1);
            for (int k = 0; k < ids1.Length; k++)
            {
                ids1[k] = ids[ids1[k]];
            }

            ids1.Sort();
            return members.Length;
        }

        int id = ids[entry.Slot];
        ids1 = ids1[..2];
        if (entry.Partner < 0)
        {
            (ids1[0], ids1[1]) = (id, SliceEvent.FirstWall - entry.Partner);
            return 1;
        }

        int other = ids[entry.Partner];
        (ids1[0], ids1[1]) = (Math.Min(id, other), Math.Max(id, other));
        return 2;
    }

    /// <summary>Slots of a tuple of this slice.</summary>
    internal delegate ReadOnlySpan<int> TupleMembers(int index);
}
