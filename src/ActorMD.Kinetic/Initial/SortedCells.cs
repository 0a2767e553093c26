using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Particles in the order of the cells in which they lie, to be looked through from one end of the box to the other.</summary>
/// <remarks>
/// Problem: who looks for neighbours at random places waits for memory. Idea: in a list by cells, neighbours lie beside each other, and
/// threads look through it stretch by stretch.
/// </remarks>
internal sealed class SortedCells
{
    private readonly CellAxes _axes;
    private readonly Int3 _counts; // of cells along the axes
    private readonly Vector256<double> _inverseWidths;
    private readonly Vector256<double> _periods; // infinite where there is none
    private readonly Vector256<double> _first; // the outermost cells, where no others follow beyond the box
    private readonly Vector256<double> _last;
    private readonly int[] _ends; // where each cell begins, which is where the one before ends
    private readonly int[] _starts; // of stretches
    private readonly CellEntry[] _entries;

    /// <param name="box">The box.</param>
    /// <param name="axes">Its cells.</param>
    /// <param name="stretchCount">Stretches of cells.</param>
    /// <param name="count">Number of entries at most.</param>
    public SortedCells(Box box, CellAxes axes, int stretchCount, int count)
    {
        _axes = axes;
        _counts = new Int3(axes.X.Count, axes.Y.Count, axes.Z.Count);
        _inverseWidths = Vector256.Create(axes.X.InverseWidth, axes.Y.InverseWidth, axes.Z.InverseWidth, 0);
        _periods = Vector256.Create(Period(0), Period(1), Period(2), double.PositiveInfinity);
        _first = Vector256.Create(First(0), First(1), First(2), 0);
        _last = Vector256.Create(Last(0, axes.X), Last(1, axes.Y), Last(2, axes.Z), 0);
        _ends = new int[axes.Count + 1];
        _starts = new int[stretchCount + 1];
        _entries = new CellEntry[count];

        double First(int axis) => box.IsPeriodic(axis) ? double.NegativeInfinity : 0;

        double Last(int axis, CellAxis cells) => box.IsPeriodic(axis) ? double.PositiveInfinity : cells.Count - 1;

        double Period(int axis) => box.IsPeriodic(axis) ? box.Lengths[axis] : double.PositiveInfinity;
    }

    /// <summary>Entries by their places.</summary>
    public ref readonly CellEntry this[int place] => ref _entries[place];

    /// <summary>The entries of a stretch.</summary>
    public ReadOnlySpan<CellEntry> StretchOf(int stretch) => _entries.AsSpan(_starts[stretch].._starts[stretch + 1]);

    /// <summary>Where a stretch begins.</summary>
    public int StartOf(int stretch) => _starts[stretch];

    /// <summary>Sorts particles that are sorted by stretches.</summary>
    public void Fill(Stretches particles, Parts parts) => Fill(particles, null, parts);

    /// <summary>The same, together with others of the same stretches, which come first in each cell.</summary>
    public void Fill(Stretches particles, Stretches? others, Parts parts)
    {
        for (int stretch = 0; stretch < particles.Count; stretch++)
        {
            _starts[stretch + 1] = _starts[stretch] + particles[stretch].Length + OthersOf(stretch).Length;
        }

        parts.For(particles.Count, stretch =>
            FillStretch(particles.CellsOf(stretch), _starts[stretch], OthersOf(stretch), particles[stretch]));

        ReadOnlySpan<CellEntry> OthersOf(int stretch) => others is null ? [] : others[stretch];
    }

    /// <summary>Collects the places of all entries within a reach of a point, to rounding.</summary>
    /// <param name="center">The point.</param>
    /// <param name="reach">How far.</param>
    /// <param name="buffer">Gets the places; grows as needed.</param>
    /// <returns>How many places are in the buffer.</returns>
    public int Collect(Vec3 center, double reach, ref int[] buffer)
    {
        Vector256<double> from = Vector256.Create(center.X, center.Y, center.Z, 0), far = Vector256.Create(reach);
        Vector256<double> low = CellsAt((from - far) * _inverseWidths), high = CellsAt((from + far) * _inverseWidths);
        (int x0, int x1) = Along(low.GetElement(0), high.GetElement(0), _counts.X);
        (int y0, int y1) = Along(low.GetElement(1), high.GetElement(1), _counts.Y);
        (int z0, int z1) = Along(low.GetElement(2), high.GetElement(2), _counts.Z);
        int found = 0;
        bool isInside = x0 >= 0 && x1 <= _counts.X;
        for (int z = z0; z < z1; z++)
        {
            int layer = Wrapped(z, _counts.Z) * _counts.Y;
            for (int y = y0; y < y1; y++)
            {
                int row = (layer + Wrapped(y, _counts.Y)) * _counts.X;
                if (isInside)
                {
                    Collect(row + x0, row + x1, from, reach * reach, ref buffer, ref found);
                    continue;
                }

                for (int x = x0; x < x1; x++)
                {
                    int cell = row + Wrapped(x, _counts.X);
                    Collect(cell, cell + 1, from, reach * reach, ref buffer, ref found);
                }
            }
        }

        return found;
    }

    private Vector256<double> CellsAt(Vector256<double> scaled) =>
        Vector256.MinNative(Vector256.MaxNative(Vector256.Floor(scaled), _first), _last);

    // From the first cell to behind the last one; no cell twice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int First, int End) Along(double low, double high, int count)
    {
        int first = (int)low, end = (int)high + 1;
        return end - first < count ? (first, end) : (0, count);
    }

    private static int Wrapped(int index, int count) => index < 0 ? index + count : index >= count ? index - count : index;

    // From the entries of neighbouring cells.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Collect(int cell, int beyond, Vector256<double> from, double reachSquared, ref int[] buffer, ref int found)
    {
        Vector256<double> coordinates = Vector256.Create(-1L, -1, -1, 0).AsDouble(), periods = _periods;
        int end = _ends[beyond];
        ref CellEntry entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        for (int place = _ends[cell]; place < end; place++)
        {
            Vector256<double> position = Unsafe.As<CellEntry, Vector256<double>>(ref Unsafe.Add(ref entries, place)) & coordinates;
            Vector256<double> r = Vector256.Abs(position - from);
            r = Vector256.MinNative(r, Vector256.Abs(periods - r));
            if (Vector256.Dot(r, r) <= reachSquared)
            {
                if (found == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * found);
                }

                buffer[found++] = place;
            }
        }
    }

    private void FillStretch((int First, int End) cells, int start, ReadOnlySpan<CellEntry> others, ReadOnlySpan<CellEntry> particles)
    {
        Span<int> places = _ends.AsSpan(cells.First + 1, cells.End - cells.First);
        places.Clear();
        Count(others, places, cells.First);
        Count(particles, places, cells.First);
        foreach (ref int place in places)
        {
            (place, start) = (start, start + place);
        }

        Enter(others, places, cells.First);
        Enter(particles, places, cells.First);
    }

    private void Count(ReadOnlySpan<CellEntry> entries, Span<int> counts, int firstCell)
    {
        foreach (ref readonly CellEntry entry in entries)
        {
            counts[_axes.CellOf(entry.Position) - firstCell]++;
        }
    }

    private void Enter(ReadOnlySpan<CellEntry> entries, Span<int> places, int firstCell)
    {
        foreach (ref readonly CellEntry entry in entries)
        {
            _entries[places[_axes.CellOf(entry.Position) - firstCell]++] = entry;
        }
    }
}
