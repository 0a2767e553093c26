using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine;

// All pairs of the grid that can meet in the slab, found in the order of memory.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private const int RangeCountMax = 16;

    // Every pair of adjacent cells is looked at from one side: rows (0, +1), (+1, -1), (+1, 0), (+1, +1), and the rest of the
    // own row from the particle itself on.
    private void EnterAllPairs()
    {
        PlaceRange* ranges = stackalloc PlaceRange[RangeCountMax];
        for (int x = 0; x < _axes.First.Count; x++)
        {
            for (int y = 0; y < _axes.Second.Count; y++)
            {
                EnterPairsOfRow(x, y, ranges);
            }
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
                EnterPairsInside(from, to, starts + z);
            }
            else
            {
                EnterPairsAtEdge(from, to, z < last ? starts[z + 2] : to, ranges, RangesAhead(x, y, z, ranges));
            }
        }
    }

    // The places of one cell against the rest of their row and the rows ahead, no image anywhere.
    private void EnterPairsInside(int from, int to, int* start)
    {
        int stepY = _axes.Third.Count, stepX = stepY * _axes.Second.Count;
        int groups = AddGroups(start + stepY, 0);
        if (!_axes.IsPlanar)
        {
            groups = AddGroups(start + stepX - stepY, groups);
            groups = AddGroups(start + stepX, groups);
            groups = AddGroups(start + stepX + stepY, groups);
        }

        int end = start[2];
        if (groups + end - from >= _nearCapacity)
        {
            GrowNear(groups + end - from);
        }

        float* x = _records.X, y = _records.Y, z = _records.Z, r = _records.R;
        NearGroup* firstGroup = _groupArray.Pointer;
        NearGroup* lastGroup = firstGroup + groups;
        for (int place = from; place < to; place++)
        {
            Sphere own = new(x[place], y[place], z[place], r[place]);
            NearGroup* next = _near;
            for (NearGroup* group = firstGroup; group < lastGroup; group++)
            {
                nint other = group->Place;
                uint overlaps = own.Overlaps(x + other, y + other, z + other, r + other) & group->Lanes;
                next->Place = (int)other;
                next->Lanes = overlaps;
                next += overlaps != 0 ? 1 : 0;
            }

            for (int other = place + 1; other < end; other += Lanes)
            {
                uint overlaps = own.Overlaps(x + other, y + other, z + other, r + other) & LanesUpTo(end - other);
                next->Place = other;
                next->Lanes = overlaps;
                next += overlaps != 0 ? 1 : 0;
            }

            if (next != _near)
            {
                EnterNear(place, own, (int)(next - _near));
            }
        }
    }

    // The noted groups: who among them really can meet the particle at a place gets an exact event time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnterNear(int place, in Sphere own, int count)
    {
        Velocity velocity = new(_records.U[place], _records.V[place], _records.W[place]);
        Vector256<float> low = -Vector256<float>.One;
        for (int k = 0; k < count; k++)
        {
            uint meets = Meets(_near[k].Place, own, velocity, low) & _near[k].Lanes;
            if (meets != 0)
            {
                EnterContacts(_records.Slot[place], _records.Tau[place], own, _near[k].Place, meets);
            }
        }
    }

    // The groups of the three cells around a cell's start.
    private int AddGroups(int* start, int count)
    {
        int from = start[-1], to = start[2];
        if (count + to - from >= _groupArray.Length)
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

    // The places of one cell against the rest of their row up to an end, and against all places of the ranges.
    private void EnterPairsAtEdge(int from, int to, int end, PlaceRange* ranges, int rangeCount)
    {
        for (int place = from; place < to; place++)
        {
            float x = _records.X[place], y = _records.Y[place], z = _records.Z[place], r = _records.R[place];
            Sphere own = new(x, y, z, r);
            int near = Collect(own, place + 1, end, 0);
            EnterNear(place, own, near);
            for (PlaceRange* range = ranges; range < ranges + rangeCount; range++)
            {
                Sphere image = new(x - range->ShiftX, y - range->ShiftY, z - range->ShiftZ, r);
                near = Collect(image, range->From, range->To, 0);
                if (near > 0)
                {
                    EnterNear(place, image, near);
                }
            }
        }
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
    }
}
