using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>Makes the lists of all particles: all pairs of overlapping Verlet spheres, found in the order of memory.</summary>
/// <param name="spheres">Cells.</param>
/// <param name="records">Spheres by cell.</param>
/// <param name="lists">Get the pairs.</param>
/// <param name="guard">Which lists may be changed.</param>
internal sealed unsafe class SpherePairFinder<TSizes>(VerletSpheres<TSizes> spheres, SphereRecords records, NeighborLists lists,
    ListGuard guard) : IDisposable
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int RangeCountMax = 16;
    private const int Lanes = SphereOverlap.Lanes;

    private readonly NearBuffer _near = new();
    private readonly NativeArray<NearGroup> _groupArray = new(256);
    private readonly GridAxes _axes = spheres.Grid.Axes;

    public long ByteCount => _near.ByteCount + _groupArray.ByteCount;

    /// <summary>Makes room for as many spheres as there are.</summary>
    public void Reserve(int sortedCount, int linkedCount) => _near.Reserve(sortedCount, Lanes, linkedCount);

    /// <summary>
    /// Finds the pairs of some layers of cells. Every pair of adjacent cells is looked at from one side: rows (0, +1), (+1, -1), (+1, 0),
    /// (+1, +1), and the rest of the own row from the particle itself on.
    /// </summary>
    public void Find(int firstPlane, int endPlane)
    {
        RecordRange* ranges = stackalloc RecordRange[RangeCountMax];
        int rows = _axes.RowCount / _axes.PlaneCount;
        for (int row = firstPlane * rows; row < endPlane * rows; row++)
        {
            FindInRow(row / _axes.Second.Count, row % _axes.Second.Count, ranges);
        }
    }

    public void Dispose()
    {
        _near.Dispose();
        _groupArray.Dispose();
    }

    private void FindInRow(int x, int y, RecordRange* ranges)
    {
        int* starts = spheres.Starts + _axes.Index(x, y, 0);
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
                FindPairsOf(from, to, starts[z + 2], _groupArray.Pointer, groups, default);
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

                FindPairsOf(from, to, z < last ? starts[z + 2] : to, _groupArray.Pointer, groups, default);
                for (int k = 0; k < rangeCount; k++)
                {
                    if (ranges[k].IsShifted)
                    {
                        groups = AddGroups(ranges[k].From, ranges[k].To, 0);
                        FindPairsOf(from, to, 0, _groupArray.Pointer, groups, ranges[k]);
                    }
                }
            }
        }
    }

    // The records of one cell against groups of others, in an image, and against the rest of their own row up to an end.
    private void FindPairsOf(int from, int to, int end, NearGroup* groups, int groupCount, in RecordRange image)
    {
        float* x = records.X, y = records.Y, z = records.Z, r = records.R;
        NearGroup* groupsEnd = groups + groupCount;
        for (nint record = from; record < to; record++)
        {
            float centreX = x[record] - image.ShiftX, centreY = y[record] - image.ShiftY, centreZ = z[record] - image.ShiftZ;
            Vector256<float> ownX = Vector256.Create(centreX), ownY = Vector256.Create(centreY), ownZ = Vector256.Create(centreZ);
            Vector256<float> ownR = Vector256.Create(r[record]);
            NearGroup* near = _near.First;
            for (NearGroup* group = groups; group < groupsEnd; group++)
            {
                nint other = group->Record;
                uint overlaps = SphereOverlap.Test(ownX, ownY, ownZ, ownR, x + other, y + other, z + other, r + other) & group->Lanes;
                near->Record = (int)other;
                near->Lanes = overlaps;
                near += overlaps != 0 ? 1 : 0;
            }

            for (nint other = record + 1; other < end; other += Lanes)
            {
                uint overlaps = SphereOverlap.Test(ownX, ownY, ownZ, ownR, x + other, y + other, z + other, r + other)
                    & NearBuffer.LanesUpTo((int)(end - other), Lanes);
                near->Record = (int)other;
                near->Lanes = overlaps;
                near += overlaps != 0 ? 1 : 0;
            }

            for (NearGroup* group = _near.First; group < near; group++)
            {
                AddNeighbors((int)record, group);
            }
        }
    }

    // Flights that were split have several records, and may be near more than once.
    private void AddNeighbors(int record, NearGroup* group)
    {
        int slot = records.Slot[record];
        for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
        {
            int k = group->Record + BitOperations.TrailingZeroCount(lanes), other = records.Slot[k];
            if ((slot | other) >= 0)
            {
                lists.Add(slot, other);
            }
            else
            {
                AddSplit(records.SlotAt(record), records.SlotAt(k));
            }
        }
    }

    private void AddSplit(int slot, int other)
    {
        if (slot != other && guard.MayLinkSplit(slot, other))
        {
            lists.AddNew(slot, other);
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
            next->Record = from;
            next->Lanes = NearBuffer.LanesUpTo(to - from, Lanes);
            next++;
        }

        return (int)(next - _groupArray.Pointer);
    }

    private int RangesAhead(int x, int y, int z, RecordRange* ranges)
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

    private int Add(RecordRange* ranges, int count, int x, int y, int z0, int z1)
    {
        if ((!_axes.First.IsPeriodic && x >= _axes.First.Count) || (!_axes.Second.IsPeriodic && (uint)y >= (uint)_axes.Second.Count))
        {
            return count;
        }

        if (!_axes.Third.IsPeriodic)
        {
            (z0, z1) = (Math.Max(z0, 0), Math.Min(z1, _axes.Third.Count - 1));
        }

        RecordRange range = default;
        int row = _axes.Index(_axes.First.Wrap(x, out range.ShiftX), _axes.Second.Wrap(y, out range.ShiftY), 0);
        for (int z = z0; z <= z1;)
        {
            int from = _axes.Third.Wrap(z, out range.ShiftZ);
            int cells = Math.Min(z1 - z + 1, _axes.Third.Count - from);
            (range.From, range.To) = (spheres.Starts[row + from], spheres.Starts[row + from + cells]);
            if (range.From < range.To)
            {
                ranges[count++] = range;
            }

            z += cells;
        }

        return count;
    }

    /// <summary>RecordOf that lie side by side, and the shift of their image.</summary>
    private struct RecordRange
    {
        public int From, To;
        public float ShiftX, ShiftY, ShiftZ;

        public readonly bool IsShifted => ShiftX != 0 || ShiftY != 0 || ShiftZ != 0;
    }
}
