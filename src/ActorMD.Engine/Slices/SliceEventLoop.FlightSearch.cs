using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Slices.Lattice;

namespace ActorMD.Engine.Slices;

// What one flight can meet, among the records of the cells around it: those whose box (LatticeFlight) overlaps with that of the rest
// of its flight are looked at again.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private const float SlopeError = 6f / LatticeFlight.CellSteps;

    private readonly float _meetSquared; // distance of two flights that may meet, with all errors

    // What a particle can meet from a moment on (tau in [-1, 1]) until the end of the slab.
    private void SearchFlights(int slot, float low)
    {
        Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
        if (Vector128.LessThanOrEqualAll(Vector128.Abs(flight), Vector128.Create(LatticeFlight.CellSteps)))
        {
            SearchPart(slot, place, flight, low, 1);
            return;
        }

        int parts = PartsOf(flight, low, Vector128.Create(LatticeFlight.CellSteps));
        float length = (1 - low) / parts;
        for (int k = 0; k < parts; k++)
        {
            float from = low + k * length;
            SearchPart(slot, place, flight, from, from + length);
        }
    }

    // Records reach out of their cells by no more than half a cell. A range of cells that goes beyond a face of the box is cut there:
    // the rest is an image.
    private void SearchPart(int slot, Vector128<int> place, Vector128<int> flight, float from, float to)
    {
        Between(place, flight, from, to, out Vector128<int> centre, out Vector128<int> extent);
        Vector128<int> reach = extent + Vector128.Create(2 * HalfCell) - _flightMax;
        Vector128<int> low = _axes.CellsAt(centre - reach), high = _axes.CellsAt(centre + reach);
        FlightPart part = new()
        {
            Slot = slot,
            From = from,
            To = to,
            Tau = 0.5f * (from + to),
            Flight = Vector128.ConvertToSingle(flight) * _axes.StepLength,
            Centre = Vector128.Narrow(centre, centre),
            Limit = extent + _reach,
        };
        if (_axes.AreInside(low, high))
        {
            SearchCells(part, part.Centre, low, high);
            return;
        }

        for (int x = low[0]; x <= high[0];)
        {
            int x0 = _axes.First.Wrap(x, out short shiftX), x1 = Math.Min(x0 + high[0] - x, _axes.First.Count - 1);
            for (int y = low[1]; y <= high[1];)
            {
                int y0 = _axes.Second.Wrap(y, out short shiftY), y1 = Math.Min(y0 + high[1] - y, _axes.Second.Count - 1);
                for (int z = low[2]; z <= high[2];)
                {
                    int z0 = _axes.Third.Wrap(z, out short shiftZ), z1 = Math.Min(z0 + high[2] - z, _axes.Third.Count - 1);
                    Vector128<short> image = part.Centre - Vector128.Create(shiftX, shiftY, shiftZ, 0, 0, 0, 0, 0);
                    SearchCells(part, image, Vector128.Create(x0, y0, z0, 0), Vector128.Create(x1, y1, z1, 0));
                    z += z1 - z0 + 1;
                }

                y += y1 - y0 + 1;
            }

            x += x1 - x0 + 1;
        }
    }

    private void SearchCells(in FlightPart part, Vector128<short> centre, Vector128<int> low, Vector128<int> high)
    {
        FlightRecords records = _flightRecords!;
        int countZ = _axes.Third.Count, stepX = _axes.Second.Count * countZ;
        int width = high[2] - low[2] + 1, rows = high[1] - low[1] + 1, planes = high[0] - low[0] + 1;
        int cell = (low[0] * _axes.Second.Count + low[1]) * countZ + low[2];
        if (_members is not null && !_begins)
        {
            CheckPlanes(low, high);
        }

        NearGroup* near = CollectRows(records.X, records.Stride, _starts + cell, width, rows, countZ, planes, stepX, centre, part.Limit, _near);
        if (records.HasLinked)
        {
            near = CollectLinkedFlights(cell, width, rows, planes, near);
        }

        if (_isSeam)
        {
            CheckEndedFlights(part, centre, cell, width, rows, planes, near);
        }

        const int Column = FlightPairs.Capacity;
        int* slots = records.Slot, pairSlots = _pairs.Slots;
        short* x = records.X, y = records.Y, z = records.Z, u = records.U, v = records.V, w = records.W, numbers = _pairs.Numbers;
        int pairCount = 0, own = part.Slot, centreX = centre[0], centreY = centre[1], centreZ = centre[2];
        for (NearGroup* group = _near; group < near; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                nint place = group->Place + BitOperations.TrailingZeroCount(lanes);
                int other = slots[place];
                if ((other & ~FlightRecords.SlotMask) != 0)
                {
                    NoteUnusual(part, centre, (int)place);
                    continue;
                }

                short* pair = numbers + pairCount;
                pair[0] = (short)(x[place] - centreX);
                pair[Column] = (short)(y[place] - centreY);
                pair[2 * Column] = (short)(z[place] - centreZ);
                pair[3 * Column] = u[place];
                pair[4 * Column] = v[place];
                pair[5 * Column] = w[place];
                pairSlots[pairCount] = own;
                pairSlots[pairCount + Column] = other;
                pairCount += other != own ? 1 : 0;
                if (pairCount == Column)
                {
                    NoteNear(part, pairCount);
                    pairCount = 0;
                }
            }
        }

        if (pairCount > 0)
        {
            NoteNear(part, pairCount);
        }
    }

    // The records in some rows of cells whose boxes overlap with that of a flight.
    private static NearGroup* CollectRows(
        short* numbers,
        nint stride,
        int* start,
        nint width,
        int rows,
        nint stepY,
        int planes,
        nint stepX,
        Vector128<short> centre,
        Vector128<int> limit,
        NearGroup* near)
    {
        nint stride2 = 2 * stride, stride3 = 3 * stride, stride4 = 4 * stride, stride5 = 5 * stride;
        Vector512<short> x = Vector512.Create(centre[0]), y = Vector512.Create(centre[1]), z = Vector512.Create(centre[2]);
        Vector512<short> limitX = Vector512.Create((short)limit[0]), limitY = Vector512.Create((short)limit[1]), limitZ = Vector512.Create((short)limit[2]);
        for (; planes > 0; planes--, start += stepX)
        {
            int* row = start;
            for (int k = rows; k > 0; k--, row += stepY)
            {
                for (int place = row[0], end = row[width]; place < end; place += FlightRecords.Lanes)
                {
                    short* other = numbers + place;
                    Vector512<short> gapX = Vector512.Abs(x - Vector512.Load(other)) - Vector512.Abs(Vector512.Load(other + stride3));
                    Vector512<short> gapY = Vector512.Abs(y - Vector512.Load(other + stride)) - Vector512.Abs(Vector512.Load(other + stride4));
                    Vector512<short> gapZ = Vector512.Abs(z - Vector512.Load(other + stride2)) - Vector512.Abs(Vector512.Load(other + stride5));
                    Vector512<short> overlaps = Vector512.LessThanOrEqual(gapX, limitX) & Vector512.LessThanOrEqual(gapY, limitY) & Vector512.LessThanOrEqual(gapZ, limitZ);
                    uint lanes = (uint)overlaps.ExtractMostSignificantBits() & (uint)((1L << Math.Min(end - place, FlightRecords.Lanes)) - 1);
                    near->Place = place;
                    near->Lanes = lanes;
                    near += lanes != 0 ? 1 : 0;
                }
            }
        }

        return near;
    }

    // The collected records: those that the particle meets.
    private void NoteNear(in FlightPart part, int count)
    {
        const int Column = FlightPairs.Capacity;
        short* numbers = _pairs.Numbers;
        float stepX = _axes.StepLength[0], stepY = _axes.StepLength[1], stepZ = _axes.StepLength[2];
        Vector256<float> ownU = Vector256.Create(part.Flight[0]), ownV = Vector256.Create(part.Flight[1]), ownW = Vector256.Create(part.Flight[2]);
        Vector256<float> from = Vector256.Create(part.From), to = Vector256.Create(part.To);
        for (int k = 0; k < count; k += Lanes, numbers += Lanes)
        {
            Vector256<float> x = ToSingle(numbers) * stepX + ownU * part.Tau, u = ToSingle(numbers + 3 * Column) * stepX - ownU;
            Vector256<float> y = ToSingle(numbers + Column) * stepY + ownV * part.Tau, v = ToSingle(numbers + 4 * Column) * stepY - ownV;
            Vector256<float> z = ToSingle(numbers + 2 * Column) * stepZ + ownW * part.Tau, w = ToSingle(numbers + 5 * Column) * stepZ - ownW;
            uint meets = FlightsMeet(x, y, z, u, v, w, from, to) & LanesUpTo(count - k);
            if (meets != 0)
            {
                NoteMeeting(k, meets, x, y, z);
            }
        }
    }

    // A part of a cut flight is never rejected; a removed record always.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteUnusual(in FlightPart part, Vector128<short> centre, int place)
    {
        if (_flightRecords!.Slot[place] >= 0)
        {
            Vector128<int> offset = Vector128.Create(
                (short)(_flightRecords.X[place] - centre[0]), (short)(_flightRecords.Y[place] - centre[1]), (short)(_flightRecords.Z[place] - centre[2]), 0);
            NoteCut(part.Slot, part.Tau, place, Vector128.ConvertToSingle(offset) * _axes.StepLength);
        }
    }

    // All linked records of the cells: they are few.
    private NearGroup* CollectLinkedFlights(int firstCell, int width, int rows, int planes, NearGroup* near)
    {
        int countZ = _axes.Third.Count, stepX = _axes.Second.Count * countZ;
        for (int plane = 0; plane < planes; plane++)
        {
            int* head = _flightRecords!.Heads + firstCell + plane * stepX;
            for (int row = 0; row < rows; row++, head += countZ)
            {
                for (int k = 0; k < width; k += Lanes)
                {
                    uint used = ~Vector256.Load(head + k).ExtractMostSignificantBits() & LanesUpTo(width - k);
                    for (; used != 0; used &= used - 1)
                    {
                        for (int place = head[k + BitOperations.TrailingZeroCount(used)]; place >= 0; place = _flightRecords.NextOf(place))
                        {
                            near->Place = place;
                            near->Lanes = 1;
                            near++;
                        }
                    }
                }
            }
        }

        return near;
    }

    // A part of a cut flight, as it is seen from where the first particle is at a moment tau.
    private void NoteCut(int slot, float tau, int place, Vector128<float> seen)
    {
        int other = _flightRecords!.Slot[place] & FlightRecords.SlotMask;
        if (other != slot)
        {
            seen += FlightOf(slot) * tau - FlightOf(other) * _flightRecords.Tau[place];
            NoteContact(slot, other, seen[0], seen[1], seen[2]);
        }
    }

    private Vector128<float> FlightOf(int slot)
    {
        Sweep(Particles + slot, out _, out Vector128<int> flight);
        return Vector128.ConvertToSingle(flight) * _axes.StepLength;
    }

    // The closest approach within a time: |r + tau g|^2 is smallest at -r.g/g^2, or at an end. Along each axis r is off by no more than
    // 1.5 steps and g by one, so that r + tau g is off by no more than 4.4 steps, for which six are allowed, and its product with g by
    // 4.4 |g| + 1.8 (|r| + |g|) steps: less than 6 sqrt(2 (r^2 + g^2)), and the root is less than 1 + (r^2 + g^2)/2. What single
    // precision adds is less than 2^-22 of the squares; 2^-18 is allowed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint FlightsMeet(
        Vector256<float> x,
        Vector256<float> y,
        Vector256<float> z,
        Vector256<float> u,
        Vector256<float> v,
        Vector256<float> w,
        Vector256<float> from,
        Vector256<float> to)
    {
        Vector256<float> rr = Squared(x, y, z), gg = Squared(u, v, w) + Vector256.Create(Tiny), squares = rr + gg, rounding = squares * TestMargin;
        Vector256<float> b = Vector256.MultiplyAddEstimate(x, u, Vector256.MultiplyAddEstimate(y, v, z * w));
        Vector256<float> tau = Vector256.MinNative(Vector256.MaxNative(-b / gg, from), to);
        Vector256<float> squared = Vector256.MultiplyAddEstimate(tau, Vector256.MultiplyAddEstimate(tau, gg, b + b), rr);
        Vector256<float> slopeError = (squares * 0.5f + Vector256<float>.One) * SlopeError;
        Vector256<float> recedes = Vector256.GreaterThan(Vector256.MultiplyAddEstimate(from, gg, b), rounding + slopeError + Vector256.Create(_recession));
        return (recedes | Vector256.GreaterThan(squared, rounding + Vector256.Create(_meetSquared))).ExtractMostSignificantBits() ^ AllLanes;
    }

    /// <summary>A part of the flight of the particle that looks.</summary>
    private struct FlightPart
    {
        public int Slot;

        /// <summary>First and last moment, and the one at which the particle is at the centre.</summary>
        public float From, To, Tau;

        public Vector128<float> Flight;
        public Vector128<short> Centre;
        public Vector128<int> Limit;
    }
}
