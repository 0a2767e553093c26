using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices;

// Events of order k >= 3. Records are as wide as the largest reach then, so that the noted contacts of a particle are all that
// can be members of its tuples in this slab. Every particle enters its earliest tuple; when that is found to be stale, its owner
// searches again, which is soon enough, since its other tuples lie later.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private readonly TuplePredictor? _tuples;
    private readonly NativeArray<int>? _memberArray; // owner's stamp, order, other members; one stride each
    private readonly NativeArray<int>? _entryArray;
    private readonly NativeArray<long>? _codeArray;
    private readonly NativeArray<Contact>? _pairArray; // all contacts at the start of the slab
    private readonly NativeArray<int>? _pairStarts; // by slot, in the entries
    private int _tupleCount;
    private int _pairCount;

    private int MemberStride => Gas.OrderMax + 2;

    private void EnterTuple(int slot, int first, int count)
    {
        if (count < 2)
        {
            return;
        }

        int* entries = _entryArray!.Pointer + first;
        long* codes = _codeArray!.Pointer + first;
        count = RemoveRepeated(entries, codes, count);
        double from = Math.Max(Now, _middle - _half);
        double time = _tuples!.Earliest(slot, from, entries, count, new ImageCodes(codes, Gas.Box.Lengths), _end);
        if (time < _end)
        {
            if ((_tupleCount + 1L) * MemberStride > _memberArray!.Length)
            {
                _memberArray.Grow(2 * _memberArray.Length);
            }

            ReadOnlySpan<int> others = _tuples.Others;
            int* record = _memberArray.Pointer + (long)_tupleCount * MemberStride;
            (record[0], record[1], record[2]) = ((int)Particles[slot].Stamp, others.Length + 1, slot);
            others.CopyTo(new Span<int>(record + 3, others.Length));
            _queue.Enter(time, slot, SliceQueue.FirstTuple - _tupleCount, StampSum(MembersOf(_tupleCount)));
            _tupleCount++;
        }
    }

    // Flights that were cut have several records and may be noted more than once.
    private static int RemoveRepeated(int* entries, long* codes, int count)
    {
        int kept = 0;
        for (int k = 0; k < count; k++)
        {
            int earlier = 0;
            while (earlier < kept && (entries[earlier] != entries[k] || codes[earlier] != codes[k]))
            {
                earlier++;
            }

            if (earlier == kept)
            {
                (entries[kept], codes[kept]) = (entries[k], codes[k]);
                kept++;
            }
        }

        return kept;
    }

    // The noted contacts of one particle, which is all that its search found.
    private void EnterTupleOf(Contact* first, Contact* end)
    {
        int count = (int)(end - first);
        ReserveEntries(count);
        for (int k = 0; k < count; k++)
        {
            SetEntry(k, first[k].Other, first[k].BoxesX, first[k].BoxesY, first[k].BoxesZ);
        }

        EnterTuple(first->Slot, 0, count);
    }

    // At the start of a slab contacts were found from one side; tuples need them from both.
    private void EnterAllTuples()
    {
        int* starts = _pairStarts!.Pointer;
        new Span<int>(starts, Count + 2).Clear();
        Contact* pairs = _pairArray!.Pointer;
        for (int k = 0; k < _pairCount; k++)
        {
            starts[pairs[k].Slot + 2]++;
            starts[pairs[k].Other + 2]++;
        }

        for (int slot = 2; slot < Count + 2; slot++)
        {
            starts[slot] += starts[slot - 1];
        }

        ReserveEntries(2 * _pairCount);
        for (int k = 0; k < _pairCount; k++)
        {
            Contact* pair = pairs + k;
            SetEntry(starts[pair->Slot + 1]++, pair->Other, pair->BoxesX, pair->BoxesY, pair->BoxesZ);
            SetEntry(starts[pair->Other + 1]++, pair->Slot, -pair->BoxesX, -pair->BoxesY, -pair->BoxesZ);
        }

        for (int slot = 0; slot < Count; slot++)
        {
            EnterTuple(slot, starts[slot], starts[slot + 1] - starts[slot]);
        }

        _pairCount = 0;
    }

    // A tuple's turn: either all members are as they were, or its owner searches again unless it has done so already.
    private void TakeTuple(SliceEvent* next)
    {
        int index = SliceQueue.FirstTuple - next->Partner;
        int* record = _memberArray!.Pointer + (long)index * MemberStride;
        ReadOnlySpan<int> members = MembersOf(index);
        if (StampSum(members) == next->Stamps)
        {
            Span<int> slots = stackalloc int[members.Length];
            members.CopyTo(slots);
            TuplePredictor.SortById(slots, Ids);
            CollideTuple(slots, next->Time);
        }
        else if (Particles[next->Slot].Stamp == (uint)record[0])
        {
            Counters.StaleCount++;
            Now = Math.Max(Now, next->Time);
            Reschedule(next->Slot);
        }
    }

    private ReadOnlySpan<int> MembersOf(int index)
    {
        int* record = _memberArray!.Pointer + (long)index * MemberStride;
        return new ReadOnlySpan<int>(record + 2, record[1]);
    }

    private uint StampSum(ReadOnlySpan<int> slots)
    {
        uint sum = 0;
        foreach (int slot in slots)
        {
            sum += Particles[slot].Stamp;
        }

        return sum;
    }

    private void SetEntry(int index, int slot, int x, int y, int z)
    {
        _entryArray!.Pointer[index] = (x | y | z) != 0 ? slot | Candidate.ShiftedFlag : slot;
        _codeArray!.Pointer[index] = ImageCodes.Encode(x, y, z);
    }

    private void ReserveEntries(int count)
    {
        if (count > _entryArray!.Length)
        {
            _entryArray.Grow(2L * count);
            _codeArray!.Grow(2L * count);
        }
    }

    private void DisposeTuples()
    {
        _memberArray?.Dispose();
        _entryArray?.Dispose();
        _codeArray?.Dispose();
        _pairArray?.Dispose();
        _pairStarts?.Dispose();
    }

    private long TupleByteCount => (_memberArray?.ByteCount ?? 0) + (_entryArray?.ByteCount ?? 0) + (_codeArray?.ByteCount ?? 0)
        + (_pairArray?.ByteCount ?? 0) + (_pairStarts?.ByteCount ?? 0);
}
