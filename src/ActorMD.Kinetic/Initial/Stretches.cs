using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Particles sorted by the stretches of cells in which they lie, within a stretch by their ids.</summary>
/// <remarks>
/// The first of two steps that sort them by cells: at once, they would be written to more places than the cache has room for. What comes
/// out does not depend on the number of threads.
/// </remarks>
internal sealed class Stretches
{
    private const int CountBits = 9;
    private const int CellBitsMin = 6;

    private readonly CellAxes _axes;
    private readonly int _shift; // bits of a cell's index within its stretch
    private readonly CellEntry[] _entries;
    private readonly int[] _starts;
    private readonly int[] _lengths;

    /// <param name="axes">The cells of the box.</param>
    /// <param name="room">Number of particles at most, gaps between stretches included.</param>
    public Stretches(CellAxes axes, int room)
    {
        _axes = axes;
        _shift = CellBitsMin;
        while (CountWith(_shift) > 1 << CountBits)
        {
            _shift++;
        }

        _entries = new CellEntry[room];
        _starts = new int[CountWith(_shift)];
        _lengths = new int[_starts.Length];

        int CountWith(int shift) => ((axes.Count - 1) >> shift) + 1;
    }

    /// <summary>Number of stretches, which different threads may look through.</summary>
    public int Count => _starts.Length;

    /// <summary>The particles of a stretch.</summary>
    public ReadOnlySpan<CellEntry> this[int stretch] => _entries.AsSpan(_starts[stretch], _lengths[stretch]);

    /// <summary>The first cell of a stretch, and the first one behind it.</summary>
    public (int First, int End) CellsOf(int stretch) => (stretch << _shift, Math.Min((stretch + 1) << _shift, _axes.Count));

    /// <summary>Sorts particles.</summary>
    /// <param name="positions">By id.</param>
    /// <param name="kinds">By id.</param>
    /// <param name="isTrial">What they are entered as.</param>
    /// <param name="parts">Who does it.</param>
    public void Sort(Vec3[] positions, int[] kinds, bool isTrial, Parts parts)
    {
        int[] next = new int[parts.Count * Count];
        parts.ForIds(part =>
        {
            (int first, int end) = parts.IdsOf(part);
            Span<int> counts = next.AsSpan(part * Count, Count);
            for (int id = first; id < end; id++)
            {
                counts[_axes.CellOf(positions[id]) >> _shift]++;
            }
        });
        int sum = 0;
        for (int stretch = 0; stretch < Count; stretch++)
        {
            _starts[stretch] = sum;
            for (int part = 0; part < parts.Count; part++)
            {
                ref int start = ref next[part * Count + stretch];
                (start, sum) = (sum, sum + start);
            }

            _lengths[stretch] = sum - _starts[stretch];
        }

        parts.ForIds(part =>
        {
            (int first, int end) = parts.IdsOf(part);
            Span<int> places = next.AsSpan(part * Count, Count);
            for (int id = first; id < end; id++)
            {
                Vec3 position = positions[id];
                _entries[places[_axes.CellOf(position) >> _shift]++] = new CellEntry(position, isTrial ? ~id : id, kinds[id]);
            }
        });
    }

    /// <summary>Takes over where each particle is: at its trial position, or where it was before.</summary>
    /// <param name="from">Both, for each of them.</param>
    /// <param name="isKept">Whether the trial is kept, by id.</param>
    /// <param name="parts">Who does it.</param>
    public void Choose(SortedCells from, bool[] isKept, Parts parts) => parts.For(Count, stretch =>
    {
        int to = _starts[stretch] = from.StartOf(stretch);
        foreach (ref readonly CellEntry entry in from.StretchOf(stretch))
        {
            // Without a branch, which a processor could not foresee.
            _entries[to] = entry with { Code = entry.Id };
            to += entry.IsTrial == isKept[entry.Id] ? 1 : 0;
        }

        _lengths[stretch] = to - _starts[stretch];
    });

    /// <summary>Puts the positions where their ids say.</summary>
    public void CopyTo(Vec3[] positions, Parts parts) => parts.For(Count, stretch =>
    {
        foreach (ref readonly CellEntry entry in this[stretch])
        {
            positions[entry.Id] = entry.Position;
        }
    });
}
