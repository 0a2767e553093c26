using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lattice;

namespace ActorMD.Engine.Sharing.Lattice;

/// <summary>As <see cref="BlockJournal"/>, and where the ended flights close to a boundary have been: strips find them by their cells.</summary>
/// <param name="store">The particles.</param>
/// <param name="members">Which of them are close to a boundary.</param>
/// <param name="log">Gets the events, if it is wanted.</param>
/// <param name="stretches">Get what events change, if there are waypoints.</param>
/// <param name="search">Where flights are.</param>
/// <param name="block">Number of the block.</param>
internal sealed unsafe class LatticeBlockJournal(
    ParticleStore store, Membership members, SliceEventLog log, SliceStretches stretches, LatticeSearch search, int block)
    : BlockJournal(store, members, log, stretches)
{
    private readonly NativeArray<EndedBox> _lower = new(256);
    private readonly NativeArray<EndedBox> _upper = new(256);
    private readonly List<FlightRecord> _parts = [];
    private SliceClock _clock;
    private int[] _stripOf = [];
    private int _lowerCount;
    private int _upperCount;

    /// <summary>Number of the block.</summary>
    public int Block => block;

    public override long ByteCount => base.ByteCount + _lower.ByteCount + _upper.ByteCount;

    /// <summary>Where flights close to the boundary below the block have been.</summary>
    public ReadOnlySpan<EndedBox> LowerBoxes => new(_lower.Pointer, _lowerCount);

    /// <summary>Where flights close to the boundary above the block have been.</summary>
    public ReadOnlySpan<EndedBox> UpperBoxes => new(_upper.Pointer, _upperCount);

    /// <summary>A slice begins.</summary>
    public void Begin(SharedSlice slice) => (_clock, _stripOf) = (slice.Clock, slice.Partition.StripOf);

    public override void Clear()
    {
        base.Clear();
        (_lowerCount, _upperCount) = (0, 0);
    }

    public override void Dispose()
    {
        base.Dispose();
        _lower.Dispose();
        _upper.Dispose();
    }

    protected override void OnEnding(int slot, int number, double end)
    {
        LatticeFlight* flight = search.Lattice.Flights + slot;
        if (flight->Cell != LatticeFlight.Split)
        {
            Add(number, *flight, flight->Cell, end);
            return;
        }

        search.PartsOf(slot, Math.Max(-1, _clock.TauOf(Particles[slot].Time)), _parts); // it is where all its parts were
        foreach (FlightRecord part in _parts)
        {
            Add(number, part.Flight, part.Cell, end);
        }
    }

    // Where no strip looks nothing is kept.
    private void Add(int number, in LatticeFlight record, int cell, double end)
    {
        int strip = _stripOf[search.Lattice.Grid.PlaneOf(cell)];
        if (strip < 0)
        {
            return;
        }

        bool isUpper = strip == block; // a strip has the number of the block below its boundary
        NativeArray<EndedBox> boxes = isUpper ? _upper : _lower;
        ref int count = ref isUpper ? ref _upperCount : ref _lowerCount;
        boxes.Grow(count == boxes.Length ? 2 * boxes.Length : 0);
        boxes.Pointer[count++] = new EndedBox { Record = record, End = end, Number = number, Cell = cell };
    }
}

/// <summary>A flight that has ended, or a part of one.</summary>
internal struct EndedBox
{
    public LatticeFlight Record;

    /// <summary>Time of the event, even if it has been rolled back.</summary>
    public double End;

    /// <summary>Number of the flight.</summary>
    public int Number;

    /// <summary>Of the record.</summary>
    public int Cell;
}
