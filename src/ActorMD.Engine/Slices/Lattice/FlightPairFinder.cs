using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>All pairs of flights that can meet in the slice, row by row of cells.</summary>
/// <remarks>
/// What is around a cell is copied side by side (<see cref="AdjacentFlights"/>), and each flight of the cell is tested against 32 others at
/// once: can they meet, judged along each axis alone? Of 100 to 300 pairs of a rare gas one can. These are collected
/// (<see cref="FlightPairs"/>) and looked at again, eight at once: how close do the two come (<see cref="FlightTest"/>)?
/// </remarks>
/// <param name="lattice">Cells.</param>
/// <param name="records">Flights by cell.</param>
/// <param name="test">Which pairs can meet.</param>
/// <param name="contacts">Gets the pairs that can.</param>
internal sealed unsafe class FlightPairFinder(FlightLattice lattice, FlightRecords records, FlightTest test, ContactBuffer contacts)
    : IDisposable
{
    private readonly AdjacentFlights _adjacent = new();
    private readonly FlightPairs _pairs = new();
    private readonly GridAxes _axes = lattice.Grid.Axes;
    private readonly FlightTest _test = test;

    public long ByteCount => _adjacent.ByteCount + _pairs.ByteCount;

    /// <summary>The pairs of one row of cells: every pair of adjacent cells is looked at from one side.</summary>
    public void FindInRow(int row)
    {
        Collect(row / _axes.Second.Count, row % _axes.Second.Count);
        NotePairs();
    }

    public void Dispose()
    {
        _adjacent.Dispose();
        _pairs.Dispose();
    }

    // A cell against itself and those ahead of it: rows (0, +1), (+1, -1), (+1, 0), (+1, +1), and the rest of its own row.
    private void Collect(int x, int y)
    {
        int* starts = lattice.Starts + _axes.Index(x, y, 0);
        int countY = _axes.Second.Count, last = _axes.Third.Count - 1, stepY = last + 1, stepX = stepY * countY;
        bool inside = _axes.IsPlanar ? y < countY - 1 : x < _axes.First.Count - 1 && y > 0 && y < countY - 1;
        FlightRecords sorted = records;
        AdjacentFlights adjacent = _adjacent;
        for (int z = 0; z <= last; z++)
        {
            int* start = starts + z;
            int from = start[0], count = start[1] - from;
            if (count == 0)
            {
                continue;
            }

            adjacent.Begin();
            if (inside && z > 0 && z < last)
            {
                adjacent.Add(sorted, from, start[2], 0, 0, 0);
                adjacent.Add(sorted, start[stepY - 1], start[stepY + 2], 0, 0, 0);
                if (!_axes.IsPlanar)
                {
                    start += stepX;
                    adjacent.Add(sorted, start[-stepY - 1], start[-stepY + 2], 0, 0, 0);
                    adjacent.Add(sorted, start[-1], start[2], 0, 0, 0);
                    adjacent.Add(sorted, start[stepY - 1], start[stepY + 2], 0, 0, 0);
                }
            }
            else
            {
                AddRow(x, y, z, z + 1);
                AddRow(x, y + 1, z - 1, z + 1);
                if (!_axes.IsPlanar)
                {
                    AddRow(x + 1, y - 1, z - 1, z + 1);
                    AddRow(x + 1, y, z - 1, z + 1);
                    AddRow(x + 1, y + 1, z - 1, z + 1);
                }
            }

            CollectPairs(count);
        }
    }

    // Cells of a row side by side, as far as there are any.
    private void AddRow(int x, int y, int z0, int z1)
    {
        if ((!_axes.First.IsPeriodic && x >= _axes.First.Count) || (!_axes.Second.IsPeriodic && (uint)y >= (uint)_axes.Second.Count))
        {
            return;
        }

        if (!_axes.Third.IsPeriodic)
        {
            (z0, z1) = (Math.Max(z0, 0), Math.Min(z1, _axes.Third.Count - 1));
        }

        int row = _axes.Index(_axes.First.Wrap(x, out short shiftX), _axes.Second.Wrap(y, out short shiftY), 0);
        for (int z = z0; z <= z1;)
        {
            int from = _axes.Third.Wrap(z, out short shiftZ), cells = Math.Min(z1 - z + 1, _axes.Third.Count - from);
            _adjacent.Add(records, lattice.Starts[row + from], lattice.Starts[row + from + cells], shiftX, shiftY, shiftZ);
            z += cells;
        }
    }

    // The flights of the cell, which come first, against all behind them.
    private void CollectPairs(int ownCount)
    {
        const int Column = FlightPairs.Capacity;
        AdjacentFlights adjacent = _adjacent;
        int pairCount = _pairs.Count;
        int* slots = adjacent.Slots, pairSlots = _pairs.Slots;
        short* numbers = adjacent.Numbers, pairNumbers = _pairs.Numbers;
        nint stride = adjacent.Stride, stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        for (int first = 0, end; first < ownCount; first = end)
        {
            end = ownCount;
            foreach (NearPair near in adjacent.FindNear(first, ref end, lattice.Reach))
            {
                short* a = numbers + near.Own, b = numbers + near.Other, pair = pairNumbers + pairCount;
                pair[0] = (short)(*b - *a);
                pair[Column] = (short)(b[stride] - a[stride]);
                pair[2 * Column] = (short)(b[stride2] - a[stride2]);
                pair[3 * Column] = (short)(b[stride3] - a[stride3]);
                pair[4 * Column] = (short)(b[stride4] - a[stride4]);
                pair[5 * Column] = (short)(b[stride5] - a[stride5]);
                int slotA = slots[near.Own], slotB = slots[near.Other];
                pairSlots[pairCount] = slotA;
                pairSlots[pairCount + Column] = slotB;
                pairCount += ((slotA | slotB) & FlightRecords.SplitFlag) == 0 ? 1 : 0;
                if (pairCount == Column)
                {
                    _pairs.Count = pairCount;
                    NotePairs();
                    pairCount = 0;
                }
            }
        }

        _pairs.Count = pairCount;
    }

    // The collected pairs: those that meet in the slice.
    private void NotePairs()
    {
        const int Column = FlightPairs.Capacity;
        short* numbers = _pairs.Numbers;
        int count = _pairs.Count;
        float stepX = _axes.StepLength[0], stepY = _axes.StepLength[1], stepZ = _axes.StepLength[2];
        for (int k = 0; k < count; k += FlightTest.Lanes, numbers += FlightTest.Lanes)
        {
            Vector256<float> x = FlightTest.Widen(numbers) * stepX, y = FlightTest.Widen(numbers + Column) * stepY;
            Vector256<float> z = FlightTest.Widen(numbers + 2 * Column) * stepZ, u = FlightTest.Widen(numbers + 3 * Column) * stepX;
            Vector256<float> v = FlightTest.Widen(numbers + 4 * Column) * stepY, w = FlightTest.Widen(numbers + 5 * Column) * stepZ;
            uint lanes = NearBuffer.LanesUpTo(count - k, FlightTest.Lanes);
            uint meets = _test.Meets(x, y, z, u, v, w, -Vector256<float>.One, Vector256<float>.One, out uint joins) & lanes;
            joins &= lanes;
            if ((meets | joins) != 0)
            {
                _pairs.Note(contacts, k, meets, joins, x, y, z);
            }
        }

        _pairs.Count = 0;
    }
}
