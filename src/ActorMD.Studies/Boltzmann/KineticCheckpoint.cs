using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Whole;
using ActorMD.Kinetic.Dsmc;

namespace ActorMD.Studies.Boltzmann;

/// <summary>
/// The checkpoint of a kinetic solution: how it is solved, and how far it is. Written whole or not at all, with a checksum; the last one
/// only.
/// </summary>
/// <remarks>
/// Little-endian, as all machines that .NET runs on here are. The state of the runs is written by <see cref="BoltzmannRuns"/>.
/// </remarks>
internal sealed class KineticCheckpoint
{
    private const string Magic = "actormd-kinetic/2";
    private const int BufferSize = 1 << 18;

    /// <summary>Cells along the axes.</summary>
    public required ImmutableArray<int> Cells { get; init; }

    /// <summary>Simulated particles and their weight.</summary>
    public required DsmcSize Size { get; init; }

    /// <summary>Largest length of a step.</summary>
    public required double TimeStep { get; init; }

    /// <summary>Independent runs.</summary>
    public required int RunCount { get; init; }

    /// <summary>Whether a refinement was asked for.</summary>
    public required bool Refine { get; init; }

    /// <summary>gamma of the kernel of an order, by order.</summary>
    public ImmutableSortedDictionary<int, double> Exponents { get; init; } = ImmutableSortedDictionary<int, double>.Empty;

    /// <summary>Wall and processor seconds so far.</summary>
    public double WallSeconds { get; init; }

    /// <summary>Wall and processor seconds so far.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Bytes of thermo.csv, thermo_errors.csv and profiles.csv.</summary>
    public ImmutableArray<long> Lengths { get; init; } = [0, 0, 0];

    /// <summary>Refinements that are finished.</summary>
    public ImmutableArray<RefinementSummary> Refinements { get; init; } = [];

    /// <summary>Where the state of the main solution stands in the file; null before it has begun.</summary>
    public long? StateOffset { get; private init; }

    /// <summary>Writes it in one step.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="case">Whose solution it is.</param>
    /// <param name="state">Writes the state of the main solution; null before it has begun.</param>
    public void Write(RunFolder folder, Case @case, Action<BinaryWriter>? state)
    {
        Directory.CreateDirectory(folder.CheckpointDirectory);
        WholeFile.Write(folder.KineticCheckpointPath, toDisk: true, write: file =>
        {
            using SHA256 hash = SHA256.Create();
            using (BinaryWriter writer = new(new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true)))
            {
                WriteHead(writer, @case);
                writer.Write(state is not null);
                state?.Invoke(writer);
            }

            file.Write(hash.Hash!);
        });
    }

    /// <summary>Reads all but the state.</summary>
    /// <exception cref="InputFaultException">There is none, it is damaged, or it belongs to another case.</exception>
    public static KineticCheckpoint Read(RunFolder folder, Case @case)
    {
        string path = folder.KineticCheckpointPath;
        if (!File.Exists(path))
        {
            throw Fault(path, "the checkpoint is missing");
        }

        using FileStream file = File.OpenRead(path);
        if (!IsWhole(file))
        {
            throw Fault(path, "the checkpoint is damaged");
        }

        file.Position = 0;
        using BinaryReader reader = new(file);
        if (reader.ReadString() != Magic)
        {
            throw Fault(path, "the checkpoint is of another version");
        }

        if (reader.ReadString() != CaseFingerprint.Of(@case))
        {
            throw Fault(path, "the checkpoint belongs to another case than case.yaml");
        }

        try
        {
            KineticCheckpoint found = new()
            {
                Cells = ReadNumbers(reader),
                Size = new DsmcSize(ReadNumbers(reader), reader.ReadDouble()),
                TimeStep = reader.ReadDouble(),
                RunCount = reader.ReadInt32(),
                Refine = reader.ReadBoolean(),
                Exponents = ReadExponents(reader),
                WallSeconds = reader.ReadDouble(),
                CpuSeconds = reader.ReadDouble(),
                Lengths = [reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()],
                Refinements = JsonSerializer.Deserialize<ImmutableArray<RefinementSummary>>(reader.ReadString()),
                StateOffset = reader.ReadBoolean() ? file.Position : null,
            };
            return found.IsSound ? found : throw Fault(path, "the checkpoint holds what no solution can have");
        }
        catch (Exception error) when (
            error is EndOfStreamException or JsonException or FormatException or ArgumentException or OverflowException)
        {
            throw Fault(path, "the checkpoint holds what no solution can have");
        }
    }

    private bool IsSound => Cells.Length is 2 or 3 && Cells.All(count => count >= 1) && Size.Counts.All(count => count >= 0)
        && double.IsFinite(Size.Weight) && Size.Weight > 0 && double.IsFinite(TimeStep) && TimeStep > 0 && RunCount >= 1
        && WallSeconds >= 0 && CpuSeconds >= 0 && Lengths.All(length => length >= 0) && !Refinements.IsDefault;

    private void WriteHead(BinaryWriter writer, Case @case)
    {
        writer.Write(Magic);
        writer.Write(CaseFingerprint.Of(@case));
        WriteNumbers(writer, Cells);
        WriteNumbers(writer, Size.Counts);
        writer.Write(Size.Weight);
        writer.Write(TimeStep);
        writer.Write(RunCount);
        writer.Write(Refine);
        writer.Write(Exponents.Count);
        foreach ((int order, double exponent) in Exponents)
        {
            writer.Write(order);
            writer.Write(exponent);
        }

        writer.Write(WallSeconds);
        writer.Write(CpuSeconds);
        foreach (long length in Lengths)
        {
            writer.Write(length);
        }

        writer.Write(JsonSerializer.Serialize(Refinements));
    }

    // The last 32 bytes are the SHA-256 of all before.
    private static bool IsWhole(FileStream file)
    {
        if (file.Length <= SHA256.HashSizeInBytes)
        {
            return false;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferSize];
        for (long left = file.Length - SHA256.HashSizeInBytes; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        byte[] expected = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(expected);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(expected);
    }

    /// <summary>The plan that was begun, for any number of threads.</summary>
    public BoltzmannPlan Plan(Case @case, int workers) => new(
        BoltzmannPlanner.GridOf(@case, Cells), Size, TimeStep, RunCount, workers,
        BoltzmannPlan.ChannelsOf(@case, Exponents))
    {
        Exponents = Exponents,
    };

    private static void WriteNumbers(BinaryWriter writer, ImmutableArray<int> numbers)
    {
        writer.Write(numbers.Length);
        foreach (int number in numbers)
        {
            writer.Write(number);
        }
    }

    private static ImmutableSortedDictionary<int, double> ReadExponents(BinaryReader reader)
    {
        var exponents = ImmutableSortedDictionary.CreateBuilder<int, double>();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            exponents[reader.ReadInt32()] = reader.ReadDouble();
        }

        return exponents.ToImmutable();
    }

    private static ImmutableArray<int> ReadNumbers(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count < 0 || count > (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(int))
        {
            throw new EndOfStreamException();
        }

        return [.. Enumerable.Range(0, count).Select(_ => reader.ReadInt32())];
    }

    private static InputFaultException Fault(string path, string problem) =>
        new(new InputFault(path, null, null, problem, "start the solution again with --force"));
}
