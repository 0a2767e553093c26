using ActorMD.Engine.Particles;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

// Slabs that several threads share. Sorting and pairs are divided over slots and planes of cells; the events over blocks of planes:
// 1. Every thread runs the events of its block in the order of time. Where something beyond a cut takes part, it stops: the
//    participants are frozen from that time on, and so is everybody who would meet them.
// 2. Every thread runs what was left out around one cut, a seam. It begins with a search for every frozen particle, from the moment
//    on from which it is. Whoever flies there may meet a flight that an event of step 1 has ended later than that: a clash. Then
//    this event was wrong; it is taken back with all that followed from it, and its particles are searched again.
// So in step 2 every new flight is held against all flights near it that ended after it began: those close to a cut are
// kept (FlightLog) and sorted by cell (EndedFlightIndex). After step 2 everybody has been searched with the flights that really were: the trajectory is the one of a single thread.
// If anything reaches out of a seam, all events of the slab are taken back and one thread runs it: rare, and it costs only time.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private const int BeginSearch = -50; // partner of a seam's event: a frozen particle's flight is searched from here on
    private const int FirstClash = SliceQueue.FirstTuple; // - slot of the one whose ended flight the particle meets, if it flies on until then
    private const double SharedShareMin = 0.5; // of the planned length, for a slab worth sharing
    private const double FluidLength = 0.7; // of shared slabs with lists; the planned one is 1
    private const int FluidSeamDepth = 6, GasSeamDepth = 3, GasSeamDepthMax = 6; // in planes

    // A whole's.
    private WorkTeam? _team;
    private BlockPartition? _blocks;
    private NativeArray<BlockMember>? _blockMembers;
    private NativeArray<StripMember>? _closeMembers;
    private NativeArray<int>[] _countArrays = [];
    private SliceEventLoop<TSizes>[] _blockLoops = [];
    private SliceEventLoop<TSizes>[] _seamLoops = [];
    private int _linkedRoom; // of each thread's records
    private int _moreRoom; // of each thread's lists
    private bool _hasSharedLists; // which have room for shares
    private bool _areMembersOfHomes; // the blocks and seams of the last slab are those of today's homes, but where homes have moved
    private int _recentConflictCount;
    private int _seamDepthMax;

    // A thread's.
    private SliceEventLoop<TSizes>? _whole;
    private int _number;
    private bool _isSeam;
    private int _firstOwnPlane, _endOwnPlane; // those that this loop may touch, or some of them
    private int _firstFarPlane, _endFarPlane; // those of them that are, in a block, close to no cut
    private bool _begins; // the slab does: pairs may be anybody's
    private BlockMember* _members; // by slot; null: this loop runs whole slabs
    private StripMember* _seamMembers; // by slot; of those only that are close to a cut
    private bool _isFar; // the event that is going on: none of its participants is close to a cut, or the loop is a seam's
    private FlightLog? _flightLog;
    private EndedFlightIndex? _ended; // a seam's
    private List<int> _frozen = []; // slots
    private bool _keepsHome; // who moves leaves its old record in the grid
    private List<int> _oldHomes = []; // first records of them
    private List<int> _movers = []; // slots that need a new home at the start of a slab
    private List<int> _movesLeft = []; // those among a block's that its thread cannot move alone
    private List<int> _movedHomes = []; // slots whose members are those of their old homes
    private List<(int Slot, int Other)> _latePairs = []; // neighbours whose lists more than one thread would change
    private NativeArray<SliceEvent>? _outbox; // events of pairs that are not, or not both, of the block
    private int _outboxCount;

    private long ShareByteCount => _team is null ? 0
        : _blockMembers!.ByteCount + _closeMembers!.ByteCount + _countArrays.Sum(a => a.ByteCount)
            + _blockLoops.Concat(_seamLoops).Sum(loop => loop._queue.ByteCount + loop._flightLog!.ByteCount + loop._nearArray.ByteCount + (loop._ended?.ByteCount ?? 0));

    public override int ThreadCount => _team?.Count ?? 1;

    public override bool HasLargeSpecies => TSizes.HasLarge;

    // Whose planes this loop may touch.
    private ReadOnlySpan<int> OwnerOf => _isSeam ? _whole!._blocks!.SeamOf : _whole!._blocks!.BlockOf;

    // Makes threads and what they need, if the grid has room for blocks.
    private void ShareSlabs(SearchSettings settings)
    {
        const int CountMin = 20_000; // who asks for a depth wants threads even if they do not pay
        if (settings.Threads < 2 || !Gas.Zones.IsEmpty || TSizes.HasLarge || (Count < CountMin && settings.StripDepth is null))
        {
            return;
        }

        int depth = settings.StripDepth ?? (_neighbors is null ? GasSeamDepth : FluidSeamDepth);
        _blocks = BlockPartition.For(_axes.PlaneCount, _axes.Across.IsPeriodic, settings.Threads, depth);
        if (_blocks is null)
        {
            return;
        }

        _seamDepthMax = settings.StripDepth ?? (_neighbors is null ? GasSeamDepthMax : FluidSeamDepth);
        _team = new WorkTeam(_blocks.Count);
        _blockMembers = new NativeArray<BlockMember>(Store.Capacity);
        _closeMembers = new NativeArray<StripMember>(Store.Capacity);
        _countArrays = new NativeArray<int>[_blocks.Count];
        _blockLoops = new SliceEventLoop<TSizes>[_blocks.Count];
        _seamLoops = new SliceEventLoop<TSizes>[_blocks.Count];
        for (int k = 0; k < _blocks.Count; k++)
        {
            _countArrays[k] = new NativeArray<int>(_axes.CellCount);
            _blockLoops[k] = ShareOf(k, isSeam: false);
            _seamLoops[k] = ShareOf(k, isSeam: true);
        }

        SharePlanes();
    }

    private void SharePlanes()
    {
        foreach (SliceEventLoop<TSizes> loop in _blockLoops)
        {
            (loop._firstOwnPlane, loop._endOwnPlane) = (_blocks!.First(loop._number), _blocks.First(loop._number + 1));
            (loop._firstFarPlane, loop._endFarPlane) = _blocks.FarPlanes(loop._number);
        }

        foreach (SliceEventLoop<TSizes> loop in _seamLoops)
        {
            int first = _blocks!.FirstOfSeam(loop._number), end = Math.Min(first + 2 * _blocks.Depth, _axes.PlaneCount);
            (loop._firstOwnPlane, loop._endOwnPlane) = (first, end);
            (loop._firstFarPlane, loop._endFarPlane) = (first, end);
        }
    }

    // Seams as deep as they need to be; returns false if they cannot be deeper.
    private bool DeepenSeams()
    {
        if (_blocks!.Depth >= _seamDepthMax
            || BlockPartition.For(_axes.PlaneCount, _axes.Across.IsPeriodic, _blocks.Count, _blocks.Depth + 1) is not { } deeper
            || deeper.Count < _blocks.Count)
        {
            return false;
        }

        _blocks = deeper;
        SharePlanes();
        return true;
    }

    // One thread's part in the slabs: a loop with buffers and a queue of its own, that has all else in common with this one.
    private SliceEventLoop<TSizes> ShareOf(int number, bool isSeam)
    {
        SliceEventLoop<TSizes> share = (SliceEventLoop<TSizes>)MemberwiseClone();
        share.CountApart();
        (share._whole, share._number, share._isSeam, share._isFar) = (this, number, isSeam, isSeam);
        share._members = _blockMembers!.Pointer;
        share._seamMembers = _closeMembers!.Pointer;
        share._queue = new SliceQueue(Ids, _ => default);
        if (_neighbors is null)
        {
            share._flightRecords = new FlightRecords(_flightRecords!);
            share._window = new FlightWindow();
            share._cutArray = new NativeArray<int>(64);
        }
        else
        {
            share._sphereRecords = new SphereRecords(_records);
            share._neighbors = new NeighborLists(_neighbors);
        }

        share._pairs = new FlightPairs();
        share._nearArray = new NativeArray<NearGroup>(256);
        share._near = share._nearArray.Pointer;
        share._groupArray = new NativeArray<NearGroup>(256);
        share._contactArray = new NativeArray<Contact>(64);
        share._seenArray = new NativeArray<float>(3 * Lanes);
        share._timeArray = new NativeArray<double>(ContactsTogether);
        share._flightLog = new FlightLog(Store, number);
        share._ended = isSeam && _neighbors is null ? new EndedFlightIndex(_axes.CellCount) : null;
        (share._frozen, share._movers, share._movesLeft, share._movedHomes, share._oldHomes, share._latePairs) = ([], [], [], [], [], []);
        share._outbox = new NativeArray<SliceEvent>(256);
        return share;
    }

    private void DisposeShares()
    {
        _team?.Dispose();
        _blockMembers?.Dispose();
        _closeMembers?.Dispose();
        foreach (NativeArray<int> counts in _countArrays)
        {
            counts.Dispose();
        }

        foreach (SliceEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            loop.DisposeOwn();
        }
    }

    // Runs the next slab in all threads, if that pays.
    private bool RunSharedSlab(double until, ref long steps)
    {
        double start = _end;
        if (Recorder is not null || !(_fastest > 0) || until - start < SharedShareMin * 2 * _halfWanted || !KnowsRoom())
        {
            return false;
        }

        _half = SharedHalfLength(start, until);
        _slabCount++;
        _middle = start + _half;
        double end = start + 2 * _half, stop = Math.Min(end, until);
        Counters.SharedSliceCount++;
        try
        {
            if (_neighbors is null)
            {
                RenumberIfDue();
                SortFlightsShared();
                EnterFlightPairsShared(start, end);
            }
            else
            {
                BeginListsShared();
                EnterListedPairsShared(start, end);
            }

            _team!.Run(k => _blockLoops[k].RunBlock(stop));
            _team.Run(k => _seamLoops[k].RunSeam(start, stop));
        }
        catch (Exception conflict) when (conflict is SharingConflictException or PhysicsViolationException)
        {
            TakeBackSlab();
            return false; // if anything is wrong with the particles themselves, it comes up again
        }

        long before = Tally.EventCount;
        foreach (SliceEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            Tally.Add(loop.Tally);
            Now = Math.Max(Now, loop.Now);
        }

        EndShares();
        _end = stop < end ? Math.BitIncrement(stop) : end;
        _recentConflictCount -= _recentConflictCount > 0 && Counters.SharedSliceCount % 8 == 0 ? 1 : 0;
        steps = Math.Max(0, steps - (Tally.EventCount - before) - 1 - Count / 4);
        return true;
    }

    // As planned, or so that the slabs up to the end of the run are equally long. In fluids what is left to seams grows with the
    // square of the length.
    private double SharedHalfLength(double start, double until)
    {
        double half = Math.Min(_neighbors is null ? _halfWanted : FluidLength * _halfWanted, PartsMax * _cap * _axes.Unit / _fastest), left = 0.5 * (until - start);
        const double Excess = 1 + 1e-9, ShareMin = 1e-3, ShareMax = 1.1;
        return left < double.PositiveInfinity ? Math.Max(half * ShareMin, Excess * left / Math.Ceiling(left / (ShareMax * half))) : half;
    }

    // The first slab is one thread's: it shows how much room new records and lists need.
    private bool KnowsRoom()
    {
        if (_linkedRoom == 0 && _slabCount > 0)
        {
            int threads = _blocks!.Count;
            _linkedRoom = 1024 + (Count / 2 + (_neighbors is null ? 2 * _flightRecords!.LinkedCountMax : 0)) / threads;
            _moreRoom = _neighbors is null ? 0 : 1024 + (Count / 8 + (int)(1.2 * _neighbors.MoreCount)) / threads;
        }

        return _linkedRoom > 0;
    }

    // From how many records each thread has for each cell to where its first one goes.
    private void AddCounts()
    {
        int place = 0, cells = _axes.CellCount;
        for (int cell = 0; cell < cells; cell++)
        {
            _starts[cell] = place;
            foreach (NativeArray<int> counts in _countArrays)
            {
                int* count = counts.Pointer + cell;
                (*count, place) = (place, place + *count);
            }
        }

        (_starts[cells], _starts[cells + 1]) = (place, place);
    }

    private int FirstSlot(int share) => _team!.Share(Count, share);

    private void BeginShare(int sortedCount, int linkedMax)
    {
        (_middle, _half, _homeCount) = (_whole!._middle, _whole._half, _whole._homeCount);
        _end = _middle + _half;
        ReserveNear(sortedCount, linkedMax);
        _frozen.Clear();
        _movers.Clear();
        _movesLeft.Clear();
        _movedHomes.Clear();
        _oldHomes.Clear();
        _latePairs.Clear();
        (_outboxCount, _contactCount, _prefetched, _keepsHome) = (0, 0, -1, false);
    }

    private void BeginEvents(double start, double end)
    {
        BeginAt(start);
        _queue.Begin(start, end);
        _begins = true;
    }

    // Whether two particles that can meet are both of this block.
    private bool IsOwn(int slot, int other)
    {
        BlockMember own = _members[slot];
        return own.Block == _number && (!own.IsBorder || _members[other].Block == _number);
    }

    // An event at the beginning of a slab that another thread has to see.
    private void Send(in SliceEvent entry)
    {
        if (_outboxCount == _outbox!.Length)
        {
            _outbox.Grow(2 * _outbox.Length);
        }

        _outbox.Pointer[_outboxCount++] = entry;
    }

    private void Deliver()
    {
        foreach (SliceEventLoop<TSizes> loop in _blockLoops)
        {
            Deliver(loop);
        }
    }

    // Events of two blocks are left to the seam.
    private void Deliver(SliceEventLoop<TSizes> sender)
    {
        for (int k = 0; k < sender._outboxCount; k++)
        {
            SliceEvent* entry = sender._outbox!.Pointer + k;
            SliceEventLoop<TSizes> block = _blockLoops[_blockMembers!.Pointer[entry->Slot].Block];
            if (_blockMembers.Pointer[entry->Partner].Block == block._number)
            {
                block._queue.Enter(entry->Time, entry->Slot, entry->Partner, entry->Stamps);
            }
            else
            {
                block.Freeze(entry->Slot, entry->Time);
                block.Freeze(entry->Partner, entry->Time);
            }
        }
    }

    // A particle with one more record, in a plane. Returns whether the others are in another block.
    private bool Joins(ref BlockMember member, int plane)
    {
        BlockMember next = _whole!._blocks!.Members[plane];
        bool isOther = member.Block >= 0 && next.Block != member.Block;
        next.Seam = next.Seam >= 0 ? next.Seam : member.Seam;
        next.IsBorder |= member.IsBorder;
        member = next;
        return isOther;
    }

    // Whose records are in two blocks has no events in either.
    private void Assign(int slot, in BlockMember member, bool isOverCut)
    {
        _members[slot] = member;
        _seamMembers[slot] = StripMember.OfNewSlab;
        if (isOverCut)
        {
            Freeze(slot, _middle - _half);
        }
    }

    private void EnterOwnBounces()
    {
        for (int slot = 0; slot < Count; slot++)
        {
            if (_members[slot].Block == _number)
            {
                EnterBounce(slot);
            }
        }
    }

    // All events of the slab, of the seams first; the next slab gets more room.
    private void TakeBackSlab()
    {
        foreach (SliceEventLoop<TSizes> loop in _seamLoops.Concat(_blockLoops))
        {
            loop._flightLog!.RestoreAll();
        }

        Counters.RolledBackSliceCount++;
        EndShares();
        _linkedRoom += _linkedRoom / 4;
        _moreRoom += _moreRoom / 4;
        _slabsOfLists = 0; // lists are made anew
        const int ConflictCountMax = 4;
        if (!DeepenSeams() && ++_recentConflictCount > ConflictCountMax)
        {
            DisposeShares();
            (_team, _blockMembers, _closeMembers, _blocks, _blockLoops, _seamLoops, _countArrays) = (null, null, null, null, [], [], []);
        }
    }

    // Nothing of a slab is left that the next one, if it fails at its beginning, could take for its own.
    private void EndShares()
    {
        foreach (SliceEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            loop._flightRecords?.Unlink();
            _moveCount += loop._moveCount;
            Counters.Add(loop.Counters);
            loop._moveCount = 0;
            loop.Counters.Clear();
            loop.ClearTally();
            loop._flightLog!.Clear();
        }
    }
}
