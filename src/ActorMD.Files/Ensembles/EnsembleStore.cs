using System.Collections.Immutable;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;

namespace ActorMD.Files.Ensembles;

/// <summary>The checkpoint of an ensemble and the one before it: <see cref="SealedFile"/>s in the run folder's checkpoints.</summary>
/// <param name="directory">Where they are.</param>
/// <param name="name">Theirs, without its ending.</param>
public sealed class EnsembleStore(string directory, string name = "ensemble")
{
    private const string NodePrefix = "ensemble-node-";

    private const int Version = 2; // since then with tables of observables

    private static readonly SealedFile Form = new("ActorEns"u8.ToArray(), Version, "checkpoint of an ensemble");

    private readonly string _path = Path.Combine(directory, name + ".state");
    private readonly string _before = Path.Combine(directory, name + "-before.state");

    /// <summary>What a node has computed that does not lead the ensemble.</summary>
    /// <param name="directory">That of the ensemble's checkpoint.</param>
    /// <param name="node">From 1 on.</param>
    public static EnsembleStore OfNode(string directory, int node) =>
        new(directory, FormattableString.Invariant($"{NodePrefix}{node + 1}"));

    /// <summary>Of all nodes that have left something.</summary>
    public static IEnumerable<EnsembleStore> OfNodes(string directory) => Directory.GetFiles(directory, NodePrefix + "*.state")
        .Select(path => Path.GetFileNameWithoutExtension(path).Replace("-before", "", StringComparison.Ordinal))
        .Distinct().Order(StringComparer.Ordinal).Select(name => new EnsembleStore(directory, name));

    /// <summary>When the newest checkpoint was written; null: there is none.</summary>
    public DateTime? Written => File.Exists(_path) ? File.GetLastWriteTimeUtc(_path) : null;

    /// <summary>Whether an ensemble was begun here.</summary>
    public bool Exists => File.Exists(_path) || File.Exists(_before);

    /// <summary>Writes a checkpoint whole or not at all; the one before is kept.</summary>
    public void Write(EnsembleCheckpoint checkpoint)
    {
        // In this order no third file is ever there: in between, the one before is the newest.
        if (File.Exists(_path))
        {
            File.Move(_path, _before, overwrite: true);
        }

        Form.Write(_path, sink => WritePayload(sink, checkpoint));
    }

    /// <summary>The newest checkpoint whose checksum is right.</summary>
    /// <param name="complaint">Why the newest one could not be used, or null.</param>
    /// <exception cref="InputFaultException">None is sound.</exception>
    public EnsembleCheckpoint Read(out string? complaint)
    {
        complaint = null;
        try
        {
            return Form.Read(_path, ReadPayload);
        }
        catch (InputFaultException error) when (File.Exists(_before))
        {
            // A crash between the two moves leaves only the one before.
            complaint = File.Exists(_path) ? $"{error.Faults[0].Problem} ({_path}): the checkpoint before it is used" : null;
            return Form.Read(_before, ReadPayload);
        }
    }

    public void Remove()
    {
        File.Delete(_path);
        File.Delete(_before);
        File.Delete(_path + WholeFile.TemporarySuffix);
    }

    internal static void Write(Stream stream, EnsembleCheckpoint checkpoint) => Form.Write(stream, sink => WritePayload(sink, checkpoint));

    internal static EnsembleCheckpoint Read(Stream stream, string path) => Form.Read(stream, path, ReadPayload);

    private static void WritePayload(CheckpointSink sink, EnsembleCheckpoint checkpoint)
    {
        sink.Write(checkpoint.Fingerprint);
        sink.Write(checkpoint.ReplicaCount);
        EnsembleSums sums = checkpoint.Sums;
        sink.Write(sums.Count);
        sink.Write(sums.Digest);
        Write(sink, sums.Means);
        Write(sink, sums.Squares);
        Write(sink, sums.Largest);
        Write(sink, sums.Totals);
        sink.Write(sums.Tables.Count);
        foreach (TableSums table in sums.Tables)
        {
            table.Write(sink);
        }

        sink.Write(checkpoint.ListLength);
        sink.Write(checkpoint.Finished.Length);
        foreach (ReplicaResult replica in checkpoint.Finished)
        {
            sink.Write(replica.Index);
            sink.Write((long)replica.Seed);
            sink.Write(replica.Digest);
            Write(sink, replica.Values);
            Write(sink, replica.Extremes);
            Write(sink, replica.Counts);
            sink.Write(replica.Tables.Length);
            foreach (ReplicaTable table in replica.Tables)
            {
                TableSums.WriteTable(sink, table);
            }
        }

        sink.Write(checkpoint.Running.Length);
        foreach (ReplicaSnapshot replica in checkpoint.Running)
        {
            sink.Write(replica.Index);
            sink.Write(CheckpointFormat.Version);
            CheckpointFormat.WritePayload(sink, replica.Checkpoint);
            Write(sink, replica.Values);
        }

        sink.Write(checkpoint.WallSeconds);
        sink.Write(checkpoint.CpuSeconds);
    }

    private static EnsembleCheckpoint ReadPayload(CheckpointSource source, int version)
    {
        string fingerprint = source.ReadText();
        int replicaCount = source.ReadInt(1, int.MaxValue);
        EnsembleSums sums = new(
            source.ReadInt(0, replicaCount), source.ReadText(), ReadNumbers(source), ReadNumbers(source), ReadNumbers(source),
            ReadCounts(source), [.. ReadAll(source, version, TableSums.Read)]);
        long listLength = source.ReadLong();
        var finished = ImmutableArray.CreateBuilder<ReplicaResult>(source.ReadCount(4 + 8 + 4 + 3 * 4));
        for (int k = 0; k < finished.Capacity; k++)
        {
            finished.Add(new ReplicaResult(
                source.ReadInt(0, replicaCount - 1), (ulong)source.ReadLong(), source.ReadText(), ReadNumbers(source), ReadNumbers(source),
                ReadCounts(source))
            {
                Tables = [.. ReadAll(source, version, TableSums.ReadTable)],
            });
        }

        var running = ImmutableArray.CreateBuilder<ReplicaSnapshot>(source.ReadCount(4 + 4 + 4));
        for (int k = 0; k < running.Capacity; k++)
        {
            running.Add(new ReplicaSnapshot(
                source.ReadInt(0, replicaCount - 1), CheckpointFormat.ReadPayload(source, source.ReadInt(1, CheckpointFormat.Version)),
                ReadNumbers(source)));
        }

        EnsembleCheckpoint checkpoint = new(
            fingerprint, replicaCount, sums, listLength, finished.MoveToImmutable(), running.MoveToImmutable(), source.ReadDouble(),
            source.ReadDouble());
        source.Require(Problem(checkpoint));
        return checkpoint;
    }

    // Undefined averages are NaN; all else is checked.
    private static string? Problem(EnsembleCheckpoint checkpoint)
    {
        EnsembleSums sums = checkpoint.Sums;
        int[] indices = [.. checkpoint.Finished.Select(replica => replica.Index), .. checkpoint.Running.Select(replica => replica.Index)];
        bool areWhole = checkpoint.Finished.All(replica => replica.Values.Length == sums.Means.Length
                && replica.Extremes.Length == sums.Largest.Length && replica.Counts.Length == sums.Totals.Length)
            && checkpoint.Running.All(replica => replica.Values.Length == sums.Means.Length) && sums.Squares.Length == sums.Means.Length;
        return !areWhole ? "a replica has other numbers than the sums"
            : indices.Any(index => index < sums.Count) || indices.Distinct().Count() < indices.Length ? "a replica is there twice"
            : checkpoint.ListLength < 0 || !(checkpoint.WallSeconds >= 0) || !(checkpoint.CpuSeconds >= 0)
            || sums.Totals.ToArray().Any(total => total < 0)
                || double.IsInfinity(checkpoint.WallSeconds) || double.IsInfinity(checkpoint.CpuSeconds)
                    ? "a length, a count or a time is negative or not finite"
            : null;
    }

    private static void Write(CheckpointSink sink, ReadOnlySpan<double> values)
    {
        sink.Write(values.Length);
        foreach (double value in values)
        {
            sink.Write(value);
        }
    }

    private static void Write(CheckpointSink sink, ReadOnlySpan<long> values)
    {
        sink.Write(values.Length);
        foreach (long value in values)
        {
            sink.Write(value);
        }
    }

    private static T[] ReadAll<T>(CheckpointSource source, int version, Func<CheckpointSource, T> read)
    {
        T[] all = new T[version > 1 ? source.ReadCount(5 * 4) : 0];
        for (int k = 0; k < all.Length; k++)
        {
            all[k] = read(source);
        }

        return all;
    }

    private static double[] ReadNumbers(CheckpointSource source)
    {
        double[] values = new double[source.ReadCount(8)];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = source.ReadDouble();
        }

        return values;
    }

    private static long[] ReadCounts(CheckpointSource source)
    {
        long[] values = new long[source.ReadCount(8)];
        source.ReadInto(values);
        return values;
    }
}
