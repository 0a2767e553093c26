using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>What one flight can meet, among the records of the cells around it.</summary>
/// <remarks>
/// Records whose box (<see cref="LatticeFlight"/>) overlaps with that of what is left of the flight are looked at again, eight at once: how
/// close do the two come (<see cref="FlightTest"/>)?
/// </remarks>
/// <param name="lattice">Cells.</param>
/// <param name="records">Flights by cell.</param>
/// <param name="test">Which pairs can meet.</param>
/// <param name="store">The particles.</param>
/// <param name="contacts">Gets the pairs that can.</param>
internal sealed unsafe class FlightSearch(
    FlightLattice lattice, FlightRecords records, FlightTest test, ParticleStore store, ContactBuffer contacts) : IDisposable
{
    private const int Column = FlightPairs.Capacity;

    private readonly NearBuffer _near = new();
    private readonly FlightPairs _pairs = new();
    private readonly Particle* _particles = store.Particles;
    private readonly FlightTest _test = test;
    private SliceClock _clock;
    private PlaneTerritory _territory = PlaneTerritory.Whole;

    public long ByteCount => _near.ByteCount + _pairs.ByteCount;

    /// <summary>A slice begins.</summary>
    public void Begin(in SliceClock clock)
    {
        _clock = clock;
        ReserveNear();
    }

    /// <summary>From now on these layers may be read.</summary>
    public void Confine(in PlaneTerritory territory) => _territory = territory;

    /// <summary>There are more records than before.</summary>
    public void ReserveNear() => _near.Reserve(records.SortedCount, FlightTest.Lanes, records.LinkedCountMax);

    /// <summary>What a particle can meet from a moment on (tau in [-1, 1]) until the end of the slice.</summary>
    public void Search(int slot, float low)
    {
        lattice.Grid.Fly(_particles + slot, _clock, out Vector128<int> position, out Vector128<int> flight);
        FlightParts.Visit(lattice, slot, position, flight, low, new Searcher(this));
    }

    public void Dispose()
    {
        _near.Dispose();
        _pairs.Dispose();
    }

    private void SearchCells(in FlightPart part, Vector128<short> centre, Vector128<int> low, Vector128<int> high)
    {
        _territory.Check(lattice.Grid.Axes, low, high);
        CellRange cells = new(lattice.Grid.Axes, low, high);
        FlightRecords sorted = records;
        NearGroup* near = FlightBoxes.Collect(
            sorted.X, sorted.Stride, lattice.Starts + cells.First, cells, centre, part.Limit, _near.First);
        if (sorted.HasLinked)
        {
            near = FlightBoxes.CollectLinked(sorted, cells, near);
        }

        int* slots = sorted.Slot, pairSlots = _pairs.Slots;
        short* x = sorted.X, y = sorted.Y, z = sorted.Z, u = sorted.U, v = sorted.V, w = sorted.W, numbers = _pairs.Numbers;
        int pairCount = 0, own = part.Slot, centreX = centre[0], centreY = centre[1], centreZ = centre[2];
        for (NearGroup* group = _near.First; group < near; group++)
        {
            for (uint lanes = group->Lanes; lanes != 0; lanes &= lanes - 1)
            {
                nint record = group->Record + BitOperations.TrailingZeroCount(lanes);
                int other = slots[record];
                if ((other & ~FlightRecords.SlotMask) != 0)
                {
                    NoteUnusual(part, centre, (int)record);
                    continue;
                }

                short* pair = numbers + pairCount;
                pair[0] = (short)(x[record] - centreX);
                pair[Column] = (short)(y[record] - centreY);
                pair[2 * Column] = (short)(z[record] - centreZ);
                pair[3 * Column] = u[record];
                pair[4 * Column] = v[record];
                pair[5 * Column] = w[record];
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

    // The collected records: those that the particle meets.
    private void NoteNear(in FlightPart part, int count)
    {
        const int Lanes = FlightTest.Lanes;
        short* numbers = _pairs.Numbers;
        Vector128<float> step = lattice.Grid.Axes.StepLength;
        Vector256<float> stepX = Vector256.Create(step[0]), stepY = Vector256.Create(step[1]), stepZ = Vector256.Create(step[2]);
        Vector256<float> ownU = Vector256.Create(part.Flight[0]), ownV = Vector256.Create(part.Flight[1]),
            ownW = Vector256.Create(part.Flight[2]);
        Vector256<float> from = Vector256.Create(part.From), to = Vector256.Create(part.To);
        for (int k = 0; k < count; k += Lanes, numbers += Lanes)
        {
            Vector256<float> x = FlightTest.Widen(numbers) * stepX + ownU * part.Tau,
                u = FlightTest.Widen(numbers + 3 * Column) * stepX - ownU;
            Vector256<float> y = FlightTest.Widen(numbers + Column) * stepY + ownV * part.Tau,
                v = FlightTest.Widen(numbers + 4 * Column) * stepY - ownV;
            Vector256<float> z = FlightTest.Widen(numbers + 2 * Column) * stepZ + ownW * part.Tau,
                w = FlightTest.Widen(numbers + 5 * Column) * stepZ - ownW;
            uint lanes = NearBuffer.LanesUpTo(count - k, Lanes);
            uint meets = _test.Meets(x, y, z, u, v, w, from, to, out uint joins) & lanes;
            joins &= lanes;
            if ((meets | joins) != 0)
            {
                _pairs.Note(contacts, k, meets, joins, x, y, z);
            }
        }
    }

    // A part of a split flight is never rejected; a removed record always.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteUnusual(in FlightPart part, Vector128<short> centre, int record)
    {
        if (records.Slot[record] < 0)
        {
            return;
        }

        int other = records.Slot[record] & FlightRecords.SlotMask;
        if (other != part.Slot)
        {
            Vector128<int> offset = Vector128.Create(
                (short)(records.X[record] - centre[0]), (short)(records.Y[record] - centre[1]), (short)(records.Z[record] - centre[2]), 0);
            Vector128<float> seen = Vector128.ConvertToSingle(offset) * lattice.Grid.Axes.StepLength;
            seen += FlightOf(part.Slot) * part.Tau - FlightOf(other) * records.Tau[record];
            contacts.Note(part.Slot, other, seen[0], seen[1], seen[2]);
            if (_test.HasZones)
            {
                contacts.NoteJoining(part.Slot, other, seen[0], seen[1], seen[2]);
            }
        }
    }

    private Vector128<float> FlightOf(int slot)
    {
        lattice.Grid.Fly(_particles + slot, _clock, out Vector128<int> _, out Vector128<int> flight);
        return Vector128.ConvertToSingle(flight) * lattice.Grid.Axes.StepLength;
    }

    private readonly struct Searcher(FlightSearch search) : IFlightPartVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit(in FlightPart part, Vector128<short> centre, Vector128<int> low, Vector128<int> high) =>
            search.SearchCells(part, centre, low, high);
    }
}
