using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>The search of gases: flights on a lattice, sorted by cell at the beginning of every slice.</summary>
/// <remarks>
/// A thread that shares the slice has a search of its own, which shares the lattice and the sorted records with the others, and has room of
/// its own for what it adds.
/// </remarks>
internal sealed unsafe class LatticeSearch : IDisposable
{
    private readonly ParticleStore _store;
    private readonly Particle* _particles;
    private SliceClock _clock;

    /// <param name="gas">What is simulated.</param>
    /// <param name="grid">Cells.</param>
    /// <param name="plan">Reach.</param>
    /// <param name="store">The particles.</param>
    /// <param name="prefetches">Whether memory is loaded ahead of its use.</param>
    public LatticeSearch(Gas gas, SliceGrid grid, SlicePlan plan, ParticleStore store, bool prefetches)
        : this(
            new FlightLattice(grid, plan.Split.Reach, store.Capacity),
            new FlightRecords(store.Capacity, grid.Axes.CellCount),
            new FlightTest(grid.ContactRadius, grid.ZoneRadius),
            store,
            prefetches)
    {
    }

    private LatticeSearch(FlightLattice lattice, FlightRecords records, FlightTest test, ParticleStore store, bool prefetches)
    {
        (Lattice, Records, Test, _store, Prefetches) = (lattice, records, test, store, prefetches);
        _particles = store.Particles;
        Contacts = new ContactBuffer(store.Particles, prefetches);
        Sorter = new FlightSorter(lattice, records, store, prefetches);
        PairFinder = new FlightPairFinder(lattice, records, test, Contacts);
        FlightSearch = new FlightSearch(lattice, records, test, store, Contacts);
    }

    public FlightLattice Lattice { get; }

    public FlightRecords Records { get; }

    public FlightTest Test { get; }

    public ContactBuffer Contacts { get; }

    public FlightSorter Sorter { get; }

    public FlightPairFinder PairFinder { get; }

    public FlightSearch FlightSearch { get; }

    public bool Prefetches { get; }

    /// <summary>Of this search's own memory.</summary>
    public long OwnByteCount => Contacts.ByteCount + PairFinder.ByteCount + FlightSearch.ByteCount;

    public long ByteCount => Lattice.ByteCount + Records.ByteCount + OwnByteCount;

    /// <summary>A search for one thread of several.</summary>
    public LatticeSearch Share() => new(Lattice, new FlightRecords(Records), Test, _store, Prefetches);

    /// <summary>A slice begins whose records are counted and entered by several searches.</summary>
    public void Begin(in SliceClock clock)
    {
        _clock = clock;
        Sorter.Begin(clock);
        Sorter.SplitSlots.Clear();
    }

    /// <summary>Counting sort of all records by cell.</summary>
    public PlacementCounts Sort<TSizes>(in SliceClock clock)
        where TSizes : struct, IContactDistances<TSizes>
    {
        Begin(clock);
        int cells = Lattice.Grid.Axes.CellCount, count = _store.Count;
        int* starts = Lattice.Starts;
        new Span<int>(starts, cells + 2).Clear();
        PlacementCounts counts = Sorter.Count<TSizes>(0, count, starts + 2);
        Records.Begin(counts.Records);
        for (int cell = 2; cell < cells + 2; cell++)
        {
            starts[cell] += starts[cell - 1];
        }

        // Entering a record moves the start of the cell behind it; at the end every start stands where it belongs.
        Sorter.Enter<TSizes>(0, count, starts + 1);
        FlightSearch.Begin(clock);
        return counts;
    }

    /// <summary>Notes the pairs of the next row of some rows of cells, then what the next split flight meets.</summary>
    /// <param name="next">Number of the row among them, or behind them of the split flight; goes on by one.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <returns>Whether there are more.</returns>
    /// <remarks>The records of a split flight's parts say nothing about relative motion: it searches all around it.</remarks>
    public bool FindPairs(ref int next, int firstRow, int rowCount)
    {
        int number = next++;
        if (number < rowCount)
        {
            PairFinder.FindInRow(firstRow + number);
        }
        else if (number - rowCount < Sorter.SplitSlots.Count)
        {
            FlightSearch.Search(Sorter.SplitSlots[number - rowCount], -1);
        }

        return next - rowCount < Sorter.SplitSlots.Count;
    }

    /// <summary>Gives particles in neighbouring cells slots side by side; the records are of no use afterwards.</summary>
    public void Renumber<TSizes>(WorkParts parts)
        where TSizes : struct, IContactDistances<TSizes>
    {
        int* order = Lattice.RecordOf;
        FlightRecords records = Records;
        int[] firsts = new int[parts.Count + 1];
        parts.Run(
            k => firsts[k + 1] = records.CountFlights(parts.FirstOf(records.SortedCount, k), parts.FirstOf(records.SortedCount, k + 1)));
        for (int k = 1; k < firsts.Length; k++)
        {
            firsts[k] += firsts[k - 1];
        }

        parts.Run(k => records.Order(parts.FirstOf(records.SortedCount, k), parts.FirstOf(records.SortedCount, k + 1), order + firsts[k]));
        int count = firsts[^1];
        for (int slot = 0; slot < _store.Count && TSizes.HasLarge; slot++)
        {
            if (Lattice.Grid.IsLarge(_particles + slot))
            {
                order[count++] = slot;
            }
        }

        _store.Permute(order, Lattice.Flights, parts);
    }

    /// <summary>A particle's flight, and what is left of it from a moment on.</summary>
    public void Locate(int slot, float low, out FlightPath path) => Lattice.Locate(_particles + slot, _clock, low, out path);

    /// <summary>
    /// A particle has a new flight: its old record gets it if the cell still holds it; otherwise it gets new ones, linked to the cells.
    /// </summary>
    public void Move(int slot, in FlightPath path)
    {
        LatticeFlight* record = Lattice.Flights + slot;
        int cell = record->Cell, at = Lattice.RecordOf[slot];
        bool isWhole = Lattice.IsWhole(path);
        if (isWhole && cell >= 0 && at < Records.SortedCount && Lattice.Holds(cell, path))
        {
            LatticeFlight.Of(path.Position, path.Flight, cell).Store(&record->X);
            Records.Set(at, record, slot);
            return;
        }

        if (!isWhole)
        {
            FlightLattice.CheckLength(path.Flight);
        }

        Records.Remove(at);
        if (isWhole)
        {
            Vector128<int> inside = Lattice.Inside(path.Centre);
            cell = Lattice.Grid.Axes.CellOf(inside);
            LatticeFlight.Of(path.Position + inside - path.Centre, path.Flight, cell).Store(&record->X); // the image whose centre is inside
            int next = Records.Add(cell);
            Records.Set(next, record, slot);
            Lattice.RecordOf[slot] = next;
        }
        else
        {
            AddParts(slot, path);
        }

        FlightSearch.ReserveNear();
    }

    /// <summary>The records of a flight that is split, from a moment on.</summary>
    public void PartsOf(int slot, float low, List<FlightRecord> parts)
    {
        parts.Clear();
        Lattice.Grid.Fly(_particles + slot, _clock, out Vector128<int> position, out Vector128<int> flight);
        int count = FlightLattice.PartsOf(flight, low, Lattice.FlightMax);
        for (int k = 0; k < count; k++)
        {
            int cell = Lattice.PartOf(position, flight, low, k, count, out LatticeFlight part, out _);
            parts.Add(new FlightRecord(part, cell));
        }
    }

    public void PrefetchParticle(int slot)
    {
        Sse.Prefetch0(_particles + slot);
        Sse.Prefetch0(Lattice.Flights + slot);
        Sse.Prefetch0(Lattice.RecordOf + slot);
    }

    /// <summary>Where the rows of cells around a particle's record begin: there a search after its next event begins.</summary>
    public void PrefetchStarts(int slot)
    {
        int cell = Lattice.Flights[slot].Cell;
        if (cell >= 0)
        {
            foreach (int row in new RowsAround(Lattice.Grid.Axes, cell))
            {
                Sse.Prefetch0(Lattice.Starts + row);
                Sse.Prefetch0(Records.Heads + row);
            }
        }
    }

    /// <summary>The records of these rows.</summary>
    public void PrefetchRecords(int slot)
    {
        int cell = Lattice.Flights[slot].Cell;
        if (cell >= 0)
        {
            FlightRecords records = Records;
            foreach (int row in new RowsAround(Lattice.Grid.Axes, cell))
            {
                int record = Lattice.Starts[row];
                Sse.Prefetch0(records.X + record);
                Sse.Prefetch0(records.Y + record);
                Sse.Prefetch0(records.Z + record);
                Sse.Prefetch0(records.U + record);
                Sse.Prefetch0(records.V + record);
                Sse.Prefetch0(records.W + record);
            }
        }
    }

    public void Dispose()
    {
        DisposeOwn();
        Records.Dispose();
        Lattice.Dispose();
    }

    /// <summary>What is not shared with other threads.</summary>
    public void DisposeOwn()
    {
        Contacts.Dispose();
        PairFinder.Dispose();
        FlightSearch.Dispose();
    }

    private void AddParts(int slot, in FlightPath path)
    {
        int sibling = FlightRecords.None, parts = FlightLattice.PartsOf(path.Flight, path.Low, Lattice.FlightMax);
        for (int k = 0; k < parts; k++)
        {
            int next = Records.Add(Lattice.PartOf(path.Position, path.Flight, path.Low, k, parts, out LatticeFlight part, out float tau));
            Records.SetPart(next, &part, slot, tau, sibling);
            sibling = next;
        }

        Lattice.Flights[slot].Cell = LatticeFlight.Split;
        Lattice.RecordOf[slot] = sibling;
    }
}

/// <summary>A flight, or a part of one, as a record in a cell.</summary>
internal readonly record struct FlightRecord(LatticeFlight Flight, int Cell);
