using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Slices.Lattice;

namespace ActorMD.Engine.Slices;

// All pairs of flights that can meet in the slab. What is around a cell is copied side by side, and each flight of the cell is tested
// against 32 others at once: can they meet, judged along each axis alone? Of 100 to 300 pairs one can, and is looked at again: how close
// do the two come?
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private FlightPairs _pairs = new();

    // Planes of cells: every pair of adjacent cells is looked at from one side, as in EnterAllPairs.
    private void EnterFlightPairs(int firstPlane, int endPlane)
    {
        int rows = _axes.IsPlanar ? 1 : _axes.Second.Count; // of a plane
        for (int row = firstPlane * rows; row < endPlane * rows; row++)
        {
            EnterFlightPairsOfRow(row / _axes.Second.Count, row % _axes.Second.Count);
            NotePairs();
            EnterContacts(atStart: true);
        }
    }

    // What the records of parts say about relative motion is wrong: each of these particles searches all around it instead.
    private void EnterPairsOfCutFlights()
    {
        for (int k = 0; k < _cutCount; k++)
        {
            SearchFlights(_cutArray!.Pointer[k], -1);
            EnterContacts(atStart: true);
        }
    }

    private void EnterFlightPairsOfRow(int x, int y)
    {
        int* starts = _starts + _axes.Index(x, y, 0);
        int countY = _axes.Second.Count, last = _axes.Third.Count - 1, stepY = last + 1, stepX = stepY * countY;
        bool inside = _axes.IsPlanar ? y < countY - 1 : x < _axes.First.Count - 1 && y > 0 && y < countY - 1;
        FlightRecords records = _flightRecords!;
        FlightWindow window = _window!;
        for (int z = 0; z <= last; z++)
        {
            int* start = starts + z;
            int from = start[0], count = start[1] - from;
            if (count == 0)
            {
                continue;
            }

            window.Begin();
            if (inside && z > 0 && z < last)
            {
                window.Add(records, from, start[2], 0, 0, 0);
                window.Add(records, start[stepY - 1], start[stepY + 2], 0, 0, 0);
                if (!_axes.IsPlanar)
                {
                    start += stepX;
                    window.Add(records, start[-stepY - 1], start[-stepY + 2], 0, 0, 0);
                    window.Add(records, start[-1], start[2], 0, 0, 0);
                    window.Add(records, start[stepY - 1], start[stepY + 2], 0, 0, 0);
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

    // Cells of a row into the window, as far as there are any.
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
            _window!.Add(_flightRecords!, _starts[row + from], _starts[row + from + cells], shiftX, shiftY, shiftZ);
            z += cells;
        }
    }

    // The first flights of the window, those of the cell, against all behind them.
    private void CollectPairs(int ownCount)
    {
        const int Column = FlightPairs.Capacity;
        FlightWindow window = _window!;
        int count = window.Count, pairCount = _pairs.Count;
        int* slots = window.Slots, pairSlots = _pairs.Slots;
        short* numbers = window.Numbers, pairNumbers = _pairs.Numbers;
        nint stride = window.Stride, stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        for (int first = 0, end; first < ownCount; first = end)
        {
            end = ownCount;
            ulong* mask = window.FindNear(first, ref end, _reach);
            for (nint own = first; own < end; own++)
            {
                for (nint group = own + 1; group < count; group += FlightWindow.Lanes)
                {
                    ulong near = *mask++;
                    if (count - group < FlightWindow.Lanes)
                    {
                        near &= (1UL << (int)(count - group)) - 1;
                    }

                    for (; near != 0; near &= near - 1)
                    {
                        nint other = group + BitOperations.TrailingZeroCount(near);
                        short* a = numbers + own, b = numbers + other, pair = pairNumbers + pairCount;
                        pair[0] = (short)(*b - *a);
                        pair[Column] = (short)(b[stride] - a[stride]);
                        pair[2 * Column] = (short)(b[stride2] - a[stride2]);
                        pair[3 * Column] = (short)(b[stride3] - a[stride3]);
                        pair[4 * Column] = (short)(b[stride4] - a[stride4]);
                        pair[5 * Column] = (short)(b[stride5] - a[stride5]);
                        int slotA = slots[own], slotB = slots[other];
                        pairSlots[pairCount] = slotA;
                        pairSlots[pairCount + Column] = slotB;
                        pairCount += ((slotA | slotB) & FlightRecords.CutFlag) == 0 ? 1 : 0;
                        if (pairCount == Column)
                        {
                            _pairs.Count = pairCount;
                            NotePairs();
                            pairCount = 0;
                        }
                    }
                }
            }
        }

        _pairs.Count = pairCount;
    }

    // The collected pairs: those that meet in the slab.
    private void NotePairs()
    {
        const int Column = FlightPairs.Capacity;
        short* numbers = _pairs.Numbers;
        int count = _pairs.Count;
        float stepX = _axes.StepLength[0], stepY = _axes.StepLength[1], stepZ = _axes.StepLength[2];
        for (int k = 0; k < count; k += Lanes, numbers += Lanes)
        {
            Vector256<float> x = ToSingle(numbers) * stepX, y = ToSingle(numbers + Column) * stepY, z = ToSingle(numbers + 2 * Column) * stepZ;
            Vector256<float> u = ToSingle(numbers + 3 * Column) * stepX, v = ToSingle(numbers + 4 * Column) * stepY, w = ToSingle(numbers + 5 * Column) * stepZ;
            uint meets = FlightsMeet(x, y, z, u, v, w, -Vector256<float>.One, Vector256<float>.One) & LanesUpTo(count - k);
            if (meets != 0)
            {
                NoteMeeting(k, meets, x, y, z);
            }
        }

        _pairs.Count = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteMeeting(int first, uint meets, Vector256<float> x, Vector256<float> y, Vector256<float> z)
    {
        int* slots = _pairs.Slots + first;
        for (; meets != 0; meets &= meets - 1)
        {
            int lane = BitOperations.TrailingZeroCount(meets);
            NoteContact(slots[lane], slots[lane + FlightPairs.Capacity], x[lane], y[lane], z[lane]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToSingle(short* numbers) => Vector256.ConvertToSingle(Vector256.WidenLower(Vector128.Load(numbers).ToVector256Unsafe()));
}
