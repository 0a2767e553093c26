namespace ActorMD.Physics.Overlaps;

/// <summary>
/// Lists all pairs of particles that may be within a reach of each other: sort-and-sweep in columns along the first axis.
/// </summary>
/// <remarks>
/// Two columns are swept together: as one particle after the other is taken from the first, a range of the second moves with it.
/// A pair can come twice where a periodic box is narrower than three columns or two reaches; none is missed as long as the
/// box is at least one reach wide.
/// </remarks>
internal sealed class ColumnSweep
{
    private readonly double _reach;
    private readonly double _length;
    private readonly int _imageMax;
    private readonly int _countZ;
    private readonly int[][] _aroundY;
    private readonly int[][] _aroundZ;
    private readonly int[] _columnStarts;
    private readonly int[] _ids;
    private readonly double[] _keys;

    // Where the sweep stands: column against partner column, seen through one of three images of the axis ...
    private int _column;
    private int _partnerNumber;
    private int _partner;
    private int _image;

    // ... and there the particle at _index, whose range of the partner column begins at _low and is read up to _other.
    private int _index;
    private int _indexEnd;
    private int _low;
    private int _other;
    private int _otherEnd;
    private double _keyEnd;

    public ColumnSweep(Box box, ReadOnlySpan<Vec3> positions, double reach)
    {
        int count = positions.Length;
        _reach = reach * (1 + 1e-9);
        _length = box.Lengths.X;
        bool isPeriodic = box.IsPeriodic(0);
        _imageMax = isPeriodic ? 1 : 0;
        Grid y = Grid.Of(box, positions, 1, _reach, count), z = Grid.Of(box, positions, 2, _reach, count);
        int[] columns = new int[count];
        _keys = new double[count];
        _ids = new int[count];
        for (int i = 0; i < count; i++)
        {
            columns[i] = y.IndexOf(positions[i].Y) * z.Count + z.IndexOf(positions[i].Z);
            _keys[i] = isPeriodic ? Box.Wrap(positions[i].X, _length, out _) : positions[i].X;
        }

        _countZ = z.Count;
        _aroundY = [.. Enumerable.Range(0, y.Count).Select(index => y.Around(index).ToArray())];
        _aroundZ = [.. Enumerable.Range(0, z.Count).Select(index => z.Around(index).ToArray())];
        _columnStarts = new int[y.Count * z.Count + 1];
        SortByColumn(columns);
        (_column, _image) = (-1, _imageMax); // before the first column
    }

    /// <summary>The next pair; false after the last one.</summary>
    public bool NextPair(out int i, out int j)
    {
        while (true)
        {
            if (_other < _otherEnd && _keys[_other] < _keyEnd)
            {
                i = _ids[_index];
                j = _ids[_other++];
                return true;
            }

            if (!NextParticle() && !NextColumns())
            {
                (i, j) = (-1, -1);
                return false;
            }
        }
    }

    private bool NextParticle()
    {
        if (++_index >= _indexEnd)
        {
            return false;
        }

        double center = _keys[_index] + _image * _length;
        while (_low < _otherEnd && _keys[_low] < center - _reach)
        {
            _low++;
        }

        _other = _partner == _column ? Math.Max(_low, _index + 1) : _low;
        _keyEnd = center + _reach;
        return true;
    }

    // Moves on to the next image, partner or column in which there may be pairs, before its first particle.
    private bool NextColumns()
    {
        do
        {
            if (_image < _imageMax)
            {
                _image++;
            }
            else
            {
                _image = -_imageMax;
                if (!NextPartner())
                {
                    return false;
                }
            }

            (_index, _indexEnd) = (_columnStarts[_column] - 1, _columnStarts[_column + 1]);
            (_low, _otherEnd) = (_columnStarts[_partner], _columnStarts[_partner + 1]);
        }
        while (_low == _otherEnd
            || _keys[_index + 1] + _image * _length - _reach > _keys[_otherEnd - 1]
            || _keys[_indexEnd - 1] + _image * _length + _reach < _keys[_low]);

        _other = _otherEnd;
        return true;
    }

    // The next of the columns around this one that do not come before it; after these, the next column that is not empty.
    private bool NextPartner()
    {
        do
        {
            _partnerNumber++;
            while (_column < 0 || _partnerNumber >= _aroundY[_column / _countZ].Length * _aroundZ[_column % _countZ].Length)
            {
                _partnerNumber = 0;
                do
                {
                    if (++_column + 1 >= _columnStarts.Length)
                    {
                        return false;
                    }
                }
                while (_columnStarts[_column] == _columnStarts[_column + 1]);
            }

            int[] aroundY = _aroundY[_column / _countZ], aroundZ = _aroundZ[_column % _countZ];
            _partner = aroundY[_partnerNumber / aroundZ.Length] * _countZ + aroundZ[_partnerNumber % aroundZ.Length];
        }
        while (_partner < _column);
        return true;
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
        for (int i = 0; i < columns.Length; i++)
        {
            int slot = next[columns[i]]++;
            keys[slot] = _keys[i];
            _ids[slot] = i;
        }

        keys.CopyTo(_keys, 0);
        for (int c = 0; c + 1 < _columnStarts.Length; c++)
        {
            int start = _columnStarts[c], count = _columnStarts[c + 1] - start;
            if (count > 1)
            {
                Array.Sort(_keys, _ids, start, count);
            }
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
