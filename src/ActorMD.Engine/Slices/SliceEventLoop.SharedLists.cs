using System.Numerics;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Slices;

// Lists of neighbours in shared slabs: flights are settled by ranges of slots; homes move, and lists are made, by planes of cells.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
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
        foreach (SliceEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            loop._records.TakeOver(_records);
            loop._neighbors!.TakeOver();
        }
    }

    private void KeepListsShared()
    {
        TakeOver();
        _moveCountBefore = _moveCount;
        _team!.Run(k =>
        {
            _blockLoops[k].UpdateHomes();
            _seamLoops[k].UpdateHomes();
        });
        foreach (SliceEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            loop.BeginShare(_records.SortedCount, _records.Count - _records.SortedCount);
        }

        _team.Run(k => _blockLoops[k].SettleAll(FirstSlot(k), FirstSlot(k + 1)));
        _areMembersOfHomes = true;
        _team.Run(k =>
        {
            foreach (SliceEventLoop<TSizes> loop in _blockLoops)
            {
                _blockLoops[k].MoveOwnHomes(loop._movers);
            }
        });
        _team.Run(k =>
        {
            foreach (SliceEventLoop<TSizes> loop in _blockLoops)
            {
                _seamLoops[k].MoveOwnHomes(loop._movesLeft);
            }
        });
        int cut = 0;
        float widest = _cap;
        foreach (int slot in _seamLoops.SelectMany(loop => loop._movesLeft))
        {
            float radius = MoveHome(slot, -1);
            if (radius > HomeRadiusOf(slot))
            {
                widest = Math.Max(widest, radius);
                cut++;
            }

            _blockLoops[0].AssignListed(slot);
        }

        foreach (SliceEventLoop<TSizes> loop in _blockLoops.Concat(_seamLoops))
        {
            _moveCount += loop._moveCount;
            loop._moveCount = 0;
        }

        _fastest = widest * _axes.Unit / _half;
        AdaptLength(cut / (double)Count);
        _slabsOfLists++;
    }

    // Flights of some slots; who must move is noted.
    private void SettleAll(int from, int to)
    {
        bool areNew = !_whole!._areMembersOfHomes;
        for (int slot = from; slot < to; slot++)
        {
            if (!Settle(slot, -1))
            {
                _movers.Add(slot);
            }

            if (areNew)
            {
                _members[slot] = ListedMember(slot, out _);
            }

            if (_members[slot].Seam >= 0)
            {
                _seamMembers[slot] = StripMember.OfNewSlab;
            }
        }
    }

    // What the last slab has left.
    private void UpdateHomes()
    {
        foreach (int slot in _movedHomes)
        {
            _members[slot] = ListedMember(slot, out _);
        }

        foreach (int place in _oldHomes)
        {
            _records.Remove(place);
        }
    }

    // Blocks leave homes that are too close to their ends to the seams, and these leave what was cut.
    private void MoveOwnHomes(List<int> movers)
    {
        foreach (int slot in movers)
        {
            if ((_isSeam ? Math.Max(_members[slot].Seam, (sbyte)0) : _members[slot].Block) == _number)
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

        _movedHomes.Clear(); // these are assigned
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
            SliceEventLoop<TSizes> loop = _blockLoops[k];
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
        (_hasSharedLists, _homeCount) = (true, Count);
        int linkedMax = 2 * threads * _linkedRoom;
        _records.BeginShares(records, linkedMax);
        ReserveNear(records, linkedMax);
        for (int k = 0; k < 2 * threads; k++)
        {
            SliceEventLoop<TSizes> loop = k < threads ? _blockLoops[k] : _seamLoops[k - threads];
            loop._records.BeginShare(_records, k * _linkedRoom, _linkedRoom);
            loop.BeginShare(records, linkedMax);
        }

        _team.Run(k =>
        {
            _blockLoops[k].EnterSpheres(FirstSlot(k), FirstSlot(k + 1), _countArrays[k].Pointer);
            _blockLoops[k].AssignSpheres(FirstSlot(k), FirstSlot(k + 1));
        });
        _neighbors!.BeginShares(2 * threads * _moreRoom); // the spheres were in the memory of the lists
        for (int k = 0; k < 2 * threads; k++)
        {
            (k < threads ? _blockLoops[k] : _seamLoops[k - threads])._neighbors!.BeginShare(k * _moreRoom, _moreRoom);
        }

        _team.Run(k =>
        {
            SliceEventLoop<TSizes> loop = _blockLoops[k];
            for (int slot = FirstSlot(k); slot < FirstSlot(k + 1); slot++)
            {
                loop._neighbors!.Clear(slot);
                loop.Settle(slot, -1);
            }
        });
        _areMembersOfHomes = true;
        _team.Run(k => _blockLoops[k].EnterPairsOfBlock(_blocks!.First(k), _blocks.First(k + 1) - 1));
        _team.Run(k => _blockLoops[k].EnterPairsOfBlock(_blocks!.First(k + 1) - 1, _blocks.First(k + 1)));
        foreach (SliceEventLoop<TSizes> loop in _blockLoops)
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
            SliceEventLoop<TSizes> loop = _blockLoops[k];
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

    // The blocks and seams of some slots whose records are new.
    private void AssignSpheres(int from, int to)
    {
        ReadOnlySpan<BlockMember> members = _whole!._blocks!.Members;
        double planesPerCell = 1.0 / _cellsPerPlane;
        for (int slot = from; slot < to; slot++)
        {
            SweptSphere* sphere = _spheres + slot;
            if (sphere->R > HomeRadiusOf(slot))
            {
                AssignListed(slot);
            }
            else
            {
                AssignCell(slot, sphere->Cell, members, planesPerCell);
            }
        }
    }

    private void AssignListed(int slot) => Assign(slot, ListedMember(slot, out bool isOverCut), isOverCut);

    // The block and the seam of a particle by its home. A flight that was cut is as close to a cut between blocks as its closest
    // part; none beyond has events in a block.
    private BlockMember ListedMember(int slot, out bool isOverCut)
    {
        BlockMember member = BlockMember.OfNoBlock;
        isOverCut = false;
        for (int place = _placeOf[slot]; place >= 0; place = _records.Sibling[place])
        {
            isOverCut |= Joins(ref member, _axes.Across.IndexOf(_axes.IsPlanar ? _records.Y[place] : _records.X[place]));
        }

        return member;
    }

    // Whether the particle's flight at the start of the slab leads over a cut.
    private bool IsOverCut(int slot) => _members[slot].Seam >= 0 && _seamMembers[slot].FrozenFrom == _middle - _half;

    // Whether what is left of a particle's flight leads close to the home of a neighbour in another block. Who leaves such a home
    // before the end of the slab is its seam's, which looks for this flight.
    private bool MayMeetAcross(int slot, float low)
    {
        Vector128<int> place = default;
        Vector128<float> way = default;
        float reachSquared = -1;
        for (int* line = _neighbors!.First(slot); line != null; line = _neighbors.Next(line))
        {
            for (int k = 0; k < NeighborLists.LineEntries; k++)
            {
                int other = line[k] >> NeighborLists.EntryShift;
                if (_members[other].Block == _number)
                {
                    continue;
                }

                if (reachSquared < 0)
                {
                    SweptSphere flight;
                    Sweep(Particles + slot, &flight);
                    place = Vector128.Load(&_listedFlights[slot].X);
                    way = Vector128.Create(flight.U, flight.V, flight.W, 0) * (0.5f * (1 + low));
                    float reach = RestOf(flight, slot, low).R + _cap;
                    reachSquared = reach * reach;
                }

                Home* home = _homes + other;
                Vector128<float> offset = Vector128.ConvertToSingle(place - Vector128.Load(&home->X)) * _fixed.Lengths + way;
                if (float.IsNaN(home->RoomSquared) || Vector128.Dot(offset, offset) <= reachSquared)
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Lists that are changed must be this thread's.
    private void CheckFound(NearGroup* end)
    {
        for (NearGroup* group = _near; group < end; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                int place = group->Place + BitOperations.TrailingZeroCount(lanes), other = _records.SlotAt(place);
                if (_isSeam ? _members[other].Seam != _number : _records.IsCut(place) && _members[other].Block != _number)
                {
                    throw new SharingConflictException("a search has found another thread's particle");
                }
            }
        }
    }

    // What the listed particles have done in their blocks after the present moment.
    private void CheckListed(int slot)
    {
        SweptSphere own;
        Sweep(Particles + slot, &own);
        for (int* line = _neighbors!.First(slot); line != null; line = _neighbors.Next(line))
        {
            for (int k = 0; k < NeighborLists.LineEntries; k++)
            {
                int other = line[k] >> NeighborLists.EntryShift;
                if (other == slot)
                {
                    continue;
                }

                if (_members[other].Seam != _number)
                {
                    throw new SharingConflictException("a seam reaches too deep into a block");
                }

                int number = _seamMembers[other].LastFlight;
                if (number != FlightLog.None && _seamMembers[other].LastEnd >= Now)
                {
                    FlightLog flights = FlightsOf(other);
                    for (EndedFlight* flight; number != FlightLog.None && (flight = flights.Flight(number))->End >= Now; number = flight->Earlier)
                    {
                        CheckEndedFlight(slot, own, flight);
                    }
                }
            }
        }
    }
}
