using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Studies.Convergence;

/// <summary>Values of many observables in independent replicas at several times.</summary>
internal sealed class Ensemble
{
    private readonly List<double[][]> _replicas = [];

    public int Count => _replicas.Count;

    /// <summary>Adds one replica: its values, time after time.</summary>
    public void Add(double[][] replica) => _replicas.Add(replica);

    /// <summary>The values of one replica at one time.</summary>
    public double[] Replica(int index, int time) => _replicas[index][time];

    /// <summary>All values of one replica, time after time.</summary>
    public double[][] Replica(int index) => _replicas[index];

    /// <summary>The same with the mean over the bins in place of the bins.</summary>
    public Ensemble WithoutBins(int binCount)
    {
        Ensemble folded = new();
        foreach (double[][] replica in _replicas)
        {
            folded.Add([.. replica.Select(values => values.Chunk(binCount).Select(bins => bins.Average()).ToArray())]);
        }

        return folded;
    }

    /// <summary>The differences to another ensemble whose replicas have the same random numbers, one by one.</summary>
    public Ensemble Minus(Ensemble other)
    {
        Ensemble differences = new();
        for (int r = 0; r < Count; r++)
        {
            int replica = r;
            differences.Add([.. _replicas[r].Select((values, time) =>
                values.Zip(other.Replica(replica, time), (mine, theirs) => mine - theirs).ToArray())]);
        }

        return differences;
    }

    /// <summary>An ensemble of exact zeros, to compare differences with.</summary>
    public Ensemble Zeros()
    {
        Ensemble zeros = new();
        for (int r = 0; r < 2; r++)
        {
            zeros.Add([.. _replicas[0].Select(values => new double[values.Length])]);
        }

        return zeros;
    }

    /// <summary>A bootstrap sample: replicas by index, with repetitions.</summary>
    /// <param name="count">Replicas there are.</param>
    /// <param name="random">Of the draws.</param>
    public static int[] Resampled(int count, ref CounterRandom random)
    {
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++)
        {
            chosen[i] = random.NextInteger(count);
        }

        return chosen;
    }

    /// <summary>Means over all replicas, and the variances of these means.</summary>
    public (double[] Means, double[] Variances) Average(int time) => Average(time, [.. Enumerable.Range(0, Count)]);

    /// <summary>Means over some replicas, and the variances of these means.</summary>
    /// <param name="time">Index of the time.</param>
    /// <param name="chosen">Replicas by index, with repetitions: all of them, or a bootstrap sample.</param>
    public (double[] Means, double[] Variances) Average(int time, ReadOnlySpan<int> chosen)
    {
        int length = _replicas[0][time].Length;
        double[] means = new double[length], variances = new double[length];
        foreach (int replica in chosen)
        {
            double[] values = _replicas[replica][time];
            for (int i = 0; i < length; i++)
            {
                means[i] += values[i];
            }
        }

        for (int i = 0; i < length; i++)
        {
            means[i] /= chosen.Length;
        }

        foreach (int replica in chosen)
        {
            double[] values = _replicas[replica][time];
            for (int i = 0; i < length; i++)
            {
                double deviation = values[i] - means[i];
                variances[i] += deviation * deviation;
            }
        }

        for (int i = 0; i < length; i++)
        {
            variances[i] /= Math.Max(chosen.Length - 1, 1) * (double)chosen.Length;
        }

        return (means, variances);
    }
}
