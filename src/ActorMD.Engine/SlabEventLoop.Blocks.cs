using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Physics;

namespace ActorMD.Engine;

// Slabs that several threads share. Sorting and pairs are divided over slots and planes of cells; the events over blocks of planes:
// 1. Every thread runs the events of its block in the order of time. Where something beyond a cut takes part, it stops: the
//    participants are frozen from that time on, and so is everybody who would meet them.
// 2. Every thread runs what was left out around one cut, a seam. It begins with a search for every frozen particle, from the moment
//    on from which it is. Whoever flies there may meet a flight that an event of step 1 has ended later than that: a clash. Then
//    this event was wrong; it is taken back with all that followed from it, and its particles are searched again.
// So in step 2 every new flight is held against all flights near it that ended after it began: those close to a cut are kept in lists by
// cell (FlightLog). After step 2 everybody has been searched with the flights that really were: the trajectory is the one of a single thread.
// If anything reaches out of a seam, all events of the slab are taken back and one thread runs it: rare, and it costs only time.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private const int BeginSearch = -50; // partner of a seam's event: a frozen particle's flight is searched from here on
    private const int FirstClash = SlabQueue.FirstTuple; // - slot of the one whose ended flight the particle meets, if it flies on until then
    private const double SharedShareMin = 0.5; // of the planned length, for a slab worth sharing
    private const int SeamDepth = 6; // in planes

    // A whole's.
    private WorkTeam? _team;
    private SlabBlocks? _blocks;
    private NativeArray<BlockMember>? _blockMembers;
    private NativeArray<int>[] _countArrays = [];
    private SlabEventLoop<TSizes>[] _blockLoops = [];
    private SlabEventLoop<TSizes>[] _seamLoops = [];
    private int _linkedRoom; // of each thread's records
    private int _moreRoom; // of each thread's lists
    private bool _hasSharedLists; // which have room for shares
    private int _recentConflictCount;
    private NativeArray<int>? _endedArray; // last flight that a block has ended, by cell

    // A thread's.
    private SlabEventLoop<TSizes>? _whole;
    private int _number;
    private bool _isSeam;
    private bool _begins; // the slab does: pairs may be anybody's
    private BlockMember* _members; // by slot; null: this loop runs whole slabs
    private FlightLog? _flightLog;
    private List<int> _frozen = []; // slots
    private List<int> _endedCut = []; // flights that were cut and have ended: they are in no cell
    private bool _keepsHome; // who moves leaves its old record in the grid
    private List<int> _movers = []; // slots that need a new home at the start of a slab
    private List<int> _movesLeft = []; // those among a block's that its thread cannot move alone
    private List<(int Slot, int Other)> _latePairs = []; // neighbours whose lists more than one thread would change
    private NativeArray<SlabEvent>? _outbox; // events of pairs that are not, or not both, of the block
    private int _outboxCount;

    private long ShareByteCount => _team is null ? 0
        : _blockMembers!.ByteCount + _endedArray!.ByteCount + _countArrays.Sum(a => a.ByteCount)
            + _blockLoops.Concat(_seamLoops).Sum(loop => loop._queue.ByteCount + loop._flightLog!.ByteCount + loop._nearArray.ByteCount);

    // Whose planes this loop may touch.
    private ReadOnlySpan<int> OwnerOf => _isSeam ? _whole!._blocks!.SeamOf : _whole!._blocks!.BlockOf;

    // Makes threads and what they need, if the grid has room for blocks.
    private void ShareSlabs(SearchSettings settings)
    {
        const int CountMin = 20_000; // who asks for a depth wants threads even if they do not pay
        if (settings.Threads < 2 || !Gas.Zones.IsEmpty || (Count < CountMin && settings.SeamDepth is null))
        {
            return;
        }

        _blocks = SlabBlocks.For(_axes.PlaneCount, _axes.Across.IsPeriodic, settings.Threads, settings.SeamDepth ?? SeamDepth);
        if (_blocks is null)
        {
            return;
        }

        _team = new WorkTeam(_blocks.Count);
        _blockMembers = new NativeArray<BlockMember>(Store.Capacity);
        _endedArray = new NativeArray<int>(_axes.CellCount);
        _countArrays = new NativeArray<int>[_blocks.Count];
        _blockLoops = new SlabEventLoop<TSizes>[_blocks.Count];
        _seamLoops = new SlabEventLoop<TSizes>[_blocks.Count];
        for (int k = 0; k < _blocks.Count; k++)
        {
            _countArrays[k] = new NativeArray<int>(_axes.CellCount);
            _blockLoops[k] = ShareOf(k, isSeam: false);
            _seamLoops[k] = ShareOf(k, isSeam: true);
        }
    }

    // One thread's part in the slabs: a loop with buffers and a queue of its own, that has all else in common with this one.
    private SlabEventLoop<TSizes> ShareOf(int number, bool isSeam)
    {
        SlabEventLoop<TSizes> share = (SlabEventLoop<TSizes>)MemberwiseClone();
        share.CountApart();
        (share._whole, share._number, share._isSeam) = (this, number, isSeam);
        share._members = _blockMembers!.Pointer;
        share._queue = new SlabQueue(Ids, _ => default);
        if (_neighbors is null)
        {
            share._flightRecords = new FlightRecords(_flightRecords!);
            share._window = new FlightWindow();
            share._cutArray = new NativeArray<int>(64);
        }
        else
        {
            share._sphereRecords = new SlabRecords(_records);
            share._neighbors = new SlabNeighbors(_neighbors);
        }

        share._pairs = new FlightPairs();
        share._nearArray = new NativeArray<NearGroup>(256);
        share._near = share._nearArray.Pointer;
        share._groupArray = new NativeArray<NearGroup>(256);
        share._contactArray = new NativeArray<Contact>(64);
        share._seenArray = new NativeArray<float>(3 * Lanes);
        share._timeArray = new NativeArray<double>(ContactsTogether);
        share._flightLog = new FlightLog(Store);
        (share._frozen, share._endedCut, share._movers, share._movesLeft, share._latePairs) = ([], [], [], [], []);
        share._outbox = new NativeArray<SlabEvent>(256);
        return share;
    }

    private void DisposeShares()
    {
        _team?.Dispose();
        _blockMembers?.Dispose();
        _endedArray?.Dispose();
        foreach (NativeArray<int> counts in _countArrays)
        {
            counts.Dispose();
        }

        foreach (SlabEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
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
        Counters.SharedSlabCount++;
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
        catch (Exception conflict) when (conflict is SlabConflictException or PhysicsViolationException)
        {
            TakeBackSlab();
            return false; // if anything is wrong with the particles themselves, it comes up again
        }

        long before = Tally.EventCount;
        foreach (SlabEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            Tally.Add(loop.Tally);
            Now = Math.Max(Now, loop.Now);
        }

        EndShares();
        _end = stop < end ? Math.BitIncrement(stop) : end;
        _recentConflictCount -= _recentConflictCount > 0 && Counters.SharedSlabCount % 8 == 0 ? 1 : 0;
        steps = Math.Max(0, steps - (Tally.EventCount - before) - 1 - Count / 4);
        return true;
    }

    // As planned, or so that the slabs up to the end of the run are equally long.
    private double SharedHalfLength(double start, double until)
    {
        double half = Math.Min(_halfWanted, PartsMax * _cap * _axes.Unit / _fastest), left = 0.5 * (until - start);
        const double ShareMax = 1.1;
        return left < double.PositiveInfinity ? Math.Max(half * 1e-3, left / Math.Ceiling(left / (ShareMax * half))) : half;
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

    private void SortFlightsShared()
    {
        int threads = _team!.Count, cells = _axes.CellCount, records = 0, cut = 0;
        float widest = 0;
        (float Widest, int Records, int Cut)[] counted = new (float, int, int)[threads];
        _team.Run(k =>
        {
            SlabEventLoop<TSizes> loop = _blockLoops[k];
            (loop._middle, loop._half) = (_middle, _half);
            new Span<int>(_countArrays[k].Pointer, cells).Clear();
            counted[k].Widest = loop.CountFlights(FirstSlot(k), FirstSlot(k + 1), _countArrays[k].Pointer, out counted[k].Records, out counted[k].Cut);
        });
        foreach ((float Widest, int Records, int Cut) part in counted)
        {
            (widest, records, cut) = (Math.Max(widest, part.Widest), records + part.Records, cut + part.Cut);
        }

        Take(widest, cut);
        AddCounts();
        int linkedMax = 2 * threads * _linkedRoom;
        _flightRecords!.BeginShares(records, linkedMax);
        for (int k = 0; k < threads; k++)
        {
            BeginShareOf(_blockLoops[k], k * _linkedRoom, linkedMax);
            BeginShareOf(_seamLoops[k], (threads + k) * _linkedRoom, linkedMax);
        }

        _team.Run(k =>
        {
            SlabEventLoop<TSizes> loop = _blockLoops[k];
            loop.EnterFlights(FirstSlot(k), FirstSlot(k + 1), _countArrays[k].Pointer);
            loop.AssignMembers(FirstSlot(k), FirstSlot(k + 1));
            int firstCell = _team.Share(cells, k);
            new Span<int>(_endedArray!.Pointer + firstCell, _team.Share(cells, k + 1) - firstCell).Fill(FlightLog.None);
        });
    }

    private int FirstSlot(int share) => _team!.Share(Count, share);

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

    private void BeginShareOf(SlabEventLoop<TSizes> loop, int firstLinked, int linkedMax)
    {
        loop._flightRecords!.BeginShare(_flightRecords!, firstLinked, _linkedRoom, linkedMax, loop._isSeam);
        loop.BeginShare(_flightRecords!.SortedCount, linkedMax);
    }

    private void BeginShare(int sortedCount, int linkedMax)
    {
        (_middle, _half) = (_whole!._middle, _whole._half);
        _end = _middle + _half;
        ReserveNear(sortedCount, linkedMax);
        ClearTally();
        Counters.Clear();
        _flightLog!.Clear();
        _frozen.Clear();
        _endedCut.Clear();
        _movers.Clear();
        _movesLeft.Clear();
        _latePairs.Clear();
        (_outboxCount, _contactCount, _prefetched, _moveCount, _keepsHome) = (0, 0, -1, 0, false);
    }

    // The blocks and seams of some slots.
    private void AssignMembers(int from, int to)
    {
        SlabBlocks blocks = _whole!._blocks!;
        double planesPerCell = 1.0 / (_axes.CellCount / _axes.PlaneCount);
        for (int slot = from; slot < to; slot++)
        {
            int cell = _flights[slot].Cell;
            if (cell == LatticeFlight.Cut)
            {
                AssignCut(slot);
                continue;
            }

            int plane = (int)((cell + 0.5) * planesPerCell);
            _members[slot] = new BlockMember
            {
                Block = (short)blocks.BlockOf[plane],
                Seam = (sbyte)blocks.SeamOf[plane],
                FrozenFrom = double.PositiveInfinity,
                LastFlight = FlightLog.None,
            };
        }
    }

    // A flight that was cut is as close to a cut between blocks as its closest part; none beyond has events in a block.
    private void AssignCut(int slot)
    {
        SlabBlocks blocks = _whole!._blocks!;
        BlockMember member = new() { Block = -1, Seam = -1, FrozenFrom = double.PositiveInfinity, LastFlight = FlightLog.None };
        Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
        int parts = PartsOf(flight, -1, _flightMax), cellsPerPlane = _axes.CellCount / _axes.PlaneCount;
        for (int k = 0; k < parts; k++)
        {
            int plane = PartOf(place, flight, -1, k, parts, out _, out _) / cellsPerPlane, block = blocks.BlockOf[plane];
            member.Seam = blocks.SeamOf[plane] >= 0 ? (sbyte)blocks.SeamOf[plane] : member.Seam;
            if (member.Block >= 0 && block != member.Block)
            {
                member.FrozenFrom = _middle - _half;
            }

            member.Block = (short)block;
        }

        _members[slot] = member;
        if (member.FrozenFrom < double.PositiveInfinity)
        {
            _frozen.Add(slot);
        }
    }

    private void EnterFlightPairsShared(double start, double end)
    {
        _team!.Run(k =>
        {
            SlabEventLoop<TSizes> loop = _blockLoops[k];
            loop.BeginEvents(start, end);
            loop.EnterFlightPairs(_blocks!.First(k), _blocks.First(k + 1));
            loop.EnterPairsOfCutFlights();
            if (HasWalls)
            {
                loop.EnterOwnBounces();
            }

            loop._begins = false;
        });
        Deliver();
    }

    private void BeginEvents(double start, double end)
    {
        BeginAt(start);
        _queue.Begin(start, end);
        _begins = true;
    }

    // The lists of the last slab, or new ones.
    private void BeginListsShared()
    {
        if (AreListsGood && _hasSharedLists)
        {
            KeepListsShared();
        }
        else
        {
            RenumberIfDue();
            MakeListsShared();
        }

        TakeOver(); // what this loop has added alone may have moved them in memory
    }

    private void TakeOver()
    {
        foreach (SlabEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            loop._records.TakeOver(_records);
            loop._neighbors!.TakeOver();
        }
    }

    private void KeepListsShared()
    {
        TakeOver();
        _moveCountBefore = _moveCount;
        foreach (SlabEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            loop.BeginShare(_records.SortedCount, _records.Count - _records.SortedCount);
        }

        _team!.Run(k => _blockLoops[k].SettleAll(FirstSlot(k), FirstSlot(k + 1)));
        _team.Run(k =>
        {
            foreach (SlabEventLoop<TSizes> loop in _blockLoops)
            {
                _blockLoops[k].MoveOwnHomes(loop._movers);
            }
        });
        int cut = 0;
        float widest = _cap;
        foreach (SlabEventLoop<TSizes> loop in _blockLoops)
        {
            foreach (int slot in loop._movesLeft)
            {
                float radius = MoveHome(slot, -1);
                if (radius > HomeRadiusOf(slot))
                {
                    widest = Math.Max(widest, radius);
                    cut++;
                }

                loop.AssignListed(slot);
            }

            _moveCount += loop._moveCount;
            loop._moveCount = 0;
        }

        _fastest = widest * _axes.Unit / _half;
        AdaptLength(cut / (double)Count);
        _slabsOfLists++;
    }

    // Flights of some slots, and their blocks; who must move is noted.
    private void SettleAll(int from, int to)
    {
        for (int slot = from; slot < to; slot++)
        {
            if (!Settle(slot, -1))
            {
                _movers.Add(slot);
            }

            AssignListed(slot);
        }
    }

    private void MoveOwnHomes(List<int> movers)
    {
        foreach (int slot in movers)
        {
            if (_members[slot].Block == _number)
            {
                if (CanMoveHome(slot))
                {
                    MoveHome(slot, -1);
                    AssignListed(slot);
                }
                else
                {
                    _movesLeft.Add(slot);
                }
            }
        }
    }

    // Whether all around the particle is in this thread's planes, wherever in reach its home will be.
    private bool CanMoveHome(int slot)
    {
        SweptSphere sphere;
        Sweep(Particles + slot, &sphere);
        if (sphere.R > HomeRadiusOf(slot))
        {
            return false;
        }

        int axis = _axes.IsPlanar ? 1 : 0;
        Vector128<float> centre = Vector128.Load(&sphere.X), reach = Vector128.Create(3 * _cap);
        int from = _axes.CellsAt(centre - reach)[axis], to = _axes.CellsAt(centre + reach)[axis];
        for (int plane = from; plane <= to; plane++)
        {
            if (OwnerOf[_axes.Across.Wrap(plane, out float _)] != _number)
            {
                return false;
            }
        }

        return true;
    }

    // New lists: pairs inside of blocks first, then those of a block's last plane with the next block.
    private void MakeListsShared()
    {
        int threads = _team!.Count, records = 0, cut = 0;
        float widest = 0;
        (float Widest, int Records, int Cut)[] counted = new (float, int, int)[threads];
        _team.Run(k =>
        {
            SlabEventLoop<TSizes> loop = _blockLoops[k];
            (loop._middle, loop._half) = (_middle, _half);
            new Span<int>(_countArrays[k].Pointer, _axes.CellCount).Clear();
            counted[k].Widest = loop.CountSpheres(FirstSlot(k), FirstSlot(k + 1), _countArrays[k].Pointer, out counted[k].Records, out counted[k].Cut);
        });
        foreach ((float Widest, int Records, int Cut) part in counted)
        {
            (widest, records, cut) = (Math.Max(widest, part.Widest), records + part.Records, cut + part.Cut);
        }

        TakeNewLists(widest, cut);
        AddCounts();
        _hasSharedLists = true;
        int linkedMax = 2 * threads * _linkedRoom;
        _records.BeginShares(records, linkedMax);
        ReserveNear(records, linkedMax);
        for (int k = 0; k < 2 * threads; k++)
        {
            SlabEventLoop<TSizes> loop = k < threads ? _blockLoops[k] : _seamLoops[k - threads];
            loop._records.BeginShare(_records, k * _linkedRoom, _linkedRoom);
            loop.BeginShare(records, linkedMax);
        }

        _team.Run(k => _blockLoops[k].EnterSpheres(FirstSlot(k), FirstSlot(k + 1), _countArrays[k].Pointer));
        _neighbors!.BeginShares(2 * threads * _moreRoom); // the spheres were in the memory of the lists
        for (int k = 0; k < 2 * threads; k++)
        {
            (k < threads ? _blockLoops[k] : _seamLoops[k - threads])._neighbors!.BeginShare(k * _moreRoom, _moreRoom);
        }

        _team.Run(k =>
        {
            SlabEventLoop<TSizes> loop = _blockLoops[k];
            for (int slot = FirstSlot(k); slot < FirstSlot(k + 1); slot++)
            {
                loop._neighbors!.Clear(slot);
                loop.Settle(slot, -1);
                loop.AssignListed(slot);
            }
        });
        _team.Run(k => _blockLoops[k].EnterPairsOfBlock(_blocks!.First(k), _blocks.First(k + 1) - 1));
        _team.Run(k => _blockLoops[k].EnterPairsOfBlock(_blocks!.First(k + 1) - 1, _blocks.First(k + 1)));
        foreach (SlabEventLoop<TSizes> loop in _blockLoops)
        {
            foreach ((int slot, int other) in loop._latePairs)
            {
                _neighbors.AddNew(slot, other);
            }
        }
    }

    private void EnterPairsOfBlock(int firstPlane, int endPlane)
    {
        _begins = true;
        EnterPairsOfPlanes(firstPlane, endPlane);
        _begins = false;
    }

    private void EnterListedPairsShared(double start, double end)
    {
        _team!.Run(k =>
        {
            SlabEventLoop<TSizes> loop = _blockLoops[k];
            loop.BeginEvents(start, end);
            loop.EnterListedPairs(FirstSlot(k), FirstSlot(k + 1));
            if (HasWalls)
            {
                loop.EnterOwnBounces();
            }

            loop._begins = false;
        });
        Deliver();
    }

    // The block and the seam of a particle by its home. A flight that was cut is as close to a cut between blocks as its closest
    // part; none beyond has events in a block.
    private void AssignListed(int slot)
    {
        SlabBlocks blocks = _whole!._blocks!;
        BlockMember member = new() { Block = -1, Seam = -1, FrozenFrom = double.PositiveInfinity, LastFlight = FlightLog.None };
        for (int place = _placeOf[slot]; place >= 0; place = _records.Sibling[place])
        {
            int plane = _axes.Across.IndexOf(_axes.IsPlanar ? _records.Y[place] : _records.X[place]), block = blocks.BlockOf[plane];
            member.Seam = blocks.SeamOf[plane] >= 0 ? (sbyte)blocks.SeamOf[plane] : member.Seam;
            member.IsBorder |= blocks.IsBorder[plane];
            if (member.Block >= 0 && block != member.Block)
            {
                member.FrozenFrom = _middle - _half;
            }

            member.Block = (short)block;
        }

        _members[slot] = member;
        if (member.FrozenFrom < double.PositiveInfinity)
        {
            _frozen.Add(slot);
        }
    }

    // Whether the particle's flight at the start of the slab leads over a cut.
    private bool IsOverCut(int slot) => _members[slot].FrozenFrom == _middle - _half;

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

    // At the beginning of a slab: an event for the queue of the block that has both particles.
    private void Send(in SlabEvent entry)
    {
        if (_members[entry.Slot].Block == _number && _members[entry.Partner].Block == _number)
        {
            _queue.Enter(entry.Time, entry.Slot, entry.Partner, entry.Stamps);
            return;
        }

        if (_outboxCount == _outbox!.Length)
        {
            _outbox.Grow(2 * _outbox.Length);
        }

        _outbox.Pointer[_outboxCount++] = entry;
    }

    private void Deliver()
    {
        foreach (SlabEventLoop<TSizes> loop in _blockLoops)
        {
            Deliver(loop);
        }
    }

    // Events of two blocks are left to the seam.
    private void Deliver(SlabEventLoop<TSizes> sender)
    {
        for (int k = 0; k < sender._outboxCount; k++)
        {
            SlabEvent* entry = sender._outbox!.Pointer + k;
            SlabEventLoop<TSizes> block = _blockLoops[_blockMembers!.Pointer[entry->Slot].Block];
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

    private void RunBlock(double stop)
    {
        for (long left = EventCountMax; ; left--)
        {
            if (_contactCount > 0)
            {
                EnterContacts(atStart: false);
            }

            SlabEvent* next = _queue.Peek();
            if (next == null || next->Time > stop)
            {
                return;
            }

            TakeNext(left);
            int slot = next->Slot, partner = next->Partner;
            if (!IsValid(next))
            {
                continue;
            }

            if (partner >= 0)
            {
                if (IsFrozen(slot, next->Time) || IsFrozen(partner, next->Time))
                {
                    Freeze(slot, next->Time);
                    Freeze(partner, next->Time);
                }
                else
                {
                    Collide(slot, partner, next->Time);
                }
            }
            else if (!IsFrozen(slot, next->Time))
            {
                Bounce(slot, NextEvent.WallPartner - partner, next->Time);
            }
        }
    }

    private void RunSeam(double start, double stop)
    {
        BeginAt(start);
        _queue.Begin(start, _end);
        _prefetched = -1;
        foreach (SlabEventLoop<TSizes> block in _whole!._blockLoops)
        {
            foreach (int slot in block._frozen)
            {
                if (_members[slot].Seam == _number)
                {
                    _queue.Enter(Math.Max(start, _members[slot].FrozenFrom), slot, BeginSearch, Particles[slot].Stamp);
                }
            }
        }

        for (long left = EventCountMax; ; left--)
        {
            if (_contactCount > 0)
            {
                EnterContacts(atStart: false);
            }

            SlabEvent* next = _queue.Peek();
            if (next == null || next->Time > stop)
            {
                return;
            }

            TakeNext(left);
            int slot = next->Slot, partner = next->Partner;
            if (!IsValid(next))
            {
                continue;
            }

            if (partner >= 0)
            {
                Collide(slot, partner, next->Time);
            }
            else if (partner <= FirstClash)
            {
                Now = Math.Max(Now, next->Time);
                Resolve(slot, FirstClash - partner);
            }
            else if (partner == BeginSearch)
            {
                Now = Math.Max(Now, next->Time);
                Moved(slot, Int3.Zero);
                Reschedule(slot);
            }
            else
            {
                Bounce(slot, NextEvent.WallPartner - partner, next->Time);
            }
        }
    }

    // Time may stand still in a wedged gas: the loop of the whole slab says so, after a while.
    private long EventCountMax => (1 << 20) + 64L * Count;

    private void TakeNext(long left)
    {
        if (left == 0)
        {
            throw new SlabConflictException("events without end");
        }

        _queue.Pop();
        if (_prefetches && _prefetched != _queue.Bucket)
        {
            PrefetchAhead();
        }
    }

    private bool IsValid(SlabEvent* next) =>
        (next->Partner >= 0 ? Particles[next->Slot].Stamp + Particles[next->Partner].Stamp : Particles[next->Slot].Stamp) == next->Stamps;

    // Whether a particle can have an event in this block at a time.
    private bool IsFrozen(int slot, double time) => !_isSeam && !(time < _members[slot].FrozenFrom);

    // From a time on the particle's events are left to its seam.
    private void Freeze(int slot, double time)
    {
        BlockMember* member = _members + slot;
        if (member->Seam < 0)
        {
            throw new SlabConflictException("an event far from any cut cannot be had in the block");
        }

        if (time < member->FrozenFrom)
        {
            if (double.IsPositiveInfinity(member->FrozenFrom))
            {
                _frozen.Add(slot);
            }

            member->FrozenFrom = time;
        }
    }

    // A particle meets another one's ended flight: the events of that one from here on are wrong.
    private void Resolve(int slot, int other)
    {
        TakeBackFrom(other, Now);
        Reschedule(slot);
    }

    // A particle's events in its block from a time on, and what followed from them.
    private void TakeBackFrom(int slot, double time)
    {
        FlightLog flights = FlightsOf(slot);
        for (int last = _members[slot].LastFlight; last != FlightLog.None && flights.Flight(last)->End >= time; last = _members[slot].LastFlight)
        {
            TakeBackEventAfter(flights, last);
        }
    }

    private void TakeBackEventAfter(FlightLog flights, int ended)
    {
        int number = flights.Flight(ended)->Event;
        if (number == FlightLog.None)
        {
            throw new SlabConflictException("an event far from any cut would have to be taken back");
        }

        RegionEvent happened = flights.Event(number);
        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            int slot = flights.Flight(flight)->Slot;
            while (_members[slot].Seam == _number && _members[slot].LastFlight > flight)
            {
                TakeBackEventAfter(flights, _members[slot].LastFlight);
            }

            if (_members[slot].Seam != _number || _members[slot].LastFlight != flight)
            {
                throw new SlabConflictException("an event out of reach of the seam would have to be taken back");
            }
        }

        for (int flight = happened.First; flight < happened.First + happened.Count; flight++)
        {
            int slot = flights.Flight(flight)->Slot;
            uint stamp = Particles[slot].Stamp + 1;
            flights.Restore(flight);
            Particles[slot].Stamp = stamp; // nothing that was predicted since is valid
            _members[slot].LastFlight = flights.Flight(flight)->Earlier;
            Moved(slot, Int3.Zero);
            _queue.Enter(happened.Time, slot, BeginSearch, stamp);
        }

        Counters.TakenBackEventCount++;
        CountTakenBack(flights, happened);
    }

    private void CountTakenBack(FlightLog flights, in RegionEvent happened)
    {
        Tally.OrderCounts[happened.Order]--;
        Tally.MultipleCount -= happened.IsMultiple ? 1 : 0;
        Tally.GrazingCount -= happened.IsGrazing ? 1 : 0;
        if (happened.Order == 1)
        {
            Tally.WallImpulse.Add(-happened.Impulse);
            return;
        }

        Tally.Virial.Add(-happened.Impulse);
        int a = flights.Flight(happened.First)->Particle.Species, b = flights.Flight(happened.First + 1)->Particle.Species;
        Tally.PairCounts[Math.Min(a, b) * Tally.SpeciesCount + Math.Max(a, b)]--;
    }

    private FlightLog FlightsOf(int slot) => _whole!._blockLoops[_members[slot].Block]._flightLog!;

    // A particle has a new flight. If this thread cannot search it alone, its seam will do it.
    private void MoveInShare(int slot)
    {
        if (_neighbors is null)
        {
            if (MayFly(slot))
            {
                MoveFlight(slot);
            }
        }
        else if (_isSeam)
        {
            Resettle(slot);
        }
        else
        {
            bool isAtHome = Settle(slot, TauOf(Now));
            if (_members[slot].IsBorder && (!isAtHome || HasNeighborAcross(slot)))
            {
                Freeze(slot, Now);
            }
            else if (!isAtHome)
            {
                _keepsHome = _members[slot].Seam >= 0; // a seam may look for flights that went on there
                MoveHome(slot, TauOf(Now));
                _keepsHome = false;
            }
        }
    }

    // Whether a particle's new flight can be searched here: all in reach are this block's own. If not, its seam will do it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MayFly(int slot)
    {
        Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
        Between(place, flight, TauOf(Now), 1, out Vector128<int> centre, out Vector128<int> extent);
        Vector128<int> reach = extent + Vector128.Create(2 * HalfCell) - _flightMax;
        int axis = _axes.IsPlanar ? 1 : 0, seam = -1;
        ReadOnlySpan<int> owners = OwnerOf, seams = _whole!._blocks!.SeamOf;
        int from = _axes.CellsAt(centre - reach)[axis], to = _axes.CellsAt(centre + reach)[axis];
        for (int plane = from; plane <= to; plane++)
        {
            int inside = _axes.Across.Wrap(plane, out float _);
            if (owners[inside] != _number || plane - from > _axes.PlaneCount)
            {
                if (_isSeam)
                {
                    throw new SlabConflictException("a flight reaches out of a seam");
                }

                Freeze(slot, Now);
                return false;
            }

            seam = seams[inside] >= 0 ? seams[inside] : seam;
        }

        if (!_isSeam && seam >= 0)
        {
            _members[slot].Seam = (sbyte)seam;
        }

        return true;
    }

    // With an event of the seam nothing earlier can be wrong any more.
    protected override void KeepFlight(int slot)
    {
        BlockMember* member = _members + slot;
        int number = _flightLog!.Add(slot, Now, member->LastFlight);
        member->LastFlight = _isSeam ? FlightLog.None : number;
        if (_isSeam || member->Seam < 0)
        {
            return;
        }

        if (_neighbors is not null)
        {
            return;
        }

        int cell = _flights[slot].Cell;
        if (cell == LatticeFlight.Cut)
        {
            _endedCut.Add(number);
        }
        else
        {
            _flightLog.Link(number, ref _whole!._endedArray!.Pointer[cell]);
        }
    }

    protected override void KeepBoxes(int slot, Int3 boxes) => _flightLog!.AddBoxes(slot, boxes);

    // Events far from the cuts are never taken back by themselves.
    protected override void KeepEvent(in RegionEvent happened)
    {
        bool isClose = false;
        for (int k = 1; k <= happened.Count; k++)
        {
            isClose |= _members[_flightLog!.RecentSlot(k)].Seam >= 0;
        }

        if (isClose && !_isSeam)
        {
            _flightLog!.Keep(happened);
        }
    }

    // No thread may read what another one changes.
    private void CheckPlanes(Vector128<int> from, Vector128<int> to)
    {
        int axis = _axes.IsPlanar ? 1 : 0;
        for (int plane = from[axis]; plane <= to[axis]; plane++)
        {
            if (OwnerOf[plane] != _number)
            {
                throw new SlabConflictException("a search reaches out of the thread's planes");
            }
        }
    }

    // Lists that are changed must be this thread's.
    private void CheckFound(NearGroup* end)
    {
        for (NearGroup* group = _near; group < end; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                int other = _records.SlotAt(group->Place + BitOperations.TrailingZeroCount(lanes));
                if ((_isSeam ? _members[other].Seam : _members[other].Block) != _number)
                {
                    throw new SlabConflictException("a search has found another thread's particle");
                }
            }
        }
    }

    private bool HasNeighborAcross(int slot)
    {
        for (int* line = _neighbors!.First(slot); line != null; line = _neighbors.Next(line))
        {
            for (int k = 0; k < SlabNeighbors.LineEntries; k++)
            {
                if (_members[line[k] >> SlabNeighbors.EntryShift].Block != _number)
                {
                    return true;
                }
            }
        }

        return false;
    }

    // What the listed particles have done in their blocks after the present moment.
    private void CheckListed(int slot)
    {
        for (int* line = _neighbors!.First(slot); line != null; line = _neighbors.Next(line))
        {
            for (int k = 0; k < SlabNeighbors.LineEntries; k++)
            {
                int other = line[k] >> SlabNeighbors.EntryShift;
                if (other == slot)
                {
                    continue;
                }

                if (_members[other].Seam != _number)
                {
                    throw new SlabConflictException("a seam reaches too deep into a block");
                }

                int number = _members[other].LastFlight;
                if (number != FlightLog.None && Particles[other].Time >= Now)
                {
                    FlightLog flights = FlightsOf(other);
                    for (EndedFlight* flight; number != FlightLog.None && (flight = flights.Flight(number))->End >= Now; number = flight->Earlier)
                    {
                        CheckEndedFlight(slot, flight);
                    }
                }
            }
        }
    }

    // The flights in some cells that a block has ended after the present moment.
    private void CheckEndedFlights(int slot, int firstCell, int width, int rows, int planes)
    {
        ReadOnlySpan<int> blocks = _whole!._blocks!.BlockOf;
        int countZ = _axes.Third.Count, stepX = _axes.Second.Count * countZ, cellsPerPlane = _axes.CellCount / _axes.PlaneCount;
        for (int plane = 0; plane < planes; plane++)
        {
            for (int row = 0; row < rows; row++)
            {
                int first = firstCell + plane * stepX + row * countZ;
                FlightLog flights = _whole._blockLoops[blocks[first / cellsPerPlane]]._flightLog!;
                for (int cell = first; cell < first + width; cell++)
                {
                    for (int number = _whole._endedArray!.Pointer[cell]; number != FlightLog.None; number = flights.Flight(number)->NextInCell)
                    {
                        CheckEndedFlight(slot, flights.Flight(number));
                    }
                }
            }
        }

        foreach (SlabEventLoop<TSizes> block in _whole._blockLoops)
        {
            foreach (int number in block._endedCut)
            {
                CheckEndedFlight(slot, block._flightLog!.Flight(number));
            }
        }
    }

    // A new flight must not have met one that went on until later.
    private void CheckEndedFlight(int slot, EndedFlight* flight)
    {
        if (flight->End < Now || flight->Slot == slot)
        {
            return;
        }

        if (flight->End == Now && !EndedTogether(slot, flight->Event))
        {
            throw new SlabConflictException("simultaneous events in a block and a seam");
        }

        double time = ContactWith(slot, &flight->Particle);
        if (time <= flight->End && flight->End > Now)
        {
            _queue.Enter(time, slot, FirstClash - flight->Slot, Particles[slot].Stamp);
        }
    }

    // Whether the particle's last flight in its block ended with the given event.
    private bool EndedTogether(int slot, int number)
    {
        int last = _members[slot].LastFlight;
        return last != FlightLog.None && number != FlightLog.None && FlightsOf(slot).Flight(last)->Event == number;
    }

    private double ContactWith(int slot, Particle* other)
    {
        Particle* own = Particles + slot;
        Vector256<double> flown = PlaceInMiddle(other) - PlaceInMiddle(own);
        Vector256<double> nearest = Vector256.Round(-flown * _perLength) * _lengths;
        return EarliestImage(own, other, nearest, PairTime(own, other, nearest));
    }

    // All events of the slab, of the seams first; the next slab gets more room.
    private void TakeBackSlab()
    {
        foreach (SlabEventLoop<TSizes> loop in _seamLoops.Concat(_blockLoops))
        {
            loop._flightLog!.RestoreAll();
        }

        Counters.TakenBackSlabCount++;
        EndShares();
        _linkedRoom += _linkedRoom / 4;
        _moreRoom += _moreRoom / 4;
        _slabsOfLists = 0; // lists are made anew
        const int ConflictCountMax = 4;
        if (++_recentConflictCount > ConflictCountMax)
        {
            DisposeShares();
            (_team, _blockMembers, _blocks, _blockLoops, _seamLoops, _countArrays) = (null, null, null, [], [], []);
        }
    }

    private void EndShares()
    {
        foreach (SlabEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            loop._flightRecords?.Unlink();
            _moveCount += loop._moveCount;
            Counters.Add(loop.Counters);
        }
    }
}
