using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Events;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Fuzz;

/// <summary>Readers of ActorMD's own binary files, whose checksums are put right after every change.</summary>
internal static class CheckpointTargets
{
    private const int HashSize = SHA256.HashSizeInBytes;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("state", false, Samples.States, TryCheckpoint) { Seal = Seal },
        new(
            "checkpoint", false, [Checkpoint(Samples.Gas, withBaseline: true), Checkpoint(Samples.Flat, withBaseline: false)],
            TryCheckpoint) { Seal = Seal },
        new("ensemble", false, [Ensemble()], TryEnsemble) { Seal = Seal },
        new("events", false, [Events(Samples.Gas), Events(Samples.Flat)], TryEvents),
    ];

    private static Reception TryCheckpoint(byte[] bytes)
    {
        Checkpoint checkpoint;
        using MemoryStream stream = new(bytes);
        try
        {
            checkpoint = CheckpointFormat.Read(stream, "a.state");
        }
        catch (InputFaultException)
        {
            return Reception.Refused;
        }

        ParticleFrame.Of(checkpoint.Gas, checkpoint.State);
        StateDigest.Of(checkpoint.State);
        using MemoryStream again = new();
        CheckpointFormat.Write(again, checkpoint);
        again.Position = 0;
        using MemoryStream twice = new();
        CheckpointFormat.Write(twice, CheckpointFormat.Read(again, "b.state"));
        return again.ToArray().AsSpan()
            .SequenceEqual(twice.ToArray()) ? Reception.Accepted : throw new FuzzException("read back with other bytes");
    }

    private static Reception TryEnsemble(byte[] bytes)
    {
        EnsembleCheckpoint checkpoint;
        using MemoryStream stream = new(bytes);
        try
        {
            checkpoint = EnsembleStore.Read(stream, "ensemble.state");
        }
        catch (InputFaultException)
        {
            return Reception.Refused;
        }

        using MemoryStream again = new();
        EnsembleStore.Write(again, checkpoint);
        again.Position = 0;
        using MemoryStream twice = new();
        EnsembleStore.Write(twice, EnsembleStore.Read(again, "ensemble.state"));
        return again.ToArray().AsSpan()
            .SequenceEqual(twice.ToArray()) ? Reception.Accepted : throw new FuzzException("read back with other bytes");
    }

    private static Reception TryEvents(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        using StringWriter table = new();
        long number = 0;
        try
        {
            if (EventLogReader.ToCsv("a.events", stream, table, ref number, default) is not null)
            {
                return Reception.Refused;
            }
        }
        catch (InputFaultException)
        {
            return Reception.Refused;
        }

        string text = table.ToString();
        return text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal)
            ? throw new FuzzException("the table has numbers that are none")
            : Reception.Accepted;
    }

    private static byte[] Seal(byte[] bytes)
    {
        if (bytes.Length < CheckpointFormat.HeaderSize + HashSize)
        {
            return bytes;
        }

        byte[] sealed_ = (byte[])bytes.Clone();
        BinaryPrimitives.WriteInt64LittleEndian(sealed_.AsSpan(12), sealed_.Length - CheckpointFormat.HeaderSize - HashSize);
        SHA256.HashData(sealed_.AsSpan(..^HashSize)).CopyTo(sealed_, sealed_.Length - HashSize);
        return sealed_;
    }

    private static Checkpoint Sample(Gas gas, bool withBaseline)
    {
        EventTally tally = new(gas.Species.Length, gas.OrderMax) { MultipleCount = 5, GrazingCount = 6 };
        tally.PairCounts[1] = 7;
        tally.Virial.Add(0.1);
        AveragesBaseline? baseline = withBaseline ? new AveragesBaseline(0.25, tally) : null;
        return new Checkpoint(
            gas, new string('f', 64), Samples.State(gas), tally,
            new RunProgress
            {
                NextSample = 3,
                NextFrame = 4,
                Baseline = baseline,
                LastSample = baseline,
                ThermoLength = 1000,
                InitialEnergy = 1,
                WallSeconds = 2
            });
    }

    private static byte[] Checkpoint(Gas gas, bool withBaseline)
    {
        using MemoryStream stream = new();
        CheckpointFormat.Write(stream, Sample(gas, withBaseline));
        return stream.ToArray();
    }

    private static byte[] Ensemble()
    {
        EnsembleSums sums = new(2, 1, 1);
        ReplicaTable table = new("rdf", ["Pairs."], ["pair", "r", "g", "g_error"], 2, ["AA", "AB"], [1, 2, double.NaN, 1, 3, 0.1]);
        sums.Add(new ReplicaResult(0, 7, "sha256:" + new string('a', 64), [1, double.NaN], [2], [3]) { Tables = [table] });
        ImmutableArray<ReplicaResult> finished =
            [new(2, 9, "sha256:" + new string('b', 64), [1, 2], [2], [3]) { Tables = [table] }];
        ImmutableArray<ReplicaSnapshot> running = [new(1, Sample(Samples.Flat, withBaseline: true), [1, double.NaN])];
        using MemoryStream stream = new();
        EnsembleStore.Write(stream, new EnsembleCheckpoint("f", 4, sums, 100, finished, running, 1, 2));
        return stream.ToArray();
    }

    private static byte[] Events(Gas gas)
    {
        using MemoryStream stream = new();
        stream.Write(new EventLogHeader(gas.Dimension, 0.5, 5).ToBytes());
        ParticleState[] states = Samples.State(gas).Particles;
        EventBatch batch = new();
        batch.Add(gas, 0, 0.125, 2, [1, 2], states[1..3], states[2..4]);
        batch.Add(gas, 0, 0.25, 1, [0], states[..1], states[1..2]);
        if (gas.OrderMax > 2)
        {
            batch.Add(gas, 1, 0.25, 3, [0, 2, 4], [states[0], states[2], states[4]], [states[1], states[3], states[0]]);
        }

        stream.Write([.. batch.Take()]);
        return stream.ToArray();
    }
}
