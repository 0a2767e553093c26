using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Slices;

// Gases without lists in shared slabs: the records are counted and entered by ranges of slots, pairs found by planes of cells.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private void SortFlightsShared()
    {
        int threads = _team!.Count, cells = _axes.CellCount, records = 0, cut = 0;
        float widest = 0;
        (float Widest, int Records, int Cut)[] counted = new (float, int, int)[threads];
        _team.Run(k =>
        {
            SliceEventLoop<TSizes> loop = _blockLoops[k];
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
            SliceEventLoop<TSizes> loop = _blockLoops[k];
            loop.EnterFlights(FirstSlot(k), FirstSlot(k + 1), _countArrays[k].Pointer);
        });
    }

    private void BeginShareOf(SliceEventLoop<TSizes> loop, int firstLinked, int linkedMax)
    {
        loop._flightRecords!.BeginShare(_flightRecords!, firstLinked, _linkedRoom, linkedMax, loop._isSeam);
        loop.BeginShare(_flightRecords!.SortedCount, linkedMax);
    }

    // The block and the seam of a particle whose record is in a cell.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AssignCell(int slot, int cell, ReadOnlySpan<BlockMember> ofPlanes, double planesPerCell)
    {
        int plane = (int)((cell + 0.5) * planesPerCell);
        _members[slot] = ofPlanes[plane];
        if (ofPlanes[plane].Seam >= 0)
        {
            _seamMembers[slot] = StripMember.OfNewSlab;
        }
    }

    private void EnterFlightPairsShared(double start, double end)
    {
        _team!.Run(k =>
        {
            SliceEventLoop<TSizes> loop = _blockLoops[k];
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

    // Whether a particle's new flight can be searched here: all in reach are this block's own. If not, its seam will do it.
    private bool MayFly(int slot, Vector128<int> centre, Vector128<int> extent)
    {
        Vector128<int> reach = extent + Vector128.Create(2 * HalfCell) - _flightMax;
        Vector128<int> low = _axes.CellsAt(centre - reach), high = _axes.CellsAt(centre + reach);
        (int from, int to) = _axes.IsPlanar ? (low[1], high[1]) : (low[0], high[0]);
        if (from >= _firstFarPlane && to < _endFarPlane)
        {
            return true;
        }

        if (_isSeam)
        {
            CheckSeam(from, to);
            return true;
        }

        if (from < _firstOwnPlane || to >= _endOwnPlane)
        {
            Freeze(slot, Now);
            return false;
        }

        EnterSeam(slot, _whole!._blocks!.SeamOf[to >= _endFarPlane ? to : from]);
        return true;
    }

    // A seam may go on at the beginning of the grid, and a range of planes beyond its ends.
    private void CheckSeam(int from, int to)
    {
        BlockPartition blocks = _whole!._blocks!;
        int count = _axes.PlaneCount, first = (from - blocks.FirstOfSeam(_number)) % count;
        if ((first < 0 ? first + count : first) + to - from >= 2 * blocks.Depth)
        {
            throw new SharingConflictException("a flight reaches out of a seam");
        }
    }

    // What the blocks on both sides of a seam have ended in it.
    private void SortEndedFlights()
    {
        if (_ended is null)
        {
            return;
        }

        BlockPartition blocks = _whole!._blocks!;
        FlightLog below = _whole._blockLoops[_number]._flightLog!, above = _whole._blockLoops[(_number + 1) % blocks.Count]._flightLog!;
        _ended.Sort(blocks.FirstOfSeam(_number) * _cellsPerPlane, 2 * blocks.Depth * _cellsPerPlane, below, above);
        ReserveNear(_flightRecords!.SortedCount, _flightRecords.LinkedCountMax + _ended.Count);
    }

    // The flights in some cells that a block has ended after the present moment; given where there is room for groups of them.
    private void CheckEndedFlights(in FlightPart part, Vector128<short> centre, int firstCell, int width, int rows, int planes, NearGroup* room)
    {
        EndedFlightIndex ended = _ended!;
        int countZ = _axes.Third.Count, stepX = _axes.Second.Count * countZ;
        NearGroup* end = CollectRows(ended.Numbers, ended.Stride, ended.StartOf(firstCell), width, rows, countZ, planes, stepX, centre, part.Limit, room);
        if (end == room)
        {
            return;
        }

        SweptSphere own;
        Sweep(Particles + part.Slot, &own);
        for (NearGroup* group = room; group < end; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                IndexedFlight* flight = ended.Flights + group->Place + BitOperations.TrailingZeroCount(lanes);
                if (flight->End >= Now)
                {
                    CheckEndedFlight(part.Slot, own, _whole!._blockLoops[flight->Block]._flightLog!.Flight(flight->Number));
                }
            }
        }
    }

    // A flight that was cut and has ended is where all its parts were.
    private void KeepParts(int slot, int number)
    {
        Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
        float low = Math.Max(-1, TauOf(Particles[slot].Time));
        int parts = PartsOf(flight, low, _flightMax);
        for (int k = 0; k < parts; k++)
        {
            int cell = PartOf(place, flight, low, k, parts, out LatticeFlight part, out _);
            KeepBox(number, &part, cell);
        }
    }

    // Where no seam looks nothing is kept.
    private void KeepBox(int number, LatticeFlight* record, int cell)
    {
        int seam = _whole!._blocks!.SeamOf[(int)((cell + 0.5) / _cellsPerPlane)];
        if (seam >= 0)
        {
            _flightLog!.AddBox(number, record, cell, seam == _number);
        }
    }
}
