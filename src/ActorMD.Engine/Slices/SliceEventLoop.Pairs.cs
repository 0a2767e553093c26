using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine.Slices;

// All pairs of the grid whose homes overlap, found in the order of memory.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private const int RangeCountMax = 16;

    // Every pair of adjacent cells is looked at from one side: rows (0, +1), (+1, -1), (+1, 0), (+1, +1), and the rest of the
    // own row from the particle itself on.
    private void EnterAllPairs()
    {
        EnterPairsOfPlanes(0, _axes.PlaneCount);
    }

    private void EnterPairsOfPlanes(int firstPlane, int endPlane)
    {
        PlaceRange* ranges = stackalloc PlaceRange[RangeCountMax];
        int rows = _axes.IsPlanar ? 1 : _axes.Second.Count; // of a plane
        for (int row = firstPlane * rows; row < endPlane * rows; row++)
        {
            EnterPairsOfRow(row / _axes.Second.Count, row % _axes.Second.Count, ranges);
        }
    }

    private void EnterPairsOfRow(int x, int y, PlaceRange* ranges)
    {
        int* starts = _starts + _axes.Index(x, y, 0);
        int countY = _axes.Second.Count, last = _axes.Third.Count - 1;
        bool inside = _axes.IsPlanar ? y < countY - 1 : x < _axes.First.Count - 1 && y > 0 && y < countY - 1;
        for (int z = 0; z <= last; z++)
        {
            int from = starts[z], to = starts[z + 1];
            if (from == to)
            {
                continue;
            }

            if (inside && z > 0 && z < last)
            {
                int groups = GroupsAhead(starts + z);
                EnterPairsOf(from, to, starts[z + 2], _groupArray.Pointer, groups, default);
            }
            else
            {
                int rangeCount = RangesAhead(x, y, z, ranges);
                int groups = 0;
                for (int k = 0; k < rangeCount; k++)
                {
                    if (!ranges[k].IsShifted)
                    {
                        groups = AddGroups(ranges[k].From, ranges[k].To, groups);
                    }
                }

                EnterPairsOf(from, to, z < last ? starts[z + 2] : to, _groupArray.Pointer, groups, default);
                for (int k = 0; k < rangeCount; k++)
                {
                    if (ranges[k].IsShifted)
                    {
                        groups = AddGroups(ranges[k].From, ranges[k].To, 0);
                        EnterPairsOf(from, to, 0, _groupArray.Pointer, groups, ranges[k]);
                    }
                }
            }
        }
    }

    // The places of one cell against groups of others, in an image, and against the rest of their own row up to an end.
    private void EnterPairsOf(int from, int to, int end, NearGroup* groups, int groupCount, in PlaceRange image)
    {
        float* x = _records.X, y = _records.Y, z = _records.Z, r = _records.R;
        NearGroup* groupsEnd = groups + groupCount;
        for (nint place = from; place < to; place++)
        {
            float centreX = x[place] - image.ShiftX, centreY = y[place] - image.ShiftY, centreZ = z[place] - image.ShiftZ;
            Vector256<float> ownX = Vector256.Create(centreX), ownY = Vector256.Create(centreY), ownZ = Vector256.Create(centreZ);
            Vector256<float> ownR = Vector256.Create(r[place]);
            NearGroup* near = _near;
            for (NearGroup* group = groups; group < groupsEnd; group++)
            {
                nint other = group->Place;
                uint overlaps = Overlaps(ownX, ownY, ownZ, ownR, x + other, y + other, z + other, r + other) & group->Lanes;
                near->Place = (int)other;
                near->Lanes = overlaps;
                near += overlaps != 0 ? 1 : 0;
            }

            for (nint other = place + 1; other < end; other += Lanes)
            {
                uint overlaps = Overlaps(ownX, ownY, ownZ, ownR, x + other, y + other, z + other, r + other) & LanesUpTo((int)(end - other));
                near->Place = (int)other;
                near->Lanes = overlaps;
                near += overlaps != 0 ? 1 : 0;
            }

            for (NearGroup* group = _near; group < near; group++)
            {
                AddNeighbors((int)place, group);
            }
        }
    }

    // Flights that were cut have several records, and may be near more than once.
    private void AddNeighbors(int place, NearGroup* group)
    {
        int slot = _records.Slot[place];
        for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
        {
            int k = group->Place + BitOperations.TrailingZeroCount(lanes), other = _records.Slot[k];
            if ((slot | other) < 0)
            {
                AddNewNeighbors(_records.SlotAt(place), _records.SlotAt(k));
            }
            else
            {
                _neighbors!.Add(slot, other);
            }
        }
    }

    private void AddNewNeighbors(int slot, int other)
    {
        if (slot == other)
        {
            return;
        }

        if (_begins && (IsOverCut(slot) || IsOverCut(other)))
        {
            _latePairs.Add((slot, other));
        }
        else
        {
            _neighbors!.AddNew(slot, other);
        }
    }

    // The three cells around each of the cells ahead of one that is not at the edge.
    private int GroupsAhead(int* start)
    {
        int stepY = _axes.Third.Count, stepX = stepY * _axes.Second.Count;
        int groups = AddGroups(start[stepY - 1], start[stepY + 2], 0);
        if (!_axes.IsPlanar)
        {
            start += stepX;
            groups = AddGroups(start[-stepY - 1], start[-stepY + 2], groups);
            groups = AddGroups(start[-1], start[2], groups);
            groups = AddGroups(start[stepY - 1], start[stepY + 2], groups);
        }

        return groups;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AddGroups(int from, int to, int count)
    {
        if (count + (to - from) / Lanes + 1 >= _groupArray.Length)
        {
            _groupArray.Grow(2L * (count + to - from) + Lanes);
        }

        NearGroup* next = _groupArray.Pointer + count;
        for (; from < to; from += Lanes)
        {
            next->Place = from;
            next->Lanes = LanesUpTo(to - from);
            next++;
        }

        return (int)(next - _groupArray.Pointer);
    }

    private int RangesAhead(int x, int y, int z, PlaceRange* ranges)
    {
        int count = 0;
        if (_axes.Third.IsPeriodic && z + 1 == _axes.Third.Count)
        {
            count = Add(ranges, count, x, y, z + 1, z + 1);
        }

        count = Add(ranges, count, x, y + 1, z - 1, z + 1);
        if (!_axes.IsPlanar)
        {
            count = Add(ranges, count, x + 1, y - 1, z - 1, z + 1);
            count = Add(ranges, count, x + 1, y, z - 1, z + 1);
            count = Add(ranges, count, x + 1, y + 1, z - 1, z + 1);
        }

        return count;
    }

    private int Add(PlaceRange* ranges, int count, int x, int y, int z0, int z1)
    {
        if ((!_axes.First.IsPeriodic && x >= _axes.First.Count) || (!_axes.Second.IsPeriodic && (uint)y >= (uint)_axes.Second.Count))
        {
            return count;
        }

        if (!_axes.Third.IsPeriodic)
        {
            (z0, z1) = (Math.Max(z0, 0), Math.Min(z1, _axes.Third.Count - 1));
        }

        PlaceRange range = default;
        int row = _axes.Index(_axes.First.Wrap(x, out range.ShiftX), _axes.Second.Wrap(y, out range.ShiftY), 0);
        for (int z = z0; z <= z1;)
        {
            int from = _axes.Third.Wrap(z, out range.ShiftZ);
            int cells = Math.Min(z1 - z + 1, _axes.Third.Count - from);
            (range.From, range.To) = (_starts[row + from], _starts[row + from + cells]);
            if (range.From < range.To)
            {
                ranges[count++] = range;
            }

            z += cells;
        }

        return count;
    }

    /// <summary>Places that lie side by side, and the shift of their image.</summary>
    private struct PlaceRange
    {
        public int From, To;
        public float ShiftX, ShiftY, ShiftZ;

        public readonly bool IsShifted => ShiftX != 0 || ShiftY != 0 || ShiftZ != 0;
    }
}
