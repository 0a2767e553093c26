using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Sharing;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

// Gases without lists of neighbours: where every particle is during a slab, on a lattice of 16-bit numbers (LatticeFlight). 32 of them
// fit into a vector, and a record into 16 bytes.
// Errors: places and flights are rounded to the nearest step, so that along each axis two particles' distance in the middle of the slab
// is off by no more than one step, and what they fly relative to each other in half of it by one more. _reach, what two flights may be
// apart to meet, has four steps on top. Coordinates are modulo 2^16: who is eight cells away looks near, is accepted, and gets its exact
// time all the same.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private const int HalfCell = LatticeFlight.CellSteps / 2;
    private const int RoundingSteps = 4;
    private const int RecordFlightMax = LatticeFlight.CellSteps; // of a record that was not cut, so that differences stay below 2^15

    private FlightRecords? _flightRecords;
    private FlightWindow? _window;
    private NativeArray<int>? _cutArray; // slots of the flights that were cut at the start of the slab
    private int _cutCount;
    private readonly int _cellsPerPlane;
    private readonly NativeArray<LatticeFlight>? _flightArray;
    private readonly LatticeFlight* _flights; // by slot
    private readonly Vector128<int> _reach; // at which two particles meet, in steps along the axes
    private readonly Vector128<int> _flightMax; // of flights that reach out of their cell by no more than half a cell

    private static Vector128<int> ReachInSteps(in GridAxes axes, double reach)
    {
        Vector128<int> steps = default;
        for (int axis = 0; axis < 3; axis++)
        {
            double step = axes.StepLength[axis] * axes.Unit;
            steps = steps.WithElement(axis, RoundingSteps + (step > 0 ? (int)Math.Ceiling(reach * Margin / step) : 0));
        }

        return steps;
    }

    // Counting sort of all records by cell. Returns the length of the longest flight that had to be cut.
    private float SortFlights()
    {
        int cells = _axes.CellCount;
        new Span<int>(_starts, cells + 2).Clear();
        float widest = CountFlights(0, Count, _starts + 2, out int records, out int cut);
        Take(widest, cut);
        _flightRecords!.Begin(records);
        ReserveNear(records, 0);
        for (int cell = 2; cell < cells + 2; cell++)
        {
            _starts[cell] += _starts[cell - 1];
        }

        // Entering a record moves the start of the cell behind it; at the end every start stands where it belongs.
        EnterFlights(0, Count, _starts + 1);
        return widest;
    }

    // What the flights tell about the gas.
    private void Take(float widest, int cut)
    {
        _fastest = Math.Max(widest, _cap) * _axes.Unit / _half;
        AdaptLength(cut / (double)Count);
        Counters.CrossingCount += Count;
    }

    // Finds the cells of some slots' records and counts them.
    private float CountFlights(int first, int end, int* counts, out int records, out int cut)
    {
        float widest = 0;
        int whole = 0, parts = 0, large = 0;
        for (int slot = first; slot < end; slot++)
        {
            if (TSizes.HasLarge && IsLarge(slot))
            {
                large++;
                _flights[slot].Cell = LatticeFlight.Cut;
                _large!.Add(slot);
                continue;
            }

            Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
            int cell = LatticeFlight.Cut;
            if (Vector128.LessThanOrEqualAll(Vector128.Abs(flight), _flightMax))
            {
                cell = _axes.CellOf(place);
                counts[cell]++;
                whole++;
            }
            else
            {
                widest = Math.Max(widest, LengthOf(flight));
                parts += CountParts(place, flight, counts);
            }

            LatticeFlight.Of(place, flight, cell).Store(&_flights[slot].X);
        }

        (records, cut) = (whole + parts, end - first - whole - large);
        return widest;
    }

    // Records of some slots; given where the next one of every cell goes.
    private void EnterFlights(int first, int end, int* next)
    {
        const int Ahead = 12;
        _cutCount = 0;
        FlightRecords records = _flightRecords!;
        LatticeFlight* flight = _flights + first;
        int* placeOf = _placeOf;
        bool isShared = _members is not null;
        ReadOnlySpan<BlockMember> ofPlanes = isShared ? _whole!._blocks!.Members : [];
        double planesPerCell = 1.0 / _cellsPerPlane;
        int prefetchEnd = _prefetches ? end - Ahead : first;
        for (int slot = first; slot < end; slot++, flight++)
        {
            if (slot < prefetchEnd && flight[Ahead].Cell != LatticeFlight.Cut)
            {
                records.Prefetch(next[flight[Ahead].Cell]);
            }

            int cell = flight->Cell;
            if (cell == LatticeFlight.Cut)
            {
                if (!TSizes.HasLarge || !IsLarge(slot))
                {
                    EnterParts(slot, next);
                }

                continue;
            }

            int place = next[cell]++;
            records.Set(place, flight, slot);
            placeOf[slot] = place;
            if (isShared)
            {
                AssignCell(slot, cell, ofPlanes, planesPerCell);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int CountParts(Vector128<int> place, Vector128<int> flight, int* counts)
    {
        int parts = PartsOf(flight, -1, _flightMax);
        for (int k = 0; k < parts; k++)
        {
            counts[PartOf(place, flight, -1, k, parts, out _, out _)]++;
        }

        return parts;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterParts(int slot, int* next)
    {
        Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
        int sibling = FlightRecords.None, parts = PartsOf(flight, -1, _flightMax);
        BlockMember member = BlockMember.OfNoBlock;
        bool isOverCut = false;
        for (int k = 0; k < parts; k++)
        {
            int cell = PartOf(place, flight, -1, k, parts, out LatticeFlight part, out float tau);
            int first = next[cell]++;
            _flightRecords!.SetPart(first, &part, slot, tau, sibling);
            sibling = first;
            if (_members is not null)
            {
                isOverCut |= Joins(ref member, cell / _cellsPerPlane);
            }
        }

        if (_members is not null)
        {
            Assign(slot, member, isOverCut);
        }

        _placeOf[slot] = sibling;
        _cutArray!.Grow(_cutCount == _cutArray.Length ? 2 * _cutCount : 0);
        _cutArray.Pointer[_cutCount++] = slot;
    }

    // A particle's new flight, if this loop may search it: its old record says it, if the cell still holds it; else it gets new ones, linked to the cells.
    private void MoveFlight(int slot)
    {
        Sweep(Particles + slot, out Vector128<int> place, out Vector128<int> flight);
        float low = TauOf(Now);
        Between(place, flight, low, 1, out Vector128<int> centre, out Vector128<int> extent);
        if (_members is not null && !MayFly(slot, centre, extent))
        {
            return;
        }

        LatticeFlight* record = _flights + slot;
        int cell = record->Cell, at = _placeOf[slot];
        bool isWhole = Vector128.LessThanOrEqualAll(extent, _flightMax)
            && Vector128.LessThanOrEqualAll(Vector128.Abs(flight), Vector128.Create(RecordFlightMax));
        if (isWhole && cell >= 0 && at < _flightRecords!.SortedCount && _axes.Holds(cell, centre, extent + Vector128.Create(HalfCell) - _flightMax))
        {
            LatticeFlight.Of(place, flight, cell).Store(&record->X);
            _flightRecords.Set(at, record, slot);
            return;
        }

        if (!isWhole && LengthOf(flight) > _radiusLimit)
        {
            throw TooFast(slot);
        }

        _flightRecords!.Remove(at);
        if (isWhole)
        {
            Vector128<int> inside = Inside(centre);
            cell = _axes.CellOf(inside);
            LatticeFlight.Of(place + inside - centre, flight, cell).Store(&record->X); // the image whose centre is inside
            int next = _flightRecords!.Add(cell);
            _flightRecords.Set(next, record, slot);
            _placeOf[slot] = next;
        }
        else
        {
            AddParts(slot, place, flight, low);
        }

        ReserveNear(_flightRecords!.SortedCount, _flightRecords.LinkedCountMax);
    }

    private void AddParts(int slot, Vector128<int> place, Vector128<int> flight, float low)
    {
        int sibling = FlightRecords.None, parts = PartsOf(flight, low, _flightMax);
        for (int k = 0; k < parts; k++)
        {
            int next = _flightRecords!.Add(PartOf(place, flight, low, k, parts, out LatticeFlight part, out float tau));
            _flightRecords.SetPart(next, &part, slot, tau, sibling);
            sibling = next;
        }

        _flights[slot].Cell = LatticeFlight.Cut;
        _placeOf[slot] = sibling;
    }

    // Where the particle is during the slab, inside the box on periodic axes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sweep(Particle* p, out Vector128<int> place, out Vector128<int> flight)
    {
        Vector256<double> velocity = CoordinatesOf(&p->VX);
        Vector256<double> position = CoordinatesOf(&p->X) + velocity * Vector256.Create(_middle - p->Time) - _origin;
        position -= Vector256.Floor(position * _perLength + _seam) * _lengths;
        place = ToSteps(position * _axes.StepsPerLength);
        flight = ToSteps(velocity * (_axes.StepsPerLength * _half));
        if (_axes.IsPlanar)
        {
            place = Vector128.Shuffle(place, Vector128.Create(2, 0, 1, 3));
            flight = Vector128.Shuffle(flight, Vector128.Create(2, 0, 1, 3));
        }
    }

    // Too many steps are none that could be mistaken for a few: see LengthOf.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToSteps(Vector256<double> x) => Avx.IsSupported
        ? Avx.ConvertToVector128Int32(x)
        : Vector128.Create((int)Math.Round(x[0]), (int)Math.Round(x[1]), (int)Math.Round(x[2]), 0);

    // The longest flight along an axis, in units of a cell.
    private float LengthOf(Vector128<int> flight)
    {
        const float StepsMax = 1 << 29;
        Vector128<float> lengths = Vector128.Abs(Vector128.ConvertToSingle(flight));
        if (Vector128.GreaterThanAny(lengths, Vector128.Create(StepsMax)))
        {
            throw new PhysicsViolationException("a particle is too fast: it crosses more cells than can be counted");
        }

        lengths *= _axes.StepLength;
        return Math.Max(lengths[0], Math.Max(lengths[1], lengths[2]));
    }

    // A part of time [-1, 1] as a centre and how far the flight then reaches to either side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Between(
        Vector128<int> place, Vector128<int> flight, float from, float to, out Vector128<int> centre, out Vector128<int> extent)
    {
        const float SinglePrecision = 1f / (1 << 21), Rounding = 2;
        Vector128<float> steps = Vector128.ConvertToSingle(flight);
        centre = place + Vector128.ConvertToInt32Native(Vector128.Round(steps * (0.5f * (from + to))));
        extent = Vector128.ConvertToInt32Native(Vector128.Abs(steps) * (0.5f * (to - from) + SinglePrecision) + Vector128.Create(Rounding));
    }

    // How many parts of a flight from a moment on are needed so that none reaches further than a limit.
    private static int PartsOf(Vector128<int> flight, float low, Vector128<int> limit)
    {
        const float Room = 0.9f, Rounding = 8;
        Vector128<float> ratio = Vector128.Abs(Vector128.ConvertToSingle(flight)) / (Vector128.ConvertToSingle(limit) * Room - Vector128.Create(Rounding));
        return Math.Max(1, (int)MathF.Ceiling(0.5f * (1 - low) * Math.Max(ratio[0], Math.Max(ratio[1], ratio[2]))));
    }

    // One of several equal parts of a flight, as a record; and its cell.
    private int PartOf(
        Vector128<int> place, Vector128<int> flight, float low, int number, int count, out LatticeFlight part, out float tau)
    {
        float length = (1 - low) / count, from = low + number * length;
        Between(place, flight, from, from + length, out Vector128<int> centre, out Vector128<int> extent);
        tau = from + 0.5f * length;
        centre = Inside(centre);
        Vector128<short> record = LatticeFlight.Of(centre, extent, LatticeFlight.Cut);
        part = *(LatticeFlight*)&record;
        return _axes.CellOf(centre);
    }

    private Vector128<int> Inside(Vector128<int> place) =>
        Vector128.Create(_axes.First.Inside(place[0]), _axes.Second.Inside(place[1]), _axes.Third.Inside(place[2]), 0);

    // A moment in units of half the slab, from its middle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float TauOf(double time) => (float)((time - _middle) / _half);
}
