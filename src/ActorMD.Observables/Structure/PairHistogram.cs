using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Physics;

namespace ActorMD.Observables.Structure;

/// <summary>Counts the pairs of particles in a periodic box by their distance.</summary>
/// <remarks>
/// Coordinates are 32-bit fractions of the box, whose differences are those of the nearest images; distances are computed from them in
/// single precision, eight at once. So a pair may be counted in the next bin if it lies within 1e-7 of a bound; which one, is the same
/// on all machines. Cells are as wide as half of the range; those of one z-row lie side by side, so that a particle meets its
/// neighbours in a few stretches of memory.
/// </remarks>
internal sealed class PairHistogram
{
    private const int CellsPerRange = 2;
    private const int CellCountMax = 512; // along an axis
    private const int NotedMax = 2048;

    private static readonly ulong[] _front = FrontLanes();

    private readonly Box _box;
    private readonly int[] _cells = [1, 1, 1];
    private readonly float[] _scales = new float[3]; // lengths of a unit of the coordinates
    private readonly (int X, int Y, int Depth)[] _rows; // rows of cells around a cell, and how far along z
    private readonly bool _meetsTwice; // a row or a cell is its own neighbour: pairs are told apart by their order
    private readonly double _range;
    private readonly int _speciesCount;
    private readonly int[] _pairOf;
    private readonly float[] _contacts;
    private readonly float[] _binsPerLength;
    private readonly int _bins;
    private int[] _x = [], _y = [], _z = [], _species = [], _cellOf = [];
    private readonly int[] _starts;
    private readonly int[] _noted = new int[NotedMax]; // bins of pairs that are still to be counted
    private int _notedCount;

    /// <param name="box">Periodic on all axes.</param>
    /// <param name="range">At most half of the shortest side.</param>
    /// <param name="count">Number of particles.</param>
    /// <param name="pairOf">Number of the pair of two species, by both.</param>
    /// <param name="contacts">Where the first bin of each pair begins.</param>
    /// <param name="bins">From there to the range.</param>
    public PairHistogram(Box box, double range, int count, int[] pairOf, double[] contacts, int bins)
    {
        (_box, _range, _pairOf, _bins, _speciesCount) = (box, range, pairOf, bins, (int)Math.Sqrt(pairOf.Length));
        _contacts = [.. contacts.Select(contact => (float)contact)];
        _binsPerLength = [.. contacts.Select(contact => (float)(bins / (range - contact)))];
        double width = range / CellsPerRange, widthMin = Math.Pow(box.Volume / Math.Max(1, count), 1.0 / box.Dimension);
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            _cells[axis] = Math.Clamp((int)(box.Lengths[axis] / Math.Max(width, widthMin)), 1, CellCountMax);
            _scales[axis] = (float)(box.Lengths[axis] / (1L << 32));
        }

        _starts = new int[_cells[0] * _cells[1] * _cells[2] + 1];
        _meetsTwice = Enumerable.Range(0, box.Dimension).Any(axis => 2 * Depth(axis, range) + 1 > _cells[axis]);
        _rows = [.. Rows()];
    }

    /// <summary>Adds all pairs of a state.</summary>
    /// <param name="state">The particles.</param>
    /// <param name="counts">By pair of species and bin.</param>
    public void Count(SystemState state, long[] counts)
    {
        Sort(state);
        Span<(int Start, int End, bool IsLater)> stretches = new (int, int, bool)[2 * _rows.Length + 1];
        for (int cx = 0; cx < _cells[0]; cx++)
        {
            for (int cy = 0; cy < _cells[1]; cy++)
            {
                for (int cz = 0; cz < _cells[2]; cz++)
                {
                    int cell = (cx * _cells[1] + cy) * _cells[2] + cz;
                    if (_starts[cell] == _starts[cell + 1])
                    {
                        continue;
                    }

                    int found = Around(cx, cy, cz, stretches);
                    for (int i = _starts[cell]; i < _starts[cell + 1]; i++)
                    {
                        foreach ((int start, int end, bool isLater) in stretches[..found])
                        {
                            Count(i, isLater ? Math.Max(start, i + 1) : start, end, counts);
                        }
                    }
                }
            }
        }

        CountNoted(counts);
    }

    // Particle i against a stretch of others.
    private void Count(int i, int start, int end, long[] counts)
    {
        Vector256<int> x = Vector256.Create(_x[i]), y = Vector256.Create(_y[i]), z = Vector256.Create(_z[i]);
        Vector256<float> scaleX = Vector256.Create(_scales[0]), scaleY = Vector256.Create(_scales[1]);
        Vector256<float> scaleZ = Vector256.Create(_scales[2]);
        Vector256<float> squaredMax = Vector256.Create((float)(_range * _range));
        Vector256<float> contact = Vector256.Create(_contacts[0]), binsPerLength = Vector256.Create(_binsPerLength[0]);
        ref int xs = ref MemoryMarshal.GetArrayDataReference(_x), ys = ref MemoryMarshal.GetArrayDataReference(_y),
            zs = ref MemoryMarshal.GetArrayDataReference(_z);
        bool isOneSpecies = _speciesCount == 1;
        for (int j = start; j < end; j += Vector256<int>.Count)
        {
            Vector256<float> dx = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref xs, (nuint)j) - x) * scaleX;
            Vector256<float> dy = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref ys, (nuint)j) - y) * scaleY;
            Vector256<float> dz = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref zs, (nuint)j) - z) * scaleZ;
            Vector256<float> squared = dx * dx + dy * dy + dz * dz;
            uint near = Vector256.LessThan(squared, squaredMax).ExtractMostSignificantBits();
            if (end - j < Vector256<int>.Count)
            {
                near &= (1u << (end - j)) - 1;
            }

            Vector256<float> distance = Vector256.Sqrt(squared);
            if (isOneSpecies)
            {
                // Touching pairs may overlap by rounding, and the last bin ends at the range.
                Vector256<float> bin = Vector256.Max((distance - contact) * binsPerLength, Vector256<float>.Zero);
                Note(Vector256.Min(Vector256.ConvertToInt32(bin), Vector256.Create(_bins - 1)), near, counts);
            }
            else
            {
                CountMixed(i, j, distance, near, counts);
            }
        }
    }

    private void CountMixed(int i, int j, Vector256<float> distances, uint near, long[] counts)
    {
        ReadOnlySpan<int> pairs = _pairOf.AsSpan(_species[i] * _speciesCount, _speciesCount);
        for (; near != 0; near &= near - 1)
        {
            int lane = BitOperations.TrailingZeroCount(near), pair = pairs[_species[j + lane]];
            float bin = Math.Max(0, (distances.GetElement(lane) - _contacts[pair]) * _binsPerLength[pair]);
            counts[pair * _bins + Math.Min((int)bin, _bins - 1)]++;
        }
    }

    // The bins that count are moved to the front and noted without a branch: which ones count, no processor can guess.
    private void Note(Vector256<int> bins, uint near, long[] counts)
    {
        if (_notedCount > _noted.Length - Vector256<int>.Count)
        {
            CountNoted(counts);
        }

        if (Avx2.IsSupported)
        {
            Vector256<int> lanes = Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(_front[near]).AsByte());
            Avx2.PermuteVar8x32(bins, lanes).StoreUnsafe(ref _noted[_notedCount]);
            _notedCount += BitOperations.PopCount(near);
            return;
        }

        for (; near != 0; near &= near - 1)
        {
            _noted[_notedCount++] = bins.GetElement(BitOperations.TrailingZeroCount(near));
        }
    }

    private void CountNoted(long[] counts)
    {
        foreach (int bin in _noted.AsSpan(0, _notedCount))
        {
            counts[bin]++;
        }

        _notedCount = 0;
    }

    // For every set of lanes: these lanes, one a byte, the first in the lowest.
    private static ulong[] FrontLanes()
    {
        ulong[] front = new ulong[1 << Vector256<int>.Count];
        for (uint set = 0; set < front.Length; set++)
        {
            int place = 0;
            for (uint left = set; left != 0; left &= left - 1)
            {
                front[set] |= (ulong)BitOperations.TrailingZeroCount(left) << (8 * place++);
            }
        }

        return front;
    }

    // Stretches of particles in the cells around one.
    private int Around(int cx, int cy, int cz, Span<(int Start, int End, bool IsLater)> stretches)
    {
        int found = 0, nz = _cells[2];
        foreach ((int dx, int dy, int depth) in _rows)
        {
            int row = (Wrapped(cx + dx, 0) * _cells[1] + Wrapped(cy + dy, 1)) * nz;
            bool isOwn = dx == 0 && dy == 0;
            if (2 * depth + 1 >= nz)
            {
                stretches[found++] = (_starts[row], _starts[row + nz], isOwn || _meetsTwice);
                continue;
            }

            // Ahead of the own cell only; what is behind it has met this one already.
            int low = isOwn && !_meetsTwice ? cz : cz - depth, high = cz + depth;
            if (isOwn && !_meetsTwice)
            {
                stretches[found++] = (_starts[row + cz], _starts[row + cz + 1], true);
                low++;
            }

            if (low < 0)
            {
                stretches[found++] = (_starts[row + low + nz], _starts[row + nz], _meetsTwice);
                low = 0;
            }

            if (high >= nz)
            {
                stretches[found++] = (_starts[row], _starts[row + high - nz + 1], _meetsTwice);
                high = nz - 1;
            }

            if (low <= high)
            {
                stretches[found++] = (_starts[row + low], _starts[row + high + 1], _meetsTwice);
            }
        }

        return found;
    }

    private int Wrapped(int cell, int axis) => cell < 0 ? cell + _cells[axis] : cell >= _cells[axis] ? cell - _cells[axis] : cell;

    // Cells along an axis within a distance.
    private int Depth(int axis, double distance) =>
        axis < _box.Dimension ? (int)Math.Ceiling(distance / _box.Lengths[axis] * _cells[axis]) : 0;

    private IEnumerable<(int X, int Y, int Depth)> Rows()
    {
        int deepX = Depth(0, _range), deepY = Depth(1, _range);
        bool allX = 2 * deepX + 1 > _cells[0], allY = 2 * deepY + 1 > _cells[1];
        for (int dx = allX ? 0 : -deepX; dx <= (allX ? _cells[0] - 1 : deepX); dx++)
        {
            for (int dy = allY ? 0 : -deepY; dy <= (allY ? _cells[1] - 1 : deepY); dy++)
            {
                double gapX = allX ? 0 : Gap(dx, 0), gapY = allY ? 0 : Gap(dy, 1), left = _range * _range - gapX * gapX - gapY * gapY;
                bool isAhead = dx > 0 || dx == 0 && dy >= 0;
                if (left > 0 && (_meetsTwice || isAhead))
                {
                    yield return (dx, dy, Depth(2, Math.Sqrt(left)));
                }
            }
        }
    }

    // The least distance of two particles in cells so far apart.
    private double Gap(int cells, int axis) => Math.Max(0, Math.Abs(cells) - 1) * _box.Lengths[axis] / _cells[axis];

    private void Sort(SystemState state)
    {
        ReadOnlySpan<ParticleState> particles = state.Particles;
        if (_cellOf.Length != particles.Length)
        {
            int room = particles.Length + Vector256<int>.Count;
            (_x, _y, _z, _species, _cellOf) = (new int[room], new int[room], new int[room], new int[room], new int[particles.Length]);
        }

        Array.Clear(_starts);
        for (int id = 0; id < particles.Length; id++)
        {
            Vec3 p = particles[id].PositionAt(state.Time);
            _cellOf[id] = (CellOf(p.X, 0) * _cells[1] + CellOf(p.Y, 1)) * _cells[2] + CellOf(p.Z, 2);
            _starts[_cellOf[id] + 1]++;
        }

        for (int cell = 1; cell < _starts.Length; cell++)
        {
            _starts[cell] += _starts[cell - 1];
        }

        for (int id = 0; id < particles.Length; id++)
        {
            Vec3 p = particles[id].PositionAt(state.Time);
            int at = _starts[_cellOf[id]]++; // moves to the start of the next cell, and back below
            (_x[at], _y[at], _z[at]) = ((int)Fraction(p.X, 0), (int)Fraction(p.Y, 1), (int)Fraction(p.Z, 2));
            _species[at] = particles[id].Species;
        }

        for (int cell = _starts.Length - 1; cell > 0; cell--)
        {
            _starts[cell] = _starts[cell - 1];
        }

        _starts[0] = 0;
    }

    private int CellOf(double x, int axis) => (int)((long)Fraction(x, axis) * _cells[axis] >> 32);

    // In units of 2^-32 of the box; whole boxes fall out by themselves.
    private uint Fraction(double x, int axis) => axis < _box.Dimension ? (uint)(long)Math.Floor(x / _box.Lengths[axis] * (1L << 32)) : 0;
}
