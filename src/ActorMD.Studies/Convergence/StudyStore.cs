using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;
using ActorMD.Files.Whole;

namespace ActorMD.Studies.Convergence;

/// <summary>Keeps what a study has computed in its folder, replica by replica, so that an interrupted study goes on where it was.</summary>
/// <remarks>Each file is replaced in one step, so that a kill leaves the old one or the new one.</remarks>
public sealed class StudyStore
{
    private const string Suffix = ".ensemble";
    private const string End = "end";

    private readonly string _directory;
    private readonly string _fingerprint;

    /// <param name="directory">Folder of the results.</param>
    /// <param name="study">What was computed for another study, or another version of it, is not used.</param>
    public StudyStore(string directory, Study study)
        : this(directory, string.Create(
            CultureInfo.InvariantCulture,
            $"4 {CaseFingerprint.Of(study.Case)} {study.Seed} {Numbers(study.Times)} {study.Axis} {study.BinCount} {study.ReplicaMin} {study.ReplicaMax} {study.ReplicaParticles} {study.ReferenceRuns} {study.ReferenceParticles}{(study.ReferenceCells > 0 ? $" {study.ReferenceCells}" : "")}"))
    {
    }

    /// <summary>The same of a study of fluctuations.</summary>
    public StudyStore(string directory, FluctuationStudy study)
        : this(directory, string.Create(
            CultureInfo.InvariantCulture,
            $"fluctuations 1 {CaseFingerprint.Of(study.Case)} {study.Seed} {Numbers(study.Times)} {string.Join(' ', study.Waves)} {study.Origins}"))
    {
    }

    private StudyStore(string directory, string key)
    {
        _directory = directory;
        _fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        if (Directory.Exists(_directory))
        {
            foreach (string file in Directory.GetFiles(_directory, "*" + Suffix))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>What was stored under a name; null for nothing, or for something that is not of this study.</summary>
    internal StoredEnsemble? Find(string name)
    {
        string path = PathOf(name);
        if (!File.Exists(path))
        {
            return null;
        }

        using BinaryReader reader = new(File.OpenRead(path));
        try
        {
            if (reader.ReadString() != _fingerprint)
            {
                return null;
            }

            StoredEnsemble stored = new() { Ended = reader.ReadString(), Seconds = reader.ReadDouble(), Acceptance = reader.ReadDouble() };
            int replicas = Count(reader);
            for (int r = 0; r < replicas; r++)
            {
                stored.Ensemble.Add(ReadArrays(reader, reader.ReadDouble));
                stored.Narrow.Add(ReadArrays(reader, reader.ReadDouble));
            }

            stored.Histograms.AddRange(Enumerable.Range(0, Count(reader)).Select(_ => ReadArrays(reader, reader.ReadInt32)).ToArray());
            return reader.ReadString() == End ? stored : null;
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    internal void Save(string name, StoredEnsemble stored)
    {
        Directory.CreateDirectory(_directory);
        WholeFile.Write(PathOf(name), stream =>
        {
            using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
            writer.Write(_fingerprint);
            writer.Write(stored.Ended);
            writer.Write(stored.Seconds);
            writer.Write(stored.Acceptance);
            writer.Write(stored.Ensemble.Count);
            for (int r = 0; r < stored.Ensemble.Count; r++)
            {
                WriteArrays(writer, stored.Ensemble.Replica(r), writer.Write);
                WriteArrays(writer, stored.Narrow.Replica(r), writer.Write);
            }

            writer.Write(stored.Histograms.Count);
            foreach (int[][] histogram in stored.Histograms)
            {
                WriteArrays(writer, histogram, writer.Write);
            }

            writer.Write(End);
        });
    }

    private static T[][] ReadArrays<T>(BinaryReader reader, Func<T> read)
    {
        T[][] arrays = new T[Count(reader)][];
        for (int n = 0; n < arrays.Length; n++)
        {
            arrays[n] = new T[Count(reader)];
            for (int i = 0; i < arrays[n].Length; i++)
            {
                arrays[n][i] = read();
            }
        }

        return arrays;
    }

    // Of items that follow, each of four bytes at least.
    private static int Count(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(int)
            ? count
            : throw new InvalidDataException("a length is out of range");
    }

    private static void WriteArrays<T>(BinaryWriter writer, T[][] arrays, Action<T> write)
    {
        writer.Write(arrays.Length);
        foreach (T[] array in arrays)
        {
            writer.Write(array.Length);
            foreach (T value in array)
            {
                write(value);
            }
        }
    }

    private static string Numbers(IEnumerable<double> values) =>
        string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    private string PathOf(string name) => Path.Combine(_directory, name + Suffix);
}

/// <summary>Replicas, finished or not.</summary>
internal sealed class StoredEnsemble
{
    /// <summary>Why no more replicas are needed; empty while they are.</summary>
    public string Ended { get; set; } = "";

    /// <summary>Wall time spent.</summary>
    public double Seconds { get; set; }

    /// <summary>Accepted share of the redraws of the conditioned initial law, the last replicas' mean.</summary>
    public double Acceptance { get; set; }

    /// <summary>Values at every time.</summary>
    public Ensemble Ensemble { get; } = new();

    /// <summary>Values of <see cref="NarrowBins"/> at every time.</summary>
    public Ensemble Narrow { get; } = new();

    /// <summary>Counts of velocities at time 0 and every time, group by group of replicas.</summary>
    public List<int[][]> Histograms { get; } = [];
}
