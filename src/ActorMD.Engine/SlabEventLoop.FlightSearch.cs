using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorMD.Engine;

// What one flight can meet, among the records of the cells around it.
internal sealed unsafe partial class SlabEventLoop<TSizes>
{
    private const float SlopeError = 6f / LatticeFlight.CellSteps;

    private readonly float _meetSquared; // distance of two flights that may meet, with all errors

    // What a particle can meet from a moment on (tau in [-1, 1]) until the end of the slab.
    private void SearchFlights(int slot, float low)
    {
        Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
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
        int countZ = _axes.Third.Count, stepX = _axes.Second.Count * countZ;
        int width = high[2] - low[2] + 1, rows = high[1] - low[1] + 1, planes = high[0] - low[0] + 1;
        int cell = (low[0] * _axes.Second.Count + low[1]) * countZ + low[2];
        FlightTest test = new(_flightRecords!, centre, part.Limit);
        NearGroup* near = _near;
        for (int plane = 0; plane < planes; plane++)
        {
            int* row = _starts + cell + plane * stepX;
            for (int k = 0; k < rows; k++, row += countZ)
            {
                near = test.Range(row[0], row[width], near);
            }
        }

        if (_flightRecords!.Count > _flightRecords.SortedCount)
        {
            near = CollectLinkedFlights(test, cell, width, rows, planes, near);
        }

        for (NearGroup* group = _near; group < near; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0;)
            {
                int bit = BitOperations.TrailingZeroCount(lanes);
                lanes &= ~(3u << bit);
                EnterNearFlight(part, centre, group->Place + bit / 2);
            }
        }
    }

    private NearGroup* CollectLinkedFlights(in FlightTest test, int firstCell, int width, int rows, int planes, NearGroup* near)
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
                            near = test.Range(place, place + 1, near);
                        }
                    }
                }
            }
        }

        return near;
    }

    private void EnterNearFlight(in FlightPart part, Vector128<short> centre, int place)
    {
        FlightRecords records = _flightRecords!;
        int other = records.Slot[place];
        if ((other & FlightRecords.SlotMask) == part.Slot || other < 0)
        {
            return;
        }

        Vector128<int> offset = Vector128.Create(
            (short)(records.X[place] - centre[0]), (short)(records.Y[place] - centre[1]), (short)(records.Z[place] - centre[2]), 0);
        Vector128<float> seen = Vector128.ConvertToSingle(offset) * _axes.StepLength;
        if ((other & FlightRecords.CutFlag) != 0)
        {
            NoteCut(part.Slot, part.Tau, place, seen);
            return;
        }

        seen += part.Flight * part.Tau;
        Vector128<float> flight = Vector128.ConvertToSingle(Vector128.Create(records.U[place], records.V[place], records.W[place], 0)) * _axes.StepLength;
        if (Meets(seen, flight - part.Flight, part.From, part.To))
        {
            NoteContact(part.Slot, other, seen[0], seen[1], seen[2]);
        }
    }

    // A part of a cut flight is never rejected. It is seen from where the first particle is at a moment tau.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteCut(int slot, float tau, int place, Vector128<float> seen)
    {
        int other = _flightRecords!.Slot[place] & FlightRecords.SlotMask;
        if (other != slot)
        {
            seen += FlightOf(slot) * tau - FlightOf(other) * TauOfRecord(place);
            NoteContact(slot, other, seen[0], seen[1], seen[2]);
        }
    }

    private Vector128<float> FlightOf(int slot)
    {
        Sweep(Particles + slot, out _, out Vector128<int> flight);
        return Vector128.ConvertToSingle(flight) * _axes.StepLength;
    }

    private float TauOfRecord(int place) => (_flightRecords!.Slot[place] & FlightRecords.CutFlag) != 0 ? _flightRecords.Tau[place] : 0;

    // The closest approach within a time: |r + tau g|^2 is smallest at -r.g/g^2, or at an end. r is off by no more than 3.5 steps, g by
    // 1.8, so that r.g at any moment is off by less than six steps times (|r| + |g|), which is less than 1 + (r^2 + g^2)/2. What single
    // precision adds is less than 2^-22 of the squares; 2^-18 is allowed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Meets(Vector128<float> r, Vector128<float> g, float low, float high)
    {
        float rr = Vector128.Dot(r, r), gg = Vector128.Dot(g, g) + Tiny, b = Vector128.Dot(r, g);
        float squares = rr + gg, rounding = squares * TestMargin;
        if (b + low * gg > rounding + SlopeError * (1 + 0.5f * squares) + _recession)
        {
            return false;
        }

        float tau = float.MinNative(float.MaxNative(-b / gg, low), high);
        return !(rr + tau * (b + b + tau * gg) > rounding + _meetSquared);
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

    /// <summary>Does a box overlap with those of records?</summary>
    private readonly struct FlightTest
    {
        private readonly short* _x, _y, _z, _u, _v, _w;
        private readonly Vector256<short> _ownX, _ownY, _ownZ, _limitX, _limitY, _limitZ;

        public FlightTest(FlightRecords records, Vector128<short> centre, Vector128<int> limit)
        {
            _x = records.X;
            _y = records.Y;
            _z = records.Z;
            _u = records.U;
            _v = records.V;
            _w = records.W;
            (_ownX, _ownY, _ownZ) = (Vector256.Create(centre[0]), Vector256.Create(centre[1]), Vector256.Create(centre[2]));
            (_limitX, _limitY, _limitZ) = (Vector256.Create((short)limit[0]), Vector256.Create((short)limit[1]), Vector256.Create((short)limit[2]));
        }

        // Two bits for each record that does.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public NearGroup* Range(nint place, nint end, NearGroup* near)
        {
            for (; place < end; place += FlightRecords.Lanes)
            {
                Vector256<short> gapX = Vector256.Abs(Vector256.Load(_x + place) - _ownX) - Vector256.Abs(Vector256.Load(_u + place));
                Vector256<short> gapY = Vector256.Abs(Vector256.Load(_y + place) - _ownY) - Vector256.Abs(Vector256.Load(_v + place));
                Vector256<short> gapZ = Vector256.Abs(Vector256.Load(_z + place) - _ownZ) - Vector256.Abs(Vector256.Load(_w + place));
                Vector256<short> apart = Vector256.GreaterThan(gapX, _limitX) | Vector256.GreaterThan(gapY, _limitY) | Vector256.GreaterThan(gapZ, _limitZ);
                near->Place = (int)place;
                near->Lanes = ~apart.AsByte().ExtractMostSignificantBits() & (uint)((1L << (int)Math.Min(2 * (end - place), 32)) - 1);
                near += near->Lanes != 0 ? 1 : 0;
            }

            return near;
        }
    }
}
