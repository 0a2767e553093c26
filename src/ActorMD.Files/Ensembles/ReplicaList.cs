using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;

namespace ActorMD.Files.Ensembles;

/// <summary>Writes replicas.csv: one row per replica in the order of their numbers: replica, seed, its averages, digest.</summary>
public sealed class ReplicaList : IDisposable
{
    private readonly TextAppender _file;

    private ReplicaList(TextAppender file) => _file = file;

    /// <summary>Bytes written so far, for the checkpoint.</summary>
    public long Length => _file.Length;

    /// <summary>Starts the file with its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="averages">Names of the averages.</param>
    public static ReplicaList Create(string path, IEnumerable<string> averages)
    {
        ReplicaList list = new(TextAppender.Create(path));
        list._file.Append($"replica,seed,{string.Join(',', averages)},digest\n");
        return list;
    }

    /// <summary>Goes on after the first <paramref name="length"/> bytes; later rows are removed.</summary>
    /// <exception cref="InputFaultException">The file is missing or shorter.</exception>
    public static ReplicaList Resume(string path, long length) => new(TextAppender.Resume(path, length));

    /// <summary>The digests of all replicas.</summary>
    /// <exception cref="InputFaultException">The file is missing.</exception>
    public static IEnumerable<string> ReadDigests(string path) => File.Exists(path)
        ? File.ReadLines(path).Skip(1).Select(line => line[(line.LastIndexOf(',') + 1)..])
        : throw new InputFaultException(new InputFault(path, null, null, "the file does not exist", "give the folder of an ensemble"));

    /// <summary>Adds a row.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="averages">In the order of their names; NaN: undefined, an empty field.</param>
    public void Append(ReplicaResult replica, ReadOnlySpan<double> averages)
    {
        _file.Append(replica.Index);
        _file.Append(FormattableString.Invariant($",{replica.Seed},"));
        foreach (double average in averages)
        {
            if (double.IsFinite(average))
            {
                _file.Append(average);
            }

            _file.Append(',');
        }

        _file.Append(replica.Digest);
        _file.Append('\n');
    }

    /// <summary>Makes the rows visible to readers; with <paramref name="toDisk"/> they survive a power failure.</summary>
    public void Flush(bool toDisk) => _file.Flush(toDisk);

    public void Dispose() => _file.Dispose();
}
