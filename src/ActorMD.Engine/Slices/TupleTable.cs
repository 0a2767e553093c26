using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>The events of order k &gt;= 3 of a time slice.</summary>
/// <remarks>
/// With zones the records of a search are as wide as the largest reach, so that the pairs that it notes as joining are all that can be
/// members of tuples in this slice. At the beginning a tuple is looked for by one of its members, its owner: that in the lowest slot.
/// So most particles, which have less than two joining partners in higher slots, need not look. After an event a particle looks for all
/// its tuples. Each enters the earliest that it finds; when that is found to be stale, its owner searches again, which is soon enough,
/// since the other tuples that it has found lie later.
/// </remarks>
internal sealed unsafe class TupleTable : IDisposable
{
    private const int None = -1;

    private readonly Gas _gas;
    private readonly SliceGrid _grid;
    private readonly Particle* _particles;
    private readonly TuplePredictor _predictor;
    private readonly SliceQueue _queue;
    private readonly double _unit; // in which it is seen how far a contact's second particle is
    private readonly int _othersMin; // besides a particle, in a tuple of the lowest order
    private readonly int _stride; // of the records of tuples: owner's stamp, order, members
    private readonly NativeArray<int> _members;
    private readonly NativeArray<int> _entries = new(256);
    private readonly NativeArray<long> _codes = new(256);
    private readonly NativeArray<Contact> _pairs = new(256); // all joining pairs at the start of the slice
    private readonly NativeArray<int> _nextPair = new(256); // of the same owner
    private readonly NativeArray<int> _firstPair = new(0); // by slot; None between slices
    private readonly List<int> _owners = []; // slots with two pairs or more
    private readonly List<int> _partners = []; // of one owner
    private int _pairCount;
    private int _tupleCount;
    private SliceClock _clock;

    /// <param name="gas">Its zones.</param>
    /// <param name="grid">The box.</param>
    /// <param name="store">The particles.</param>
    /// <param name="queue">Gets the events.</param>
    /// <param name="unit">Length of the unit in which contacts are seen.</param>
    /// <param name="abort">Ends a long search.</param>
    public TupleTable(Gas gas, SliceGrid grid, ParticleStore store, SliceQueue queue, double unit, CancellationToken abort)
    {
        (_gas, _grid, _queue, _unit, _stride) = (gas, grid, queue, unit, gas.OrderMax + 2);
        _othersMin = gas.Zones.Min(zone => zone.Order) - 1;
        _particles = store.Particles;
        _predictor = new TuplePredictor(gas, store.Particles, store.Ids, abort);
        _members = new NativeArray<int>(64L * _stride);
    }

    public long ByteCount =>
        _members.ByteCount + _entries.ByteCount + _codes.ByteCount + _pairs.ByteCount + _nextPair.ByteCount + _firstPair.ByteCount;

    /// <summary>A slice begins.</summary>
    public void Begin(in SliceClock clock) => (_clock, _tupleCount, _pairCount) = (clock, 0, 0);

    /// <summary>At the start of a slice joining pairs are kept until all are known.</summary>
    public void KeepAll(ContactBuffer contacts)
    {
        int count = contacts.JoiningCount;
        _pairs.Grow(_pairCount + count > _pairs.Length ? 2L * (_pairCount + count) : 0);
        new Span<Contact>(contacts.FirstJoining, count).CopyTo(new Span<Contact>(_pairs.Pointer + _pairCount, count));
        _pairCount += count;
    }

    /// <summary>As <see cref="KeepAll"/>, one pair.</summary>
    public void Keep(in Contact contact)
    {
        _pairs.Grow(_pairCount == _pairs.Length ? 2L * _pairs.Length : 0);
        _pairs.Pointer[_pairCount++] = contact;
    }

    /// <summary>All joining pairs of the start of the slice are known: the tuples that they make.</summary>
    /// <param name="count">Number of particles.</param>
    /// <param name="now">Beginning of the slice.</param>
    public void EnterAll(int count, double now)
    {
        LinkPairs(count);
        foreach (int owner in _owners)
        {
            CollectPartners(owner);
            int found = 0;
            for (int k = _firstPair.Pointer[owner]; k != None; k = _nextPair.Pointer[k])
            {
                Contact* pair = _pairs.Pointer + k;
                if (JoinsOthers(PartnerOf(pair, owner)))
                {
                    ReserveEntries(found + 1);
                    SetEntry(found++, owner, pair);
                }
            }

            Enter(owner, found, now);
        }

        UnlinkPairs();
    }

    /// <summary>The tuples of particles that have searched after an event: the pairs of each stand side by side.</summary>
    public void EnterNew(ContactBuffer contacts, double now)
    {
        Contact* noted = contacts.FirstJoining;
        for (int first = 0, end; first < contacts.JoiningCount; first = end)
        {
            int slot = noted[first].Slot;
            end = first + 1;
            while (end < contacts.JoiningCount && noted[end].Slot == slot)
            {
                end++;
            }

            ReserveEntries(end - first);
            for (int k = first; k < end && end - first >= _othersMin; k++)
            {
                SetEntry(k - first, slot, noted + k);
            }

            Enter(slot, end - first, now);
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
        _nextPair.Dispose();
        _firstPair.Dispose();
    }

    private int* RecordOf(int index) => _members.Pointer + (long)index * _stride;

    // The pairs of each owner, which is the particle in the lower slot, become a list.
    private void LinkPairs(int count)
    {
        if (count > _firstPair.Length)
        {
            _firstPair.Renew(count + count / 8);
            new Span<int>(_firstPair.Pointer, (int)_firstPair.Length).Fill(None);
        }

        _nextPair.Grow(_pairs.Length);
        _owners.Clear();
        Contact* pairs = _pairs.Pointer;
        int* first = _firstPair.Pointer, next = _nextPair.Pointer;
        for (int k = 0; k < _pairCount; k++)
        {
            int owner = Math.Min(pairs[k].Slot, pairs[k].Other), earlier = first[owner];
            next[k] = earlier;
            first[owner] = k;
            if (earlier != None && next[earlier] == None)
            {
                _owners.Add(owner);
            }
        }
    }

    private void CollectPartners(int owner)
    {
        _partners.Clear();
        for (int k = _firstPair.Pointer[owner]; k != None; k = _nextPair.Pointer[k])
        {
            _partners.Add(PartnerOf(_pairs.Pointer + k, owner));
        }
    }

    // Whether a partner of the owner joins another one of them: members of a tuple join each other. Most do not, so that most tuples need
    // not be looked for.
    private bool JoinsOthers(int partner)
    {
        foreach (int other in CollectionsMarshal.AsSpan(_partners))
        {
            (int lower, int upper) = partner < other ? (partner, other) : (other, partner);
            for (int k = _firstPair.Pointer[lower]; k != None; k = _nextPair.Pointer[k])
            {
                if (PartnerOf(_pairs.Pointer + k, lower) == upper)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int PartnerOf(Contact* pair, int slot) => pair->Slot == slot ? pair->Other : pair->Slot;

    private void UnlinkPairs()
    {
        Contact* pairs = _pairs.Pointer;
        int* first = _firstPair.Pointer;
        for (int k = 0; k < _pairCount; k++)
        {
            first[Math.Min(pairs[k].Slot, pairs[k].Other)] = None;
        }

        _pairCount = 0;
    }

    private void Enter(int slot, int count, double now)
    {
        if (count < _othersMin)
        {
            return;
        }

        int* entries = _entries.Pointer;
        long* codes = _codes.Pointer;
        count = RemoveRepeated(entries, codes, count);
        double time = _predictor.Earliest(slot, now, entries, count, new ImageCodes(codes, _gas.Box.Lengths), _clock.End);
        if (time < _clock.End)
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

    // The partner of a particle in a pair, and as which image it is near.
    private void SetEntry(int index, int slot, Contact* pair)
    {
        Vector256<double> seen = _grid.Axes.IsPlanar
            ? Vector256.Create(pair->Y, pair->Z, pair->X, 0d)
            : Vector256.Create(pair->X, pair->Y, pair->Z, 0d);
        Particle* first = _particles + pair->Slot, second = _particles + pair->Other;
        Vector256<double> flown = _grid.PositionInMiddle(second, _clock) - _grid.PositionInMiddle(first, _clock);
        Vector256<double> boxes = Vector256.Round((seen * _unit - flown) * _grid.PerLength);
        bool isFirst = pair->Slot == slot;
        boxes = isFirst ? boxes : -boxes;
        int other = PartnerOf(pair, slot), x = (int)boxes[0], y = (int)boxes[1], z = (int)boxes[2];
        _entries.Pointer[index] = (x | y | z) != 0 ? other | Candidate.ShiftedFlag : other;
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
