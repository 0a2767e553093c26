using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;

namespace ActorMD.Studies.Boltzmann;

/// <summary>How far a kinetic solution is, besides the state of its runs: what its averages need.</summary>
internal sealed class SolutionProgress
{
    /// <param name="runCount">Independent runs.</param>
    public SolutionProgress(int runCount) => Averaged = [.. Enumerable.Range(0, runCount).Select(_ => new List<ThermoAverages>())];

    /// <summary>Index of the next sample.</summary>
    public long Next { get; set; }

    /// <summary>Energy of the first sample.</summary>
    public double? InitialEnergy { get; set; }

    /// <summary>Counts when the averages begin; null before.</summary>
    public DsmcTally[]? Before { get; set; }

    /// <summary>Samples after <c>equilibrate</c>, run by run.</summary>
    public ImmutableArray<List<ThermoAverages>> Averaged { get; }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Next);
        writer.Write(InitialEnergy ?? double.NaN);
        writer.Write(Before is not null);
        foreach (DsmcTally tally in Before ?? [])
        {
            writer.Write(tally.Attempts.Length);
            foreach (long count in tally.Attempts.Concat(tally.Collisions).Append(tally.Raises).Append(tally.Moves))
            {
                writer.Write(count);
            }
        }

        foreach (List<ThermoAverages> rows in Averaged)
        {
            writer.Write(rows.Count);
            foreach (ThermoAverages row in rows)
            {
                foreach (double? value in row.Values)
                {
                    writer.Write(value ?? double.NaN);
                }
            }
        }
    }

    public static SolutionProgress Read(BinaryReader reader, int runCount, int valueCount)
    {
        SolutionProgress progress = new(runCount) { Next = reader.ReadInt64(), InitialEnergy = Defined(reader.ReadDouble()) };
        if (reader.ReadBoolean())
        {
            progress.Before = [.. Enumerable.Range(0, runCount).Select(_ => ReadTally(reader)).ToArray()];
        }

        foreach (List<ThermoAverages> rows in progress.Averaged)
        {
            int count = Count(reader, sizeof(double) * valueCount);
            for (int row = 0; row < count; row++)
            {
                rows.Add(new ThermoAverages([.. Enumerable.Range(0, valueCount).Select(_ => Defined(reader.ReadDouble())).ToArray()]));
            }
        }

        return progress;
    }

    private static DsmcTally ReadTally(BinaryReader reader)
    {
        int channels = Count(reader, 2 * sizeof(long));
        long[] counts = [.. Enumerable.Range(0, 2 * channels + 2).Select(_ => reader.ReadInt64()).ToArray()];
        return new DsmcTally([.. counts[..channels]], [.. counts[channels..(2 * channels)]], counts[^2], counts[^1]);
    }

    // Of items that follow, each of so many bytes.
    private static int Count(BinaryReader reader, int itemSize)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / itemSize
            ? count
            : throw new InvalidDataException("a number of rows is out of range");
    }

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}

/// <summary>What is averaged of a row of thermo.csv.</summary>
/// <param name="Values">temperature, pressure, Z, temperatures by species.</param>
internal readonly record struct ThermoAverages(ImmutableArray<double?> Values);
