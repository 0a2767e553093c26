using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>The events of order k &gt;= 3 of a time slice.</summary>
/// <remarks>
/// With zones the records of a search are as wide as the largest reach, so that the noted contacts of a particle are all that can be
/// members of its tuples in this slice. Every particle enters its earliest tuple; when that is found to be stale, its owner searches
/// again, which is soon enough, since its other tuples lie later.
/// </remarks>
internal sealed unsafe class TupleTable : IDisposable
{
    private readonly Gas _gas;
    private readonly Particle* _particles;
    private readonly TuplePredictor _predictor;
    private readonly SliceQueue _queue;
    private readonly int _stride; // of the records of tuples: owner's stamp, order, members
    private readonly NativeArray<int> _members;
    private readonly NativeArray<int> _entries = new(256);
    private readonly NativeArray<long> _codes = new(256);
    private readonly NativeArray<Contact> _pairs = new(256); // all contacts at the start of the slice
    private readonly NativeArray<int> _starts = new(2); // by slot, in the entries
    private int _pairCount;
    private int _tupleCount;
    private double _end;

    /// <param name="gas">Its zones.</param>
    /// <param name="store">The particles.</param>
    /// <param name="queue">Gets the events.</param>
    /// <param name="abort">Ends a long search.</param>
    public TupleTable(Gas gas, ParticleStore store, SliceQueue queue, CancellationToken abort)
    {
        (_gas, _queue, _stride) = (gas, queue, gas.OrderMax + 2);
        _particles = store.Particles;
        _predictor = new TuplePredictor(gas, store.Particles, store.Ids, abort);
        _members = new NativeArray<int>(64L * _stride);
    }

    public long ByteCount => _members.ByteCount + _entries.ByteCount + _codes.ByteCount + _pairs.ByteCount + _starts.ByteCount;

    /// <summary>A slice begins.</summary>
    public void Begin(in SliceClock clock) => (_end, _tupleCount, _pairCount) = (clock.End, 0, 0);

    /// <summary>At the start of a slice contacts are kept until all are known.</summary>
    public void Keep(ContactBuffer contacts)
    {
        _pairs.Grow(_pairCount + contacts.Count > _pairs.Length ? 2L * (_pairCount + contacts.Count) : 0);
        new Span<Contact>(contacts.First, contacts.Count).CopyTo(new Span<Contact>(_pairs.Pointer + _pairCount, contacts.Count));
        _pairCount += contacts.Count;
    }

    /// <summary>As <see cref="Keep(ContactBuffer)"/>, one contact.</summary>
    public void Keep(in Contact contact)
    {
        _pairs.Grow(_pairCount == _pairs.Length ? 2L * _pairs.Length : 0);
        _pairs.Pointer[_pairCount++] = contact;
    }

    /// <summary>The tuples of all particles. Pairs were kept from one side; tuples need them from both.</summary>
    /// <param name="count">Number of particles.</param>
    /// <param name="now">Beginning of the slice.</param>
    public void EnterAll(int count, double now)
    {
        _starts.Grow(count + 2L);
        int* starts = _starts.Pointer;
        new Span<int>(starts, count + 2).Clear();
        Contact* pairs = _pairs.Pointer;
        for (int k = 0; k < _pairCount; k++)
        {
            starts[pairs[k].Slot + 2]++;
            starts[pairs[k].Other + 2]++;
        }

        for (int slot = 2; slot < count + 2; slot++)
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

        for (int slot = 0; slot < count; slot++)
        {
            Enter(slot, starts[slot], starts[slot + 1] - starts[slot], now);
        }

        _pairCount = 0;
    }

    /// <summary>The tuples of particles that have searched after an event: the contacts of each stand side by side.</summary>
    public void EnterNew(ContactBuffer contacts, double now)
    {
        Contact* noted = contacts.First;
        for (int first = 0, end; first < contacts.Count; first = end)
        {
            end = first + 1;
            while (end < contacts.Count && noted[end].Slot == noted[first].Slot)
            {
                end++;
            }

            ReserveEntries(end - first);
            for (int k = first; k < end; k++)
            {
                SetEntry(k - first, noted[k].Other, noted[k].BoxesX, noted[k].BoxesY, noted[k].BoxesZ);
            }

            Enter(noted[first].Slot, 0, end - first, now);
        }
    }

    /// <summary>Slots of a tuple's members, its owner first.</summary>
    public ReadOnlySpan<int> MembersOf(int index)
    {
        int* record = RecordOf(index);
        return new ReadOnlySpan<int>(record + 2, record[1]);
    }

    /// <summary>Whether all members are as they were when the tuple was entered.</summary>
    public bool IsValid(int index, uint stamps) => StampSum(MembersOf(index)) == stamps;

    /// <summary>Whether the owner has not searched since it entered the tuple.</summary>
    public bool IsOwnersLatest(int index, int owner) => _particles[owner].Stamp == (uint)RecordOf(index)[0];

    public void Dispose()
    {
        _members.Dispose();
        _entries.Dispose();
        _codes.Dispose();
        _pairs.Dispose();
        _starts.Dispose();
    }

    private int* RecordOf(int index) => _members.Pointer + (long)index * _stride;

    private void Enter(int slot, int first, int count, double now)
    {
        if (count < 2)
        {
            return;
        }

        int* entries = _entries.Pointer + first;
        long* codes = _codes.Pointer + first;
        count = RemoveRepeated(entries, codes, count);
        double time = _predictor.Earliest(slot, now, entries, count, new ImageCodes(codes, _gas.Box.Lengths), _end);
        if (time < _end)
        {
            if ((_tupleCount + 1L) * _stride > _members.Length)
            {
                _members.Grow(2 * _members.Length);
            }

            ReadOnlySpan<int> others = _predictor.Others;
            int* record = RecordOf(_tupleCount);
            (record[0], record[1], record[2]) = ((int)_particles[slot].Stamp, others.Length + 1, slot);
            others.CopyTo(new Span<int>(record + 3, others.Length));
            _queue.Enter(time, slot, SliceEvent.FirstTuple - _tupleCount, StampSum(MembersOf(_tupleCount)));
            _tupleCount++;
        }
    }

    // Flights that were split have several records and may be noted more than once.
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

    private uint StampSum(ReadOnlySpan<int> slots)
    {
        uint sum = 0;
        foreach (int slot in slots)
        {
            sum += _particles[slot].Stamp;
        }

        return sum;
    }

    private void SetEntry(int index, int slot, int x, int y, int z)
    {
        _entries.Pointer[index] = (x | y | z) != 0 ? slot | Candidate.ShiftedFlag : slot;
        _codes.Pointer[index] = ImageCodes.Encode(x, y, z);
    }

    private void ReserveEntries(int count)
    {
        if (count > _entries.Length)
        {
            _entries.Grow(2L * count);
            _codes.Grow(2L * count);
        }
    }
}
