using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine;

// All pairs of flights that can meet in the slab. What is around a cell is copied side by side, and the flights of the cell are tested
// against it sixteen at a time: do their boxes overlap? Those few that do are looked at again: how close do they come?
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private readonly FlightPairs _pairs = new();

    // Planes of cells: every pair of adjacent cells is looked at from one side, as in EnterAllPairs.
    private void EnterFlightPairs(int firstPlane, int endPlane)
    {
        for (int x = firstPlane; x < endPlane; x++)
        {
            for (int y = 0; y < _axes.Second.Count; y++)
            {
                EnterFlightPairsOfRow(x, y);
                NotePairs();
                EnterContacts(atStart: true);
            }
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

            EnterOverlaps(count);
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
    private void EnterOverlaps(int ownCount)
    {
        FlightWindow window = _window!;
        int count = window.Count;
        for (int first = 0, end; first < ownCount; first = end)
        {
            end = ownCount;
            int overlapCount = window.FindOverlaps(first, ref end, _reach, out FlightWindow.Overlap* overlap);
            for (FlightWindow.Overlap* last = overlap + overlapCount; overlap < last; overlap++)
            {
                int own = overlap->Own;
                uint lanes = overlap->Lanes;
                do
                {
                    int other = overlap->Other + BitOperations.TrailingZeroCount(lanes);
                    lanes &= lanes - 1;
                    if (other < count)
                    {
                        AddPair(own, other);
                    }
                }
                while (lanes != 0);
            }
        }
    }

    // Two flights of the window whose boxes overlap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddPair(int own, int other)
    {
        FlightRecords records = _flightRecords!;
        FlightWindow window = _window!;
        int a = window.Places[own], b = window.Places[other], slotA = records.Slot[a], slotB = records.Slot[b];
        short x = (short)(window.X[other] - window.X[own]), y = (short)(window.Y[other] - window.Y[own]), z = (short)(window.Z[other] - window.Z[own]);
        if (((slotA | slotB) & FlightRecords.CutFlag) != 0)
        {
            NoteCut(slotA & FlightRecords.SlotMask, TauOfRecord(a), b, Vector128.ConvertToSingle(Vector128.Create(x, y, z, 0)) * _axes.StepLength);
        }
        else if (_pairs.Add(slotA, slotB, x, y, z, records.U[b] - records.U[a], records.V[b] - records.V[a], records.W[b] - records.W[a]))
        {
            NotePairs();
        }
    }

    // The collected pairs: those that meet in the slab.
    private void NotePairs()
    {
        FlightPairs pairs = _pairs;
        float stepX = _axes.StepLength[0], stepY = _axes.StepLength[1], stepZ = _axes.StepLength[2];
        for (int k = 0; k < pairs.Count; k += Vector128<short>.Count)
        {
            Vector256<float> x = ToSingle(pairs.X + k) * stepX, y = ToSingle(pairs.Y + k) * stepY, z = ToSingle(pairs.Z + k) * stepZ;
            Vector256<float> u = ToSingle(pairs.U + k) * stepX, v = ToSingle(pairs.V + k) * stepY, w = ToSingle(pairs.W + k) * stepZ;
            uint meets = FlightsMeet(x, y, z, u, v, w) & LanesUpTo(pairs.Count - k);
            for (; meets != 0; meets &= meets - 1)
            {
                int lane = BitOperations.TrailingZeroCount(meets);
                NoteContact(pairs.First[k + lane], pairs.Second[k + lane], x[lane], y[lane], z[lane]);
            }
        }

        pairs.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToSingle(short* numbers) => Vector256.ConvertToSingle(Vector256.WidenLower(Vector256.Create(Vector128.Load(numbers), default)));

    // Meets for the whole slab, eight pairs at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint FlightsMeet(Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> u, Vector256<float> v, Vector256<float> w)
    {
        Vector256<float> rr = Squared(x, y, z), gg = Squared(u, v, w) + Vector256.Create(Tiny), squares = rr + gg;
        Vector256<float> b = Vector256.MultiplyAddEstimate(x, u, Vector256.MultiplyAddEstimate(y, v, z * w)), rounding = squares * TestMargin;
        Vector256<float> tau = Vector256.MinNative(Vector256.MaxNative(-b / gg, -Vector256<float>.One), Vector256<float>.One);
        Vector256<float> squared = Vector256.MultiplyAddEstimate(tau, Vector256.MultiplyAddEstimate(tau, gg, b + b), rr);
        Vector256<float> recedes = Vector256.GreaterThan(b - gg, rounding + (squares * 0.5f + Vector256<float>.One) * SlopeError + Vector256.Create(_recession));
        return (recedes | Vector256.GreaterThan(squared, rounding + Vector256.Create(_meetSquared))).ExtractMostSignificantBits() ^ AllLanes;
    }
}
