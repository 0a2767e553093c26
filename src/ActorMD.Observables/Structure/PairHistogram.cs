using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Physics;

namespace ActorMD.Observables.Structure;

/// <summary>Counts the pairs of particles in a periodic box by their distance.</summary>
/// <remarks>
/// Coordinates are 32-bit fractions of the box, whose differences are those of the nearest images; distances are computed from them in
/// single precision, eight at once. So a pair may be counted in the next bin if it lies within 1e-7 of a bound; which one, is the same
/// on all machines. Cells are as wide as half of the range, and those of one z-row lie side by side: all that a cell's particles may
/// meet is gathered from a few stretches of memory, and then each of them meets it without a pause.
/// </remarks>
internal sealed class PairHistogram
{
    private const int CellsPerRange = 2;
    private const int CellCountMax = 512; // along an axis
    private const int NotedMax = 2048;

    private static readonly ulong[] _front = FrontLanes();

    private readonly Gas _gas;
    private readonly int[] _cells = [1, 1, 1];
    private readonly float[] _scales = new float[3]; // lengths of a unit of the coordinates
    private readonly Row[] _rows; // rows of cells around a cell, and how far along z
    private readonly bool _meetsTwice; // a row or a cell is its own neighbour: pairs are told apart by their order
    private readonly double _range;
    private readonly int _speciesCount;
    private readonly int _speciesStride; // of the tables: by both species
    private readonly float[] _contacts;
    private readonly float[] _binsPerLength;
    private readonly int[] _firstBins;
    private readonly int _bins;
    private int[] _x = [], _y = [], _z = [], _species = [], _cellOf = [];
    private int[] _nearX = [], _nearY = [], _nearZ = [], _nearSpecies = []; // a cell's particles, and those that they have not met
    private int _nearCount;
    private readonly int[] _starts;
    private readonly int[] _noted = new int[NotedMax]; // bins of pairs that are still to be counted
    private int _notedCount;

    /// <param name="gas">Periodic on all axes.</param>
    /// <param name="range">At most half of the shortest side.</param>
    /// <param name="count">Number of particles.</param>
    /// <param name="pairOf">Number of the pair of two species, by both.</param>
    /// <param name="contacts">Where the first bin of each pair begins.</param>
    /// <param name="bins">From there to the range.</param>
    public PairHistogram(Gas gas, double range, int count, int[] pairOf, double[] contacts, int bins)
    {
        Box box = gas.Box;
        (_gas, _range, _bins, _speciesCount) = (gas, range, bins, (int)Math.Sqrt(pairOf.Length));
        _speciesStride = Math.Max(_speciesCount, Vector256<int>.Count);
        _contacts = new float[_speciesCount * _speciesStride];
        _binsPerLength = new float[_contacts.Length];
        _firstBins = new int[_contacts.Length];
        for (int at = 0; at < _contacts.Length; at++)
        {
            int other = Math.Min(at % _speciesStride, _speciesCount - 1); // the last one in all lanes that are left
            int pair = pairOf[at / _speciesStride * _speciesCount + other];
            _contacts[at] = (float)contacts[pair];
            _binsPerLength[at] = (float)(bins / (range - contacts[pair]));
            _firstBins[at] = pair * bins;
        }

        double width = range / CellsPerRange, widthMin = Math.Pow(box.Volume / Math.Max(1, count), 1.0 / box.Dimension);
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            _cells[axis] = Math.Clamp((int)(box.Lengths[axis] / Math.Max(width, widthMin)), 1, CellCountMax);
            _scales[axis] = (float)(box.Lengths[axis] / (1L << 32));
        }

        _starts = new int[_cells[0] * _cells[1] * _cells[2] + 1];
        _meetsTwice = Enumerable.Range(0, box.Dimension).Any(axis => 2 * Depth(axis, range) + 1 > _cells[axis]);
        _rows = Rows();
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
                    int cell = (cx * _cells[1] + cy) * _cells[2] + cz, first = _starts[cell], last = _starts[cell + 1];
                    if (first < last)
                    {
                        Gather(first, last, stretches[..Around(cx, cy, cz, stretches)]);
                        for (int i = first; i < last; i++)
                        {
                            Count(i, i - first + 1, counts);
                        }
                    }
                }
            }
        }

        CountNoted(counts);
    }

    // Puts a cell's own particles and then all that they have not met side by side.
    private void Gather(int first, int last, ReadOnlySpan<(int Start, int End, bool IsLater)> stretches)
    {
        _nearCount = 0;
        Gather(first, last);
        foreach ((int start, int end, bool isLater) in stretches)
        {
            if (!isLater)
            {
                Gather(start, end);
            }
            else if (end > last)
            {
                Gather(Math.Max(start, last), end);
            }
        }
    }

    private void Gather(int start, int end)
    {
        int count = end - start, room = _nearCount + count + 2 * Vector256<int>.Count;
        if (_nearX.Length < room)
        {
            int length = Math.Max(room, 2 * _nearX.Length);
            Array.Resize(ref _nearX, length);
            Array.Resize(ref _nearY, length);
            Array.Resize(ref _nearZ, length);
            Array.Resize(ref _nearSpecies, length);
        }

        for (int k = 0; k < count; k += Vector256<int>.Count)
        {
            Move(_x, _nearX, start + k, _nearCount + k);
            Move(_y, _nearY, start + k, _nearCount + k);
            Move(_z, _nearZ, start + k, _nearCount + k);
            if (_speciesCount > 1)
            {
                Move(_species, _nearSpecies, start + k, _nearCount + k);
            }
        }

        _nearCount += count;

        static void Move(int[] from, int[] to, int source, int target) =>
            Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(from), (nuint)source)
                .StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(to), (nuint)target);
    }

    // Particle i against the gathered ones from a place on.
    private void Count(int i, int start, long[] counts)
    {
        Vector256<int> x = Vector256.Create(_x[i]), y = Vector256.Create(_y[i]), z = Vector256.Create(_z[i]);
        Vector256<float> scaleX = Vector256.Create(_scales[0]), scaleY = Vector256.Create(_scales[1]);
        Vector256<float> scaleZ = Vector256.Create(_scales[2]);
        Vector256<float> squaredMax = Vector256.Create((float)(_range * _range));
        ref int xs = ref MemoryMarshal.GetArrayDataReference(_nearX), ys = ref MemoryMarshal.GetArrayDataReference(_nearY),
            zs = ref MemoryMarshal.GetArrayDataReference(_nearZ), kinds = ref MemoryMarshal.GetArrayDataReference(_nearSpecies);
        int table = _species[i] * _speciesStride;
        Vector256<float> contacts = Vector256.LoadUnsafe(ref _contacts[table]), scales = Vector256.LoadUnsafe(ref _binsPerLength[table]);
        Vector256<int> firsts = Vector256.LoadUnsafe(ref _firstBins[table]), most = Vector256.Create(_bins - 1);
        for (int j = start; j < _nearCount; j += Vector256<int>.Count)
        {
            Vector256<float> dx = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref xs, (nuint)j) - x) * scaleX;
            Vector256<float> dy = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref ys, (nuint)j) - y) * scaleY;
            Vector256<float> dz = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref zs, (nuint)j) - z) * scaleZ;
            Vector256<float> squared = dx * dx + dy * dy + dz * dz;
            uint near = Vector256.LessThan(squared, squaredMax).ExtractMostSignificantBits();
            if (_nearCount - j < Vector256<int>.Count)
            {
                near &= (1u << (_nearCount - j)) - 1;
            }

            Vector256<float> distance = Vector256.Sqrt(squared), contact = contacts, scale = scales;
            Vector256<int> first = firsts;
            if (_speciesCount > Vector256<int>.Count)
            {
                CountMixed(j, table, distance, near, counts);
                continue;
            }

            if (_speciesCount > 1)
            {
                Vector256<int> others = Vector256.LoadUnsafe(ref kinds, (nuint)j);
                (contact, scale) = (Vector256.ShuffleNative(contacts, others), Vector256.ShuffleNative(scales, others));
                first = Vector256.ShuffleNative(firsts, others);
            }

            // Touching pairs may overlap by rounding, and the last bin ends at the range. What is too far away may become any number.
            Vector256<float> bin = Vector256.Max((distance - contact) * scale, Vector256<float>.Zero);
            Note(first + Vector256.Min(Vector256.ConvertToInt32Native(bin), most), near, counts);
        }
    }

    // Where there are more species than lanes.
    private void CountMixed(int j, int table, Vector256<float> distances, uint near, long[] counts)
    {
        for (; near != 0; near &= near - 1)
        {
            int lane = BitOperations.TrailingZeroCount(near), at = table + _nearSpecies[j + lane];
            float bin = Math.Max(0, (distances.GetElement(lane) - _contacts[at]) * _binsPerLength[at]);
            counts[_firstBins[at] + Math.Min((int)bin, _bins - 1)]++;
        }
    }

    // The bins that count are moved to the front and noted without a branch: which ones count, no processor can guess.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        ref long first = ref MemoryMarshal.GetArrayDataReference(counts);
        foreach (int bin in _noted.AsSpan(0, _notedCount))
        {
            Unsafe.Add(ref first, bin)++;
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
        axis < _gas.Box.Dimension ? (int)Math.Ceiling(distance / _gas.Box.Lengths[axis] * _cells[axis]) : 0;

    private Row[] Rows()
    {
        List<Row> rows = [];
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
                    rows.Add(new Row(dx, dy, Depth(2, Math.Sqrt(left))));
                }
            }
        }

        return rows.ToArray();
    }

    // The least distance of two particles in cells so far apart.
    private double Gap(int cells, int axis) => Math.Max(0, Math.Abs(cells) - 1) * _gas.Box.Lengths[axis] / _cells[axis];

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
            _species[at] = _gas.Kinds[particles[id].Kind].Species;
        }

        for (int cell = _starts.Length - 1; cell > 0; cell--)
        {
            _starts[cell] = _starts[cell - 1];
        }

        _starts[0] = 0;
    }

    private int CellOf(double x, int axis) => (int)((long)Fraction(x, axis) * _cells[axis] >> 32);

    // In units of 2^-32 of the box; whole boxes fall out by themselves.
    private uint Fraction(double x, int axis) =>
        axis < _gas.Box.Dimension ? (uint)(long)Math.Floor(x / _gas.Box.Lengths[axis] * (1L << 32)) : 0;

    private readonly record struct Row(int X, int Y, int Depth);
}
