using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices.Lattice;

namespace ActorMD.Engine.Sharing.Lattice;

/// <summary>
/// The flights in a strip that the blocks on both sides have ended, as columns sorted by cell (<see cref="LatticeFlight"/>).
/// </summary>
internal sealed unsafe class EndedFlightIndex : IDisposable
{
    private const int RowCount = 6;
    private const int CountMin = 256;

    private readonly NativeArray<short> _numbers = new(RowCount * (CountMin + FlightRecords.Lanes));
    private readonly NativeArray<IndexedFlight> _flights = new(CountMin);
    private readonly NativeArray<int> _starts = new(2);
    private readonly int _gridCellCount;
    private int _firstCell;

    /// <param name="gridCellCount">Cells of the whole grid.</param>
    public EndedFlightIndex(int gridCellCount) => _gridCellCount = gridCellCount;

    /// <summary>Number of flights.</summary>
    public int Count { get; private set; }

    /// <summary>The first row of X, Y, Z, U, V, W.</summary>
    public short* Numbers => _numbers.Pointer;

    /// <summary>From one row to the next.</summary>
    public nint Stride => (nint)_flights.Length + FlightRecords.Lanes;

    /// <summary>By place.</summary>
    public IndexedFlight* Flights => _flights.Pointer;

    public long ByteCount => _numbers.ByteCount + _flights.ByteCount + _starts.ByteCount;

    /// <summary>Where the flights of a cell begin; the next number is that of the next cell.</summary>
    public int* StartOf(int cell) => _starts.Pointer + cell - _firstCell + (cell < _firstCell ? _gridCellCount : 0);

    /// <summary>Sorts what the blocks have ended.</summary>
    /// <param name="firstCell">First of the strip's cells, which may go on at the beginning of the grid.</param>
    /// <param name="cellCount">Number of its cells.</param>
    /// <param name="below">The block below the boundary.</param>
    /// <param name="above">The block above.</param>
    public void Sort(int firstCell, int cellCount, LatticeBlockJournal below, LatticeBlockJournal above)
    {
        _firstCell = firstCell;
        Count = below.UpperBoxes.Length + above.LowerBoxes.Length;
        if (Count > _flights.Length)
        {
            _flights.Renew(Count + Count / 2);
            _numbers.Renew(RowCount * Stride);
        }

        _starts.Grow(cellCount + 2L);
        new Span<int>(_starts.Pointer, cellCount + 2).Clear();
        CountCells(below.UpperBoxes);
        CountCells(above.LowerBoxes);
        int* starts = _starts.Pointer;
        for (int cell = 2; cell < cellCount + 2; cell++)
        {
            starts[cell] += starts[cell - 1];
        }

        // Entering a flight moves the start of the cell behind it; at the end every start stands where it belongs.
        Enter(below.UpperBoxes, below);
        Enter(above.LowerBoxes, above);
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _flights.Dispose();
        _starts.Dispose();
    }

    private void CountCells(ReadOnlySpan<EndedBox> boxes)
    {
        foreach (ref readonly EndedBox box in boxes)
        {
            StartOf(box.Cell)[2]++;
        }
    }

    private void Enter(ReadOnlySpan<EndedBox> boxes, LatticeBlockJournal journal)
    {
        nint stride = Stride;
        foreach (ref readonly EndedBox box in boxes)
        {
            int place = StartOf(box.Cell)[1]++;
            short* x = _numbers.Pointer + place, u = x + 3 * stride;
            (x[0], x[stride], x[2 * stride]) = (box.Record.X, box.Record.Y, box.Record.Z);
            (u[0], u[stride], u[2 * stride]) = (box.Record.U, box.Record.V, box.Record.W);
            _flights.Pointer[place] = new IndexedFlight { End = box.End, Number = box.Number, Block = journal.Block };
        }
    }
}

/// <summary>A flight that has ended in a strip.</summary>
internal struct IndexedFlight
{
    /// <summary>Time of the event at its end, even if that has been rolled back.</summary>
    public double End;

    /// <summary>Number in the journal of the block.</summary>
    public int Number;

    public int Block;
}
