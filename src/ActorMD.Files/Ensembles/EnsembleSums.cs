using System.Security.Cryptography;
using System.Text;

namespace ActorMD.Files.Ensembles;

/// <summary>Running means over replicas, and the scatter about them: as large for a million replicas as for two.</summary>
/// <remarks>
/// Replicas are added in the order of their numbers, so that the last digit does not depend on which finished first. Means and scatter by
/// Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962) 419.
/// </remarks>
public sealed class EnsembleSums
{
    private readonly double[] _means;
    private readonly double[] _squares;
    private readonly double[] _largest;
    private readonly long[] _totals;
    private readonly List<TableSums> _tables;

    /// <summary>No replica yet.</summary>
    /// <param name="valueCount">Numbers of a replica that are averaged.</param>
    /// <param name="extremeCount">Numbers of which the largest is kept.</param>
    /// <param name="countCount">Counts that are added.</param>
    public EnsembleSums(int valueCount, int extremeCount, int countCount)
        : this(0, EmptyDigest, new double[valueCount], new double[valueCount], new double[extremeCount], new long[countCount], [])
    {
    }

    internal EnsembleSums(
        int count, string digest, double[] means, double[] squares, double[] largest, long[] totals, List<TableSums> tables)
    {
        Count = count;
        Digest = digest;
        _means = means;
        _squares = squares;
        _largest = largest;
        _totals = totals;
        _tables = tables;
    }

    /// <summary>Replicas so far.</summary>
    public int Count { get; private set; }

    /// <summary><c>sha256:</c> of the digest so far and the next replica's, one after the other.</summary>
    public string Digest { get; private set; }

    /// <summary>Of the tables of observables.</summary>
    public IReadOnlyList<TableSums> Tables => _tables;

    /// <summary>Of each count.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>Of each extreme; NaN where it is undefined in a replica.</summary>
    public ReadOnlySpan<double> Largest => _largest;

    /// <summary>Of each value; NaN where it is undefined in a replica.</summary>
    public ReadOnlySpan<double> Means => _means;

    internal ReadOnlySpan<double> Squares => _squares;

    private static string EmptyDigest => Hash("");

    /// <summary>The digest after one more replica: see <see cref="Digest"/>.</summary>
    public static string Chain(string digest, string replicaDigest) => Hash(digest + "\n" + replicaDigest);

    /// <summary>The digest of an ensemble from those of its replicas, in their order.</summary>
    public static string DigestOf(IEnumerable<string> replicaDigests) => replicaDigests.Aggregate(EmptyDigest, Chain);

    /// <summary>Adds the next replica.</summary>
    /// <exception cref="ArgumentException">It is not the next one, or has other numbers than the ones before.</exception>
    public void Add(ReplicaResult replica)
    {
        if (replica.Index != Count || replica.Values.Length != _means.Length || replica.Extremes.Length != _largest.Length
            || replica.Counts.Length != _totals.Length)
        {
            throw new ArgumentException($"replica {replica.Index} does not follow the {Count} before it", nameof(replica));
        }

        Count++;
        Digest = Chain(Digest, replica.Digest);
        for (int k = 0; k < _means.Length; k++)
        {
            double deviation = replica.Values[k] - _means[k];
            _means[k] += deviation / Count;
            _squares[k] += deviation * (replica.Values[k] - _means[k]);
        }

        for (int k = 0; k < _largest.Length; k++)
        {
            _largest[k] = Math.Max(_largest[k], replica.Extremes[k]);
        }

        for (int k = 0; k < _totals.Length; k++)
        {
            _totals[k] += replica.Counts[k];
        }

        foreach (ReplicaTable table in replica.Tables)
        {
            TableSums? sums = _tables.Find(known => known.Name == table.Name);
            if (sums is null)
            {
                _tables.Add(sums = new TableSums(table));
            }

            sums.Add(table);
        }
    }

    /// <summary>Mean of a value; null where it is undefined in a replica, and without replicas.</summary>
    public double? Mean(int value) => Count > 0 && double.IsFinite(_means[value]) ? _means[value] : null;

    /// <summary>Standard error of the mean; null also with a single replica.</summary>
    public double? StandardError(int value) => Count > 1 && double.IsFinite(_squares[value])
        ? Math.Sqrt(_squares[value] / ((Count - 1) * (double)Count))
        : null;

    private static string Hash(string text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
