namespace ActorMD.Physics;

/// <summary>Lists all pairs of particles that may be within a reach of each other: sort-and-sweep in columns along the first axis.</summary>
/// <remarks>
/// A pair can come twice where a periodic box is narrower than three columns or two reaches; none is missed as long as the
/// box is at least one reach wide.
/// </remarks>
internal sealed class ColumnSweep
{
    private readonly double _reach;
    private readonly double _length;
    private readonly bool _isPeriodic;
    private readonly int[] _columnStarts;
    private readonly int[] _ids;
    private readonly double[] _keys;
    private readonly int[] _columnOf;
    private readonly List<int>[] _partners;

    // Where the sweep stands: particle _index of the sorted list, against column _partner of its partners, at _other,
    // through the three images of the axis.
    private int _index;
    private int _partner;
    private int _image = -1;
    private int _other;
    private int _end;

    public ColumnSweep(Box box, ReadOnlySpan<Vec3> positions, double reach)
    {
        int count = positions.Length;
        _reach = reach * (1 + 1e-9);
        _length = box.Lengths.X;
        _isPeriodic = box.IsPeriodic(0);
        Grid y = Grid.Of(box, positions, 1, _reach, count), z = Grid.Of(box, positions, 2, _reach, count);
        int[] columns = new int[count];
        _keys = new double[count];
        _ids = new int[count];
        for (int i = 0; i < count; i++)
        {
            columns[i] = y.IndexOf(positions[i].Y) * z.Count + z.IndexOf(positions[i].Z);
            _keys[i] = _isPeriodic ? Box.Wrap(positions[i].X, _length, out _) : positions[i].X;
            _ids[i] = i;
        }

        _columnStarts = new int[y.Count * z.Count + 1];
        SortByColumn(columns);
        _columnOf = columns;
        _partners = new List<int>[y.Count * z.Count];
        for (int a = 0; a < y.Count; a++)
        {
            for (int b = 0; b < z.Count; b++)
            {
                int column = a * z.Count + b;
                _partners[column] = [];
                foreach (int p in y.Around(a))
                {
                    foreach (int q in z.Around(b))
                    {
                        if (p * z.Count + q >= column)
                        {
                            _partners[column].Add(p * z.Count + q);
                        }
                    }
                }
            }
        }

        _partner = -1;
        _index = -1;
    }

    /// <summary>The next pair; false after the last one.</summary>
    public bool NextPair(out int i, out int j)
    {
        while (true)
        {
            while (_other < _end)
            {
                i = _ids[_index];
                j = _ids[_other++];
                return true;
            }

            if (!NextRange())
            {
                (i, j) = (-1, -1);
                return false;
            }
        }
    }

    // Moves to the next stretch of sorted particles: the next image, partner column or particle.
    private bool NextRange()
    {
        int imageMax = _isPeriodic ? 1 : 0;
        if (_index >= 0 && _image < imageMax)
        {
            _image++;
        }
        else
        {
            _image = -imageMax;
            if (_index < 0 || ++_partner >= _partners[_columnOf[_index]].Count)
            {
                _partner = 0;
                if (++_index >= _ids.Length)
                {
                    return false;
                }
            }
        }

        int column = _columnOf[_index], partner = _partners[column][_partner];
        double center = _keys[_index] + _image * _length;
        int first = _columnStarts[partner], last = _columnStarts[partner + 1];
        if (first == last || center + _reach < _keys[first] || center - _reach > _keys[last - 1])
        {
            (_other, _end) = (0, 0);
            return true;
        }

        _other = LowerBound(center - _reach, first, last);
        _end = LowerBound(center + _reach, _other, last);
        if (partner == column)
        {
            _other = Math.Max(_other, _index + 1);
        }

        return true;
    }

    private int LowerBound(double key, int low, int high)
    {
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_keys[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void SortByColumn(int[] columns)
    {
        foreach (int column in columns)
        {
            _columnStarts[column + 1]++;
        }

        for (int c = 0; c + 1 < _columnStarts.Length; c++)
        {
            _columnStarts[c + 1] += _columnStarts[c];
        }

        double[] keys = new double[columns.Length];
        int[] next = _columnStarts[..^1];
        int[] sorted = new int[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int slot = next[columns[i]]++;
            keys[slot] = _keys[i];
            _ids[slot] = i;
            sorted[slot] = columns[i];
        }

        keys.CopyTo(_keys, 0);
        sorted.CopyTo(columns, 0);
        for (int c = 0; c + 1 < _columnStarts.Length; c++)
        {
            int start = _columnStarts[c];
            Array.Sort(_keys, _ids, start, _columnStarts[c + 1] - start);
        }
    }

    /// <summary>The division of one axis into columns at least one reach wide.</summary>
    private readonly record struct Grid(double Start, double Length, int Count, bool IsPeriodic)
    {
        public static Grid Of(Box box, ReadOnlySpan<Vec3> positions, int axis, double reach, int countMax)
        {
            if (box.IsPeriodic(axis))
            {
                return new Grid(0, box.Lengths[axis], CountFor(box.Lengths[axis]), true);
            }

            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            foreach (ref readonly Vec3 position in positions)
            {
                low = Math.Min(low, position[axis]);
                high = Math.Max(high, position[axis]);
            }

            return high > low ? new Grid(low, high - low, CountFor(high - low), false) : new Grid(low, 1, 1, false);

            int CountFor(double length) => (int)Math.Clamp(Math.Floor(length / reach), 1, Math.Ceiling(Math.Sqrt(countMax)));
        }

        public int IndexOf(double x)
        {
            double inside = IsPeriodic ? Box.Wrap(x, Length, out _) : x - Start;
            return Math.Min((int)(inside / Length * Count), Count - 1);
        }

        /// <summary>A column and those beside it, each once.</summary>
        public IEnumerable<int> Around(int index)
        {
            int count = Count;
            bool isPeriodic = IsPeriodic;
            return Enumerable.Range(index - 1, 3)
                .Where(i => isPeriodic || (i >= 0 && i < count))
                .Select(i => (i + count) % count)
                .Distinct();
        }
    }
}
