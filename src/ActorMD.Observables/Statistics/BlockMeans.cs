namespace ActorMD.Observables.Statistics;

/// <summary>Means of several numbers over many samples, with standard errors from the scatter of blocks of samples.</summary>
/// <remarks>
/// Successive samples are correlated, so the error is taken between blocks that are much longer than a sample: there are never more than
/// <see cref="BlockCountMax"/> of them; when one more is due, each two neighbours become one. So it need not be known beforehand how many
/// samples will come. Sums are taken in the order of the samples: the same samples give the same bits.
/// </remarks>
/// <param name="width">How many numbers a sample has.</param>
internal sealed class BlockMeans(int width)
{
    private const int BlockCountMax = 32;

    private readonly List<double[]> _blocks = []; // sums over whole blocks
    private double[] _open = new double[width];
    private long _openCount;
    private long _blockSize = 1; // samples

    /// <summary>So many, all of one width.</summary>
    public static BlockMeans[] Several(int count, int width)
    {
        BlockMeans[] all = new BlockMeans[count];
        for (int k = 0; k < count; k++)
        {
            all[k] = new BlockMeans(width);
        }

        return all;
    }

    /// <summary>Number of samples.</summary>
    public long Count => _blocks.Count * _blockSize + _openCount;

    /// <summary>Adds a sample.</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        for (int k = 0; k < width; k++)
        {
            _open[k] += values[k];
        }

        if (++_openCount < _blockSize)
        {
            return;
        }

        _blocks.Add(_open);
        (_open, _openCount) = (new double[width], 0);
        if (_blocks.Count == BlockCountMax)
        {
            Merge();
        }
    }

    /// <summary>Mean of number k over all samples; NaN without any.</summary>
    public double Mean(int k)
    {
        double sum = _open[k];
        foreach (double[] block in _blocks)
        {
            sum += block[k];
        }

        return sum / Count;
    }

    /// <summary>Standard error of the mean of number k; NaN with fewer than two blocks.</summary>
    public double Error(int k) => Error(block => block[k]);

    /// <summary>Standard error of a number that is computed from the means of a sample's numbers; NaN with fewer than two blocks.</summary>
    public double Error(Func<double[], double> value)
    {
        if (_blocks.Count < 2)
        {
            return double.NaN;
        }

        double[] values = new double[_blocks.Count];
        double[] means = new double[width];
        double sum = 0;
        for (int n = 0; n < values.Length; n++)
        {
            for (int k = 0; k < width; k++)
            {
                means[k] = _blocks[n][k] / _blockSize;
            }

            sum += values[n] = value(means);
        }

        double mean = sum / values.Length, squares = 0;
        foreach (double one in values)
        {
            squares += (one - mean) * (one - mean);
        }

        return Math.Sqrt(squares / (values.Length - 1) / values.Length);
    }

    /// <summary>All means at once.</summary>
    public double[] Means()
    {
        double[] means = new double[width];
        for (int k = 0; k < width; k++)
        {
            means[k] = Mean(k);
        }

        return means;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_blockSize);
        writer.Write(_openCount);
        writer.Write(_blocks.Count);
        Bytes.Write(writer, _open);
        foreach (double[] block in _blocks)
        {
            Bytes.Write(writer, block);
        }
    }

    public void Load(BinaryReader reader)
    {
        _blockSize = reader.ReadInt64();
        _openCount = reader.ReadInt64();
        int count = reader.ReadInt32();
        if (_blockSize < 1 || _openCount < 0 || count is < 0 or >= BlockCountMax)
        {
            throw new InvalidDataException("blocks that cannot be");
        }

        Bytes.Read(reader, _open);
        _blocks.Clear();
        for (int n = 0; n < count; n++)
        {
            double[] block = new double[width];
            Bytes.Read(reader, block);
            _blocks.Add(block);
        }
    }

    private void Merge()
    {
        for (int n = 0; n < BlockCountMax / 2; n++)
        {
            double[] sum = _blocks[2 * n], other = _blocks[2 * n + 1];
            for (int k = 0; k < width; k++)
            {
                sum[k] += other[k];
            }

            _blocks[n] = sum;
        }

        _blocks.RemoveRange(BlockCountMax / 2, BlockCountMax / 2);
        _blockSize *= 2;
    }
}
